//! Events as a person reads them. Names and openings are fetched once for all the events of an answer.

use super::openings::{Opened, open_all};
use super::sentence::{Test, Told, plain, sentence};
use super::view::{ActorView, EventView, FieldChange, OpeningView, ReasonView, SealedField, SignatureView};
use crate::StoreError;
use crate::access::Scope;
use crate::db::{Db, row, sql};
use crate::store::Inner;
use attest_domain::action::field_label;
use attest_domain::{Language, Permission};
use attest_ledger::entry::{ActorKind, Change, Entry, Reason, Sealed};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

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
    tests: HashMap<String, Test>,
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

impl Surroundings {
    fn view(&self, row: StoredEvent, entry: Entry) -> EventView {
        let opened = self.opened.get(&entry.id).map(Vec::as_slice).unwrap_or_default();
        let kind = entry.object.kind.as_str();
        let sealed: Vec<SealedField> = entry
            .sealed
            .iter()
            .map(|sealed| self.sealed(kind, sealed, opened))
            .collect();
        let changes: Vec<FieldChange> = entry.changes.iter().map(|change| self.change(kind, change)).collect();
        let name = entry.actor.id.as_ref().and_then(|id| self.people.get(id)).cloned();
        let reason = entry.reason.as_ref().map(|reason| reason_view(reason, &sealed));
        let about = user(&entry).and_then(|id| self.people.get(id)).cloned();
        let told = Told {
            actor: name.as_deref(),
            about: about.as_deref(),
            test: self.tests.get(&entry.object.id),
            changes: &changes,
            sealed: &sealed,
            reason: reason.as_ref().and_then(|reason| reason.text.as_deref()),
        };
        EventView {
            index: row.index,
            id: row.id,
            at: entry.at,
            sentence: sentence(self.language, &entry, &told),
            actor: ActorView::new(&entry.actor, name),
            action: entry.action,
            object: entry.object.into(),
            reason,
            changes,
            sealed,
            source: entry.source.into(),
            signature: entry.signature.map(SignatureView::from),
            entry: STANDARD.encode(&row.entry),
        }
    }

    fn change(&self, kind: &str, change: &Change) -> FieldChange {
        FieldChange {
            path: change.path.clone(),
            label: field_label(kind, &change.path, self.language),
            from: change.from.clone(),
            to: change.to.clone(),
        }
    }

    fn sealed(&self, kind: &str, sealed: &Sealed, opened: &[Opened]) -> SealedField {
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

/// The person an event is about. The log has ids only; names are looked up when it is read.
fn user(entry: &Entry) -> Option<&String> {
    (entry.object.kind == "user").then_some(&entry.object.id)
}

fn people(db: &mut Db, tenant: Uuid, entries: &[Entry]) -> Result<HashMap<String, String>, StoreError> {
    let ids: HashSet<Uuid> = entries
        .iter()
        .flat_map(|entry| {
            let actor = entry.actor.id.as_ref().filter(|_id| {
                matches!(
                    entry.actor.kind,
                    ActorKind::User | ActorKind::Service | ActorKind::Operator
                )
            });
            actor.into_iter().chain(user(entry))
        })
        .filter_map(|id| id.parse().ok())
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
fn tests(db: &mut Db, tenant: Uuid, entries: &[Entry]) -> Result<HashMap<String, Test>, StoreError> {
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
        .map(|row| {
            let unit = unit(&row.body);
            (row.id.to_string(), Test { name: row.name, unit })
        })
        .collect())
}
