//! What a letter is about. The words are the server's: they need its address.

use attest_domain::Language;
use attest_domain::webhook::WebhookPauseCause;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
    /// Somebody was refused again and again: told to administrators.
    ManyRefusals {
        /// Who.
        name: String,
        /// How often.
        count: u32,
        /// When the last of them was.
        at: DateTime<Utc>,
    },
    /// A review of who has access was opened: told to whoever decides.
    AccessReviewOpened {
        /// The review's id.
        review: Uuid,
        /// Its number.
        number: String,
        /// How many accounts there are.
        accounts: i64,
        /// Until when it is to be finished.
        due_at: DateTime<Utc>,
    },
    /// A review of who has access is overdue.
    AccessReviewOverdue {
        /// The review's id.
        review: Uuid,
        /// Its number.
        number: String,
        /// Accounts that nobody has decided on.
        undecided: i64,
        /// Until when it was to be finished.
        due_at: DateTime<Utc>,
    },
    /// The program paused a webhook: told to administrators.
    WebhookPaused {
        /// Its id.
        webhook: Uuid,
        /// What it is called.
        name: String,
        /// Why.
        cause: WebhookPauseCause,
        /// When.
        at: DateTime<Utc>,
    },
    /// A laboratory invited the operator.
    SupportInvited {
        /// Which.
        by: String,
        /// When the invitation ends by itself.
        until: DateTime<Utc>,
        /// What for.
        reason: String,
    },
    /// Somebody of the platform entered on the laboratory's invitation: told to administrators.
    SupportEntered {
        /// Who.
        operator: String,
        /// When it ends by itself.
        until: DateTime<Utc>,
        /// What for.
        reason: String,
    },
    /// Instead of a link to choose a password, where passwords open nothing.
    SignInElsewhere {
        /// The provider's name, as on the button.
        provider: String,
    },
    /// The person's account was linked with one at the identity provider.
    SignOnLinked {
        /// The provider's name.
        provider: String,
        /// When.
        at: DateTime<Utc>,
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
            Self::ManyRefusals { .. } => "many_refusals",
            Self::AccessReviewOpened { .. } => "access_review_opened",
            Self::AccessReviewOverdue { .. } => "access_review_overdue",
            Self::WebhookPaused { .. } => "webhook_paused",
            Self::SupportInvited { .. } => "support_invited",
            Self::SupportEntered { .. } => "support_entered",
            Self::SignInElsewhere { .. } => "sign_in_elsewhere",
            Self::SignOnLinked { .. } => "sign_on_linked",
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
