//! The catalogue: sample types, containers, storage locations, instruments, tests, panels, specifications; and clients.
//!
//! All kinds of entries behave alike; the macro writes the four operations of each, so that they stand in the document
//! under their own names.

use crate::http::{Body, Id, IdempotencyKey, May, New, Params, Patch, Problem, Versioned, page, tagged};
use actix_web::{HttpResponse, get, patch, post, web};
use attest_domain::ids::ClientId;
use attest_domain::may;
use attest_store::{
    Client, ClientData, Container, Instrument, Item, ItemFilter, Kind, Listing, Location, Page, Panel, SampleType,
    Specification, Store, Test,
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ItemQuery {
    /// Beginning of the name or of the code; case and accents do not matter.
    q: Option<String>,
    /// In use or not; both when absent.
    active: Option<bool>,
    /// Changed since.
    updated_since: Option<DateTime<Utc>>,
    /// Order.
    #[param(inline)]
    sort: Option<ItemOrder>,
    /// Rows, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Orders of a list of names.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemOrder {
    /// By name.
    Name,
}

impl ItemQuery {
    fn parts(self) -> Result<(ItemFilter, Page), Problem> {
        let _only_order = self.sort;
        Ok((
            ItemFilter {
                q: self.q,
                active: self.active,
                updated_since: self.updated_since,
            },
            page(self.limit, self.after)?,
        ))
    }
}

async fn list<T: Kind>(
    store: &Store,
    may: May<may::CatalogRead>,
    query: ItemQuery,
) -> Result<web::Json<Listing<Item<T::View>>>, Problem> {
    let (filter, page) = query.parts()?;
    Ok(web::Json(
        store
            .read(may.permit, move |tx| tx.item_list::<T>(&filter, &page))
            .await?,
    ))
}

async fn one<T: Kind>(store: &Store, may: May<may::CatalogRead>, id: T::Id) -> Result<HttpResponse, Problem> {
    let item = store.read(may.permit, move |tx| tx.item::<T>(id)).await?;
    Ok(tagged(&item, item.version, None))
}

async fn create<T: Kind>(
    store: &Store,
    may: May<may::CatalogManage>,
    key: IdempotencyKey,
    body: Body<New<T>>,
    path: &str,
) -> Result<HttpResponse, Problem> {
    let New(data) = body.value;
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| tx.item_create(&data))
        .await?;
    let id = written.value;
    let item = store.read(written.permit, move |tx| tx.item::<T>(id)).await?;
    Ok(tagged(&item, item.version, Some(format!("/api/v1{path}/{}", item.id))))
}

async fn edit<T: Kind>(
    store: &Store,
    may: May<may::CatalogManage>,
    id: T::Id,
    seen: Versioned,
    change: Patch<T>,
) -> Result<HttpResponse, Problem> {
    let written = store
        .write(may.permit, None, move |tx| {
            tx.item_edit::<T>(id, seen.0, &change.members)
        })
        .await?;
    let item = store.read(written.permit, move |tx| tx.item::<T>(id)).await?;
    Ok(tagged(&item, item.version, None))
}

macro_rules! kinds {
    ($($module:ident: $kind:ident, $all:tt, $single:tt, [$list_id:tt, $create_id:tt, $one_id:tt, $edit_id:tt], $list_words:tt, $create_words:tt, $one_words:tt, $edit_words:tt;)+) => {
        $(
            mod $module {
                use super::*;

                type One = Item<<$kind as Kind>::View>;
                type Many = Listing<One>;
                type Change = Patch<$kind>;

                #[doc = $list_words]
                #[utoipa::path(tag = "catalogue", operation_id = $list_id, params(ItemQuery), extensions(("x-permission" = json!("catalog:read"))),
                    responses((status = 200, description = "By name", body = Many)))]
                #[get($all)]
                pub async fn all(store: web::Data<Store>, may: May<may::CatalogRead>, query: Params<ItemQuery>) -> Result<web::Json<Many>, Problem> {
                    list::<$kind>(&store, may, query.0).await
                }

                #[doc = $create_words]
                #[utoipa::path(tag = "catalogue", operation_id = $create_id, request_body = $kind, extensions(("x-permission" = json!("catalog:manage"))),
                    responses((status = 201, description = "Added", body = One)))]
                #[post($all)]
                pub async fn add(store: web::Data<Store>, may: May<may::CatalogManage>, key: IdempotencyKey, body: Body<New<$kind>>) -> Result<HttpResponse, Problem> {
                    create::<$kind>(&store, may, key, body, $all).await
                }

                #[doc = $one_words]
                #[utoipa::path(tag = "catalogue", operation_id = $one_id, extensions(("x-permission" = json!("catalog:read"))),
                    params(("id" = String, Path, format = Uuid, description = "Its id")), responses((status = 200, description = "The entry", body = One)))]
                #[get($single)]
                pub async fn single(store: web::Data<Store>, may: May<may::CatalogRead>, id: Id<<$kind as Kind>::Id>) -> Result<HttpResponse, Problem> {
                    one::<$kind>(&store, may, id.0).await
                }

                #[doc = $edit_words]
                #[utoipa::path(tag = "catalogue", operation_id = $edit_id, request_body = Change, extensions(("x-permission" = json!("catalog:manage"))),
                    params(("id" = String, Path, format = Uuid, description = "Its id"), ("If-Match" = String, Header, description = "The ETag you saw")),
                    responses((status = 200, description = "Changed", body = One)))]
                #[patch($single)]
                pub async fn change(store: web::Data<Store>, may: May<may::CatalogManage>, id: Id<<$kind as Kind>::Id>, seen: Versioned, body: Body<Change>) -> Result<HttpResponse, Problem> {
                    edit::<$kind>(&store, may, id.0, seen, body.value).await
                }
            }
        )+

        /// Registers the operations.
        pub fn operations(config: &mut ServiceConfig) {
            $(config.service($module::all).service($module::add).service($module::single).service($module::change);)+
            config.service(clients).service(client_add).service(client_one).service(client_edit);
        }
    };
}

kinds! {
    sample_types: SampleType, "/sample-types", "/sample-types/{id}", ["sample_types", "sample_type_add", "sample_type", "sample_type_edit"],
        "Sample types", "Add a sample type", "A sample type", "Change a sample type";
    containers: Container, "/containers", "/containers/{id}", ["containers", "container_add", "container", "container_edit"],
        "Containers", "Add a container", "A container", "Change a container";
    locations: Location, "/locations", "/locations/{id}", ["locations", "location_add", "location", "location_edit"],
        "Storage locations", "Add a storage location", "A storage location", "Change a storage location";
    instruments: Instrument, "/instruments", "/instruments/{id}", ["instruments", "instrument_add", "instrument", "instrument_edit"],
        "Instruments", "Add an instrument", "An instrument", "Change an instrument";
    tests: Test, "/tests", "/tests/{id}", ["tests", "test_add", "test", "test_edit"],
        "Tests", "Add a test", "A test", "Change a test";
    panels: Panel, "/panels", "/panels/{id}", ["panels", "panel_add", "panel", "panel_edit"],
        "Panels", "Add a panel", "A panel", "Change a panel";
    specifications: Specification, "/specifications", "/specifications/{id}", ["specifications", "specification_add", "specification", "specification_edit"],
        "Specifications and reference ranges", "Add a specification", "A specification", "Change a specification";
}

type ClientList = Listing<Client>;
type ClientChange = Patch<ClientData>;

/// Clients
#[utoipa::path(tag = "clients", params(ItemQuery), extensions(("x-permission" = json!("client:read"))), responses((status = 200, description = "By name", body = ClientList)))]
#[get("/clients")]
async fn clients(
    store: web::Data<Store>,
    may: May<may::ClientRead>,
    query: Params<ItemQuery>,
) -> Result<web::Json<ClientList>, Problem> {
    let (filter, page) = query.0.parts()?;
    Ok(web::Json(
        store.read(may.permit, move |tx| tx.client_list(&filter, &page)).await?,
    ))
}

/// Add a client
#[utoipa::path(tag = "clients", request_body = ClientData, extensions(("x-permission" = json!("client:manage"))),
    responses((status = 201, description = "Added", body = Client)))]
#[post("/clients")]
async fn client_add(
    store: web::Data<Store>,
    may: May<may::ClientManage>,
    key: IdempotencyKey,
    body: Body<New<ClientData>>,
) -> Result<HttpResponse, Problem> {
    let New(data) = body.value;
    let written = store
        .write(may.permit, key.once(body.hash), move |tx| tx.client_create(&data))
        .await?;
    let id = written.value;
    let client = store.read(written.permit, move |tx| tx.client(id)).await?;
    Ok(tagged(&client, client.version, Some(format!("/api/v1/clients/{id}"))))
}

/// A client
#[utoipa::path(tag = "clients", operation_id = "client", params(("id" = String, Path, format = Uuid, description = "The client")), extensions(("x-permission" = json!("client:read"))),
    responses((status = 200, description = "The client", body = Client)))]
#[get("/clients/{id}")]
async fn client_one(
    store: web::Data<Store>,
    may: May<may::ClientRead>,
    id: Id<ClientId>,
) -> Result<HttpResponse, Problem> {
    let client = store.read(may.permit, move |tx| tx.client(id.0)).await?;
    Ok(tagged(&client, client.version, None))
}

/// Change a client
#[utoipa::path(tag = "clients", request_body = ClientChange, extensions(("x-permission" = json!("client:manage"))),
    params(("id" = String, Path, format = Uuid, description = "The client"), ("If-Match" = String, Header, description = "The ETag you saw")),
    responses((status = 200, description = "Changed", body = Client)))]
#[patch("/clients/{id}")]
async fn client_edit(
    store: web::Data<Store>,
    may: May<may::ClientManage>,
    id: Id<ClientId>,
    seen: Versioned,
    body: Body<ClientChange>,
) -> Result<HttpResponse, Problem> {
    let id = id.0;
    let written = store
        .write(may.permit, None, move |tx| {
            tx.client_edit(id, seen.0, &body.value.members)
        })
        .await?;
    let client = store.read(written.permit, move |tx| tx.client(id)).await?;
    Ok(tagged(&client, client.version, None))
}
