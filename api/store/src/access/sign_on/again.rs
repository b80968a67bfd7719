//! Proving once more at the provider who one is: for five minutes, or for one electronic signature.

use super::{SignOnAttempt, SignOnClaims, SignOnPurpose, SignOnRefused};
use crate::access::session::{self, STEP_UP};
use crate::access::{Caller, RequestSource, Scope, SessionTokens};
use crate::db::{Db, row, sql};
use crate::tx::WriteTx;
use crate::{Event, Store, StoreError, now};
use attest_domain::Action;
use attest_domain::ids::UserId;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;

/// How far the provider's clock may be behind ours. A proof that is older than the question, by more than this, is an old one.
const SKEW: TimeDelta = TimeDelta::seconds(30);

row! { struct SessionRow { user_id: UserId, cookie: bool, ended_at: Option<DateTime<Utc>>, expires_at: DateTime<Utc>, active: bool, has_second_factor: bool } }
row! { struct OwnerRow { user_id: UserId } }
row! { struct ProofRow { several_factors: bool } }

/// Somebody proved at the provider who they are, for one signature.
pub(in crate::access) struct ProofAtProvider {
    /// The provider asked for more than one factor.
    pub(in crate::access) several_factors: bool,
}

impl Store {
    /// Confirms a session by what the provider said. A step-up gives a cookie session new tokens; for a signature a proof is
    /// kept, for five minutes and one use.
    ///
    /// # Errors
    /// [`SignOnRefused::Over`] when the session is; [`SignOnRefused::OtherPerson`], [`SignOnRefused::NotFresh`];
    /// [`SignOnRefused::FactorMissing`] where the person's second factor confirms a step-up. All are recorded.
    pub async fn sign_on_again(
        &self,
        attempt: &SignOnAttempt,
        claims: &SignOnClaims,
        source: RequestSource,
    ) -> Result<Option<SessionTokens>, SignOnRefused> {
        let session = attempt.session.ok_or(SignOnRefused::Over)?;
        let (inner, attempt, claims) = (Arc::clone(&self.inner), attempt.clone(), claims.clone());
        let tenant = attempt.laboratory;
        let done = self.inner.backend.write(Some(tenant), move |db| {
            let room = inner.tenants.load(db, tenant)?;
            room.laboratory.open()?;
            let row = sql("SELECT s.user_id, s.cookie, s.ended_at, s.expires_at, u.active, u.has_second_factor FROM sessions s \
                 JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id WHERE s.tenant_id = ? AND s.id = ?")
                .bind(tenant)
                .bind(session)
                .first::<SessionRow>(db)?;
            let Some(row) = row.filter(|row| row.active && row.ended_at.is_none() && row.expires_at > now()) else {
                return Ok(Err(SignOnRefused::Over));
            };
            let refused = refusal(db, &attempt, &claims, &row)?;
            let scope = Scope::person(room, row.user_id, Some(session), source);
            let mut tx: WriteTx<'_, ()> = WriteTx::new(&inner, db, &scope);
            if let Some(refused) = refused {
                let event = Event::new(Action::StepUpFailed, "session", session)
                    .set("mode", "sign_on")
                    .set("cause", refused.code());
                tx.also(event)?;
                return Ok(Err(refused));
            }
            let event = Event::new(Action::StepUpSucceeded, "session", session).set("mode", "sign_on");
            if attempt.purpose == SignOnPurpose::Signature {
                sql("INSERT INTO sign_on_proofs (tenant_id, session_id, several_factors, expires_at) VALUES (?, ?, ?, ?) \
                     ON CONFLICT (tenant_id, session_id) DO UPDATE SET several_factors = excluded.several_factors, expires_at = excluded.expires_at")
                    .bind(tenant)
                    .bind(session)
                    .bind(claims.several_factors)
                    .bind(now() + STEP_UP)
                    .run(tx.db)?;
                tx.also(event.set("operation", "signature"))?;
                return Ok(Ok(None));
            }
            let tokens = session::raise(&mut tx, session, row.user_id, row.cookie)?.1;
            tx.also(event)?;
            Ok(Ok(tokens))
        });
        let done = done.await?;
        self.inner.sequencing.wake(tenant);
        done
    }

    /// A proof for one signature, if the caller's session has one. It stays until it is [used](Self::proof_at_provider_used).
    pub(in crate::access) async fn proof_at_provider(
        &self,
        caller: &Caller,
    ) -> Result<Option<ProofAtProvider>, StoreError> {
        let (tenant, session) = (caller.laboratory().id, caller.principal().session);
        let found = self.inner.backend.read(Some(tenant), move |db| {
            sql("SELECT several_factors FROM sign_on_proofs WHERE tenant_id = ? AND session_id = ? AND expires_at > ?")
                .bind(tenant)
                .bind(session)
                .bind(now())
                .first::<ProofRow>(db)
        });
        Ok(found.await?.map(|row| ProofAtProvider {
            several_factors: row.several_factors,
        }))
    }

    /// Uses it up; false when another signature was faster.
    pub(in crate::access) async fn proof_at_provider_used(&self, caller: &Caller) -> Result<bool, StoreError> {
        let (tenant, session) = (caller.laboratory().id, caller.principal().session);
        let used = self.inner.backend.write(Some(tenant), move |db| {
            sql("DELETE FROM sign_on_proofs WHERE tenant_id = ? AND session_id = ? AND expires_at > ?")
                .bind(tenant)
                .bind(session)
                .bind(now())
                .run(db)
        });
        Ok(used.await? == 1)
    }

    /// Whether the caller could confirm anything at the provider: their account is linked with the one there is.
    ///
    /// # Errors
    /// The database's.
    pub async fn sign_on_linked(&self, caller: &Caller) -> Result<bool, StoreError> {
        row! { struct CountRow { count: i64 } }
        let (tenant, user) = (caller.laboratory().id, caller.principal().user);
        let found = self.inner.backend.read(Some(tenant), move |db| {
            sql("SELECT COUNT(*) FROM sign_on_identities i JOIN sign_on_providers p ON p.tenant_id = i.tenant_id AND p.issuer = i.issuer \
                 WHERE i.tenant_id = ? AND i.user_id = ?")
                .bind(tenant)
                .bind(user)
                .one::<CountRow>(db)
        });
        Ok(found.await?.count > 0)
    }
}

/// Why what the provider said does not confirm this session.
fn refusal(
    db: &mut Db,
    attempt: &SignOnAttempt,
    claims: &SignOnClaims,
    row: &SessionRow,
) -> Result<Option<SignOnRefused>, StoreError> {
    let owner = sql("SELECT user_id FROM sign_on_identities WHERE tenant_id = ? AND issuer = ? AND subject = ?")
        .bind(attempt.laboratory)
        .bind(&claims.issuer)
        .bind(&claims.subject)
        .first::<OwnerRow>(db)?;
    if owner.is_none_or(|owner| owner.user_id != row.user_id) {
        return Ok(Some(SignOnRefused::OtherPerson));
    }
    let asked = (attempt.begun_at - SKEW).timestamp();
    if claims.auth_time.is_none_or(|at| at < asked) {
        return Ok(Some(SignOnRefused::NotFresh));
    }
    // A signature asks for the second factor itself, beside this proof.
    let factor_missing = row.has_second_factor && !claims.several_factors && attempt.purpose == SignOnPurpose::StepUp;
    Ok(factor_missing.then_some(SignOnRefused::FactorMissing))
}
