//! Clients: who orders testing.

use super::items::ItemFilter;
use super::kind::{Item, yes};
use crate::check::Faults;
use crate::cursor::{Cursors, Position};
use crate::db::{Db, row, sql};
use crate::merge::{difference, merged};
use crate::seen::as_seen;
use crate::{Event, Listing, Page, Person, ReadTx, Recorded, Ref, StoreError, WriteTx, now};
use attest_domain::ids::ClientId;
use attest_domain::text::{CODE_MAX, LINE_MAX, NOTE_MAX};
use attest_domain::{Action, may, name};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

/// A client's data, as written and shown.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Riverbend Waterworks", "code": "RBW", "address": "1 River Street", "email": "lab@riverbend.example", "phone": "+48 22 000 00 00", "active": true}))]
pub struct ClientData {
    /// Name.
    pub name: String,
    /// Short code, unique in the laboratory.
    #[serde(default)]
    pub code: Option<String>,
    /// Postal address.
    #[serde(default)]
    pub address: Option<String>,
    /// E-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// Telephone.
    #[serde(default)]
    pub phone: Option<String>,
    /// Still a client.
    #[serde(default = "yes")]
    pub active: bool,
}

/// A client.
pub type Client = Item<ClientData>;

impl ClientData {
    fn check(&self) -> Result<(), StoreError> {
        let mut wrong = Faults::default();
        wrong.line("name", &self.name, LINE_MAX);
        wrong.maybe_line("code", self.code.as_ref(), CODE_MAX);
        wrong.maybe_lines("address", self.address.as_ref(), NOTE_MAX);
        wrong.maybe_email("email", self.email.as_ref());
        wrong.maybe_line("phone", self.phone.as_ref(), CODE_MAX);
        wrong.done()
    }
}

row! {
    struct ClientRow {
        id: Uuid,
        name: String,
        name_key: String,
        code: Option<String>,
        address: Option<String>,
        email: Option<String>,
        phone: Option<String>,
        active: bool,
        created_at: DateTime<Utc>,
        created_by: Option<Uuid>,
        creator: Option<String>,
        updated_at: DateTime<Utc>,
        version: i64,
    }
}

impl From<ClientRow> for Client {
    fn from(row: ClientRow) -> Self {
        Self {
            id: row.id,
            data: ClientData {
                name: row.name,
                code: row.code,
                address: row.address,
                email: row.email,
                phone: row.phone,
                active: row.active,
            },
            created_at: row.created_at,
            created_by: Person::joined(row.created_by, row.creator),
            updated_at: row.updated_at,
            version: row.version,
        }
    }
}

const CLIENT: &str = "SELECT c.id, c.name, c.name_key, c.code, c.address, c.email, c.phone, c.active, c.created_at, c.created_by, u.name, c.updated_at, c.version \
     FROM clients c LEFT JOIN users u ON u.tenant_id = c.tenant_id AND u.id = c.created_by WHERE c.tenant_id = ?";

/// Permits whose answers may show clients.
pub trait SeesClients {}
impl SeesClients for may::ClientRead {}
impl SeesClients for may::ClientManage {}

impl<P: SeesClients> ReadTx<'_, P> {
    /// One client.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn client(&mut self, id: ClientId) -> Result<Client, StoreError> {
        let tenant = self.tenant();
        one(self.db, tenant, id, "").map(Client::from)
    }

    /// A page of clients, by name.
    ///
    /// # Errors
    /// A bad cursor.
    pub fn client_list(&mut self, filter: &ItemFilter, page: &Page) -> Result<Listing<Client>, StoreError> {
        let tenant = self.tenant();
        let cursors = Cursors::new(self.inner, tenant, "clients");
        let mut query = sql(CLIENT).bind(tenant);
        filter.narrow(&mut query, cursors.start(page)?);
        query
            .push(" ORDER BY c.name_key, c.id LIMIT ?")
            .value(page.limit.saturating_add(1));
        let rows = query.all::<ClientRow>(self.db)?;
        Ok(cursors
            .finish(page, rows, |row| Position {
                key: row.name_key.clone(),
                id: row.id,
            })?
            .map(Client::from))
    }
}

fn one(db: &mut Db, tenant: Uuid, id: ClientId, lock: &str) -> Result<ClientRow, StoreError> {
    sql(format!("{CLIENT} AND c.id = ?{lock}"))
        .bind(tenant)
        .bind(id)
        .one::<ClientRow>(db)
}

row! { struct ClientNameRow { name: String, active: bool } }

impl<P> WriteTx<'_, P> {
    /// A client for new work: must exist and be active, else 422 at `path`.
    pub(crate) fn client_ref(&mut self, id: ClientId, path: &str) -> Result<Ref, StoreError> {
        let tenant = self.tenant();
        match sql("SELECT name, active FROM clients WHERE tenant_id = ? AND id = ?")
            .bind(tenant)
            .bind(id)
            .first::<ClientNameRow>(self.db)?
        {
            None => Err(StoreError::invalid(
                path,
                "unknown",
                "this laboratory has no such client",
            )),
            Some(row) if !row.active => Err(StoreError::invalid(
                path,
                "inactive",
                format!("the client {} is no longer active", row.name),
            )),
            Some(row) => Ok(Ref {
                id: id.uuid(),
                name: row.name,
            }),
        }
    }
}

impl WriteTx<'_, may::ClientManage> {
    /// A new client.
    ///
    /// # Errors
    /// [`StoreError::Faults`], [`StoreError::Duplicate`].
    pub fn client_create(&mut self, data: &ClientData) -> Result<Recorded<ClientId>, StoreError> {
        data.check()?;
        let (tenant, id, at) = (self.tenant(), ClientId::new(), now());
        sql("INSERT INTO clients (tenant_id, id, name, name_key, code, address, email, phone, active, created_at, created_by, updated_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(id)
            .bind(&data.name)
            .bind(name::normalise(&data.name))
            .bind(&data.code)
            .bind(&data.address)
            .bind(&data.email)
            .bind(&data.phone)
            .bind(data.active)
            .bind(at)
            .bind(self.user())
            .bind(at)
            .run(self.db)?;
        let event = Event::new(Action::ClientCreated, "client", id)
            .label(&data.name)
            .version(1);
        self.record(difference(event, None, data)?, id)
    }

    /// A changed client.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Stale`], [`StoreError::Faults`], [`StoreError::Duplicate`].
    pub fn client_edit(
        &mut self,
        id: ClientId,
        seen: i64,
        patch: &Map<String, Value>,
    ) -> Result<Recorded<ClientId>, StoreError> {
        let tenant = self.tenant();
        let lock = self.db.for_update().replace("UPDATE", "UPDATE OF c");
        let before = Client::from(one(self.db, tenant, id, &lock)?);
        as_seen(seen, before.version)?;
        let after = merged(&before.data, patch)?;
        after.check()?;
        let version = before.version.saturating_add(1);
        sql("UPDATE clients SET name = ?, name_key = ?, code = ?, address = ?, email = ?, phone = ?, active = ?, updated_at = ?, version = ? WHERE tenant_id = ? AND id = ?")
            .bind(&after.name)
            .bind(name::normalise(&after.name))
            .bind(&after.code)
            .bind(&after.address)
            .bind(&after.email)
            .bind(&after.phone)
            .bind(after.active)
            .bind(now())
            .bind(version)
            .bind(tenant)
            .bind(id)
            .run(self.db)?;
        let event = Event::new(Action::ClientEdited, "client", id)
            .label(&after.name)
            .version(version);
        self.record(difference(event, Some(&before.data), &after)?, id)
    }
}
