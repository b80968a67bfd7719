//! An event as the interface shows it: who, what, in words; the exact bytes beside it.

use attest_ledger::entry::{Actor, ObjectRef, SignatureMark, Source};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// One event of the audit trail.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventView {
    /// Its place in the log, from 0; null for the moment until it has one.
    pub index: Option<i64>,
    /// Its id.
    pub id: Uuid,
    /// The server's clock.
    pub at: DateTime<Utc>,
    /// Who acted.
    pub actor: ActorView,
    /// What was done, from the closed list of GET /audit/actions.
    pub action: String,
    /// To what.
    pub object: ObjectView,
    /// The event as a sentence in the reader's language.
    pub sentence: String,
    /// Why, where the workflow asks.
    pub reason: Option<ReasonView>,
    /// What changed.
    pub changes: Vec<FieldChange>,
    /// What changed about a person: commitments in the log, values only for those who may see them.
    pub sealed: Vec<SealedField>,
    /// From where.
    pub source: SourceView,
    /// The electronic signature that the event is.
    pub signature: Option<SignatureView>,
    /// The entry's exact bytes, base64.
    pub entry: String,
}

/// Who acted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ActorView {
    /// user, service, operator, system or anonymous.
    pub kind: String,
    /// Pseudonymous id.
    pub id: Option<String>,
    /// Printed name, from the laboratory's list of users.
    pub name: Option<String>,
    /// Session.
    pub session: Option<String>,
    /// password, mfa, token, system or none.
    pub assurance: String,
}

/// What was acted on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ObjectView {
    /// Kind of thing.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Its version after the event.
    pub version: Option<u64>,
    /// Its printed number or name.
    pub label: Option<String>,
}

/// Why.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReasonView {
    /// Code.
    pub code: String,
    /// Text, when it is not sealed or the reader may see it.
    pub text: Option<String>,
}

/// From where.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SourceView {
    /// Address.
    pub ip: Option<String>,
    /// Request.
    pub request_id: Option<String>,
    /// Client program.
    pub user_agent: Option<String>,
}

/// An electronic signature.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SignatureView {
    /// Meaning.
    pub meaning: String,
    /// SHA-256 of what was signed.
    pub content_sha256: String,
    /// How the signer was recognised.
    pub method: String,
}

/// One changed value.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldChange {
    /// Path in the thing.
    pub path: String,
    /// The field's name in the reader's language.
    pub label: String,
    /// Value before.
    pub from: Option<Value>,
    /// Value after.
    pub to: Option<Value>,
}

/// One changed value about a person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SealedField {
    /// Pseudonymous id of the person.
    pub subject: String,
    /// Path in the thing.
    pub path: String,
    /// The field's name in the reader's language.
    pub label: String,
    /// Commitment to the value before, base64.
    pub from: Option<String>,
    /// Commitment to the value after, base64.
    pub to: Option<String>,
    /// The values, for those who may see them and while the person's key exists.
    pub opening: Option<OpeningView>,
}

/// Opened values.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpeningView {
    /// Value before.
    pub from: Option<Value>,
    /// Value after.
    pub to: Option<Value>,
}

impl ActorView {
    pub(super) fn new(actor: &Actor, name: Option<String>) -> Self {
        Self {
            kind: word(actor.kind),
            id: actor.id.clone(),
            name,
            session: actor.session.clone(),
            assurance: word(actor.assurance),
        }
    }
}

/// The word by which the entry's own bytes name it.
fn word(named: impl Serialize) -> String {
    serde_json::to_value(named)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

impl From<ObjectRef> for ObjectView {
    fn from(object: ObjectRef) -> Self {
        Self {
            kind: object.kind,
            id: object.id,
            version: object.version,
            label: object.label,
        }
    }
}

impl From<Source> for SourceView {
    fn from(source: Source) -> Self {
        Self {
            ip: source.ip,
            request_id: source.request_id,
            user_agent: source.user_agent,
        }
    }
}

impl From<SignatureMark> for SignatureView {
    fn from(mark: SignatureMark) -> Self {
        Self {
            meaning: mark.meaning,
            content_sha256: mark.content_sha256,
            method: mark.method,
        }
    }
}
