//! An event as a person reads it: who, what, in words; the exact bytes beside it.

use super::openings::{Opened, open_all};
use crate::StoreError;
use crate::access::Scope;
use crate::db::{Db, row, sql};
use crate::store::Inner;
use attest_domain::action::{ActorKind as Speaker, ChangePart, SentenceParts, field_label};
use attest_domain::{Action, Language, Permission};
use attest_ledger::entry::{Actor, ActorKind, Entry, Reason, SignatureMark, Source};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
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

row! {
    /// An event as stored.
    #[derive(Debug, Clone)]
    pub(crate) struct StoredEvent {
        pub(crate) id: Uuid,
        pub(crate) entry: Vec<u8>,
        pub(crate) index: Option<i64>,
    }
}

row! { struct NameRow { id: Uuid, name: String } }
row! { struct ResultRow { id: Uuid, name: String, body: String } }

/// What sentences need beyond the entries: names of people, names of tests.
struct Surroundings {
    people: HashMap<String, String>,
    tests: HashMap<String, (String, Option<String>)>,
    opened: HashMap<Uuid, Vec<Opened>>,
    language: Language,
}

/// Events in the reader's words. Names and openings are fetched once for all of them.
pub(crate) fn describe(
    inner: &Inner,
    db: &mut Db,
    scope: &Scope,
    language: Language,
    stored: Vec<StoredEvent>,
) -> Result<Vec<EventView>, StoreError> {
    let tenant = scope.tenant.laboratory.id;
    let entries = stored
        .iter()
        .map(|row| Entry::from_bytes(&row.entry).map_err(StoreError::broken))
        .collect::<Result<Vec<_>, _>>()?;
    let opened = if scope.permissions.contains(Permission::PatientRead) {
        open_all(
            inner,
            db,
            tenant,
            entries
                .iter()
                .filter(|entry| !entry.sealed.is_empty())
                .map(|entry| entry.id),
        )?
    } else {
        HashMap::new()
    };
    let surroundings = Surroundings {
        people: people(db, tenant, &entries)?,
        tests: tests(db, tenant, &entries)?,
        opened,
        language,
    };
    Ok(stored
        .into_iter()
        .zip(entries)
        .map(|(row, entry)| surroundings.view(row, entry))
        .collect())
}

fn people(db: &mut Db, tenant: Uuid, entries: &[Entry]) -> Result<HashMap<String, String>, StoreError> {
    let ids: HashSet<Uuid> = entries
        .iter()
        .filter(|entry| entry.actor.kind == ActorKind::User)
        .filter_map(|entry| entry.actor.id.as_ref()?.parse().ok())
        .collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = sql("SELECT id, name FROM users WHERE tenant_id = ? AND id IN (").bind(tenant);
    query.list(ids).push(")");
    Ok(query
        .all::<NameRow>(db)?
        .into_iter()
        .map(|row| (row.id.to_string(), row.name))
        .collect())
}

/// The tests that results are of, with their units.
fn tests(
    db: &mut Db,
    tenant: Uuid,
    entries: &[Entry],
) -> Result<HashMap<String, (String, Option<String>)>, StoreError> {
    let ids: HashSet<Uuid> = entries
        .iter()
        .filter(|entry| entry.object.kind == "result")
        .filter_map(|entry| entry.object.id.parse().ok())
        .collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = sql("SELECT r.id, c.name, c.body FROM results r JOIN catalog_items c ON c.tenant_id = r.tenant_id AND c.id = r.test_id WHERE r.tenant_id = ? AND r.id IN (")
        .bind(tenant);
    query.list(ids).push(")");
    let unit = |body: &str| {
        serde_json::from_str::<Value>(body)
            .ok()?
            .get("unit")?
            .as_str()
            .map(str::to_owned)
    };
    Ok(query
        .all::<ResultRow>(db)?
        .into_iter()
        .map(|row| (row.id.to_string(), (row.name, unit(&row.body))))
        .collect())
}

impl Surroundings {
    fn view(&self, row: StoredEvent, entry: Entry) -> EventView {
        let opened = self.opened.get(&entry.id).map(Vec::as_slice).unwrap_or_default();
        let sealed: Vec<SealedField> = entry
            .sealed
            .iter()
            .map(|sealed| self.sealed(&entry.object.kind, sealed, opened))
            .collect();
        let changes: Vec<FieldChange> = entry
            .changes
            .iter()
            .map(|change| self.change(&entry.object.kind, &change.path, change.from.clone(), change.to.clone()))
            .collect();
        let name = entry.actor.id.as_ref().and_then(|id| self.people.get(id)).cloned();
        let reason = entry.reason.as_ref().map(|reason| reason_view(reason, &sealed));
        EventView {
            index: row.index,
            id: row.id,
            at: entry.at,
            sentence: self.sentence(&entry, name.as_deref(), &changes, &sealed, reason.as_ref()),
            actor: actor_view(&entry.actor, name),
            action: entry.action.clone(),
            object: ObjectView {
                kind: entry.object.kind.clone(),
                id: entry.object.id.clone(),
                version: entry.object.version,
                label: entry.object.label.clone(),
            },
            reason,
            changes,
            sealed,
            source: source_view(entry.source),
            signature: entry.signature.map(signature_view),
            entry: STANDARD.encode(&row.entry),
        }
    }

    fn change(&self, kind: &str, path: &str, from: Option<Value>, to: Option<Value>) -> FieldChange {
        FieldChange {
            path: path.to_owned(),
            label: field_label(kind, path, self.language),
            from,
            to,
        }
    }

    fn sealed(&self, kind: &str, sealed: &attest_ledger::entry::Sealed, opened: &[Opened]) -> SealedField {
        let opening = opened
            .iter()
            .find(|value| value.path == sealed.path && value.subject.to_string() == sealed.subject)
            .map(|value| OpeningView {
                from: value.from.clone(),
                to: value.to.clone(),
            });
        SealedField {
            subject: sealed.subject.clone(),
            path: sealed.path.clone(),
            label: field_label(kind, &sealed.path, self.language),
            from: sealed.from.map(|hash| hash.to_base64()),
            to: sealed.to.map(|hash| hash.to_base64()),
            opening,
        }
    }

    fn sentence(
        &self,
        entry: &Entry,
        actor: Option<&str>,
        changes: &[FieldChange],
        sealed: &[SealedField],
        reason: Option<&ReasonView>,
    ) -> String {
        let Ok(action) = entry.action.parse::<Action>() else {
            return entry.action.clone();
        };
        let texts: Vec<(String, Option<String>, Option<String>, bool)> = changes
            .iter()
            .filter(|change| !names_test(&entry.object.kind, &change.path))
            .map(|change| {
                (
                    change.path.clone(),
                    plain(change.from.as_ref()),
                    plain(change.to.as_ref()),
                    false,
                )
            })
            .chain(sealed.iter().filter(|field| field.path != "reason").map(|field| {
                let opening = field.opening.as_ref();
                (
                    field.path.clone(),
                    opening.and_then(|open| plain(open.from.as_ref())),
                    opening.and_then(|open| plain(open.to.as_ref())),
                    opening.is_none(),
                )
            }))
            .collect();
        let parts: Vec<ChangePart<'_>> = texts
            .iter()
            .map(|(path, from, to, withheld)| ChangePart {
                path,
                from: from.as_deref(),
                to: to.as_deref(),
                withheld: *withheld,
            })
            .collect();
        let test = self.tests.get(&entry.object.id);
        // An event on a result names its test itself, so that it can be read without this database.
        let own = |path: &str| {
            entry
                .changes
                .iter()
                .find(|change| names_test(&entry.object.kind, path) && change.path == path)
                .and_then(|change| change.to.as_ref()?.as_str())
        };
        action.sentence(
            self.language,
            &SentenceParts {
                actor_kind: speaker(entry.actor.kind),
                actor_name: actor,
                object_type: &entry.object.kind,
                object_label: entry.object.label.as_deref(),
                subject: own("test").or_else(|| test.map(|(name, _)| name.as_str())),
                unit: own("unit").or_else(|| test.and_then(|(_, unit)| unit.as_deref())),
                changes: &parts,
                reason: reason.and_then(|reason| reason.text.as_deref()),
            },
        )
    }
}

/// Changes that say which test it is about: the sentence's subject, not something that changed.
fn names_test(kind: &str, path: &str) -> bool {
    matches!((kind, path), ("result" | "critical_notice", "test" | "unit" | "result"))
}

/// A value as a sentence says it: text without quotation marks.
fn plain(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => Some(
            items
                .iter()
                .filter_map(|item| plain(Some(item)))
                .collect::<Vec<_>>()
                .join(", "),
        ),
        other => Some(other.to_string()),
    }
}

fn speaker(kind: ActorKind) -> Speaker {
    match kind {
        ActorKind::User => Speaker::User,
        ActorKind::Service => Speaker::Service,
        ActorKind::Operator => Speaker::Operator,
        ActorKind::System => Speaker::System,
        ActorKind::Anonymous => Speaker::Anonymous,
    }
}

fn actor_view(actor: &Actor, name: Option<String>) -> ActorView {
    let word = |value: serde_json::Result<Value>| {
        value
            .ok()
            .and_then(|value| value.as_str().map(str::to_owned))
            .unwrap_or_default()
    };
    ActorView {
        kind: word(serde_json::to_value(actor.kind)),
        id: actor.id.clone(),
        name,
        session: actor.session.clone(),
        assurance: word(serde_json::to_value(actor.assurance)),
    }
}

fn reason_view(reason: &Reason, sealed: &[SealedField]) -> ReasonView {
    let opened = || {
        sealed
            .iter()
            .find(|field| field.path == "reason")
            .and_then(|field| plain(field.opening.as_ref()?.to.as_ref()))
    };
    ReasonView {
        code: reason.code.clone(),
        text: reason.text.clone().or_else(opened),
    }
}

fn source_view(source: Source) -> SourceView {
    SourceView {
        ip: source.ip,
        request_id: source.request_id,
        user_agent: source.user_agent,
    }
}

fn signature_view(mark: SignatureMark) -> SignatureView {
    SignatureView {
        meaning: mark.meaning,
        content_sha256: mark.content_sha256,
        method: mark.method,
    }
}
