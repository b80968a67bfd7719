//! Letters to the laboratory's people: written in the transaction that gives rise to them, handed over by the server.
//!
//! A letter may carry a one-time link. It is sealed under a key outside the database until it is handed over, and gone then.

mod administrators;
mod letter;
mod outbox;

pub use letter::{Letter, Matter};
pub use outbox::MailDue;
