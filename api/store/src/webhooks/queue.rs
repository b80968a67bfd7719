//! Which messages an event becomes. Part of the sequencer's transaction; where there are no webhooks it is one look at an empty
//! index for each batch of events.

use crate::StoreError;
use crate::db::{Db, Rows, row, sql};
use attest_domain::ids::WebhookId;
use attest_domain::webhook::{GIVEN_UP_AFTER, WebhookEvent};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::HashSet;
use uuid::Uuid;

/// An entry that got its place in the log.
pub(crate) struct Sequenced<'a> {
    pub(crate) index: i64,
    /// Its exact bytes, whose seal was found good.
    pub(crate) entry: &'a [u8],
}

/// As much of an entry as a message tells.
#[derive(Deserialize)]
struct Told {
    id: Uuid,
    at: DateTime<Utc>,
    action: String,
    object: ObjectTold,
}

#[derive(Deserialize)]
struct ObjectTold {
    #[serde(rename = "type")]
    kind: String,
    id: String,
    label: Option<String>,
}

row! { struct ListenerRow { id: WebhookId, events: String, active_since: DateTime<Utc>, paused_at: Option<DateTime<Utc>> } }

/// Who is told of what, and from when until when.
struct Listener {
    id: WebhookId,
    events: HashSet<String>,
    since: DateTime<Utc>,
    until: Option<DateTime<Utc>>,
}

impl Listener {
    /// Events come here a moment after they happened: it counts when that was.
    fn wants(&self, told: &Told) -> bool {
        self.since <= told.at && self.until.is_none_or(|until| told.at < until) && self.events.contains(&told.action)
    }
}

/// Writes the messages that these events become; how many.
pub(crate) fn queue(db: &mut Db, tenant: Uuid, sequenced: &[Sequenced<'_>]) -> Result<usize, StoreError> {
    // One that is being deleted is waited for, and is gone then: a message to nobody would undo the whole batch.
    let lock = db.for_update().replace("UPDATE", "KEY SHARE");
    let listeners = sql(format!(
        "SELECT id, events, active_since, paused_at FROM webhooks WHERE tenant_id = ?{lock}"
    ))
    .bind(tenant)
    .all::<ListenerRow>(db)?;
    if listeners.is_empty() {
        return Ok(0);
    }
    let listeners: Vec<Listener> = listeners
        .into_iter()
        .filter_map(|row| {
            Some(Listener {
                id: row.id,
                events: understood(tenant, row.events.as_bytes())?,
                since: row.active_since,
                until: row.paused_at,
            })
        })
        .collect();
    let mut rows = Rows::new(
        "INSERT INTO webhook_deliveries (tenant_id, id, webhook_id, event_id, log_index, type, at, object_type, object_id, object_label, next_at, give_up_at, created_at)",
    );
    let (now, mut count) = (crate::now(), 0_usize);
    for one in sequenced {
        let Some(told) = understood::<Told>(tenant, one.entry) else {
            continue;
        };
        // A name that was on the list once and is not any more is not sent.
        if told.action.parse::<WebhookEvent>().is_err() {
            continue;
        }
        for listener in listeners.iter().filter(|listener| listener.wants(&told)) {
            count = count.saturating_add(1);
            rows.add([
                tenant.into(),
                Uuid::now_v7().into(),
                listener.id.into(),
                told.id.into(),
                one.index.into(),
                told.action.clone().into(),
                told.at.into(),
                told.object.kind.clone().into(),
                told.object.id.clone().into(),
                told.object.label.clone().into(),
                now.into(),
                (now + GIVEN_UP_AFTER).into(),
                now.into(),
            ]);
        }
    }
    rows.insert(db)?;
    Ok(count)
}

/// Nothing that is wrong with a webhook may keep the log from growing.
fn understood<T: DeserializeOwned>(tenant: Uuid, json: &[u8]) -> Option<T> {
    serde_json::from_slice(json)
        .inspect_err(|error| tracing::error!(%tenant, %error, "no message is made of what cannot be read"))
        .ok()
}
