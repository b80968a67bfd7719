//! A statement: SQL text with `?` where a value goes, and the values, in order.
//!
//! The text is the same on both engines; diesel writes `$1…` for PostgreSQL, prepares each text once per
//! connection and keeps it. Values are always bound, never pasted.

use super::engine::Db;
use crate::StoreError;
use chrono::{DateTime, Datelike, Timelike, Utc};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text, Timestamptz, Untyped, Uuid as PgUuid};
use diesel::sqlite::Sqlite;
use diesel::{QueryableByName, RunQueryDsl};
use std::borrow::Cow;
use std::fmt::Write;
use uuid::Uuid;

/// A value on its way into a statement.
#[derive(Debug, Clone)]
pub(crate) enum Bind<'a> {
    Uuid(Option<Id>),
    Text(Option<Cow<'a, str>>),
    Int(Option<i64>),
    Bool(Option<bool>),
    Time(Option<Moment>),
    Bytes(Option<Cow<'a, [u8]>>),
}

/// A statement under construction.
#[derive(Debug, Clone)]
pub(crate) struct Sql<'a> {
    text: Cow<'a, str>,
    binds: Vec<Bind<'a>>,
}

/// Starts a statement.
pub(crate) fn sql<'a>(text: impl Into<Cow<'a, str>>) -> Sql<'a> {
    Sql {
        text: text.into(),
        binds: Vec::with_capacity(8),
    }
}

impl<'a> Sql<'a> {
    /// Gives the next `?` its value.
    pub(crate) fn bind(mut self, value: impl Into<Bind<'a>>) -> Self {
        self.binds.push(value.into());
        self
    }

    /// Appends a piece of SQL, for filters that are there or not.
    pub(crate) fn push(&mut self, piece: &str) -> &mut Self {
        self.text.to_mut().push_str(piece);
        self
    }

    /// Gives the next `?` its value, in place.
    pub(crate) fn value(&mut self, value: impl Into<Bind<'a>>) -> &mut Self {
        self.binds.push(value.into());
        self
    }

    /// Appends `?, ?, ?` with the values, for `IN (…)`.
    pub(crate) fn list(&mut self, values: impl IntoIterator<Item = impl Into<Bind<'a>>>) -> &mut Self {
        let mut empty = true;
        for value in values {
            self.push(if empty { "?" } else { ", ?" }).value(value);
            empty = false;
        }
        // PostgreSQL refuses `IN ()`; nothing is ever in `IN (NULL)`.
        if empty {
            self.push("NULL");
        }
        self
    }

    /// Appends another statement with its values, as a subquery between what was pushed before and what comes after.
    pub(crate) fn append(&mut self, other: &Self) -> &mut Self {
        self.text.to_mut().push_str(&other.text);
        self.binds.extend(other.binds.iter().cloned());
        self
    }

    /// Runs it; the number of rows touched.
    pub(crate) fn run(self, db: &mut Db) -> Result<usize, StoreError> {
        Ok(match db {
            Db::Sqlite(connection) => self.execute(connection)?,
            Db::Postgres(connection) => self.execute(connection)?,
        })
    }

    /// All rows.
    pub(crate) fn all<T>(self, db: &mut Db) -> Result<Vec<T>, StoreError>
    where
        T: QueryableByName<Sqlite> + QueryableByName<Pg> + 'static,
    {
        Ok(match db {
            Db::Sqlite(connection) => self.load(connection)?,
            Db::Postgres(connection) => self.load(connection)?,
        })
    }

    /// The first row, if there is one.
    pub(crate) fn first<T>(self, db: &mut Db) -> Result<Option<T>, StoreError>
    where
        T: QueryableByName<Sqlite> + QueryableByName<Pg> + 'static,
    {
        Ok(self.all(db)?.into_iter().next())
    }

    /// The row that must be there, else [`StoreError::NotFound`].
    pub(crate) fn one<T>(self, db: &mut Db) -> Result<T, StoreError>
    where
        T: QueryableByName<Sqlite> + QueryableByName<Pg> + 'static,
    {
        self.first(db)?.ok_or(StoreError::NotFound)
    }
}

/// Writes the pieces between the `?` and the values at them, for one engine.
macro_rules! fragment {
    ($backend:ty, $uuid:ty, $time:ty) => {
        impl QueryFragment<$backend> for Sql<'_> {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, $backend>) -> QueryResult<()> {
                let mut pieces = self.text.split('?');
                out.push_sql(pieces.next().unwrap_or_default());
                for (piece, bind) in pieces.zip(&self.binds) {
                    match bind {
                        Bind::Uuid(value) => out.push_bind_param::<Nullable<$uuid>, _>(value)?,
                        Bind::Text(value) => out.push_bind_param::<Nullable<Text>, _>(value)?,
                        Bind::Int(value) => out.push_bind_param::<Nullable<BigInt>, _>(value)?,
                        Bind::Bool(value) => out.push_bind_param::<Nullable<Bool>, _>(value)?,
                        Bind::Time(value) => out.push_bind_param::<Nullable<$time>, _>(value)?,
                        Bind::Bytes(value) => out.push_bind_param::<Nullable<Binary>, _>(value)?,
                    }
                    out.push_sql(piece);
                }
                Ok(())
            }
        }
    };
}

fragment!(Pg, PgUuid, Timestamptz);
fragment!(Sqlite, Binary, Text);

// Dynamic text: the connection's statement cache is keyed by the text itself.
impl QueryId for Sql<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Sql<'_> {
    type SqlType = Untyped;
}

impl<Connection> RunQueryDsl<Connection> for Sql<'_> {}

/// A UUID: native on PostgreSQL, 16 bytes on SQLite.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Id(Uuid);

impl ToSql<PgUuid, Pg> for Id {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <Uuid as ToSql<PgUuid, Pg>>::to_sql(&self.0, out)
    }
}

impl ToSql<Binary, Sqlite> for Id {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.as_bytes().as_slice());
        Ok(IsNull::No)
    }
}

/// A moment in UTC, cut to microseconds: timestamptz on PostgreSQL, sortable text of fixed width on SQLite.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment(DateTime<Utc>);

impl ToSql<Timestamptz, Pg> for Moment {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <DateTime<Utc> as ToSql<Timestamptz, Pg>>::to_sql(&self.0, out)
    }
}

impl ToSql<Text, Sqlite> for Moment {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(moment_text(self.0));
        Ok(IsNull::No)
    }
}

/// `2026-11-21T21:18:00.123456Z`, written by hand because formatting dates is a large share of a fast insert.
pub(crate) fn moment_text(at: DateTime<Utc>) -> String {
    let (date, time) = (at.date_naive(), at.time());
    let micros = time.nanosecond() / 1_000 % 1_000_000;
    let mut text = String::with_capacity(27);
    let _infallible = write!(
        text,
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{micros:06}Z",
        date.year(),
        date.month(),
        date.day(),
        time.hour(),
        time.minute(),
        time.second(),
    );
    text
}

macro_rules! into_bind {
    ($($type:ty => |$value:ident| $bind:expr),* $(,)?) => { $(
        impl<'a> From<$type> for Bind<'a> {
            fn from($value: $type) -> Self { $bind }
        }
    )* };
}

into_bind! {
    Uuid => |value| Bind::Uuid(Some(Id(value))),
    Option<Uuid> => |value| Bind::Uuid(value.map(Id)),
    i64 => |value| Bind::Int(Some(value)),
    Option<i64> => |value| Bind::Int(value),
    bool => |value| Bind::Bool(Some(value)),
    Option<bool> => |value| Bind::Bool(value),
    DateTime<Utc> => |value| Bind::Time(Some(Moment(value))),
    Option<DateTime<Utc>> => |value| Bind::Time(value.map(Moment)),
    &'a str => |value| Bind::Text(Some(Cow::Borrowed(value))),
    Option<&'a str> => |value| Bind::Text(value.map(Cow::Borrowed)),
    &'a String => |value| Bind::Text(Some(Cow::Borrowed(value))),
    &'a Option<String> => |value| Bind::Text(value.as_deref().map(Cow::Borrowed)),
    String => |value| Bind::Text(Some(Cow::Owned(value))),
    Option<String> => |value| Bind::Text(value.map(Cow::Owned)),
    &'a [u8] => |value| Bind::Bytes(Some(Cow::Borrowed(value))),
    Option<&'a [u8]> => |value| Bind::Bytes(value.map(Cow::Borrowed)),
    Vec<u8> => |value| Bind::Bytes(Some(Cow::Owned(value))),
    Option<Vec<u8>> => |value| Bind::Bytes(value.map(Cow::Owned)),
}
