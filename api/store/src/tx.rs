//! Transactions with a permit: what may be seen and changed hangs on the permit's type.
//!
//! Methods for entities are in their own rooms (`impl ReadTx<'_, may::SampleRead>` in `samples`, …). None takes a
//! laboratory's id: it comes from the permit.

use crate::access::Scope;
use crate::db::{Db, row, sql};
use crate::ledger::{InDoubt, RecordTally, Recorded};
use crate::store::Inner;
use crate::tenant::{Laboratory, Tenant};
use crate::{Permit, StoreError, Subject, now, subject};
use attest_domain::ids::UserId;
use attest_domain::{Language, Permission};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::marker::PhantomData;
use std::ops::RangeInclusive;
use std::sync::Arc;
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// Looks at one laboratory.
pub struct ReadTx<'t, P> {
    pub(crate) inner: &'t Inner,
    pub(crate) db: &'t mut Db,
    pub(crate) scope: &'t Scope,
    what: PhantomData<fn() -> P>,
}

/// Changes one laboratory.
pub struct WriteTx<'t, P> {
    pub(crate) inner: &'t Inner,
    pub(crate) db: &'t mut Db,
    pub(crate) scope: &'t Scope,
    pub(crate) tally: RecordTally,
    /// What the transaction recorded in the logs of other realms; see `platform::across`.
    pub(crate) elsewhere: Vec<(Uuid, RecordTally)>,
    savepoints: u32,
    what: PhantomData<fn() -> P>,
}

/// A write that is durable, with the permit that may now look at it.
#[derive(Debug)]
pub struct Written<P, T> {
    /// What the change made.
    pub value: T,
    /// True when an earlier request with the same Idempotency-Key made it.
    pub replayed: bool,
    /// The (last) audit event of the change; nothing when replayed.
    pub event: Option<Uuid>,
    /// To read the answer with.
    pub permit: Permit<P>,
}

/// An Idempotency-Key with what it was sent for.
#[derive(Debug, Clone)]
pub struct Once {
    /// The operation.
    pub route: String,
    /// The key, as sent.
    pub key: String,
    /// SHA-256 of path and body. Never stored as it is: a body may hold a password, and whoever stole the database could
    /// try guesses against a bare hash at their leisure, past all the work that Argon2 makes.
    pub request: [u8; 32],
}

/// Domain separation: no other code is made of these bytes under the application's key.
const REQUEST_CONTEXT: &[u8] = b"attest.idempotency/v1\0";

impl Once {
    /// What is stored to tell a repeated request from another one: worthless without the application's key, which is not
    /// in the database, and different in every row even for the same request.
    fn code(&self, app_key: &[u8; 32], tenant: Uuid, principal: Uuid) -> Result<[u8; 32], StoreError> {
        let mut mac = Hmac::<Sha256>::new_from_slice(app_key).map_err(StoreError::broken)?;
        mac.update(REQUEST_CONTEXT);
        mac.update(tenant.as_bytes());
        mac.update(principal.as_bytes());
        for part in [&self.route, &self.key] {
            mac.update(part.as_bytes());
            mac.update(&[0]);
        }
        mac.update(&self.request);
        Ok(mac.finalize().into_bytes().into())
    }
}

/// What a change made, reduced to ids, so that a repeated request can be answered without storing any content.
pub trait Replayable: Sized {
    /// The ids.
    fn ids(&self) -> Vec<Uuid>;
    /// Back from ids; nothing when they do not fit.
    fn from_ids(ids: &[Uuid]) -> Option<Self>;
}

impl Replayable for () {
    fn ids(&self) -> Vec<Uuid> {
        Vec::new()
    }
    fn from_ids(_ids: &[Uuid]) -> Option<Self> {
        Some(())
    }
}

impl Replayable for Vec<Uuid> {
    fn ids(&self) -> Vec<Uuid> {
        self.clone()
    }
    fn from_ids(ids: &[Uuid]) -> Option<Self> {
        Some(ids.to_vec())
    }
}

macro_rules! replayable_ids {
    ($($id:ident),* $(,)?) => { $(
        impl Replayable for attest_domain::ids::$id {
            fn ids(&self) -> Vec<Uuid> { vec![self.uuid()] }
            fn from_ids(ids: &[Uuid]) -> Option<Self> { ids.first().copied().map(Self::from_uuid) }
        }
        impl Replayable for Vec<attest_domain::ids::$id> {
            fn ids(&self) -> Vec<Uuid> { self.iter().map(|id| id.uuid()).collect() }
            fn from_ids(ids: &[Uuid]) -> Option<Self> {
                Some(ids.iter().copied().map(attest_domain::ids::$id::from_uuid).collect())
            }
        }
        impl crate::db::Cell for attest_domain::ids::$id {
            fn sqlite(value: Option<diesel::sqlite::SqliteValue<'_, '_, '_>>) -> diesel::deserialize::Result<Self> {
                <Uuid as crate::db::Cell>::sqlite(value).map(Self::from_uuid)
            }
            fn postgres(value: Option<diesel::pg::PgValue<'_>>) -> diesel::deserialize::Result<Self> {
                <Uuid as crate::db::Cell>::postgres(value).map(Self::from_uuid)
            }
        }
        impl<'a> From<attest_domain::ids::$id> for crate::db::Bind<'a> {
            fn from(id: attest_domain::ids::$id) -> Self { id.uuid().into() }
        }
        impl<'a> From<Option<attest_domain::ids::$id>> for crate::db::Bind<'a> {
            fn from(id: Option<attest_domain::ids::$id>) -> Self { id.map(|id| id.uuid()).into() }
        }
    )* };
}
attest_domain::for_each_id!(replayable_ids);

/// What both kinds of transaction know about their laboratory and actor.
macro_rules! surroundings {
    ($tx:ident) => {
        impl<P> $tx<'_, P> {
            /// The laboratory's id, for the statements in this crate.
            pub(crate) fn tenant(&self) -> Uuid {
                self.scope.tenant.laboratory.id
            }

            /// The laboratory.
            pub fn laboratory(&self) -> &Laboratory {
                &self.scope.tenant.laboratory
            }

            #[allow(dead_code, reason = "the ledger's rooms use it")]
            pub(crate) fn tenant_room(&self) -> &Arc<Tenant> {
                &self.scope.tenant
            }

            /// The acting person; nothing for background duties.
            pub fn user(&self) -> Option<UserId> {
                self.scope.user
            }

            /// The actor's language.
            pub fn language(&self) -> Language {
                self.scope.language
            }

            /// Whose things are all that the actor sees; none for staff (http.md: what is another client's is not there).
            pub(crate) fn only_client(&self) -> Option<Uuid> {
                self.scope.only_client
            }

            /// Whether the actor also holds another permission: decides what an answer shows (ATT-23).
            pub fn may(&self, permission: Permission) -> bool {
                self.scope.permissions.contains(permission)
            }

            /// A person's key; nothing when the person was erased.
            #[allow(dead_code, reason = "one of the two kinds of transaction may not need it")]
            pub(crate) fn subject(&mut self, id: Uuid) -> Result<Option<Subject>, StoreError> {
                subject::load(self.inner, self.db, self.scope.tenant.laboratory.id, id)
            }

            /// Several persons' keys; those of erased persons are missing.
            pub(crate) fn subjects(
                &mut self,
                ids: &std::collections::HashSet<Uuid>,
            ) -> Result<std::collections::HashMap<Uuid, Subject>, StoreError> {
                subject::load_many(self.inner, self.db, self.scope.tenant.laboratory.id, ids)
            }
        }
    };
}
surroundings!(ReadTx);
surroundings!(WriteTx);

impl<'t, P> ReadTx<'t, P> {
    pub(crate) fn new(inner: &'t Inner, db: &'t mut Db, scope: &'t Scope) -> Self {
        Self {
            inner,
            db,
            scope,
            what: PhantomData,
        }
    }
}

impl<'t, P> WriteTx<'t, P> {
    pub(crate) fn new(inner: &'t Inner, db: &'t mut Db, scope: &'t Scope) -> Self {
        Self {
            inner,
            db,
            scope,
            tally: RecordTally::default(),
            elsewhere: Vec::new(),
            savepoints: 0,
            what: PhantomData,
        }
    }

    /// The same transaction as a look: what was just written is seen.
    pub(crate) fn look(&mut self) -> ReadTx<'_, P> {
        ReadTx::new(self.inner, self.db, self.scope)
    }

    /// A new person's key.
    #[allow(dead_code, reason = "used by the patients' room")]
    pub(crate) fn subject_create(&mut self) -> Result<Subject, StoreError> {
        let tenant = self.tenant();
        subject::create(self.inner, self.db, tenant)
    }

    /// One item of a partial bulk: undone alone when it fails, its events with it.
    ///
    /// # Errors
    /// Those of `item`, after it was undone.
    pub fn attempt<T>(&mut self, item: impl FnOnce(&mut Self) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.savepoints = self.savepoints.saturating_add(1);
        let name = format!("item_{}", self.savepoints);
        self.db.batch(&format!("SAVEPOINT {name}"))?;
        let before = self.tally.len();
        let result = item(self);
        if result.is_ok() {
            self.db.batch(&format!("RELEASE SAVEPOINT {name}"))?;
        } else {
            self.db
                .batch(&format!("ROLLBACK TO SAVEPOINT {name}; RELEASE SAVEPOINT {name}"))?;
            self.tally.undo_to(before);
        }
        result
    }

    /// The next running number of this name, from 1. Dense: a rollback gives it back.
    pub(crate) fn next_number(&mut self, name: &str) -> Result<i64, StoreError> {
        self.next_numbers(name, 1).map(|numbers| *numbers.start())
    }

    /// The next so many running numbers of this name.
    pub(crate) fn next_numbers(&mut self, name: &str, count: usize) -> Result<RangeInclusive<i64>, StoreError> {
        row! { struct ValueRow { value: i64 } }
        let tenant = self.tenant();
        let count = i64::try_from(count).map_err(StoreError::broken)?;
        let last = sql("INSERT INTO counters (tenant_id, name, value) VALUES (?, ?, ?) \
             ON CONFLICT (tenant_id, name) DO UPDATE SET value = counters.value + excluded.value RETURNING value")
        .bind(tenant)
        .bind(name)
        .bind(count)
        .one::<ValueRow>(self.db)?
        .value;
        Ok(last.saturating_sub(count).saturating_add(1)..=last)
    }
}

/// What the engine hands back for a committed change.
pub(crate) struct Done<T> {
    pub(crate) value: T,
    /// Of every log that the change is recorded in.
    pub(crate) numbers: Vec<InDoubt>,
    pub(crate) replayed: bool,
    pub(crate) event: Option<Uuid>,
}

row! {
    struct KeyRow {
        request_hash: Vec<u8>,
        resources: Vec<u8>,
    }
}

/// Idempotency key, change and audit events in one transaction.
pub(crate) fn run_write<P, T: Replayable>(
    inner: &Arc<Inner>,
    db: &mut Db,
    scope: &Scope,
    once: Option<Once>,
    change: impl FnOnce(&mut WriteTx<'_, P>) -> Result<Recorded<T>, StoreError>,
) -> Result<Done<T>, StoreError> {
    let tenant = scope.tenant.laboratory.id;
    let principal = scope.user.map_or(Uuid::nil(), UserId::uuid);
    if let Some(once) = &once
        && let Some(found) = claim_key(inner, db, tenant, principal, once)?
    {
        return Ok(Done {
            value: T::from_ids(&found).ok_or_else(|| StoreError::broken("stored ids do not fit"))?,
            numbers: Vec::new(),
            replayed: true,
            event: None,
        });
    }
    let mut tx = WriteTx::new(inner, db, scope);
    let outcome = change(&mut tx);
    let event = tx.tally.last();
    let tallies: Vec<(Uuid, RecordTally)> = std::iter::once((tenant, tx.tally)).chain(tx.elsewhere).collect();
    let give_back = || {
        for (log, tally) in &tallies {
            inner.journal.give_back(*log, tally);
        }
    };
    let recorded = outcome.inspect_err(|_error| give_back())?;
    let value = recorded.into_value();
    if let Some(once) = &once {
        let resources: Vec<u8> = value
            .ids()
            .iter()
            .flat_map(|id| id.as_bytes().iter().copied())
            .collect();
        sql("UPDATE idempotency_keys SET resources = ? WHERE tenant_id = ? AND principal = ? AND route = ? AND idem_key = ?")
            .bind(resources)
            .bind(tenant)
            .bind(principal)
            .bind(&once.route)
            .bind(&once.key)
            .run(db)
            .inspect_err(|_error| give_back())?;
    }
    let numbers = tallies.into_iter().map(|(log, tally)| InDoubt::new(inner, log, tally));
    Ok(Done {
        value,
        numbers: numbers.collect(),
        replayed: false,
        event,
    })
}

/// Takes the key for this request, or says what the first request with it made. On PostgreSQL a twin in flight makes
/// the insert wait until the first has ended.
fn claim_key(
    inner: &Inner,
    db: &mut Db,
    tenant: Uuid,
    principal: Uuid,
    once: &Once,
) -> Result<Option<Vec<Uuid>>, StoreError> {
    let code = once.code(inner.keyring.outbox().1, tenant, principal)?;
    let claimed = sql(
        "INSERT INTO idempotency_keys (tenant_id, principal, route, idem_key, request_hash, resources, created_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    )
    .bind(tenant)
    .bind(principal)
    .bind(&once.route)
    .bind(&once.key)
    .bind(code.as_slice())
    .bind(Vec::new())
    .bind(now())
    .run(db)?;
    if claimed == 1 {
        return Ok(None);
    }
    let row = sql("SELECT request_hash, resources FROM idempotency_keys WHERE tenant_id = ? AND principal = ? AND route = ? AND idem_key = ?")
        .bind(tenant)
        .bind(principal)
        .bind(&once.route)
        .bind(&once.key)
        .one::<KeyRow>(db)?;
    if !bool::from(row.request_hash.as_slice().ct_eq(code.as_slice())) {
        return Err(StoreError::KeyReused);
    }
    row.resources
        .chunks(16)
        .map(|id| Uuid::from_slice(id).map_err(StoreError::broken))
        .collect::<Result<_, _>>()
        .map(Some)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use sha2::Digest;

    fn once(body: &str) -> Once {
        Once {
            route: "POST /api/v1/users".to_owned(),
            key: "k".to_owned(),
            request: Sha256::digest(body).into(),
        }
    }

    #[test]
    fn a_stored_code_cannot_be_guessed_at_without_the_key() {
        let (key, here, me) = ([7; 32], Uuid::from_u128(1), Uuid::from_u128(2));
        let code = once("secret").code(&key, here, me).unwrap();
        assert_eq!(code, once("secret").code(&key, here, me).unwrap());
        assert_ne!(code, once("secret").request);
        assert_ne!(code, once("secret").code(&[8; 32], here, me).unwrap(), "keyed");
        assert_ne!(code, once("Secret").code(&key, here, me).unwrap(), "of the request");
        let again = Once {
            key: "l".to_owned(),
            ..once("secret")
        };
        assert_ne!(
            code,
            again.code(&key, here, me).unwrap(),
            "rows do not give away that they are alike"
        );
    }
}
