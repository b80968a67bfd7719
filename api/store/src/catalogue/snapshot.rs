//! A laboratory's whole catalogue in memory, so that registering samples does not read test definitions each time.
//!
//! Valid for one `tenants.catalog_version`, which every change of the catalogue raises in its own transaction and
//! which is read in the transaction that uses the snapshot: what is used is never older than what that transaction sees.

use super::kind::Kind;
use super::{Container, Instrument, Location, Panel, SampleType, Specification, Test};
use crate::check::Faults;
use crate::db::{Db, row, sql};
use crate::store::Inner;
use crate::{ReadTx, Ref, StoreError, WriteTx};
use attest_domain::ids::{
    ClientId, ContainerId, InstrumentId, LocationId, PanelId, SampleTypeId, SpecificationId, TestId,
};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Laboratories whose catalogue is kept at once.
const KEPT: usize = 500;

/// One entry.
#[derive(Debug, Clone)]
pub struct Entry<T> {
    /// Its id.
    pub id: Uuid,
    /// Its version.
    pub version: i64,
    /// The entry.
    pub data: T,
}

impl<T: Kind> Entry<T> {
    /// Id and name.
    pub fn named(&self) -> Ref {
        Ref {
            id: self.id,
            name: self.data.name().to_owned(),
        }
    }
}

/// The catalogue at one version. Holds inactive entries too: what was done with them must still be shown.
#[derive(Debug, Default)]
pub struct Catalogue {
    sample_types: HashMap<Uuid, Entry<SampleType>>,
    containers: HashMap<Uuid, Entry<Container>>,
    locations: HashMap<Uuid, Entry<Location>>,
    instruments: HashMap<Uuid, Entry<Instrument>>,
    tests: HashMap<Uuid, Entry<Test>>,
    panels: HashMap<Uuid, Entry<Panel>>,
    specifications: HashMap<Uuid, Entry<Specification>>,
}

macro_rules! by_id {
    ($($(#[$doc:meta])* $one:ident, $active:ident, $many:ident, $id:ident, $kind:ident;)+) => {
        impl Catalogue {
            $(
                $(#[$doc])*
                pub fn $one(&self, id: $id) -> Option<&Entry<$kind>> {
                    self.$many.get(&id.uuid())
                }

                $(#[$doc])*
                ///
                /// For new work: it must exist and be in use, else 422 at `path`.
                ///
                /// # Errors
                /// [`StoreError::Invalid`].
                pub fn $active(&self, id: $id, path: &str) -> Result<&Entry<$kind>, StoreError> {
                    usable(self.$one(id), path)
                }
            )+
        }
    };
}

by_id! {
    /// A sample type, active or not.
    sample_type, active_sample_type, sample_types, SampleTypeId, SampleType;
    /// A container, active or not.
    container, active_container, containers, ContainerId, Container;
    /// A storage location, active or not.
    location, active_location, locations, LocationId, Location;
    /// An instrument, active or not.
    instrument, active_instrument, instruments, InstrumentId, Instrument;
    /// A test, active or not.
    test, active_test, tests, TestId, Test;
    /// A panel, active or not.
    panel, active_panel, panels, PanelId, Panel;
    /// A specification, active or not.
    specification, active_specification, specifications, SpecificationId, Specification;
}

fn usable<'c, T: Kind>(entry: Option<&'c Entry<T>>, path: &str) -> Result<&'c Entry<T>, StoreError> {
    let kind = T::KIND.replace('_', " ");
    match entry {
        None => Err(StoreError::invalid(
            path,
            "unknown",
            format!("this laboratory has no such {kind}"),
        )),
        Some(entry) if !entry.data.active() => Err(StoreError::invalid(
            path,
            "inactive",
            format!("the {kind} {} is no longer in use", entry.data.name()),
        )),
        Some(entry) => Ok(entry),
    }
}

impl Catalogue {
    /// The tests that an order names, singly and by panels, each once, in the order named. All must be in use; tests of a
    /// panel that are not are left out.
    ///
    /// # Errors
    /// [`StoreError::Faults`] at `{prefix}test_ids.N` and `{prefix}panel_ids.N`.
    pub fn expand(&self, prefix: &str, tests: &[TestId], panels: &[PanelId]) -> Result<Vec<&Entry<Test>>, StoreError> {
        let (mut wanted, mut seen, mut wrong) = (Vec::new(), HashSet::new(), Faults::default());
        for (index, id) in tests.iter().enumerate() {
            match self.active_test(*id, &format!("{prefix}test_ids.{index}")) {
                Ok(entry) if seen.insert(entry.id) => wanted.push(entry),
                Ok(_) => {}
                Err(error) => wrong.add(error)?,
            }
        }
        for (index, id) in panels.iter().enumerate() {
            match self.active_panel(*id, &format!("{prefix}panel_ids.{index}")) {
                Ok(panel) => {
                    let members = panel
                        .data
                        .test_ids
                        .iter()
                        .filter_map(|id| self.test(*id))
                        .filter(|entry| entry.data.active);
                    wanted.extend(members.filter(|entry| seen.insert(entry.id)));
                }
                Err(error) => wrong.add(error)?,
            }
        }
        wrong.done()?;
        Ok(wanted)
    }

    /// The specification that judges a test of a sample where nobody named one: of those in use that cover the test and
    /// fit, the one for this client before the one for everybody, then the one for this sample type before the general one.
    pub fn specification_for(
        &self,
        test: TestId,
        sample_type: SampleTypeId,
        client: Option<ClientId>,
    ) -> Option<&Entry<Specification>> {
        self.specifications
            .values()
            .filter(|entry| entry.data.active && entry.data.covers(test))
            .filter(|entry| entry.data.client_id.is_none_or(|own| Some(own) == client))
            .filter(|entry| entry.data.sample_type_id.is_none_or(|own| own == sample_type))
            .min_by_key(|entry| {
                (
                    entry.data.client_id.is_none(),
                    entry.data.sample_type_id.is_none(),
                    entry.id,
                )
            })
    }

    /// Every specification and reference range, in no order.
    pub(crate) fn specifications(&self) -> impl Iterator<Item = &Entry<Specification>> {
        self.specifications.values()
    }

    /// Every test, by id; for answers that name many.
    pub fn tests(&self) -> impl Iterator<Item = &Entry<Test>> {
        self.tests.values()
    }

    fn take(&mut self, row: SnapshotRow) -> Result<(), StoreError> {
        fn add<T: Kind>(kept: &mut HashMap<Uuid, Entry<T>>, row: &SnapshotRow) -> Result<(), StoreError> {
            let data = serde_json::from_str(&row.body).map_err(StoreError::broken)?;
            kept.insert(
                row.id,
                Entry {
                    id: row.id,
                    version: row.version,
                    data,
                },
            );
            Ok(())
        }
        match row.kind.as_str() {
            SampleType::KIND => add(&mut self.sample_types, &row),
            Container::KIND => add(&mut self.containers, &row),
            Location::KIND => add(&mut self.locations, &row),
            Instrument::KIND => add(&mut self.instruments, &row),
            Test::KIND => add(&mut self.tests, &row),
            Panel::KIND => add(&mut self.panels, &row),
            Specification::KIND => add(&mut self.specifications, &row),
            other => Err(StoreError::broken(format!("catalogue entry of kind {other}"))),
        }
    }
}

row! { struct SnapshotRow { id: Uuid, kind: String, version: i64, body: String } }
row! { struct VersionRow { catalog_version: i64 } }

/// Catalogues in memory, by laboratory, each with the version it is of.
#[derive(Default)]
pub(crate) struct CatalogueCache {
    known: Mutex<HashMap<Uuid, (i64, Arc<Catalogue>)>>,
}

fn current(inner: &Inner, db: &mut Db, tenant: Uuid) -> Result<Arc<Catalogue>, StoreError> {
    let version = sql("SELECT catalog_version FROM tenants WHERE id = ?")
        .bind(tenant)
        .one::<VersionRow>(db)?
        .catalog_version;
    let cache = &inner.catalogues.known;
    if let Some((known, catalogue)) = cache.lock().unwrap_or_else(PoisonError::into_inner).get(&tenant)
        && *known == version
    {
        return Ok(Arc::clone(catalogue));
    }
    let mut catalogue = Catalogue::default();
    for row in sql("SELECT id, kind, version, body FROM catalog_items WHERE tenant_id = ?")
        .bind(tenant)
        .all::<SnapshotRow>(db)?
    {
        catalogue.take(row)?;
    }
    let catalogue = Arc::new(catalogue);
    let mut known = cache.lock().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= KEPT {
        known.clear();
    }
    // An older reader must not push out what a newer one has read.
    if known.get(&tenant).is_none_or(|(kept, _)| *kept < version) {
        known.insert(tenant, (version, Arc::clone(&catalogue)));
    }
    Ok(catalogue)
}

impl<P> ReadTx<'_, P> {
    /// The catalogue as this transaction sees it. Cheap: one row is read, and the entries only after a change.
    pub(crate) fn catalogue(&mut self) -> Result<Arc<Catalogue>, StoreError> {
        let tenant = self.tenant();
        current(self.inner, self.db, tenant)
    }
}

impl<P> WriteTx<'_, P> {
    /// The catalogue as this transaction sees it. Cheap: one row is read, and the entries only after a change. Not to be
    /// called where the same transaction changes the catalogue: what is rolled back would stay in memory.
    pub(crate) fn catalogue(&mut self) -> Result<Arc<Catalogue>, StoreError> {
        let tenant = self.tenant();
        current(self.inner, self.db, tenant)
    }
}
