//! Orders: what was asked for, by a client or for a patient, with the samples it is to be done on.

mod list;
mod place;
pub(crate) mod texts;
mod view;

pub use list::OrderFilter;
pub use place::NewOrder;
pub(crate) use texts::TABLE as ORDERS_TABLE;
pub use view::{Order, SeesOrders};
