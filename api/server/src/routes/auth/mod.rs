//! Signing in, and one's own account and factors.

mod account;
mod lock;
mod mfa;
mod password;
mod reset;
pub mod session;
mod sign_on;
mod workstation;

use actix_web::cookie::{Cookie, SameSite};
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config
        .configure(session::operations)
        .configure(sign_on::operations)
        .configure(account::operations)
        .configure(lock::operations)
        .configure(workstation::operations)
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

/// The same, to be thrown away.
fn no_cookie(name: &'static str) -> Cookie<'static> {
    let mut gone = cookie(name, String::new());
    gone.make_removal();
    gone
}
