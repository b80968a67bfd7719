//! Many rows of one table in few statements: on PostgreSQL each statement is a round trip.

use super::engine::Db;
use super::sql::{Bind, sql};
use crate::StoreError;

/// Rows in one statement at most. Fewer go in powers of two, so that a connection prepares seven texts at most, not 64.
const AT_ONCE: usize = 64;

/// Rows of `N` columns on their way into a table.
pub(crate) struct Rows<'a, const N: usize> {
    head: &'static str,
    rows: Vec<[Bind<'a>; N]>,
}

impl<'a, const N: usize> Rows<'a, N> {
    /// `head` is `INSERT INTO table (columns)`.
    pub(crate) fn new(head: &'static str) -> Self {
        Self { head, rows: Vec::new() }
    }

    /// One more.
    pub(crate) fn add(&mut self, row: [Bind<'a>; N]) {
        self.rows.push(row);
    }

    /// Inserts them, in order.
    pub(crate) fn insert(self, db: &mut Db) -> Result<(), StoreError> {
        let mut rows = self.rows.into_iter();
        while let Some(power) = rows.len().checked_ilog2() {
            let size = AT_ONCE.min(1 << power);
            let mut statement = sql(self.head);
            for (place, row) in rows.by_ref().take(size).enumerate() {
                statement
                    .push(if place == 0 { " VALUES (" } else { ", (" })
                    .list(row)
                    .push(")");
            }
            statement.run(db)?;
        }
        Ok(())
    }
}
