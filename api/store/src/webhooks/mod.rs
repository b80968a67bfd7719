//! Webhooks (ATT-36): which systems are told what happened, the messages that wait for them, and what became of each.
//!
//! Messages are made by the sequencer, in the transaction in which events get their place in the log: each event is told once, in
//! the log's order, none that was rolled back, and whoever writes does not wait for it. The server takes them out and sends them.

mod deliveries;
mod outbox;
mod pause;
mod ping;
mod queue;
mod secret;
mod settle;
mod view;
mod write;

pub use deliveries::{WebhookDeliveryFilter, WebhookDeliveryView, WebhookError, WebhookObject};
pub use outbox::{WebhookMessage, WebhookOutcome};
pub(crate) use queue::{Sequenced, queue};
pub use secret::{WebhookSecret, WebhookSecretRotation};
pub use view::{IssuedWebhook, WebhookEventView, WebhookFilter, WebhookPause, WebhookView};
pub use write::{WebhookData, WebhookWritten};
