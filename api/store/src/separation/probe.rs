//! Tries what must not work. Every attempt is a transaction of its own that is rolled back whatever came of it.

use super::{Attempt, Probe};
use crate::access::Scope;
use crate::db::{Db, row, sql};
use crate::{Permit, Store, StoreError, now};
use attest_domain::ids::RoleId;
use attest_domain::may;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

row! { struct Id { id: Uuid } }
row! { struct There { there: bool } }

/// Another laboratory, with one of its people and one of its roles.
#[derive(Debug, Clone, Copy)]
struct Neighbour {
    laboratory: Uuid,
    person: Uuid,
    role: Uuid,
}

/// All attempts that make sense on this engine.
pub(super) async fn probe(store: &Store, scope: &Arc<Scope>, tables: Vec<String>) -> Result<Probe, StoreError> {
    let own = scope.tenant.laboratory.id;
    let found = neighbour(store, own).await?;
    let them = found.unwrap_or_else(|| Neighbour {
        laboratory: Uuid::now_v7(),
        person: Uuid::now_v7(),
        role: Uuid::now_v7(),
    });
    let mut tried = Vec::new();
    let mut told = |what: &str, refused: bool| {
        tried.push(Attempt {
            what: what.to_owned(),
            refused,
        });
    };

    let permit: Permit<may::UserRead> = Permit::of(Arc::clone(scope));
    let asked = store
        .read(permit, move |tx| tx.role(RoleId::from_uuid(them.role)).map(|_role| ()))
        .await;
    told(
        "read a role of another laboratory by its id, through the program",
        matches!(asked, Err(StoreError::NotFound)),
    );
    let me = scope.user.map_or_else(Uuid::nil, |user| user.uuid());
    let pointing = attempt(store, own, move |db| {
        sql("INSERT INTO user_roles (tenant_id, user_id, role_id) VALUES (?, ?, ?)")
            .bind(own)
            .bind(me)
            .bind(them.role)
            .run(db)
    });
    told(
        "give a person of this laboratory a role of another one",
        pointing.await?,
    );
    for (what, statement) in [
        (
            "change this laboratory's audit events",
            "UPDATE audit_events SET tenant_id = tenant_id WHERE tenant_id = ?",
        ),
        (
            "remove this laboratory's audit events",
            "DELETE FROM audit_events WHERE tenant_id = ?",
        ),
    ] {
        told(
            what,
            attempt(store, own, move |db| sql(statement).bind(own).run(db)).await?,
        );
    }
    if store.is_postgres() {
        let (count, all) = (tables.len(), Arc::new(tables));
        let theirs = Arc::clone(&all);
        let reading = attempt(store, Some(own), move |db| {
            rows_in(db, &theirs, |table| {
                sql(format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE tenant_id = ?)")).bind(them.laboratory)
            })
        });
        told(
            &format!("read {count} tables of another laboratory, past the program's queries"),
            reading.await?,
        );
        let reading = attempt(store, None, move |db| {
            rows_in(db, &all, |table| sql(format!("SELECT EXISTS (SELECT 1 FROM {table})")))
        });
        told(
            &format!("read {count} tables without naming a laboratory"),
            reading.await?,
        );
        let adding = attempt(store, own, move |db| {
            sql("INSERT INTO user_roles (tenant_id, user_id, role_id) VALUES (?, ?, ?)")
                .bind(them.laboratory)
                .bind(them.person)
                .bind(them.role)
                .run(db)
        });
        told("write a row into another laboratory", adding.await?);
        for (what, statement) in [
            (
                "change another laboratory's people",
                "UPDATE users SET name = name WHERE tenant_id = ?",
            ),
            (
                "remove another laboratory's sessions",
                "DELETE FROM sessions WHERE tenant_id = ?",
            ),
        ] {
            told(
                what,
                attempt(store, own, move |db| sql(statement).bind(them.laboratory).run(db)).await?,
            );
        }
    }
    Ok(Probe {
        at: now(),
        neighbour: found.is_some(),
        tried,
    })
}

/// How many of the tables show a row.
fn rows_in<'s>(
    db: &mut Db,
    tables: &[String],
    question: impl Fn(&str) -> crate::db::Sql<'s>,
) -> Result<usize, StoreError> {
    let mut seen = 0usize;
    for table in tables {
        if question(table).one::<There>(db)?.there {
            seen = seen.saturating_add(1);
        }
    }
    Ok(seen)
}

/// Whether it was refused: nothing was seen or touched, or a wall, a key or a trigger said no. Any other error is no
/// proof of a wall and is passed on.
async fn attempt<F>(store: &Store, tenant: impl Into<Option<Uuid>>, act: F) -> Result<bool, StoreError>
where
    F: FnOnce(&mut Db) -> Result<usize, StoreError> + Send + 'static,
{
    let outcome = Arc::new(Mutex::new(None));
    let seen = Arc::clone(&outcome);
    let rolled_back = store.inner.backend.write(tenant.into(), move |db| {
        let refused = match act(db) {
            Ok(rows) => rows == 0,
            Err(error) if is_refusal(&error) => true,
            Err(error) => return Err(error),
        };
        *seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(refused);
        // Whatever it did is undone.
        Err::<(), _>(StoreError::NotFound)
    });
    let answer = rolled_back.await;
    let refused = outcome.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (refused, answer) {
        (Some(refused), _) => Ok(refused),
        (None, Err(error)) => Err(error),
        (None, Ok(())) => Err(StoreError::broken("an attempt left no trace")),
    }
}

fn is_refusal(error: &StoreError) -> bool {
    match error {
        StoreError::Refused { slug, .. } => *slug == "unknown-reference",
        StoreError::Database(cause) => {
            let words = cause.to_string();
            ["row-level security", "permission denied", "append-only"]
                .iter()
                .any(|sign| words.contains(sign))
        }
        _ => false,
    }
}

async fn neighbour(store: &Store, own: Uuid) -> Result<Option<Neighbour>, StoreError> {
    let backend = &store.inner.backend;
    let other = backend.read(None, move |db| {
        sql("SELECT id FROM tenants WHERE id <> ? ORDER BY id LIMIT 1")
            .bind(own)
            .first::<Id>(db)
    });
    let Some(Id { id: laboratory }) = other.await? else {
        return Ok(None);
    };
    // Ids, nothing else: what the attempts need to aim at.
    let ids = backend.read(Some(laboratory), move |db| {
        let first = |db: &mut Db, table: &str| {
            sql(format!(
                "SELECT id FROM {table} WHERE tenant_id = ? ORDER BY id LIMIT 1"
            ))
            .bind(laboratory)
            .first::<Id>(db)
        };
        Ok((first(db, "users")?, first(db, "roles")?))
    });
    Ok(match ids.await? {
        (Some(person), Some(role)) => Some(Neighbour {
            laboratory,
            person: person.id,
            role: role.id,
        }),
        _ => None,
    })
}
