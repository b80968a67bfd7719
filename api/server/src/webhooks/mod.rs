//! Webhooks on their way out: messages from the store's outbox are put into words, signed, and sent to where an administrator says.

mod courier;
mod message;

pub use courier::Courier;
