//! A caller (who) and permits (may). Private fields throughout: neither can be made outside this crate, and a
//! caller only by a valid token whose session and user are alive at this moment (ATT-15).

use super::TokenRefused;
use super::restricted::{must, second_factor_asked_for};
use super::session::STEP_UP;
use super::token::Claims;
use crate::db::{Db, row, sql};
use crate::tenant::Tenant;
use crate::{Store, StoreError, now};
use attest_domain::identity::{SecondFactorPolicy, SetUp};
use attest_domain::ids::{SessionId, UserId};
use attest_domain::role::ShippedRole;
use attest_domain::{Grant, Language, Permission, PermissionSet};
use attest_ledger::entry::{Actor, ActorKind, Assurance, Source};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use uuid::Uuid;

/// Where a request came from, for the audit trail.
#[derive(Debug, Clone, Default)]
pub struct RequestSource {
    /// The connection's address, or what a configured proxy said (ATT-32).
    pub ip: Option<String>,
    /// The request's id.
    pub request_id: Option<String>,
    /// What the client called itself; cut to 200 characters.
    pub user_agent: Option<String>,
}

/// The person behind a session, as `/me` and the audit trail know them.
#[derive(Debug, Clone)]
pub struct Principal {
    /// The user.
    pub user: UserId,
    /// The session.
    pub session: SessionId,
    /// Printed name.
    pub name: String,
    /// The user's language.
    pub language: Language,
    /// What the user may do at this moment.
    pub permissions: PermissionSet,
    /// Until when the session counts as re-authenticated (ATT-17).
    pub step_up_until: Option<DateTime<Utc>>,
    /// Absolute end of the session.
    pub expires_at: DateTime<Utc>,
    /// The session lives in cookies: changes need the CSRF token.
    pub cookie: bool,
    /// The CSRF token of a cookie session (ATT-13).
    pub csrf: String,
    /// What must be set up before anything but one's own account is open.
    pub must: Vec<SetUp>,
    /// The person has a second factor.
    pub has_second_factor: bool,
}

/// Everything a transaction needs to know about who opened it.
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) tenant: Arc<Tenant>,
    pub(crate) user: Option<UserId>,
    pub(crate) permissions: PermissionSet,
    /// Whose things are all that the actor sees; the nil id where a client's account has no client yet. None for staff.
    pub(crate) only_client: Option<Uuid>,
    pub(crate) language: Language,
    /// The identity was confirmed a moment ago, or the actor is the program itself (ATT-17).
    pub(crate) stepped_up: bool,
    pub(crate) actor: Actor,
    pub(crate) source: Source,
}

/// A living session of an active user of one laboratory.
#[derive(Debug, Clone)]
pub struct Caller {
    scope: Arc<Scope>,
    principal: Principal,
}

/// The right to do one thing in one laboratory in the name of one actor. Not `Clone`: one permit opens one transaction.
#[derive(Debug)]
pub struct Permit<P> {
    scope: Arc<Scope>,
    what: PhantomData<fn() -> P>,
}

/// The caller lacks a permission, or must confirm their identity first.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Forbidden {
    /// The role does not hold it.
    #[error("this needs the permission {0}")]
    Lacks(Permission),
    /// The session was not re-authenticated in the last five minutes (ATT-17).
    #[error("confirm your identity first")]
    StepUp,
    /// Something must be set up before anything but one's own account is open.
    #[error("set up first what is missing")]
    SetUp(Vec<SetUp>),
}

row! {
    struct SessionRow {
        user_id: Uuid,
        ended_at: Option<DateTime<Utc>>,
        expires_at: DateTime<Utc>,
        step_up_until: Option<DateTime<Utc>>,
        assurance: String,
        cookie: bool,
        csrf: String,
        active: bool,
        has_second_factor: bool,
        access_version: i64,
        name: String,
        language: String,
        tenant_version: i64,
    }
}

/// Who a session belongs to, and whether both are alive. On PostgreSQL the laboratory's wall is raised by the statement
/// itself, which saves two of three round trips: the inner query depends on `set_config`'s row, so it runs after it;
/// were that ever otherwise, the wall would show no row at all.
fn session_row(db: &mut Db, claims: &Claims) -> Result<Option<SessionRow>, StoreError> {
    const COLUMNS: &str = "s.user_id, s.ended_at, s.expires_at, s.step_up_until, s.assurance, s.cookie, s.csrf, \
         u.active, u.has_second_factor, u.access_version, u.name, u.language, t.version AS tenant_version";
    const FROM: &str = "FROM sessions s JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id \
         JOIN tenants t ON t.id = s.tenant_id WHERE s.tenant_id = ? AND s.id = ?";
    static PLAIN: LazyLock<String> = LazyLock::new(|| format!("SELECT {COLUMNS} {FROM}"));
    static WALLED: LazyLock<String> = LazyLock::new(|| {
        format!(
            "SELECT found.* FROM set_config('app.tenant_id', ?, true) AS wall CROSS JOIN LATERAL (SELECT {COLUMNS} {FROM} AND wall IS NOT NULL OFFSET 0) found"
        )
    });
    let question = match db {
        Db::Sqlite(_) => sql(PLAIN.as_str()),
        Db::Postgres(_) => sql(WALLED.as_str()).bind(claims.tenant.to_string()),
    };
    question.bind(claims.tenant).bind(claims.session).first(db)
}

impl Store {
    /// Who sent this token, if its session and user are alive now.
    ///
    /// # Errors
    /// [`TokenRefused`] without saying which check failed; the database's errors.
    pub async fn caller(&self, bearer: &str, source: RequestSource) -> Result<Caller, TokenRefused> {
        let inner = &self.inner;
        let (claims, issued_at) = inner.tokens.verify(bearer)?;
        let row = inner
            .backend
            .glance(move |db| session_row(db, &claims))
            .await
            .map_err(TokenRefused::Store)?
            .ok_or(TokenRefused::Dead)?;
        let alive = row.active && row.ended_at.is_none() && row.expires_at > now() && row.user_id == claims.user;
        if !alive {
            return Err(TokenRefused::Dead);
        }
        let known = inner
            .tenants
            .known(claims.tenant, row.tenant_version)
            .zip(inner.access.known(claims.tenant, claims.user, row.access_version));
        let (tenant, rights) = match known {
            Some(both) => both,
            None => {
                let room = Arc::clone(inner);
                let (tenant_version, access_version) = (row.tenant_version, row.access_version);
                let both = inner.backend.read(Some(claims.tenant), move |db| {
                    let tenant = room.tenants.current(db, claims.tenant, tenant_version)?;
                    Ok((
                        tenant,
                        room.access.rights(db, claims.tenant, claims.user, access_version)?,
                    ))
                });
                both.await.map_err(TokenRefused::Store)?
            }
        };
        let row = SessionRow {
            step_up_until: stepped_up(&row, issued_at),
            ..row
        };
        Ok(caller(&claims, row, tenant, rights, source))
    }
}

/// Until when the session is raised. A browser gets new cookies with the confirmation (ATT-16): one that was taken before
/// goes on as it was, but is not raised with the session.
fn stepped_up(row: &SessionRow, issued_at: i64) -> Option<DateTime<Utc>> {
    let until = row.step_up_until.filter(|until| *until > now())?;
    let confirmed = until - STEP_UP;
    (!row.cookie || issued_at >= confirmed.timestamp()).then_some(until)
}

fn caller(claims: &Claims, row: SessionRow, tenant: Arc<Tenant>, rights: Rights, source: RequestSource) -> Caller {
    let language = row.language.parse().unwrap_or(Language::En);
    let actor = Actor {
        kind: ActorKind::User,
        id: Some(claims.user.to_string()),
        session: Some(claims.session.to_string()),
        assurance: if row.assurance == "mfa" {
            Assurance::Mfa
        } else {
            Assurance::Password
        },
    };
    let user = UserId::from_uuid(claims.user);
    let policy = tenant.laboratory.settings.second_factor;
    let asked_for = rights.second_factor && policy == SecondFactorPolicy::ByRole;
    let proven = row.has_second_factor && actor.assurance == Assurance::Mfa;
    Caller {
        principal: Principal {
            user,
            session: SessionId::from_uuid(claims.session),
            name: row.name,
            language,
            permissions: rights.permissions,
            step_up_until: row.step_up_until,
            expires_at: row.expires_at,
            cookie: row.cookie,
            csrf: row.csrf,
            must: must(asked_for && !proven),
            has_second_factor: row.has_second_factor,
        },
        scope: Arc::new(Scope {
            tenant,
            user: Some(user),
            permissions: rights.permissions,
            only_client: rights.only_client,
            language,
            stepped_up: row.step_up_until.is_some(),
            actor,
            source: source.into(),
        }),
    }
}

impl Caller {
    /// The person and session.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The laboratory the session belongs to.
    pub fn laboratory(&self) -> &crate::Laboratory {
        &self.scope.tenant.laboratory
    }

    /// The right to do `P`, if the caller holds it.
    ///
    /// # Errors
    /// [`Forbidden::SetUp`], [`Forbidden::Lacks`].
    pub fn permit<P: Grant>(&self) -> Result<Permit<P>, Forbidden> {
        if !P::WHILE_RESTRICTED && !self.principal.must.is_empty() {
            return Err(Forbidden::SetUp(self.principal.must.clone()));
        }
        match P::PERMISSION {
            Some(needed) if !self.principal.permissions.contains(needed) => Err(Forbidden::Lacks(needed)),
            _ => Ok(Permit {
                scope: Arc::clone(&self.scope),
                what: PhantomData,
            }),
        }
    }

    /// As [`permit`](Self::permit), for operations that need a fresh confirmation of identity (ATT-17).
    ///
    /// # Errors
    /// [`Forbidden::SetUp`], [`Forbidden::Lacks`], [`Forbidden::StepUp`].
    pub fn permit_stepped_up<P: Grant>(&self) -> Result<Permit<P>, Forbidden> {
        let permit = self.permit()?;
        if self.principal.step_up_until.is_none() {
            Err(Forbidden::StepUp)
        } else {
            Ok(permit)
        }
    }
}

impl<P> Permit<P> {
    pub(crate) fn scope(&self) -> &Arc<Scope> {
        &self.scope
    }

    /// For actors that are not persons: background duties and the command line, whose scope this crate makes itself.
    pub(crate) fn of(scope: Arc<Scope>) -> Self {
        Self {
            scope,
            what: PhantomData,
        }
    }
}

impl Scope {
    /// The actor's kind as the log's column has it.
    pub(crate) fn actor_kind(&self) -> &'static str {
        match self.actor.kind {
            ActorKind::User => "user",
            ActorKind::Service => "service",
            ActorKind::Operator => "operator",
            ActorKind::System => "system",
            ActorKind::Anonymous => "anonymous",
        }
    }

    /// A background duty of the program itself, in one laboratory.
    pub(crate) fn system(tenant: Arc<Tenant>, duty: &str) -> Self {
        Self {
            language: tenant.laboratory.language,
            tenant,
            user: None,
            only_client: None,
            permissions: PermissionSet::EVERYTHING,
            stepped_up: true,
            actor: Actor {
                kind: ActorKind::System,
                id: Some(duty.to_owned()),
                session: None,
                assurance: Assurance::System,
            },
            source: Source::default(),
        }
    }

    /// Somebody unknown at the door: failed logins, the public check.
    pub(crate) fn anonymous(tenant: Arc<Tenant>, source: RequestSource) -> Self {
        Self {
            language: tenant.laboratory.language,
            tenant,
            user: None,
            only_client: None,
            permissions: PermissionSet::EMPTY,
            stepped_up: false,
            actor: Actor {
                kind: ActorKind::Anonymous,
                id: None,
                session: None,
                assurance: Assurance::None,
            },
            source: source.into(),
        }
    }

    /// A person who just proved who they are, before there is a token.
    pub(crate) fn person(tenant: Arc<Tenant>, user: UserId, session: Option<SessionId>, source: RequestSource) -> Self {
        Self {
            language: tenant.laboratory.language,
            tenant,
            user: Some(user),
            only_client: None,
            permissions: PermissionSet::EMPTY,
            stepped_up: false,
            actor: Actor {
                kind: ActorKind::User,
                id: Some(user.to_string()),
                session: session.map(|session| session.to_string()),
                assurance: Assurance::Password,
            },
            source: source.into(),
        }
    }

    /// Somebody at the server's command line.
    pub(crate) fn operator(tenant: Arc<Tenant>) -> Self {
        let mut scope = Self::system(tenant, "command line");
        scope.actor.kind = ActorKind::Operator;
        scope
    }
}

impl From<RequestSource> for Source {
    fn from(source: RequestSource) -> Self {
        Self {
            ip: source.ip,
            request_id: source.request_id,
            user_agent: source
                .user_agent
                .map(|agent| agent.chars().filter(|c| !c.is_control()).take(200).collect()),
        }
    }
}

/// Effective permissions by user, valid for one `access_version`: every change of roles or grants raises it, so a
/// stale entry is never used, on any node.
#[derive(Default)]
pub(crate) struct AccessCache {
    known: Mutex<HashMap<(Uuid, Uuid), (i64, Rights)>>,
}

/// What somebody may do, and on whose things.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rights {
    permissions: PermissionSet,
    only_client: Option<Uuid>,
    /// One of the roles asks for a second factor.
    second_factor: bool,
}

row! {
    struct PermissionRow {
        permission: String,
        effect: String,
    }
}

impl AccessCache {
    /// What is remembered for this version.
    fn known(&self, tenant: Uuid, user: Uuid, version: i64) -> Option<Rights> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .get(&(tenant, user))
            .filter(|(known, _)| *known == version)
            .map(|(_, rights)| *rights)
    }

    pub(crate) fn rights(&self, db: &mut Db, tenant: Uuid, user: Uuid, version: i64) -> Result<Rights, StoreError> {
        if let Some(rights) = self.known(tenant, user, version) {
            return Ok(rights);
        }
        let rights = Rights {
            permissions: effective_permissions(db, tenant, user)?,
            only_client: only_client(db, tenant, user)?,
            second_factor: second_factor_asked_for(db, tenant, user)?,
        };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        // Bounded: a provider's many users must not fill the memory; the next request reads again.
        if known.len() > 10_000 {
            known.clear();
        }
        known.insert((tenant, user), (version, rights));
        Ok(rights)
    }
}

/// Union of the roles, plus what was allowed, minus what was denied: denial always wins.
pub(crate) fn effective_permissions(db: &mut Db, tenant: Uuid, user: Uuid) -> Result<PermissionSet, StoreError> {
    let rows = sql(
        "SELECT p.permission, 'allow' FROM user_roles r JOIN role_permissions p ON p.tenant_id = r.tenant_id AND p.role_id = r.role_id \
         WHERE r.tenant_id = ? AND r.user_id = ? \
         UNION ALL SELECT g.permission, g.effect FROM user_grants g WHERE g.tenant_id = ? AND g.user_id = ?",
    )
    .bind(tenant)
    .bind(user)
    .bind(tenant)
    .bind(user)
    .all::<PermissionRow>(db)?;
    let (mut allowed, mut denied) = (PermissionSet::EMPTY, PermissionSet::EMPTY);
    for row in rows {
        // A permission of a newer version of the program is not one this version could honour.
        let Ok(permission) = row.permission.parse::<Permission>() else {
            continue;
        };
        if row.effect == "deny" {
            denied.insert(permission)
        } else {
            allowed.insert(permission)
        }
    }
    Ok(allowed.minus(denied))
}

/// Whose things alone a person sees: those of the client they belong to. Somebody with the role for clients who belongs to
/// none yet sees nobody's.
pub(crate) fn only_client(db: &mut Db, tenant: Uuid, user: Uuid) -> Result<Option<Uuid>, StoreError> {
    row! { struct BelongsRow { client_id: Option<Uuid>, roles: i64 } }
    let row = sql("SELECT u.client_id, (SELECT COUNT(*) FROM user_roles x JOIN roles r ON r.tenant_id = x.tenant_id AND r.id = x.role_id \
         WHERE x.tenant_id = u.tenant_id AND x.user_id = u.id AND r.slug = ?) FROM users u WHERE u.tenant_id = ? AND u.id = ?")
        .bind(ShippedRole::Client.slug())
        .bind(tenant)
        .bind(user)
        .one::<BelongsRow>(db)?;
    Ok(row.client_id.or((row.roles > 0).then(Uuid::nil)))
}
