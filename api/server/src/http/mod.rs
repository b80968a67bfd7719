//! The manners of HTTP: problems, bodies, parameters, permissions, versions, headers. No business here.

mod allowance;
mod attachment;
mod body;
mod buckets;
mod etag;
mod evidence;
mod front;
mod gate;
pub mod may;
mod methods;
mod once;
mod origins;
mod pace;
mod params;
mod patch;
mod problem;
mod step;
mod upload;

pub use allowance::Allowances;
pub use attachment::attachment;
pub use body::{Body, MERGE_PATCH};
pub use etag::{IfMatch, Versioned, tagged};
pub use evidence::ItemProblems;
pub use front::{Front, RequestId, client_ip, customer, request_source};
pub use gate::Held;
pub use may::{May, Present, Signed, SteppedUp};
pub use methods::not_here;
pub use once::IdempotencyKey;
pub use origins::Origins;
pub use pace::Pace;
pub use params::{Id, ListQuery, Params, ShortQuery, SubId, page};
pub use patch::{New, Patch};
pub use problem::{FieldError, Problem, complete};
pub use step::Step;
pub use upload::{Limits, Upload, Uploads};
