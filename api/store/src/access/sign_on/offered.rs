//! What the sign-in page is told, and what the server needs to speak with a provider.

use super::provider::{COLUMNS, ProviderRow, Rules, SECRET_PLACE};
use crate::db::{Db, row, sql};
use crate::{Store, StoreError};
use std::sync::Arc;
use uuid::Uuid;

/// A laboratory that offers single sign-on.
#[derive(Debug, Clone)]
pub struct SignOnOffer {
    /// Its id.
    pub laboratory: Uuid,
    /// Its short name.
    pub slug: String,
    /// What the button says.
    pub name: String,
    /// Passwords open nothing.
    pub enforced: bool,
}

/// A provider, with the secret opened.
#[derive(Clone)]
pub struct SignOnProvider {
    /// The issuer identifier.
    pub issuer: String,
    /// What it calls this installation.
    pub client_id: String,
    /// The secret that goes with it.
    pub client_secret: Option<String>,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// The claim that lists a person's groups or roles.
    pub role_claim: String,
}

impl std::fmt::Debug for SignOnProvider {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "SignOnProvider({})", self.issuer)
    }
}

row! { struct PlaceRow { id: Uuid, slug: String } }

/// The provider of a laboratory and its rules.
pub(super) fn known(db: &mut Db, tenant: Uuid) -> Result<Option<(ProviderRow, Rules)>, StoreError> {
    let found = sql(format!("SELECT {COLUMNS} FROM sign_on_providers WHERE tenant_id = ?"))
        .bind(tenant)
        .first::<ProviderRow>(db)?;
    match found {
        Some(row) => {
            let rules = row.rules()?;
            Ok(Some((row, rules)))
        }
        None => Ok(None),
    }
}

impl Store {
    /// What the laboratory of this short name offers, or, without one, the only laboratory there is. Nothing for laboratories
    /// that do not exist as for those that offer nothing.
    ///
    /// # Errors
    /// The database's.
    pub async fn sign_on_offered(&self, slug: Option<&str>) -> Result<Option<SignOnOffer>, StoreError> {
        let slug = slug.map(str::to_owned);
        let places = self.inner.backend.read(None, move |db| match slug {
            Some(slug) => sql("SELECT id, slug FROM tenants WHERE slug = ? AND realm = 'laboratory'")
                .bind(slug)
                .all::<PlaceRow>(db),
            None => {
                sql("SELECT id, slug FROM tenants WHERE realm = 'laboratory' ORDER BY id LIMIT 2").all::<PlaceRow>(db)
            }
        });
        let mut places = places.await?.into_iter();
        let (Some(place), None) = (places.next(), places.next()) else {
            return Ok(None);
        };
        let id = place.id;
        let found = self.inner.backend.read(Some(id), move |db| known(db, id)).await?;
        Ok(found.map(|(row, rules)| SignOnOffer {
            laboratory: id,
            slug: place.slug,
            name: row.name,
            enforced: rules.enforced,
        }))
    }

    /// The provider of a laboratory.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it has none; the database's.
    pub async fn sign_on_provider(&self, laboratory: Uuid) -> Result<SignOnProvider, StoreError> {
        let inner = Arc::clone(&self.inner);
        self.inner
            .backend
            .read(Some(laboratory), move |db| {
                let (row, rules) = known(db, laboratory)?.ok_or(StoreError::NotFound)?;
                let secret = row
                    .client_secret
                    .as_deref()
                    .map(|sealed| inner.keyring.open_file(laboratory, SECRET_PLACE, sealed))
                    .transpose()
                    .map_err(StoreError::broken)?;
                Ok(SignOnProvider {
                    issuer: row.issuer,
                    client_id: row.client_id,
                    client_secret: secret.map(String::from_utf8).transpose().map_err(StoreError::broken)?,
                    scopes: rules.scopes,
                    role_claim: rules.role_claim,
                })
            })
            .await
    }
}
