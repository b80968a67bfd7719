//! Issuing, replacing and revoking tokens of service accounts (ATT-10).

use super::service_tokens::{ACCOUNT, AccountRow};
use crate::access::{ServiceToken, effective_permissions};
use crate::check::Faults;
use crate::db::{row, sql};
use crate::{Event, Once, Permit, Recorded, Store, StoreError, WriteTx, Written, now};
use attest_domain::ids::{ServiceTokenId, UserId};
use attest_domain::role::can_assign;
use attest_domain::text::{CODE_MAX, NOTE_MAX, check_lines};
use attest_domain::{Action, Permission, PermissionSet, may};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

const DAYS: i64 = 90;
const DAYS_MAX: i64 = 365;
const OVERLAP_MINUTES: i64 = 60;
/// A week.
const OVERLAP_MINUTES_MAX: i64 = 10_080;

/// A token to be issued.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"label": "production", "expires_in_days": 90, "permissions": ["order:create", "order:read"]}))]
pub struct NewServiceToken {
    /// What to call it.
    #[serde(default)]
    pub label: Option<String>,
    /// Days until it ends, 1 to 365; 90 by default.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 365)]
    pub expires_in_days: Option<i64>,
    /// Only these of the account's permissions; all of them, now and later, when absent.
    #[serde(default)]
    pub permissions: Option<Vec<Permission>>,
}

/// How a token is replaced.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"overlap_minutes": 60}))]
pub struct ServiceTokenRotation {
    /// Minutes that the old one is still accepted, 0 to 10080; 60 by default.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 10080)]
    pub overlap_minutes: Option<i64>,
}

row! { struct HeldRow { label: String, permissions: Option<String>, created_at: DateTime<Utc>, expires_at: DateTime<Utc>, revoked_at: Option<DateTime<Utc>>, replaced_by: Option<Uuid> } }

/// A write that made a token, with the token itself unless the request was a repeated one.
pub type TokenWritten = (Written<may::ServiceAccountManage, ServiceTokenId>, Option<String>);

impl Store {
    /// Issues a token.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Faults`], [`StoreError::Conflict`] for an inactive account; 403 for an account
    /// that may more than the actor may hand out.
    pub async fn service_token_issue(
        &self,
        permit: Permit<may::ServiceAccountManage>,
        once: Option<Once>,
        account: UserId,
        new: NewServiceToken,
    ) -> Result<TokenWritten, StoreError> {
        let (token, text) = fresh(&permit);
        let written = self
            .write(permit, once, move |tx| tx.token_issue(account, new, &token))
            .await?;
        Ok(once_only(written, text))
    }

    /// Issues a token in the place of another, which ends after the overlap.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Faults`], [`StoreError::Conflict`] for a token that is over or replaced already.
    pub async fn service_token_rotate(
        &self,
        permit: Permit<may::ServiceAccountManage>,
        once: Option<Once>,
        account: UserId,
        old: ServiceTokenId,
        how: ServiceTokenRotation,
    ) -> Result<TokenWritten, StoreError> {
        let (token, text) = fresh(&permit);
        let written = self
            .write(permit, once, move |tx| tx.token_rotate(account, old, &how, &token))
            .await?;
        Ok(once_only(written, text))
    }
}

fn fresh<P>(permit: &Permit<P>) -> ((ServiceTokenId, ServiceToken), String) {
    let id = ServiceTokenId::new();
    let token = ServiceToken::new(permit.scope().tenant.laboratory.id, id.uuid());
    let text = token.text();
    ((id, token), text)
}

/// The token goes with the request that made it; a repeated request made none, and nobody can say any more what it was.
fn once_only(written: Written<may::ServiceAccountManage, ServiceTokenId>, text: String) -> TokenWritten {
    let text = (!written.replayed).then_some(text);
    (written, text)
}

impl WriteTx<'_, may::ServiceAccountManage> {
    fn token_issue(
        &mut self,
        account: UserId,
        new: NewServiceToken,
        token: &(ServiceTokenId, ServiceToken),
    ) -> Result<Recorded<ServiceTokenId>, StoreError> {
        let name = self.working_account(account)?;
        let held = self.may_speak_for(account)?;
        let days = new.expires_in_days.unwrap_or(DAYS);
        let label = new.label.unwrap_or_else(|| "token".to_owned());
        let mut wrong = Faults::default();
        wrong.line("label", &label, CODE_MAX);
        wrong.unless(
            (1..=DAYS_MAX).contains(&days),
            "expires_in_days",
            "range",
            format!("must be between 1 and {DAYS_MAX}"),
        );
        if let Some(part) = &new.permissions {
            wrong.unless(
                !part.is_empty(),
                "permissions",
                "empty",
                "must name a permission, or be left out",
            );
            for (index, permission) in part.iter().enumerate() {
                wrong.unless(
                    held.contains(*permission),
                    format!("permissions.{index}"),
                    "beyond_account",
                    "the account does not hold this permission",
                );
            }
        }
        wrong.done()?;
        let part: Option<PermissionSet> = new.permissions.map(|part| part.into_iter().collect());
        let words = part.map(|part| part.iter().map(Permission::as_str).collect::<Vec<_>>().join(", "));
        let part = part
            .as_ref()
            .map(serde_json::to_string)
            .transpose()
            .map_err(StoreError::broken)?;
        let expires_at = now() + TimeDelta::days(days);
        self.token_insert(account, token, &label, part.as_deref(), expires_at)?;
        let event = told(Action::ServiceTokenIssued, token, &name)
            .set("label", label)
            .set("permissions", words)
            .set("expires_at", expires_at.to_rfc3339());
        self.record(event, token.0)
    }

    fn token_rotate(
        &mut self,
        account: UserId,
        old: ServiceTokenId,
        how: &ServiceTokenRotation,
        token: &(ServiceTokenId, ServiceToken),
    ) -> Result<Recorded<ServiceTokenId>, StoreError> {
        let (name, row, at) = (self.working_account(account)?, self.token_held(account, old)?, now());
        self.may_speak_for(account)?;
        let overlap = how.overlap_minutes.unwrap_or(OVERLAP_MINUTES);
        if !(0..=OVERLAP_MINUTES_MAX).contains(&overlap) {
            let message = format!("must be between 0 and {OVERLAP_MINUTES_MAX}");
            return Err(StoreError::invalid("overlap_minutes", "range", message));
        }
        if row.revoked_at.is_some() || row.expires_at <= at {
            return Err(StoreError::conflict("this token is over: issue a new one"));
        }
        if row.replaced_by.is_some() {
            return Err(StoreError::conflict(
                "this token was replaced already: replace its successor",
            ));
        }
        let expires_at = at + (row.expires_at - row.created_at);
        self.token_insert(account, token, &row.label, row.permissions.as_deref(), expires_at)?;
        let ends = row.expires_at.min(at + TimeDelta::minutes(overlap));
        sql("UPDATE service_tokens SET expires_at = ?, replaced_by = ? WHERE tenant_id = ? AND id = ?")
            .bind(ends)
            .bind(token.0)
            .bind(self.tenant())
            .bind(old)
            .run(self.db)?;
        let event = told(Action::ServiceTokenRotated, token, &name)
            .set("label", row.label)
            .set("overlap_minutes", overlap)
            .set("expires_at", expires_at.to_rfc3339());
        self.record(event, token.0)
    }

    /// Refuses a token from now on.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Conflict`] when it is revoked already.
    pub fn service_token_revoke(
        &mut self,
        account: UserId,
        id: ServiceTokenId,
        reason: Option<&str>,
    ) -> Result<Recorded<ServiceTokenId>, StoreError> {
        if let Some(reason) = reason {
            check_lines(reason, NOTE_MAX)
                .map_err(|refusal| StoreError::invalid("reason", refusal.code(), refusal.to_string()))?;
        }
        let row = self.token_held(account, id)?;
        if row.revoked_at.is_some() {
            return Err(StoreError::conflict("this token is revoked already"));
        }
        sql("UPDATE service_tokens SET revoked_at = ? WHERE tenant_id = ? AND id = ?")
            .bind(now())
            .bind(self.tenant())
            .bind(id)
            .run(self.db)?;
        let tenant = self.tenant();
        let name = sql(ACCOUNT).bind(tenant).bind(account).one::<AccountRow>(self.db)?.name;
        let event = Event::new(Action::ServiceTokenRevoked, "service_token", id)
            .label(name)
            .set("label", row.label);
        let event = match reason {
            Some(_) => event.because(None, "other", reason),
            None => event,
        };
        self.record(event, id)
    }

    /// The account's name, if its tokens are accepted at all.
    fn working_account(&mut self, account: UserId) -> Result<String, StoreError> {
        let tenant = self.tenant();
        let row = sql(ACCOUNT).bind(tenant).bind(account).one::<AccountRow>(self.db)?;
        if row.active {
            Ok(row.name)
        } else {
            Err(StoreError::conflict(format!(
                "{} is inactive: reactivate it first",
                row.name
            )))
        }
    }

    /// What the account may do. Whoever holds a token of it may do that too: one must be able to hand it out (ATT-24).
    fn may_speak_for(&mut self, account: UserId) -> Result<PermissionSet, StoreError> {
        let tenant = self.tenant();
        let held = effective_permissions(self.db, tenant, account.uuid())?;
        can_assign(self.holds(), held, false)?;
        Ok(held)
    }

    fn token_held(&mut self, account: UserId, id: ServiceTokenId) -> Result<HeldRow, StoreError> {
        sql(format!(
            "SELECT label, permissions, created_at, expires_at, revoked_at, replaced_by FROM service_tokens \
             WHERE tenant_id = ? AND account_id = ? AND id = ?{}",
            self.db.for_update()
        ))
        .bind(self.tenant())
        .bind(account)
        .bind(id)
        .one::<HeldRow>(self.db)
    }

    fn token_insert(
        &mut self,
        account: UserId,
        (id, token): &(ServiceTokenId, ServiceToken),
        label: &str,
        part: Option<&str>,
        expires_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sql("INSERT INTO service_tokens (tenant_id, id, account_id, label, prefix, hash, permissions, created_at, created_by, expires_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(self.tenant())
            .bind(*id)
            .bind(account)
            .bind(label)
            .bind(token.prefix())
            .bind(token.hash().to_vec())
            .bind(part)
            .bind(now())
            .bind(self.user())
            .bind(expires_at)
            .run(self.db)
            .map(|_rows| ())
    }
}

fn told(action: Action, (id, token): &(ServiceTokenId, ServiceToken), account: &str) -> Event {
    Event::new(action, "service_token", *id)
        .label(account)
        .set("prefix", token.prefix())
}
