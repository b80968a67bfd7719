//! What Attest promises, told as stories over HTTP. Every story runs on SQLite and on PostgreSQL; those that only touch
//! what they made share one laboratory per engine, the others start a server of their own.

mod access;
mod attacks;
mod audit_trail;
mod browser_session;
mod bulk_work;
mod concurrency;
mod document_of_the_interface;
mod durability;
mod evidence;
mod grants;
mod http_contract;
mod idempotency;
mod isolation;
mod life_of_a_sample;
mod lists;
mod paper;
mod passwords;
mod patients;
mod reception;
mod refusals;
mod reports;
mod results;
mod second_factors;
mod secrets;
mod separation;
mod service_accounts;
mod sessions;
mod slow_clients;
mod tampering;
mod transport;
mod web_front;
