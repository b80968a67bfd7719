//! What files hang on, and who may see and attach them: whoever may see and change that.

use crate::db::{row, sql};
use crate::{ReadTx, StoreError};
use attest_domain::ids::{OrderId, PatientId, ResultId, SampleId};
use attest_domain::may;
use uuid::Uuid;

/// A thing that files can be attached to, by its id.
pub trait FileHolder: Copy + std::fmt::Display + Send + 'static {
    /// What it is called in the audit trail.
    const KIND: &'static str;
    /// What a list of them is called in paths.
    const PLURAL: &'static str;
    /// Its column in `files`.
    #[doc(hidden)]
    const COLUMN: &'static str;
    /// Selects its number, its client and its patient.
    #[doc(hidden)]
    const FOUND: &'static str;
    /// The bare id.
    fn uuid(self) -> Uuid;
}

/// Permissions that let see the files of an `H`.
pub trait SeesFiles<H> {}
/// Permissions that let attach files to an `H`.
pub trait AttachesFiles<H>: SeesFiles<H> {}

macro_rules! holder {
    ($id:ident, $kind:literal, $plural:literal, $column:literal, $read:ident, $attach:ident, $found:literal) => {
        impl FileHolder for $id {
            const KIND: &'static str = $kind;
            const PLURAL: &'static str = $plural;
            const COLUMN: &'static str = $column;
            const FOUND: &'static str = $found;
            fn uuid(self) -> Uuid {
                $id::uuid(self)
            }
        }
        impl SeesFiles<$id> for may::$read {}
        impl SeesFiles<$id> for may::$attach {}
        impl AttachesFiles<$id> for may::$attach {}
    };
}

holder!(
    OrderId,
    "order",
    "orders",
    "order_id",
    OrderRead,
    OrderCreate,
    "SELECT o.number, o.client_id, o.patient_id FROM orders o WHERE o.tenant_id = ? AND o.id = ?"
);
holder!(
    SampleId,
    "sample",
    "samples",
    "sample_id",
    SampleRead,
    SampleRegister,
    "SELECT s.accession_number, s.client_id, s.patient_id FROM samples s WHERE s.tenant_id = ? AND s.id = ?"
);
holder!(
    ResultId,
    "result",
    "results",
    "result_id",
    ResultRead,
    ResultEnter,
    "SELECT s.accession_number, s.client_id, s.patient_id FROM results r \
     JOIN samples s ON s.tenant_id = r.tenant_id AND s.id = r.sample_id WHERE r.tenant_id = ? AND r.id = ?"
);

row! {
    /// What files need to know of the thing they hang on.
    #[derive(Debug)]
    pub(super) struct Held {
        /// The number that it is known by.
        pub(super) label: String,
        client_id: Option<Uuid>,
        pub(super) patient_id: Option<PatientId>,
    }
}

impl<P> ReadTx<'_, P> {
    /// The thing itself.
    pub(super) fn file_holder<H: FileHolder>(&mut self, holder: H) -> Result<Held, StoreError> {
        let held = sql(H::FOUND)
            .bind(self.tenant())
            .bind(holder.uuid())
            .one::<Held>(self.db)?;
        if self.only_client().is_some_and(|own| held.client_id != Some(own)) {
            return Err(StoreError::NotFound);
        }
        Ok(held)
    }
}
