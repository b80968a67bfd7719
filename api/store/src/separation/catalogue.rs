//! What the engine's own catalogue says.

use super::{AppendOnlyTable, OUTSIDE, ServiceRole};
use crate::StoreError;
use crate::db::{Db, row, sql};

/// Tables that nobody may change or remove from (ATT-42).
const APPEND_ONLY: [&str; 9] = [
    "audit_events",
    "audit_leaves",
    "audit_subtrees",
    "audit_checkpoints",
    "audit_quarantine",
    "result_versions",
    "report_documents",
    "access_review_documents",
    "file_chunks",
];

/// What was found.
pub(super) struct Found {
    /// Tables that belong to a laboratory, without those outside the walls by design.
    pub(super) tables: Vec<Table>,
    /// Foreign keys between them that do not carry the laboratory.
    pub(super) open_references: Vec<String>,
    pub(super) role: Option<ServiceRole>,
    pub(super) append_only: Vec<AppendOnlyTable>,
}

row! {
    /// A table with a laboratory's id in its rows.
    pub(super) struct Table {
        pub(super) name: String,
        /// Row-level security is enabled, forced, and has a policy.
        pub(super) walled: bool,
        /// The primary key carries the laboratory.
        pub(super) keyed: bool,
    }
}

row! { struct Name { name: String } }
row! { struct RoleRow { name: String, superuser: bool, bypasses_rls: bool, owns_tables: bool, may_change_audit: bool } }

/// Asks the engine.
pub(super) fn look(db: &mut Db) -> Result<Found, StoreError> {
    let (tables, references, guards) = match db {
        Db::Postgres(_) => (PG_TABLES, PG_REFERENCES, PG_GUARDS),
        Db::Sqlite(_) => (SQLITE_TABLES, SQLITE_REFERENCES, SQLITE_GUARDS),
    };
    let outside = |table: &Table| OUTSIDE.iter().any(|(name, _)| *name == table.name);
    let mut tables = sql(tables).all::<Table>(db)?;
    tables.retain(|table| !outside(table));
    let open = sql(references).all::<Name>(db)?;
    let guarded = sql(guards).all::<Name>(db)?;
    let role = match db {
        Db::Sqlite(_) => None,
        Db::Postgres(_) => sql(PG_ROLE).first::<RoleRow>(db)?.map(|row| ServiceRole {
            name: row.name,
            superuser: row.superuser,
            bypasses_rls: row.bypasses_rls,
            owns_tables: row.owns_tables,
            may_change_audit: row.may_change_audit,
        }),
    };
    Ok(Found {
        tables,
        open_references: open.into_iter().map(|row| row.name).collect(),
        role,
        append_only: APPEND_ONLY
            .map(|name| AppendOnlyTable {
                name,
                protected: guarded.iter().any(|row| row.name == name),
            })
            .into(),
    })
}

const PG_TABLES: &str = "SELECT c.relname::text, \
     c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid), \
     EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey)) \
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema() \
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped \
     WHERE c.relkind IN ('r', 'p') ORDER BY 1";

const PG_REFERENCES: &str = "SELECT k.conname::text FROM pg_constraint k \
     JOIN pg_attribute f ON f.attrelid = k.conrelid AND f.attname = 'tenant_id' \
     JOIN pg_attribute t ON t.attrelid = k.confrelid AND t.attname = 'tenant_id' \
     WHERE k.contype = 'f' AND NOT (f.attnum = ANY (k.conkey) AND t.attnum = ANY (k.confkey)) ORDER BY 1";

/// Both triggers, neither switched off.
const PG_GUARDS: &str = "SELECT c.relname::text FROM pg_class c JOIN pg_trigger t ON t.tgrelid = c.oid AND t.tgenabled IN ('O', 'A') \
     WHERE t.tgname IN (c.relname || '_append_only', c.relname || '_no_truncate') GROUP BY c.relname HAVING COUNT(*) = 2";

const PG_ROLE: &str = "SELECT r.rolname::text, r.rolsuper, r.rolbypassrls, \
     EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p', 'v', 'm')), \
     has_table_privilege('audit_events', 'UPDATE') OR has_table_privilege('audit_events', 'DELETE') OR has_table_privilege('audit_events', 'TRUNCATE') \
     FROM pg_roles r WHERE r.rolname = current_user";

const SQLITE_TABLES: &str = "SELECT m.name, 0, c.pk > 0 FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'tenant_id' \
     WHERE m.type = 'table' ORDER BY 1";

const SQLITE_REFERENCES: &str = "SELECT m.name || ' to ' || f.\"table\" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f \
     WHERE m.type = 'table' AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE name = 'tenant_id') \
     AND EXISTS (SELECT 1 FROM pragma_table_info(f.\"table\") WHERE name = 'tenant_id') \
     GROUP BY m.name, f.id, f.\"table\" HAVING SUM(f.\"from\" = 'tenant_id' AND COALESCE(f.\"to\", 'tenant_id') = 'tenant_id') = 0 ORDER BY 1";

/// The three triggers that SQLite has in place of privileges.
const SQLITE_GUARDS: &str = "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' \
     AND name IN (tbl_name || '_no_update', tbl_name || '_no_delete', tbl_name || '_no_replace') GROUP BY tbl_name HAVING COUNT(*) = 3";
