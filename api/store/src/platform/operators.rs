//! The platform's people, by somebody at the server's command line: nobody signs in to the platform before, and nobody in it may
//! add another, so that who may open laboratories is decided where the installation is.

use super::across::platform;
use super::invitations::close_all_of;
use crate::access::{Scope, normal_email, session_end};
use crate::check::Faults;
use crate::db::{row, sql};
use crate::laboratory::{account_insert, insert, ledger_opened, roles_seed};
use crate::tx::WriteTx;
use crate::{Event, NewLaboratory, Permit, Store, StoreError, now};
use attest_domain::ids::{SessionId, UserId};
use attest_domain::role::{LaboratoryKind, Realm, ShippedRole};
use attest_domain::text::{LINE_MAX, NOTE_MAX, check_lines};
use attest_domain::{Action, LaboratorySettings, Language, may};
use chrono::{DateTime, Utc};
use std::sync::Arc;
use uuid::Uuid;

/// Minutes without activity after which an operator's session ends.
const IDLE_MINUTES: u16 = 60;

/// An operator.
#[derive(Debug, Clone)]
pub struct Operator {
    /// E-mail address.
    pub email: String,
    /// Printed name.
    pub name: String,
    /// May sign in.
    pub active: bool,
    /// Has set up a second factor, without which nothing is open.
    pub second_factor: bool,
    /// Last successful login.
    pub last_login_at: Option<DateTime<Utc>>,
}

/// The link by which an operator chooses a password; it is nowhere else.
pub struct OperatorLink {
    /// For `/password#token=`.
    pub token: String,
    /// How long it works.
    pub expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for OperatorLink {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "OperatorLink(…)")
    }
}

row! {
    struct OperatorRow {
        email: String,
        name: String,
        active: bool,
        has_second_factor: bool,
        last_login_at: Option<DateTime<Utc>>,
    }
}
row! { struct AccountRow { id: UserId, name: String, active: bool } }
row! { struct SessionRow { id: SessionId } }

impl Store {
    /// Adds an operator; the first one opens the platform.
    ///
    /// # Errors
    /// [`StoreError::Faults`] for wrong values; [`StoreError::Duplicate`] for an address that an operator has; a conflict where a
    /// laboratory has the platform's short name.
    pub async fn operator_create(
        &self,
        email: &str,
        name: &str,
        language: Language,
    ) -> Result<OperatorLink, StoreError> {
        let (email, name) = (normal_email(email), name.trim().to_owned());
        let mut wrong = Faults::default();
        wrong.maybe_email("email", Some(&email));
        wrong.line("name", &name, LINE_MAX);
        wrong.done()?;
        let known = self.platform_room().await?;
        let id = known.map_or_else(Uuid::now_v7, |room| room.laboratory.id);
        let inner = Arc::clone(&self.inner);
        self.inner
            .backend
            .write(Some(id), move |db| {
                let (room, new) = match platform(&inner, db)? {
                    Some(room) => (room, false),
                    None => {
                        let room = insert(&inner, db, id, &realm(language), Realm::Platform).map_err(taken)?;
                        (room, true)
                    }
                };
                if room.laboratory.id != id {
                    return Err(StoreError::conflict("the platform was being set up; try again"));
                }
                let scope = Scope::operator(room);
                let mut tx: WriteTx<'_, ()> = WriteTx::new(&inner, db, &scope);
                if new {
                    ledger_opened(&mut tx)?;
                    tx.also(Event::new(Action::PlatformOpened, "platform", id))?;
                    roles_seed(&mut tx, ShippedRole::for_platform())?;
                    // Whoever comes later is let in by an operator.
                    sql("DELETE FROM bootstrap_tokens").run(tx.db)?;
                }
                let user = account_insert(&mut tx, &email, &name, None, ShippedRole::PlatformOperator)?;
                let link = tx.link_make(user)?;
                Ok(OperatorLink {
                    token: link.token,
                    expires_at: link.expires_at,
                })
            })
            .await
    }

    /// Everybody who is or was an operator, by address.
    ///
    /// # Errors
    /// The database's.
    pub async fn operator_list(&self) -> Result<Vec<Operator>, StoreError> {
        let Some(room) = self.platform_room().await? else {
            return Ok(Vec::new());
        };
        let id = room.laboratory.id;
        let rows = self.inner.backend.read(Some(id), move |db| {
            sql("SELECT email, name, active, has_second_factor, last_login_at FROM users WHERE tenant_id = ? AND kind = 'person' ORDER BY email")
                .bind(id)
                .all::<OperatorRow>(db)
        });
        let shown = |row: OperatorRow| Operator {
            email: row.email,
            name: row.name,
            active: row.active,
            second_factor: row.has_second_factor,
            last_login_at: row.last_login_at,
        };
        Ok(rows.await?.into_iter().map(shown).collect())
    }

    /// Shuts an operator out: no login, no living session, and whatever laboratories invited them to is over.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Conflict`] when they are inactive already.
    pub async fn operator_deactivate(&self, email: &str, reason: String) -> Result<(), StoreError> {
        let room = self.platform_room().await?.ok_or(StoreError::NotFound)?;
        let email = normal_email(email);
        let permit: Permit<may::PlatformManage> = Permit::of(Arc::new(Scope::operator(room)));
        self.write(permit, None, move |tx| {
            check_lines(&reason, NOTE_MAX)
                .map_err(|refusal| StoreError::invalid("reason", refusal.code(), refusal.to_string()))?;
            let tenant = tx.tenant();
            let account = account(tx, &email)?;
            if !account.active {
                return Err(StoreError::conflict(format!("{} is inactive already", account.name)));
            }
            sql("UPDATE users SET active = ?, access_version = access_version + 1, updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?")
                .bind(false)
                .bind(now())
                .bind(tenant)
                .bind(account.id)
                .run(tx.db)?;
            let sessions = sql("SELECT id FROM sessions WHERE tenant_id = ? AND user_id = ? AND ended_at IS NULL")
                .bind(tenant)
                .bind(account.id)
                .all::<SessionRow>(tx.db)?;
            for session in sessions {
                session_end(tx.db, tenant, session.id, "deactivated")?;
            }
            close_all_of(tx, account.id)?;
            let event = Event::new(Action::UserDeactivated, "user", account.id).change("active", true, false);
            tx.record(event.because(None, "other", Some(&reason)), account.id)
        })
        .await
        .map(|_written| ())
    }

    /// Removes the second factors of an operator who lost theirs: nobody in the platform could. Their sessions end, and so does whatever
    /// laboratories invited them to, for who they are has to be shown anew; they are told by mail, and set up a factor at the next
    /// login before anything else opens.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Conflict`] when they have none.
    pub async fn operator_reset_second_factor(&self, email: &str, reason: String) -> Result<(), StoreError> {
        let room = self.platform_room().await?.ok_or(StoreError::NotFound)?;
        let email = normal_email(email);
        let permit: Permit<may::UserManage> = Permit::of(Arc::new(Scope::operator(room)));
        self.write(permit, None, move |tx| {
            let account = account(tx, &email)?;
            close_all_of(tx, account.id)?;
            tx.user_forget_second_factors(account.id, None, &reason)
        })
        .await
        .map(|_written| ())
    }

    /// The platform, once there is one.
    pub(super) async fn platform_room(&self) -> Result<Option<Arc<crate::tenant::Tenant>>, StoreError> {
        let inner = Arc::clone(&self.inner);
        self.inner.backend.read(None, move |db| platform(&inner, db)).await
    }
}

/// An operator's account, kept from other writers.
fn account<P>(tx: &mut WriteTx<'_, P>, email: &str) -> Result<AccountRow, StoreError> {
    let tenant = tx.tenant();
    sql(format!(
        "SELECT id, name, active FROM users WHERE tenant_id = ? AND email = ?{}",
        tx.db.for_update()
    ))
    .bind(tenant)
    .bind(email)
    .one::<AccountRow>(tx.db)
}

/// The platform's row. Its second factor is asked for whatever the settings say.
fn realm(language: Language) -> NewLaboratory {
    NewLaboratory {
        slug: Realm::PLATFORM_SLUG.to_owned(),
        name: language.pick("Platform", "Platforma").to_owned(),
        kind: LaboratoryKind::Testing,
        address: String::new(),
        timezone: "UTC".to_owned(),
        language,
        accreditation_number: None,
        contact: None,
        demonstration: false,
        settings: LaboratorySettings {
            idle_minutes: IDLE_MINUTES,
            ..LaboratorySettings::default()
        },
        administrator_email: String::new(),
        administrator_name: String::new(),
        administrator_password: None,
    }
}

fn taken(error: StoreError) -> StoreError {
    match error {
        StoreError::Duplicate { .. } => StoreError::conflict(
            "a laboratory of this installation has the short name `platform`, which operators sign in to",
        ),
        other => other,
    }
}
