//! Single sign-on by OpenID Connect: which provider a laboratory trusts, who was sent there, and who came back as whom.
//!
//! The conversation with the provider is the server's; no transaction is open while it lasts. What it proved comes here as
//! [`SignOnClaims`], and becomes a session by the same rules as a password does.

mod again;
mod arrive;
mod attempts;
mod enforced;
mod offered;
mod people;
mod provider;
mod refused;
mod written;

pub use arrive::SignOnClaims;
pub use attempts::{SignOnAttempt, SignOnBegun, SignOnPurpose};
pub(crate) use enforced::signs_on_only;
pub use offered::{SignOnOffer, SignOnProvider};
pub use provider::{MappedRoles, SignOnData, SignOnView};
pub use refused::SignOnRefused;
