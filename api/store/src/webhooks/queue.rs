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

row! { struct ListenerRow { id: WebhookId, events: String } }

/// Writes the messages that these events become; how many.
pub(crate) fn queue(db: &mut Db, tenant: Uuid, sequenced: &[Sequenced<'_>]) -> Result<usize, StoreError> {
    let listeners = sql("SELECT id, events FROM webhooks WHERE tenant_id = ? AND status = 'active'")
        .bind(tenant)
        .all::<ListenerRow>(db)?;
    if listeners.is_empty() {
        return Ok(0);
    }
    let listeners: Vec<(WebhookId, HashSet<String>)> = listeners
        .into_iter()
        .filter_map(|row| Some((row.id, understood(tenant, row.events.as_bytes())?)))
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
        for (webhook, _) in listeners.iter().filter(|(_, events)| events.contains(&told.action)) {
            count = count.saturating_add(1);
            rows.add([
                tenant.into(),
                Uuid::now_v7().into(),
                (*webhook).into(),
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
