//! Who may: logins, sessions, tokens, callers, permits.

mod allowance;
mod bursts;
mod caller;
mod challenges;
mod confirm;
mod drafts;
mod enrol;
mod factors;
mod familiar;
mod floods;
mod foreign;
mod history;
mod lock;
mod lock_out;
mod login;
mod one_time;
mod own_password;
mod passkeys;
mod password;
mod pin;
mod policy;
mod recovery;
mod reset;
mod restricted;
mod rights;
mod second_factor;
mod service;
mod session;
mod sign_on;
mod token;
mod totp;
mod workstation;

pub(crate) use bursts::{Bursts, MANY as REFUSALS_OF_A_BURST};
pub use caller::{Caller, Forbidden, Permit, Principal, RequestSource};
pub(crate) use caller::{Scope, VISITOR};
pub use confirm::{Confirmation, SignerProof};
pub use factors::{FactorsView, PasskeyView, ShownOnce, TotpSecret};
pub(crate) use floods::Floods;
pub use foreign::HashRefused;
pub(crate) use foreign::importable;
pub use lock::{Key, UnlockRefused};
pub(crate) use login::normal_email;
pub use login::{Login, LoginRefused};
pub use one_time::{LinkPurpose, OneTimeLink};
pub(crate) use passkeys::RelyingParty;
pub use password::HashingLoad;
pub(crate) use password::PasswordHasher;
pub use policy::PasswordVerdict;
pub(crate) use policy::own_words;
pub use reset::OpenLink;
pub(crate) use rights::{AccessCache, effective_permissions, only_client};
pub use second_factor::{FactorNeeded, Shown};
pub use service::is_service_token;
pub(crate) use service::{ServiceToken, Uses, permissions as token_permissions};
pub use session::{SessionMode, SessionTokens};
pub(crate) use session::{end as session_end, open_until as session_open_until};
pub(crate) use sign_on::signs_on_only;
pub use sign_on::{
    MappedRoles, SignOnAttempt, SignOnBegun, SignOnClaims, SignOnData, SignOnOffer, SignOnProvider, SignOnPurpose,
    SignOnRefused, SignOnView,
};
pub use token::TokenRefused;
pub(crate) use token::TokenVerifier;
pub use workstation::ParkedPerson;
