//! What keeps laboratories apart, shown from the running system (ATT-22): what the engine's own catalogue says about walls,
//! keys and append-only tables, and a probe that tries, as this laboratory, what must not work.

mod catalogue;
mod probe;

use crate::{Permit, Store, StoreError, now};
use attest_domain::may;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// Tables that name a laboratory and lie outside the walls by design, and why.
const OUTSIDE: [(&str, &str); 2] = [
    (
        "directory",
        "a login names an e-mail address before it names a laboratory",
    ),
    (
        "public_codes",
        "a report's public code is looked up before the laboratory is known",
    ),
];

/// How laboratories are kept apart in this system, at this moment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Separation {
    /// `postgresql` or `sqlite`.
    pub engine: &'static str,
    /// When it was looked at.
    pub checked_at: DateTime<Utc>,
    /// The engine's own wall between laboratories.
    pub row_level_security: RowLevelSecurity,
    /// The database role that this program works as; null on SQLite, which has none.
    pub service_role: Option<ServiceRole>,
    /// Whether keys carry the laboratory, so that no row can point into another one.
    pub composite_keys: CompositeKeys,
    /// Tables that nobody may change or remove from.
    pub append_only: AppendOnly,
    /// What was tried just now.
    pub probe: Probe,
}

/// Row-level security.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RowLevelSecurity {
    /// Whether the engine knows such a thing. SQLite does not: there the program's queries and the keys are the wall.
    pub applies: bool,
    /// Tables that belong to a laboratory.
    pub tables: i64,
    /// Of those: enabled, forced upon the owner too, and with a policy.
    pub enforced: i64,
    /// Of those: not so.
    pub missing: Vec<String>,
    /// Tables that name a laboratory and are outside by design.
    pub outside: Vec<OutsideTable>,
}

/// A table outside the walls.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OutsideTable {
    /// Its name.
    pub name: &'static str,
    /// Why.
    pub why: &'static str,
}

/// The role.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ServiceRole {
    /// Its name.
    pub name: String,
    /// Should be false.
    pub superuser: bool,
    /// Should be false.
    pub bypasses_rls: bool,
    /// Should be false: owners may change what holds for them.
    pub owns_tables: bool,
    /// Whether it holds UPDATE, DELETE or TRUNCATE on the audit events. Should be false.
    pub may_change_audit: bool,
}

/// Keys.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CompositeKeys {
    /// Tables that belong to a laboratory.
    pub tables: i64,
    /// Of those: the primary key carries the laboratory.
    pub with_tenant_key: i64,
    /// Tables whose key, and foreign keys which, do not.
    pub missing: Vec<String>,
}

/// Append-only tables.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AppendOnly {
    /// Each of them.
    pub tables: Vec<AppendOnlyTable>,
}

/// An append-only table.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AppendOnlyTable {
    /// Its name.
    pub name: &'static str,
    /// The triggers that refuse UPDATE, DELETE and (PostgreSQL) TRUNCATE are there and not switched off.
    pub protected: bool,
}

/// What was tried, as this laboratory, in transactions that were rolled back.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Probe {
    /// When.
    pub at: DateTime<Utc>,
    /// Whether there is another laboratory to try it on. Without one, ids that nobody has were used, which proves less.
    pub neighbour: bool,
    /// Each attempt.
    pub tried: Vec<Attempt>,
}

/// One attempt.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Attempt {
    /// What.
    pub what: String,
    /// It did not work, as it must not.
    pub refused: bool,
}

impl Store {
    /// Looks and tries, now.
    ///
    /// # Errors
    /// The engine's.
    pub async fn separation(&self, permit: Permit<may::AuditRead>) -> Result<Separation, StoreError> {
        let scope = Arc::clone(permit.scope());
        let (tenant, postgres) = (scope.tenant.laboratory.id, self.is_postgres());
        let found = self.inner.backend.read(Some(tenant), catalogue::look).await?;
        let walled: Vec<String> = found.tables.iter().map(|table| table.name.clone()).collect();
        let probe = probe::probe(self, &scope, walled).await?;
        let names = |missing: fn(&catalogue::Table) -> bool| -> Vec<String> {
            let tables = found.tables.iter().filter(|table| missing(table));
            tables.map(|table| table.name.clone()).collect()
        };
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let (open, keyless) = (names(|table| !table.walled), names(|table| !table.keyed));
        let tables = count(found.tables.len());
        Ok(Separation {
            engine: if postgres { "postgresql" } else { "sqlite" },
            checked_at: now(),
            row_level_security: RowLevelSecurity {
                applies: postgres,
                tables: if postgres { tables } else { 0 },
                enforced: if postgres {
                    tables.saturating_sub(count(open.len()))
                } else {
                    0
                },
                missing: if postgres { open } else { Vec::new() },
                outside: OUTSIDE.map(|(name, why)| OutsideTable { name, why }).into(),
            },
            service_role: found.role,
            composite_keys: CompositeKeys {
                tables,
                with_tenant_key: tables.saturating_sub(count(keyless.len())),
                missing: keyless.into_iter().chain(found.open_references).collect(),
            },
            append_only: AppendOnly {
                tables: found.append_only,
            },
            probe,
        })
    }
}
