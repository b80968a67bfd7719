//! Storing, listing and changing catalogue entries of any kind.

use super::kind::{Item, Kind, Names, Reference};
use crate::check::Faults;
use crate::cursor::{Cursors, Position};
use crate::db::{Db, Sql, row, sql};
use crate::merge::{difference, merged};
use crate::seen::as_seen;
use crate::{Event, Listing, Page, Person, ReadTx, Recorded, Replayable, StoreError, WriteTx, now};
use attest_domain::{may, name};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use std::collections::HashMap;
use uuid::Uuid;

/// Permits whose answers may show the catalogue.
pub trait SeesCatalogue {}
impl SeesCatalogue for may::CatalogRead {}
impl SeesCatalogue for may::CatalogManage {}

/// What a list of names may be narrowed by.
#[derive(Debug, Clone, Default)]
pub struct ItemFilter {
    /// Beginning of the name or of the code; case, accents and punctuation do not matter.
    pub q: Option<String>,
    /// In use or not.
    pub active: Option<bool>,
    /// Changed since.
    pub updated_since: Option<DateTime<Utc>>,
}

/// Finds words that begin with a normalised text in `' ' || name_key`. Normalised text has no wildcards.
pub(crate) fn word_beginning(key: &str) -> Option<String> {
    if key.is_empty() {
        None
    } else {
        Some(format!("% {key}%"))
    }
}

impl ItemFilter {
    /// Adds the conditions on a table with `name_key`, `code`, `active`, `updated_at`, ordered by name.
    pub(super) fn narrow(&self, query: &mut Sql<'_>, start: Option<Position>) {
        if let Some(q) = self.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
            let key = name::normalise(q);
            let code: String = q.to_lowercase().chars().filter(|c| !c.is_control()).collect();
            let length = i64::try_from(code.chars().count()).unwrap_or(i64::MAX);
            query.push(" AND (");
            if !key.is_empty() {
                // Everything that begins with the key lies between it and the key with the last character behind it.
                query
                    .push("(c.name_key >= ? AND c.name_key < ?) OR ")
                    .value(key.clone())
                    .value(format!("{key}\u{10FFFF}"));
            }
            query
                .push("substr(lower(c.code), 1, CAST(? AS INTEGER)) = ?)")
                .value(length)
                .value(code);
        }
        if let Some(active) = self.active {
            query.push(" AND c.active = ?").value(active);
        }
        if let Some(since) = self.updated_since {
            query.push(" AND c.updated_at >= ?").value(since);
        }
        if let Some(start) = start {
            query
                .push(" AND (c.name_key, c.id) > (?, ?)")
                .value(start.key)
                .value(start.id);
        }
    }
}

row! {
    struct ItemRow {
        id: Uuid,
        name_key: String,
        body: String,
        created_at: DateTime<Utc>,
        created_by: Option<Uuid>,
        creator: Option<String>,
        updated_at: DateTime<Utc>,
        version: i64,
    }
}

const ITEM: &str = "SELECT c.id, c.name_key, c.body, c.created_at, c.created_by, u.name, c.updated_at, c.version FROM catalog_items c \
     LEFT JOIN users u ON u.tenant_id = c.tenant_id AND u.id = c.created_by WHERE c.tenant_id = ? AND c.kind = ?";

row! { struct NamedRow { id: Uuid, name: String } }
row! { struct StoredRow { body: String, version: i64 } }
row! { struct ReferredRow { id: Uuid, kind: String, name: String, active: bool } }

impl<P: SeesCatalogue> ReadTx<'_, P> {
    /// One entry.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn item<T: Kind>(&mut self, id: T::Id) -> Result<Item<T::View>, StoreError> {
        let tenant = self.tenant();
        let row = sql(format!("{ITEM} AND c.id = ?"))
            .bind(tenant)
            .bind(T::KIND)
            .bind(id.into())
            .one::<ItemRow>(self.db)?;
        self.shown::<T>(vec![row])?.pop().ok_or(StoreError::NotFound)
    }

    /// A page of entries, by name.
    ///
    /// # Errors
    /// A bad cursor.
    pub fn item_list<T: Kind>(
        &mut self,
        filter: &ItemFilter,
        page: &Page,
    ) -> Result<Listing<Item<T::View>>, StoreError> {
        let tenant = self.tenant();
        let cursors = Cursors::new(self.inner, tenant, T::KIND);
        let mut query = sql(ITEM).bind(tenant).bind(T::KIND);
        filter.narrow(&mut query, cursors.start(page)?);
        query
            .push(" ORDER BY c.name_key, c.id LIMIT ?")
            .value(page.limit.saturating_add(1));
        let rows = query.all::<ItemRow>(self.db)?;
        let Listing { items, next } = cursors.finish(page, rows, |row| Position {
            key: row.name_key.clone(),
            id: row.id,
        })?;
        Ok(Listing {
            items: self.shown::<T>(items)?,
            next,
        })
    }

    fn shown<T: Kind>(&mut self, rows: Vec<ItemRow>) -> Result<Vec<Item<T::View>>, StoreError> {
        let parsed: Vec<(ItemRow, T)> = rows
            .into_iter()
            .map(|row| {
                serde_json::from_str(&row.body)
                    .map(|data| (row, data))
                    .map_err(StoreError::broken)
            })
            .collect::<Result<_, _>>()?;
        let tenant = self.tenant();
        let names = names(
            self.db,
            tenant,
            parsed.iter().flat_map(|(_, data)| data.named()).collect(),
        )?;
        Ok(parsed
            .into_iter()
            .map(|(row, data)| Item {
                id: row.id,
                data: data.view(&names),
                created_at: row.created_at,
                created_by: Person::joined(row.created_by, row.creator),
                updated_at: row.updated_at,
                version: row.version,
            })
            .collect())
    }
}

fn names(db: &mut Db, tenant: Uuid, mut ids: Vec<Uuid>) -> Result<Names, StoreError> {
    ids.sort();
    ids.dedup();
    if ids.is_empty() {
        return Ok(Names::new());
    }
    let mut query = sql("SELECT id, name FROM catalog_items WHERE tenant_id = ? AND id IN (").bind(tenant);
    query.list(ids).push(")");
    Ok(query
        .all::<NamedRow>(db)?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect())
}

impl WriteTx<'_, may::CatalogManage> {
    /// A new entry.
    ///
    /// # Errors
    /// [`StoreError::Faults`], [`StoreError::Duplicate`].
    pub fn item_create<T: Kind>(&mut self, data: &T) -> Result<Recorded<T::Id>, StoreError> {
        self.item_checked(data, None)?;
        let (tenant, id, at) = (self.tenant(), Uuid::now_v7(), now());
        sql("INSERT INTO catalog_items (tenant_id, id, kind, code, name, name_key, active, body, created_at, created_by, updated_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(id)
            .bind(T::KIND)
            .bind(data.code())
            .bind(data.name())
            .bind(name::normalise(data.name()))
            .bind(data.active())
            .bind(serde_json::to_string(data).map_err(StoreError::broken)?)
            .bind(at)
            .bind(self.user())
            .bind(at)
            .run(self.db)?;
        self.catalogue_changed()?;
        let event = Event::new(T::CREATED, T::KIND, id).label(data.name()).version(1);
        self.record(
            difference(event, None, data)?,
            T::Id::from_ids(&[id]).ok_or_else(|| StoreError::broken("an id does not fit"))?,
        )
    }

    /// A changed entry.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Stale`], [`StoreError::Faults`], [`StoreError::Duplicate`].
    pub fn item_edit<T: Kind>(
        &mut self,
        id: T::Id,
        seen: i64,
        patch: &Map<String, Value>,
    ) -> Result<Recorded<T::Id>, StoreError> {
        let (tenant, typed, id): (_, _, Uuid) = (self.tenant(), id, id.into());
        let row = sql(format!(
            "SELECT body, version FROM catalog_items WHERE tenant_id = ? AND kind = ? AND id = ?{}",
            self.db.for_update()
        ))
        .bind(tenant)
        .bind(T::KIND)
        .bind(id)
        .one::<StoredRow>(self.db)?;
        as_seen(seen, row.version)?;
        let before: T = serde_json::from_str(&row.body).map_err(StoreError::broken)?;
        let after = merged(&before, patch)?;
        self.item_checked(&after, Some(&before))?;
        let version = row.version.saturating_add(1);
        sql("UPDATE catalog_items SET code = ?, name = ?, name_key = ?, active = ?, body = ?, updated_at = ?, version = ? WHERE tenant_id = ? AND id = ?")
            .bind(after.code())
            .bind(after.name())
            .bind(name::normalise(after.name()))
            .bind(after.active())
            .bind(serde_json::to_string(&after).map_err(StoreError::broken)?)
            .bind(now())
            .bind(version)
            .bind(tenant)
            .bind(id)
            .run(self.db)?;
        self.catalogue_changed()?;
        let event = Event::new(T::EDITED, T::KIND, id).label(after.name()).version(version);
        self.record(difference(event, Some(&before), &after)?, typed)
    }

    /// What nodes have in memory is old from the commit of this transaction on.
    fn catalogue_changed(&mut self) -> Result<(), StoreError> {
        let tenant = self.tenant();
        sql("UPDATE tenants SET catalog_version = catalog_version + 1 WHERE id = ?")
            .bind(tenant)
            .run(self.db)
            .map(|_rows| ())
    }

    /// The entry by itself, then what it names: that must exist, and be in use where it is named anew.
    fn item_checked<T: Kind>(&mut self, data: &T, before: Option<&T>) -> Result<(), StoreError> {
        let mut wrong = Faults::default();
        data.check(&mut wrong);
        let kept: Vec<Uuid> = before
            .map(|before| before.references().into_iter().map(|reference| reference.id).collect())
            .unwrap_or_default();
        let references = data.references();
        let found = self.referred(&references)?;
        for Reference { path, kind, id } in references {
            let word = kind.unwrap_or("client").replace('_', " ");
            match found.get(&id) {
                Some((found, name, active)) if found.as_str() == kind.unwrap_or("client") => {
                    wrong.unless(
                        *active || kept.contains(&id),
                        path,
                        "inactive",
                        format!("the {word} {name} is no longer in use"),
                    );
                }
                _ => wrong.say(path, "unknown", format!("this laboratory has no such {word}")),
            }
        }
        wrong.done()
    }

    fn referred(&mut self, references: &[Reference]) -> Result<HashMap<Uuid, (String, String, bool)>, StoreError> {
        let tenant = self.tenant();
        let mut found = HashMap::new();
        for (table, items) in [
            ("SELECT id, kind, name, active FROM catalog_items", true),
            ("SELECT id, 'client', name, active FROM clients", false),
        ] {
            let mut ids: Vec<Uuid> = references
                .iter()
                .filter(|reference| reference.kind.is_some() == items)
                .map(|reference| reference.id)
                .collect();
            ids.sort();
            ids.dedup();
            if ids.is_empty() {
                continue;
            }
            let mut query = sql(format!("{table} WHERE tenant_id = ? AND id IN (")).bind(tenant);
            query.list(ids).push(")");
            found.extend(
                query
                    .all::<ReferredRow>(self.db)?
                    .into_iter()
                    .map(|row| (row.id, (row.kind, row.name, row.active))),
            );
        }
        Ok(found)
    }
}
