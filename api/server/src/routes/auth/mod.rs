//! Signing in, and one's own account and factors.

mod account;
mod lock;
mod mfa;
mod password;
mod reset;
mod session;

use actix_web::cookie::{Cookie, SameSite};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .configure(session::operations)
        .configure(account::operations)
        .configure(lock::operations)
        .configure(password::operations)
        .configure(reset::operations)
        .configure(mfa::operations);
}

/// A cookie of a session (ATT-12).
fn cookie(name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Strict)
        .finish()
}
