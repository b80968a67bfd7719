//! Who may: logins, sessions, tokens, callers, permits.

mod allowance;
mod caller;
mod confirm;
mod floods;
mod login;
mod password;
mod restricted;
mod session;
mod token;

pub(crate) use caller::{AccessCache, Scope, effective_permissions, only_client};
pub use caller::{Caller, Forbidden, Permit, Principal, RequestSource};
pub(crate) use floods::Floods;
pub(crate) use login::normal_email;
pub use login::{Login, LoginRefused};
pub use password::HashingLoad;
pub(crate) use password::PasswordHasher;
pub(crate) use session::end as session_end;
pub use session::{SessionMode, SessionTokens};
pub use token::TokenRefused;
pub(crate) use token::TokenVerifier;
