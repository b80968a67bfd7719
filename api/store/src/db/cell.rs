//! Columns on their way out: one reading rule per Rust type and engine, and rows read by position.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::deserialize::{self, FromSql};
use diesel::pg::{Pg, PgValue};
use diesel::sql_types::{BigInt, Binary, Bool, Text, Timestamptz};
use diesel::sqlite::{Sqlite, SqliteValue};
use uuid::Uuid;

/// A Rust type that one column can be read as.
pub(crate) trait Cell: Sized {
    /// Reads it from SQLite.
    fn sqlite(value: Option<SqliteValue<'_, '_, '_>>) -> deserialize::Result<Self>;
    /// Reads it from PostgreSQL.
    fn postgres(value: Option<PgValue<'_>>) -> deserialize::Result<Self>;
}

macro_rules! plain {
    ($($type:ty as $sql:ty),*) => { $(
        impl Cell for $type {
            fn sqlite(value: Option<SqliteValue<'_, '_, '_>>) -> deserialize::Result<Self> {
                <$type as FromSql<$sql, Sqlite>>::from_nullable_sql(value)
            }
            fn postgres(value: Option<PgValue<'_>>) -> deserialize::Result<Self> {
                <$type as FromSql<$sql, Pg>>::from_nullable_sql(value)
            }
        }
    )* };
}

plain!(i64 as BigInt, bool as Bool, String as Text, Vec<u8> as Binary);

impl<T: Cell> Cell for Option<T> {
    fn sqlite(value: Option<SqliteValue<'_, '_, '_>>) -> deserialize::Result<Self> {
        value.map(|value| T::sqlite(Some(value))).transpose()
    }
    fn postgres(value: Option<PgValue<'_>>) -> deserialize::Result<Self> {
        value.map(|value| T::postgres(Some(value))).transpose()
    }
}

impl Cell for Uuid {
    fn sqlite(value: Option<SqliteValue<'_, '_, '_>>) -> deserialize::Result<Self> {
        let bytes = <Vec<u8> as FromSql<Binary, Sqlite>>::from_nullable_sql(value)?;
        Ok(Uuid::from_slice(&bytes)?)
    }
    fn postgres(value: Option<PgValue<'_>>) -> deserialize::Result<Self> {
        <Uuid as FromSql<diesel::sql_types::Uuid, Pg>>::from_nullable_sql(value)
    }
}

impl Cell for DateTime<Utc> {
    fn sqlite(value: Option<SqliteValue<'_, '_, '_>>) -> deserialize::Result<Self> {
        let text = String::sqlite(value)?;
        Ok(NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.6fZ")?.and_utc())
    }
    fn postgres(value: Option<PgValue<'_>>) -> deserialize::Result<Self> {
        <DateTime<Utc> as FromSql<Timestamptz, Pg>>::from_nullable_sql(value)
    }
}

/// Dates are text (`YYYY-MM-DD`) on both engines.
impl Cell for NaiveDate {
    fn sqlite(value: Option<SqliteValue<'_, '_, '_>>) -> deserialize::Result<Self> {
        Ok(String::sqlite(value)?.parse()?)
    }
    fn postgres(value: Option<PgValue<'_>>) -> deserialize::Result<Self> {
        Ok(String::postgres(value)?.parse()?)
    }
}

/// A struct that is read from a row by position: the fields' order is the columns' order.
///
/// `COLUMNS` lists the fields' names, so that `SELECT {COLUMNS}` and the struct cannot disagree.
macro_rules! row {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $( $(#[$fmeta:meta])* $fvis:vis $field:ident : $type:ty ),* $(,)? }) => {
        $(#[$meta])*
        $vis struct $name { $( $(#[$fmeta])* $fvis $field: $type ),* }

        #[allow(dead_code, reason = "hand-written selects do not need the list")]
        impl $name {
            /// The columns in order.
            pub(crate) const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),*];

            /// The columns in order, each behind `alias.`.
            pub(crate) fn columns(alias: &str) -> String {
                Self::COLUMNS.iter().map(|column| format!("{alias}.{column}")).collect::<Vec<_>>().join(", ")
            }
        }

        $crate::db::row!(@engine $name, diesel::sqlite::Sqlite, sqlite, $($field: $type),*);
        $crate::db::row!(@engine $name, diesel::pg::Pg, postgres, $($field: $type),*);
    };
    (@engine $name:ident, $backend:ty, $read:ident, $($field:ident : $type:ty),*) => {
        impl diesel::QueryableByName<$backend> for $name {
            fn build<'a>(row: &impl diesel::row::NamedRow<'a, $backend>) -> diesel::deserialize::Result<Self> {
                use diesel::row::Field;
                let mut columns = 0usize..;
                $( let $field = {
                    let position = columns.next().ok_or("too many columns")?;
                    let field = diesel::row::Row::get(row, position)
                        .ok_or_else(|| format!("column {} of {} is missing", stringify!($field), stringify!($name)))?;
                    <$type as $crate::db::Cell>::$read(field.value())
                        .map_err(|error| format!("column {} of {}: {error}", stringify!($field), stringify!($name)))?
                }; )*
                Ok(Self { $($field),* })
            }
        }
    };
}
pub(crate) use row;
