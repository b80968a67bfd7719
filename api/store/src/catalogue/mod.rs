//! What the laboratory works with. Sample types, containers, locations, instruments, tests, panels and specifications
//! are [`Kind`]s: one typed mechanism stores, lists, patches and records them all. Clients have a table of their own.
//!
//! Other rooms use [`Catalogue`], a whole laboratory's catalogue in memory, valid for one `catalog_version`.

mod clients;
mod items;
mod kind;
mod panel;
mod snapshot;
mod specification;
mod test;
mod things;

pub use clients::{Client, ClientData, SeesClients};
pub(crate) use items::word_beginning;
pub use items::{ItemFilter, SeesCatalogue};
pub use kind::{Item, Kind};
pub use panel::{Panel, PanelView};
pub(crate) use snapshot::CatalogueCache;
pub use snapshot::{Catalogue, Entry};
pub use specification::{Limit, RangeSex, Specification};
pub use test::{Test, TestUncertainty};
pub use things::{Container, Instrument, Location, SampleType};
