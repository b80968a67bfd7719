//! A caller (who) and permits (may). Private fields throughout: neither can be made outside this crate, and a
//! caller only by a valid token whose session and user are alive at this moment (ATT-15).

use super::TokenRefused;
use super::restricted::must;
use super::rights::Rights;
use super::service::is_service_token;
use super::session::{SEEN_EVERY, STEP_UP};
use super::token::Claims;
use crate::db::{Db, row, sql};
use crate::tenant::Tenant;
use crate::{Store, StoreError, now};
use attest_domain::identity::SetUp;
use attest_domain::ids::{SessionId, UserId};
use attest_domain::role::Realm;
use attest_domain::{Grant, Language, Permission, PermissionSet, may};
use attest_ledger::entry::{Actor, ActorKind, Assurance, Source};
use chrono::{DateTime, TimeDelta, Utc};
use std::marker::PhantomData;
use std::sync::{Arc, LazyLock};
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// `users.kind` of somebody of the platform whom the laboratory invited.
pub(crate) const VISITOR: &str = "operator";

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
    /// The screen is locked: nothing is open before it is unlocked.
    pub locked: bool,
    /// A program with a token of a service account: it has no password, no session and no factor, and confirms nothing.
    pub service: bool,
    /// Somebody of the platform whom the laboratory invited: an account without a password, for as long as the invitation lasts.
    pub visitor: bool,
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
    /// The session's screen is locked.
    #[error("unlock the screen first")]
    Locked,
    /// Only a person can do it, not a service account.
    #[error("this is for persons")]
    PersonsOnly,
    /// Not for support that was invited: nothing of its account can be set up, and it has nothing to confirm an identity with.
    #[error("this is not for invited support")]
    NotForVisitors,
}

row! {
    struct SessionRow {
        user_id: Uuid,
        ended_at: Option<DateTime<Utc>>,
        expires_at: DateTime<Utc>,
        step_up_until: Option<DateTime<Utc>>,
        assurance: String,
        signed_on: bool,
        cookie: bool,
        csrf: String,
        active: bool,
        kind: String,
        has_second_factor: bool,
        must_change_password: bool,
        locked_at: Option<DateTime<Utc>>,
        workstation: Option<Vec<u8>>,
        last_seen_at: DateTime<Utc>,
        access_version: i64,
        name: String,
        language: String,
        tenant_version: i64,
    }
}

/// The same question on PostgreSQL, where the statement itself raises the laboratory's wall, which saves two of three round
/// trips: the inner query depends on `set_config`'s row, so it runs after it; were that ever otherwise, the wall would show
/// no row at all.
pub(super) fn walled(columns: &str, from: &str) -> String {
    format!(
        "SELECT found.* FROM set_config('app.tenant_id', ?, true) AS wall CROSS JOIN LATERAL (SELECT {columns} {from} AND wall IS NOT NULL OFFSET 0) found"
    )
}

/// Who a session belongs to, and whether both are alive.
fn session_row(db: &mut Db, claims: &Claims) -> Result<Option<SessionRow>, StoreError> {
    const COLUMNS: &str = "s.user_id, s.ended_at, s.expires_at, s.step_up_until, s.assurance, s.signed_on, s.cookie, s.csrf, \
         u.active, u.kind, u.has_second_factor, u.must_change_password, s.locked_at, s.workstation, s.last_seen_at, u.access_version, u.name, u.language, t.version AS tenant_version";
    const FROM: &str = "FROM sessions s JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id \
         JOIN tenants t ON t.id = s.tenant_id WHERE s.tenant_id = ? AND s.id = ?";
    static PLAIN: LazyLock<String> = LazyLock::new(|| format!("SELECT {COLUMNS} {FROM}"));
    static WALLED: LazyLock<String> = LazyLock::new(|| walled(COLUMNS, FROM));
    let question = match db {
        Db::Sqlite(_) => sql(PLAIN.as_str()),
        Db::Postgres(_) => sql(WALLED.as_str()).bind(claims.tenant.to_string()),
    };
    question.bind(claims.tenant).bind(claims.session).first(db)
}

impl Store {
    /// Who sent this token, if its session and user are alive now; of a service account's token, if it and its owner are.
    ///
    /// # Errors
    /// [`TokenRefused`] without saying which check failed; the database's errors.
    pub async fn caller(&self, bearer: &str, source: RequestSource) -> Result<Caller, TokenRefused> {
        if is_service_token(bearer) {
            return self.service(bearer, source).await;
        }
        let (claims, issued_at) = self.inner.tokens.verify(bearer)?;
        let row = self.session_of(claims).await?;
        // The tokens of a parked session were thrown away; whoever still has one took it.
        if row.user_id != claims.user || row.workstation.is_some() {
            return Err(TokenRefused::Dead);
        }
        self.living(&claims, row, issued_at, source).await
    }

    /// The person of a session that is parked at this workstation (the hash of its secret), if both are alive.
    pub(super) async fn parked(
        &self,
        (tenant, session): (Uuid, SessionId),
        workstation: &[u8],
        source: RequestSource,
    ) -> Result<Caller, TokenRefused> {
        let claims = Claims {
            tenant,
            session: session.uuid(),
            user: Uuid::nil(),
        };
        let row = self.session_of(claims).await?;
        let there = row.workstation.as_deref();
        if !there.is_some_and(|at| at.ct_eq(workstation).into()) {
            return Err(TokenRefused::Dead);
        }
        let claims = Claims {
            user: row.user_id,
            ..claims
        };
        self.living(&claims, row, 0, source).await
    }

    async fn session_of(&self, claims: Claims) -> Result<SessionRow, TokenRefused> {
        let found = self.inner.backend.glance(move |db| session_row(db, &claims)).await;
        found.map_err(TokenRefused::Store)?.ok_or(TokenRefused::Dead)
    }

    async fn living(
        &self,
        claims: &Claims,
        row: SessionRow,
        issued_at: i64,
        source: RequestSource,
    ) -> Result<Caller, TokenRefused> {
        if !row.active || row.ended_at.is_some() || row.expires_at <= now() {
            return Err(TokenRefused::Dead);
        }
        let versions = (row.tenant_version, row.access_version);
        let (tenant, rights) = self.surroundings(claims.tenant, claims.user, versions).await?;
        let idle = TimeDelta::minutes(i64::from(tenant.laboratory.settings.idle_minutes));
        if row.last_seen_at + idle + SEEN_EVERY <= now() {
            return Err(TokenRefused::Dead);
        }
        if row.locked_at.is_none() {
            self.session_seen(claims, row.last_seen_at);
        }
        let row = SessionRow {
            step_up_until: stepped_up(&row, issued_at),
            ..row
        };
        Ok(caller(claims, row, tenant, rights, source))
    }

    /// Writes down that somebody is at work in this session, once a minute, and never while the request waits for it: the
    /// pause after which a session ends counts from the last request (ATT-14).
    fn session_seen(&self, claims: &Claims, before: DateTime<Utc>) {
        let (tenant, session, at) = (claims.tenant, claims.session, now());
        if at - before < SEEN_EVERY || !self.inner.uses.due(session, at) {
            return;
        }
        let inner = Arc::clone(&self.inner);
        tokio::spawn(async move {
            let seen = inner.backend.write(Some(tenant), move |db| {
                sql("UPDATE sessions SET last_seen_at = ? WHERE tenant_id = ? AND id = ? AND last_seen_at < ?")
                    .bind(at)
                    .bind(tenant)
                    .bind(session)
                    .bind(at)
                    .run(db)
            });
            if let Err(error) = seen.await {
                tracing::warn!(%error, "the use of a session could not be written down");
            }
        });
    }

    /// The laboratory and the rights of somebody in it, as of these versions of both rows.
    pub(super) async fn surroundings(
        &self,
        tenant: Uuid,
        user: Uuid,
        (tenant_version, access_version): (i64, i64),
    ) -> Result<(Arc<Tenant>, Rights), TokenRefused> {
        let room = Arc::clone(&self.inner);
        let known = room.tenants.known(tenant, tenant_version);
        if let Some(both) = known.zip(room.access.known(tenant, user, access_version)) {
            return opened(both);
        }
        let both = self.inner.backend.read(Some(tenant), move |db| {
            let laboratory = room.tenants.current(db, tenant, tenant_version)?;
            Ok((laboratory, room.access.rights(db, tenant, user, access_version)?))
        });
        let both = both.await.map_err(TokenRefused::Store)?;
        opened(both)
    }
}

/// Unless the laboratory is suspended, which every node knows by the row's version, from the next request on.
fn opened((tenant, rights): (Arc<Tenant>, Rights)) -> Result<(Arc<Tenant>, Rights), TokenRefused> {
    tenant.laboratory.open().map_err(TokenRefused::Store)?;
    Ok((tenant, rights))
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
    let visitor = row.kind == VISITOR;
    let actor = Actor {
        kind: if visitor { ActorKind::Operator } else { ActorKind::User },
        id: Some(claims.user.to_string()),
        session: Some(claims.session.to_string()),
        assurance: if row.assurance == "mfa" {
            Assurance::Mfa
        } else {
            Assurance::Password
        },
    };
    let user = UserId::from_uuid(claims.user);
    let asked_for = tenant.laboratory.asks_for_second_factor(rights.second_factor);
    // A visitor's factor is the platform's, which asked for it before the door; and the identity provider may have asked too.
    let proven = (row.has_second_factor || visitor || row.signed_on) && actor.assurance == Assurance::Mfa;
    let principal = Principal {
        user,
        session: SessionId::from_uuid(claims.session),
        name: row.name,
        language,
        permissions: rights.permissions,
        step_up_until: row.step_up_until,
        expires_at: row.expires_at,
        cookie: row.cookie,
        csrf: row.csrf,
        must: must(row.must_change_password, asked_for && !proven),
        has_second_factor: row.has_second_factor,
        locked: row.locked_at.is_some(),
        service: false,
        visitor,
    };
    Caller::new(principal, actor, tenant, rights, source)
}

impl Caller {
    pub(super) fn new(
        principal: Principal,
        actor: Actor,
        tenant: Arc<Tenant>,
        rights: Rights,
        source: RequestSource,
    ) -> Self {
        let scope = Scope {
            tenant,
            user: Some(principal.user),
            permissions: principal.permissions,
            only_client: rights.only_client,
            language: principal.language,
            stepped_up: principal.step_up_until.is_some(),
            actor,
            source: source.into(),
        };
        Self {
            scope: Arc::new(scope),
            principal,
        }
    }

    /// The person and session, or the service account and its token.
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
    /// [`Forbidden::PersonsOnly`], [`Forbidden::NotForVisitors`], [`Forbidden::Locked`], [`Forbidden::SetUp`], [`Forbidden::Lacks`].
    pub fn permit<P: Grant>(&self) -> Result<Permit<P>, Forbidden> {
        if P::PERSONS_ONLY && self.principal.service {
            return Err(Forbidden::PersonsOnly);
        }
        if P::PERSONS_ONLY && !P::WHILE_LOCKED && self.principal.visitor {
            return Err(Forbidden::NotForVisitors);
        }
        if !P::WHILE_LOCKED && self.principal.locked {
            return Err(Forbidden::Locked);
        }
        if !P::WHILE_RESTRICTED && !self.principal.must.is_empty() {
            return Err(Forbidden::SetUp(self.principal.must.clone()));
        }
        match P::PERMISSION {
            Some(needed) if !self.principal.permissions.contains(needed) => Err(Forbidden::Lacks(needed)),
            _ => Ok(Permit::of(Arc::clone(&self.scope))),
        }
    }

    /// To record what the caller was refused: that nothing is open to them must not keep it out of the audit trail.
    pub(crate) fn on_record(&self) -> Permit<may::SignedIn> {
        Permit::of(Arc::clone(&self.scope))
    }

    /// As [`permit`](Self::permit), for operations that need a fresh confirmation of identity (ATT-17).
    ///
    /// # Errors
    /// As `permit`; [`Forbidden::StepUp`], or [`Forbidden::PersonsOnly`] and [`Forbidden::NotForVisitors`] where nobody is there
    /// who could.
    pub fn permit_stepped_up<P: Grant>(&self) -> Result<Permit<P>, Forbidden> {
        let permit = self.permit()?;
        if self.principal.service {
            Err(Forbidden::PersonsOnly)
        } else if self.principal.visitor {
            Err(Forbidden::NotForVisitors)
        } else if self.principal.step_up_until.is_none() {
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

    /// The same actor in another realm, where they have no account: no rights, and nothing but the act at hand. Who acts from the
    /// platform is an operator there.
    pub(crate) fn beyond(&self, tenant: Arc<Tenant>) -> Self {
        let kind = match self.tenant.laboratory.realm {
            Realm::Platform => ActorKind::Operator,
            Realm::Laboratory => self.actor.kind,
        };
        Self {
            tenant,
            user: None,
            permissions: PermissionSet::EMPTY,
            only_client: None,
            language: self.language,
            stepped_up: self.stepped_up,
            actor: Actor {
                kind,
                ..self.actor.clone()
            },
            source: self.source.clone(),
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
