//! Keyset pages: a cursor is the last row's sort key and id, signed, so that nobody can make one up.

use crate::{ReadTx, StoreError, store::Inner};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::borrow::Cow;
use subtle::ConstantTimeEq;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{Ref as SchemaRef, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

/// What a list request asks for.
#[derive(Debug, Clone)]
pub struct Page {
    /// Rows wanted, 1 to 200.
    pub limit: i64,
    /// The cursor of the page before.
    pub after: Option<String>,
}

/// A page of a list.
#[derive(Debug, Clone, Serialize)]
pub struct Listing<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; nothing at the end.
    pub next: Option<String>,
}

impl<T> Listing<T> {
    /// The same page with other rows.
    ///
    /// # Errors
    /// Those of `change`.
    pub fn try_map<U, E>(self, change: impl FnMut(T) -> Result<U, E>) -> Result<Listing<U>, E> {
        Ok(Listing {
            items: self.items.into_iter().map(change).collect::<Result<_, _>>()?,
            next: self.next,
        })
    }

    /// The same page with other rows.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Listing<U> {
        Listing {
            items: self.items.into_iter().map(change).collect(),
            next: self.next,
        }
    }
}

impl<T: ToSchema> PartialSchema for Listing<T> {
    fn schema() -> RefOr<Schema> {
        let next = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .description(Some("Pass it as `after` for the next page; null at the end."));
        ObjectBuilder::new()
            .property(
                "items",
                ArrayBuilder::new().items(SchemaRef::from_schema_name(T::name())),
            )
            .required("items")
            .property("next", next)
            .required("next")
            .into()
    }
}

impl<T: ToSchema> ToSchema for Listing<T> {
    fn name() -> Cow<'static, str> {
        let name = T::name();
        let name = ["Item", "View"]
            .iter()
            .find_map(|ending| name.strip_suffix(ending))
            .unwrap_or(&name);
        Cow::Owned(format!("{name}List"))
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

impl<P> ReadTx<'_, P> {
    /// A page of a list that is short enough to be read whole; `key` names a row for good.
    ///
    /// # Errors
    /// A bad cursor.
    pub fn page_of<T>(
        &self,
        list: &str,
        items: Vec<T>,
        page: &Page,
        key: impl Fn(&T) -> String,
    ) -> Result<Listing<T>, StoreError> {
        let cursors = Cursors::new(self.inner, self.tenant(), list);
        let begin = match cursors.start(page)? {
            None => 0,
            // Gone since: nothing follows what is no longer there.
            Some(start) => items
                .iter()
                .position(|item| key(item) == start.key)
                .map_or(items.len(), |place| place.saturating_add(1)),
        };
        let wanted = usize::try_from(page.limit).unwrap_or(usize::MAX).saturating_add(1);
        let rows: Vec<T> = items.into_iter().skip(begin).take(wanted).collect();
        cursors.finish(page, rows, |row| Position {
            key: key(row),
            id: Uuid::nil(),
        })
    }
}

/// Where a page ended: the sort key as text, and the id that breaks ties.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) key: String,
    pub(crate) id: Uuid,
}

/// Reads and writes cursors of one list (`scope` names list, sort and laboratory, so that a cursor fits only there).
pub(crate) struct Cursors<'a> {
    inner: &'a Inner,
    scope: String,
}

impl<'a> Cursors<'a> {
    pub(crate) fn new(inner: &'a Inner, tenant: Uuid, list: &str) -> Self {
        Self {
            inner,
            scope: format!("{tenant}/{list}"),
        }
    }

    /// Where the page asked for begins.
    pub(crate) fn start(&self, page: &Page) -> Result<Option<Position>, StoreError> {
        page.after.as_deref().map(|cursor| self.read(cursor)).transpose()
    }

    /// Cuts the one row read too many, and says where the next page begins.
    pub(crate) fn finish<T>(
        &self,
        page: &Page,
        mut rows: Vec<T>,
        place: impl Fn(&T) -> Position,
    ) -> Result<Listing<T>, StoreError> {
        let limit = usize::try_from(page.limit).unwrap_or(50);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = match rows.last() {
            Some(last) if more => Some(self.write(&place(last))?),
            _ => None,
        };
        Ok(Listing { items: rows, next })
    }

    fn write(&self, position: &Position) -> Result<String, StoreError> {
        let body = serde_json::to_vec(position).map_err(StoreError::broken)?;
        let tag = self.tag(&body)?;
        Ok(URL_SAFE_NO_PAD.encode([tag.as_slice(), &body].concat()))
    }

    fn read(&self, cursor: &str) -> Result<Position, StoreError> {
        let wrong = || {
            StoreError::invalid(
                "after",
                "invalid_cursor",
                "use the value of `next` from the page before, with the same filters and sort",
            )
        };
        let raw = URL_SAFE_NO_PAD.decode(cursor).map_err(|_undecodable| wrong())?;
        let (tag, body) = raw.split_at_checked(12).ok_or_else(wrong)?;
        if !bool::from(self.tag(body)?.as_slice().ct_eq(tag)) {
            return Err(wrong());
        }
        serde_json::from_slice(body).map_err(|_foreign| wrong())
    }

    fn tag(&self, body: &[u8]) -> Result<Vec<u8>, StoreError> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.inner.keyring.cursor()).map_err(StoreError::broken)?;
        mac.update(self.scope.as_bytes());
        mac.update(&[0]);
        mac.update(body);
        Ok(mac.finalize().into_bytes().iter().take(12).copied().collect())
    }
}
