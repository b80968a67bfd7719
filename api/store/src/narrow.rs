//! Lists come in the order of ids, which an index over another column cannot give. Where that column picks few rows it is
//! quicker to take those first and sort them; where it picks many, to walk the ids until a page is full. A short probe decides,
//! because SQLite has no statistics to decide by.

use crate::StoreError;
use crate::db::{Db, Sql, row, sql};

/// Rows that count as few.
const FEW: i64 = 1_000;

row! { struct CountRow { count: i64 } }

/// Adds ` AND {column} IN ({ids})` for the first of these subqueries that finds few rows; nothing when all find many. The
/// conditions themselves must be in `query` too, or be implied by the subquery.
pub(crate) fn narrow(
    db: &mut Db,
    query: &mut Sql<'_>,
    column: &str,
    candidates: Vec<Sql<'static>>,
) -> Result<(), StoreError> {
    for ids in candidates {
        let mut probe = sql("SELECT COUNT(*) FROM (");
        probe.append(&ids).push(" LIMIT ?) few").value(FEW.saturating_add(1));
        if probe.one::<CountRow>(db)?.count <= FEW {
            query.push(" AND ").push(column).push(" IN (").append(&ids).push(")");
            return Ok(());
        }
    }
    Ok(())
}
