//! What a letter is about. The words are the server's: they need its address.

use attest_domain::Language;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A letter to one person.
#[derive(Clone, Serialize, Deserialize)]
pub struct Letter {
    /// The person's e-mail address.
    pub to: String,
    /// The person's printed name.
    pub name: String,
    /// The language in which they are written to.
    pub language: Language,
    /// The laboratory's name.
    pub laboratory: String,
    /// The laboratory's time zone, in which times are told.
    pub timezone: String,
    /// What it is about.
    pub matter: Matter,
}

/// What a letter is about.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Matter {
    /// A link to choose a new password, that they or an administrator asked for.
    Reset {
        /// The one-time token.
        token: String,
        /// How long it works.
        expires_at: DateTime<Utc>,
        /// An administrator asked for it.
        by_administrator: bool,
    },
    /// A link to choose the first password.
    Invitation {
        /// The one-time token.
        token: String,
        /// How long it works.
        expires_at: DateTime<Utc>,
    },
    /// The password was changed.
    PasswordChanged {
        /// When.
        at: DateTime<Utc>,
    },
    /// The person's own account waits after wrong passwords.
    AccountWaits {
        /// Until when.
        until: DateTime<Utc>,
    },
    /// Somebody else's account waits: told to administrators.
    AccountOfWaits {
        /// Whose.
        name: String,
        /// Their address.
        email: String,
        /// Until when.
        until: DateTime<Utc>,
    },
    /// The person's second factors were removed.
    SecondFactorsRemoved {
        /// When.
        at: DateTime<Utc>,
    },
}

impl Matter {
    /// Its name in the outbox.
    pub(crate) const fn as_str(&self) -> &'static str {
        match self {
            Self::Reset { .. } => "reset",
            Self::Invitation { .. } => "invitation",
            Self::PasswordChanged { .. } => "password_changed",
            Self::AccountWaits { .. } => "account_waits",
            Self::AccountOfWaits { .. } => "account_of_waits",
            Self::SecondFactorsRemoved { .. } => "second_factors_removed",
        }
    }
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Letter({:?})", self.matter)
    }
}

impl std::fmt::Debug for Matter {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.as_str())
    }
}
