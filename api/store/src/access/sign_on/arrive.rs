//! Coming in by the provider's word.

use super::offered::known;
use super::{SignOnAttempt, SignOnRefused};
use crate::access::challenges::LoginTicket;
use crate::access::login::Proven;
use crate::access::second_factor::methods;
use crate::access::{FactorNeeded, RequestSource, Scope, SessionMode, SessionTokens};
use crate::tx::WriteTx;
use crate::{Event, Store, StoreError};
use attest_domain::ids::UserId;
use attest_domain::{Action, may};
use std::sync::Arc;

/// What a provider proved about a person. Only who checked signature, issuer, audience, nonce and time may make one.
#[derive(Clone)]
pub struct SignOnClaims {
    /// The issuer.
    pub issuer: String,
    /// Its own name for the person, which never changes.
    pub subject: String,
    /// E-mail address.
    pub email: Option<String>,
    /// The provider vouches for it.
    pub email_verified: bool,
    /// Printed name.
    pub name: Option<String>,
    /// Language, such as `pl-PL`.
    pub language: Option<String>,
    /// Groups or roles.
    pub role_values: Vec<String>,
    /// The provider asked for more than one factor.
    pub several_factors: bool,
    /// When the person last proved anything to the provider; seconds since 1970.
    pub auth_time: Option<i64>,
}

impl std::fmt::Debug for SignOnClaims {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "SignOnClaims({})", self.issuer)
    }
}

impl Store {
    /// Opens a session in cookies for the person that the provider named, who is found, linked or made here. Whoever has a
    /// second factor of ours, and was not asked for one there, shows it next: the ticket leads on.
    ///
    /// # Errors
    /// [`SignOnRefused`]; all of it is recorded.
    pub async fn sign_on_login(
        &self,
        attempt: &SignOnAttempt,
        claims: SignOnClaims,
        source: RequestSource,
    ) -> Result<SessionTokens, SignOnRefused> {
        let tenant = attempt.laboratory;
        let several_factors = claims.several_factors;
        let user = match self.sign_on_found(tenant, claims, source.clone()).await? {
            Ok(user) => user,
            Err(refused) => return Err(refused),
        };
        let account = self.account_of(tenant, user.uuid()).await?;
        if !account.active {
            return Err(SignOnRefused::Inactive);
        }
        if account.has_second_factor && !several_factors {
            let needed = self.inner.backend.write(Some(tenant), move |db| {
                Ok(FactorNeeded {
                    methods: methods(db, tenant, user)?,
                    ticket: LoginTicket::issue(db, tenant, user, true)?,
                    wrong: false,
                })
            });
            return Err(SignOnRefused::SecondFactor(needed.await?));
        }
        let proven = Proven {
            factor: None,
            signed_on: true,
            several_factors,
        };
        Ok(self
            .login_succeeded(account, SessionMode::Cookie, proven, source)
            .await?)
    }

    /// Who it is, with their roles. What is refused is recorded together with what was found out.
    async fn sign_on_found(
        &self,
        tenant: uuid::Uuid,
        claims: SignOnClaims,
        source: RequestSource,
    ) -> Result<Result<UserId, SignOnRefused>, StoreError> {
        let inner = Arc::clone(&self.inner);
        let found = self.inner.backend.write(Some(tenant), move |db| {
            let room = inner.tenants.load(db, tenant)?;
            room.laboratory.open()?;
            let Some((provider, rules)) = known(db, tenant)? else {
                return Ok(Err(SignOnRefused::Over));
            };
            let mut scope = Scope::system(room, "sign-on");
            scope.source = source.into();
            let mut tx: WriteTx<'_, may::UserManage> = WriteTx::new(&inner, db, &scope);
            let found = tx.sign_on_person(&provider, &rules, &claims)?;
            if let Err(refused) = &found {
                let event = Event::new(Action::SignOnRefused, "laboratory", tenant)
                    .set("cause", refused.code())
                    .set("subject", claims.subject.as_str());
                tx.also(event)?;
            }
            Ok(found)
        });
        let found = found.await?;
        self.inner.sequencing.wake(tenant);
        self.inner.post.wake(tenant);
        Ok(found)
    }
}
