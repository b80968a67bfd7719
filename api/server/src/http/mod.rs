//! The manners of HTTP: problems, bodies, parameters, permissions, versions, headers. No business here.

mod allowance;
mod body;
mod etag;
mod front;
mod gate;
pub mod may;
mod methods;
mod once;
mod params;
mod patch;
mod problem;
mod step;

pub use allowance::Allowances;
pub use body::{Body, MERGE_PATCH};
pub use etag::{IfMatch, Versioned, tagged};
pub use front::{Front, RequestId, client_ip, request_source};
pub use may::{May, Signed, SteppedUp};
pub use methods::not_here;
pub use once::IdempotencyKey;
pub use params::{Id, Params, ShortQuery, page};
pub use patch::{New, Patch};
pub use problem::{FieldError, Problem, complete};
pub use step::Step;
