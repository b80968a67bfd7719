//! Why nobody came in by single sign-on. The person is told by a word that the sign-in page explains; the laboratory reads it
//! in its audit trail.

use crate::{FactorNeeded, StoreError};

/// Why nobody came in, or nothing was confirmed.
#[derive(Debug, thiserror::Error)]
pub enum SignOnRefused {
    /// The way back came too late, a second time, or was made up.
    #[error("this attempt is over")]
    Over,
    /// It came back in another browser than the one that left.
    #[error("another browser began this")]
    OtherBrowser,
    /// Nobody here is this person, and accounts are not made.
    #[error("there is no account for this person")]
    NoAccount,
    /// There would be an account, but no role.
    #[error("the provider names no role of this laboratory")]
    NoRole,
    /// The address is of a domain that is not let in.
    #[error("people of this domain are not let in")]
    Domain,
    /// The provider did not say that the e-mail address is the person's.
    #[error("the provider did not vouch for an e-mail address")]
    NotVerified,
    /// The account was deactivated.
    #[error("the account is not active")]
    Inactive,
    /// The account with this address belongs to somebody else at the provider.
    #[error("the account is linked with another person of the provider")]
    AlreadyLinked,
    /// Somebody else proved who they are than the one who is signed in.
    #[error("somebody else signed in at the provider")]
    OtherPerson,
    /// The provider did not ask the person again.
    #[error("the provider did not ask for the proof anew")]
    NotFresh,
    /// The person has a second factor here, which the provider's word does not stand for.
    #[error("the second factor is needed here")]
    FactorMissing,
    /// The person is right; a second factor completes the login.
    #[error("a second factor is needed")]
    SecondFactor(FactorNeeded),
    /// The database could not say.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SignOnRefused {
    /// Its name, in addresses of the sign-in page and in the audit trail.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Over => "over",
            Self::OtherBrowser => "other_browser",
            Self::NoAccount => "no_account",
            Self::NoRole => "no_role",
            Self::Domain => "domain",
            Self::NotVerified => "not_verified",
            Self::Inactive => "inactive",
            Self::AlreadyLinked => "already_linked",
            Self::OtherPerson => "other_person",
            Self::NotFresh => "not_fresh",
            Self::FactorMissing => "factor_missing",
            Self::SecondFactor(_) => "second_factor",
            Self::Store(_) => "unavailable",
        }
    }
}
