//! Writing an event in the transaction of its change (ATT-41): no event, no commit.

use crate::db::{Bind, Rows, sql};
use crate::tx::WriteTx;
use crate::{StoreError, Subject, now};
use attest_domain::Action;
use attest_ledger::entry::{Change, Entry, ObjectRef, Reason, Sealed, SignatureMark, Writer};
use attest_ledger::seal::{Side, blinding, commit};
use attest_ledger::{jcs, outbox};
use serde_json::{Value, json};
use uuid::Uuid;

/// The program's version, as events carry it.
const CODE: &str = concat!("attest/", env!("CARGO_PKG_VERSION"));

/// A value that was recorded: the only thing a write transaction commits. Made by [`WriteTx::record`] alone.
#[derive(Debug)]
pub struct Recorded<T>(T);

impl<T> Recorded<T> {
    pub(crate) fn into_value(self) -> T {
        self.0
    }
}

/// What happened, on its way into the log.
#[derive(Debug, Clone)]
pub struct Event {
    action: Action,
    object: ObjectRef,
    reason: Option<Reason>,
    changes: Vec<Change>,
    sealed: Vec<SealedChange>,
    signature: Option<SignatureMark>,
}

/// A change of personal data: committed to in the log, kept outside it under the person's key.
#[derive(Debug, Clone)]
struct SealedChange {
    subject: Subject,
    path: String,
    from: Option<Value>,
    to: Option<Value>,
}

impl Event {
    /// An act on a thing.
    pub(crate) fn new(action: Action, kind: &str, id: impl std::fmt::Display) -> Self {
        Self {
            action,
            object: ObjectRef {
                kind: kind.to_owned(),
                id: id.to_string(),
                version: None,
                label: None,
            },
            reason: None,
            changes: Vec::new(),
            sealed: Vec::new(),
            signature: None,
        }
    }

    /// The thing's printed number or name; never a patient's name.
    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.object.label = Some(label.into());
        self
    }

    /// The thing's version after the act.
    pub(crate) fn version(mut self, version: i64) -> Self {
        self.object.version = u64::try_from(version).ok();
        self
    }

    /// A changed value. Equal sides are left out.
    pub(crate) fn change(mut self, path: &str, from: impl Into<Value>, to: impl Into<Value>) -> Self {
        let (from, to) = (some(from.into()), some(to.into()));
        if from != to {
            self.changes.push(Change {
                path: path.to_owned(),
                from,
                to,
            });
        }
        self
    }

    /// A value that was not there before.
    pub(crate) fn set(self, path: &str, to: impl Into<Value>) -> Self {
        self.change(path, Value::Null, to)
    }

    /// A changed value that tells about a person where there is one: sealed then, plain otherwise.
    pub(crate) fn about(
        self,
        subject: Option<&Subject>,
        path: &str,
        from: impl Into<Value>,
        to: impl Into<Value>,
    ) -> Self {
        let Some(subject) = subject else {
            return self.change(path, from, to);
        };
        let (from, to) = (some(from.into()), some(to.into()));
        let mut event = self;
        if from != to {
            event.sealed.push(SealedChange {
                subject: subject.clone(),
                path: path.to_owned(),
                from,
                to,
            });
        }
        event
    }

    /// Why. The text is sealed where it tells about a person; the code stays plain.
    pub(crate) fn because(mut self, subject: Option<&Subject>, code: &str, text: Option<&str>) -> Self {
        let text = text.filter(|text| !text.is_empty());
        self.reason = Some(Reason {
            code: code.to_owned(),
            text: if subject.is_some() {
                None
            } else {
                text.map(str::to_owned)
            },
        });
        match (subject, text) {
            (Some(_), Some(text)) => self.about(subject, "reason", Value::Null, text),
            _ => self,
        }
    }

    /// The electronic signature that the act is.
    pub(crate) fn signed(mut self, meaning: &str, content_sha256: &str, method: &str) -> Self {
        self.signature = Some(SignatureMark {
            meaning: meaning.to_owned(),
            content_sha256: content_sha256.to_owned(),
            method: method.to_owned(),
        });
        self
    }
}

/// Null is absence: the log does not distinguish "was null" from "was not there".
fn some(value: Value) -> Option<Value> {
    if value.is_null() { None } else { Some(value) }
}

impl<P> WriteTx<'_, P> {
    /// Records the event and seals the transaction's outcome.
    ///
    /// # Errors
    /// When the event cannot be written; the change must not happen then (ATT-41).
    pub fn record<T>(&mut self, event: Event, value: T) -> Result<Recorded<T>, StoreError> {
        self.also(event)?;
        Ok(Recorded(value))
    }

    /// Seals the outcome of a transaction whose events were all written by [`also`](Self::also).
    ///
    /// # Errors
    /// When there are none: a change without an event must not be committed (ATT-41).
    pub(crate) fn recorded<T>(&mut self, value: T) -> Result<Recorded<T>, StoreError> {
        if self.tally.last().is_none() {
            return Err(StoreError::broken("a change without an event"));
        }
        Ok(Recorded(value))
    }

    /// Records one of several events of this transaction.
    ///
    /// # Errors
    /// As [`record`](Self::record).
    pub fn also(&mut self, event: Event) -> Result<(), StoreError> {
        self.also_all([event])
    }

    /// Records events of this transaction, in order.
    ///
    /// # Errors
    /// As [`record`](Self::record).
    pub(crate) fn also_all(&mut self, events: impl IntoIterator<Item = Event>) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let mut rows = Rows::new(
            "INSERT INTO audit_events (tenant_id, id, at, actor_kind, actor_id, action, object_type, object_id, node, seq, entry, mac, mac_key)",
        );
        let mut pending = Rows::new("INSERT INTO audit_pending (tenant_id, event_id)");
        let mut openings = Vec::new();
        for event in events {
            let sealed = event.sealed.clone();
            let (id, row) = self.entry_row(event)?;
            rows.add(row);
            pending.add([tenant.into(), id.into()]);
            openings.push((id, sealed));
        }
        rows.insert(self.db)?;
        pending.insert(self.db)?;
        for (id, sealed) in openings {
            self.keep_openings(id, &sealed)?;
        }
        Ok(())
    }

    /// The event's row: its entry's exact bytes, numbered by this writer and sealed against the database's owner.
    fn entry_row(&mut self, event: Event) -> Result<(Uuid, [Bind<'static>; 13]), StoreError> {
        let tenant = self.tenant();
        let log = self.scope.tenant.laboratory.log_origin.clone();
        let (id, at) = (Uuid::now_v7(), now());
        let number = self.inner.journal.take(tenant);
        self.tally.add(number, id);
        let node = self.inner.journal.node();
        let entry = Entry {
            id,
            at,
            actor: self.scope.actor.clone(),
            source: self.scope.source.clone(),
            action: event.action.as_str().to_owned(),
            object: event.object,
            reason: event.reason,
            changes: event.changes,
            sealed: event
                .sealed
                .iter()
                .map(|sealed| commitment(&log, &id, sealed))
                .collect::<Result<_, _>>()?,
            signature: event.signature,
            writer: Writer {
                node: node.to_string(),
                seq: number,
            },
            code: CODE.to_owned(),
            log,
        };
        let bytes = entry.to_bytes().map_err(|error| {
            StoreError::invalid(
                "",
                "too_large",
                format!("the change is too large to be recorded: {error}"),
            )
        })?;
        let (key_name, key) = self.inner.keyring.outbox();
        let mac = outbox::mac(key, &bytes);
        let row = [
            tenant.into(),
            id.into(),
            at.into(),
            self.scope.actor_kind().into(),
            self.scope.user.map(attest_domain::ids::UserId::uuid).into(),
            entry.action.into(),
            entry.object.kind.into(),
            entry.object.id.into(),
            node.into(),
            i64::try_from(number).map_err(StoreError::broken)?.into(),
            bytes.into(),
            mac.to_vec().into(),
            key_name.to_owned().into(),
        ];
        Ok((id, row))
    }

    /// The sealed values themselves, under their persons' keys, outside the log.
    fn keep_openings(&mut self, id: Uuid, sealed: &[SealedChange]) -> Result<(), StoreError> {
        let tenant = self.tenant();
        let mut rest = sealed;
        while let Some(first) = rest.first() {
            let subject = &first.subject;
            let own: Vec<Value> = sealed
                .iter()
                .filter(|change| change.subject.id == subject.id)
                .map(|change| json!({"path": change.path, "from": change.from, "to": change.to}))
                .collect();
            let body = serde_json::to_vec(&own).map_err(StoreError::broken)?;
            let body = subject
                .key
                .seal(&format!("audit/{id}"), &body)
                .map_err(StoreError::broken)?;
            sql("INSERT INTO audit_openings (tenant_id, event_id, subject_id, sealed) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")
                .bind(tenant)
                .bind(id)
                .bind(subject.id)
                .bind(body)
                .run(self.db)?;
            rest = rest
                .iter()
                .position(|change| change.subject.id != subject.id)
                .and_then(|at| rest.get(at..))
                .unwrap_or_default();
        }
        Ok(())
    }
}

fn commitment(log: &str, id: &Uuid, sealed: &SealedChange) -> Result<Sealed, StoreError> {
    let seal = |value: &Option<Value>, side: Side| {
        value
            .as_ref()
            .map(|value| {
                let r = blinding(sealed.subject.key.bytes(), id, &sealed.path, side);
                let value = jcs::to_vec(value).map_err(StoreError::broken)?;
                Ok::<_, StoreError>(commit(log, id, &sealed.path, &r, &value))
            })
            .transpose()
    };
    Ok(Sealed {
        subject: sealed.subject.id.to_string(),
        path: sealed.path.clone(),
        from: seal(&sealed.from, Side::From)?,
        to: seal(&sealed.to, Side::To)?,
    })
}
