//! `writer.voided`: a process takes its sequence number before the transaction commits, so a rollback loses it. The
//! process says so in a later event; any other gap is evidence of an entry that never arrived.

use serde_json::Value;

use super::{Change, Entry, ObjectRef};

/// The action of the event.
pub const VOIDED_ACTION: &str = "writer.voided";

const OBJECT: &str = "writer";
const PATH: &str = "voided";

/// The numbers that one process lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voided {
    /// The process ([`super::Writer::node`]).
    pub node: String,
    /// Its lost sequence numbers.
    pub numbers: Vec<u64>,
}

impl Voided {
    /// The event's object and changes: object `{type:"writer", id:<node>}`, one change with path `voided`, its `to` an
    /// array of the numbers.
    pub fn event(&self) -> (ObjectRef, Vec<Change>) {
        let numbers = self.numbers.iter().copied().map(Value::from).collect();
        (
            ObjectRef {
                kind: OBJECT.to_owned(),
                id: self.node.clone(),
                version: None,
                label: None,
            },
            vec![Change {
                path: PATH.to_owned(),
                from: None,
                to: Some(Value::Array(numbers)),
            }],
        )
    }

    /// Reads the event back; `None` for any other entry.
    pub fn from_entry(entry: &Entry) -> Option<Self> {
        if entry.action != VOIDED_ACTION || entry.object.kind != OBJECT {
            return None;
        }
        let numbers = entry
            .changes
            .iter()
            .filter(|change| change.path == PATH)
            .filter_map(|change| change.to.as_ref()?.as_array())
            .flatten()
            .filter_map(Value::as_u64)
            .collect();
        Some(Self {
            node: entry.object.id.clone(),
            numbers,
        })
    }
}
