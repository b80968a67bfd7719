//! Names beside ids: answers never show a bare id of a person.

use crate::db::{Db, row, sql};
use crate::{Person, ReadTx, StoreError, WriteTx};
use attest_domain::ids::UserId;
use std::collections::HashMap;
use uuid::Uuid;

row! { struct NameRow { id: UserId, name: String } }

/// Printed names by id, in one query.
pub(crate) fn people(
    db: &mut Db,
    tenant: Uuid,
    ids: impl IntoIterator<Item = UserId>,
) -> Result<HashMap<UserId, Person>, StoreError> {
    let mut ids: Vec<UserId> = ids.into_iter().collect();
    ids.sort();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = sql("SELECT id, name FROM users WHERE tenant_id = ? AND id IN (").bind(tenant);
    query.list(ids).push(")");
    Ok(query
        .all::<NameRow>(db)?
        .into_iter()
        .map(|row| {
            (
                row.id,
                Person {
                    id: row.id.uuid(),
                    name: row.name,
                },
            )
        })
        .collect())
}

macro_rules! lookups {
    ($tx:ident) => {
        impl<P> $tx<'_, P> {
            /// Persons by id, in one query; who is not of this laboratory is not in the answer.
            #[allow(dead_code, reason = "one of the two kinds of transaction may not need it")]
            pub(crate) fn people(
                &mut self,
                ids: impl IntoIterator<Item = UserId>,
            ) -> Result<HashMap<UserId, Person>, StoreError> {
                let tenant = self.tenant();
                people(self.db, tenant, ids)
            }
        }
    };
}
lookups!(ReadTx);
lookups!(WriteTx);
