//! Exports of the audit trail: asked for, built in the background, checkable offline (ledger.md, "Bundle").

mod ask;
mod background;
mod build;
mod choice;
mod outdated;
mod proof;
mod ticket;
mod view;

pub use build::{ExportBuild, zip};
pub use ticket::ExportTicket;
pub use view::ExportView;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What is asked for; kept with the export.
#[derive(Debug, Clone, Serialize, Deserialize, Default, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportRequest {
    /// True: chosen events, each with its proof. False: everything between two moments, proven complete.
    pub selection: bool,
    /// Not before.
    pub from: Option<DateTime<Utc>>,
    /// Not after.
    pub to: Option<DateTime<Utc>>,
    /// By this user.
    pub actor_id: Option<Uuid>,
    /// Of this kind.
    pub action: Option<String>,
    /// On things of this type.
    pub object_type: Option<String>,
    /// On this thing.
    pub object_id: Option<String>,
    /// A checkpoint (signed note) that the reader already holds; the bundle proves that the log continues it.
    pub held_checkpoint: Option<String>,
    /// Whether sealed values are legible in it: who asked might read patients' data. Decided when it is asked for, and then
    /// nobody fetches it who may not.
    #[serde(default)]
    pub opened: bool,
}
