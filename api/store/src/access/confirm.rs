//! Proving once more who one is: for five minutes (a step-up), or for a single act (an electronic signature).

use super::second_factor::Shown;
use super::{Caller, LoginRefused};
use crate::{Event, Store};
use attest_domain::Action;
use attest_domain::identity::Factor;

/// What a signer proves who they are with, before any second factor.
#[derive(Clone)]
pub enum SignerProof {
    /// The password.
    Password(String),
    /// What they proved a moment ago at the laboratory's identity provider.
    SignOn,
}

impl std::fmt::Debug for SignerProof {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "SignerProof(…)")
    }
}

/// What a person confirms their identity with.
#[derive(Clone)]
pub enum Confirmation {
    /// The password; enough for those who have no second factor.
    Password(String),
    /// A second factor.
    Factor(Shown),
}

impl std::fmt::Debug for Confirmation {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Confirmation(…)")
    }
}

impl Store {
    /// Whether this is the caller's own password. A wrong one is recorded and counts towards the lock-out.
    ///
    /// # Errors
    /// [`LoginRefused::Credentials`] when it is not; [`LoginRefused::Waits`]; [`LoginRefused::Busy`].
    pub async fn confirm_password(&self, caller: &Caller, password: &str) -> Result<(), LoginRefused> {
        if self.password_fits(caller, password).await? {
            return Ok(());
        }
        self.not_confirmed(caller).await
    }

    /// Whether this proves the caller, and how; a wrong one counts towards the lock-out.
    ///
    /// # Errors
    /// [`LoginRefused::FactorMissing`] for the password of somebody who has a second factor; [`LoginRefused::Waits`].
    pub(super) async fn confirms(
        &self,
        caller: &Caller,
        shown: &Confirmation,
    ) -> Result<Option<&'static str>, LoginRefused> {
        match shown {
            Confirmation::Password(_) if caller.principal().has_second_factor => {
                Err(self.factors_missing(caller).await?)
            }
            Confirmation::Password(password) => Ok(self.password_fits(caller, password).await?.then_some("password")),
            Confirmation::Factor(shown) => Ok(self.factor_confirms(caller, shown).await?.map(Factor::as_str)),
        }
    }

    /// The electronic signature's proof: password or the identity provider's word, and second factor where the person has one.
    /// Wrong ones are recorded and count towards the lock-out. The answer is the `method` of the signature in the ledger.
    ///
    /// # Errors
    /// [`LoginRefused::Credentials`] when it is not them; [`LoginRefused::FactorMissing`]; [`LoginRefused::Waits`];
    /// [`LoginRefused::Busy`].
    pub async fn confirm_signature(
        &self,
        caller: &Caller,
        first: &SignerProof,
        second: Option<&Shown>,
    ) -> Result<String, LoginRefused> {
        let SignerProof::Password(password) = first else {
            return self.signs_on(caller, second).await;
        };
        if caller.principal().has_second_factor && second.is_none() {
            return Err(self.factors_missing(caller).await?);
        }
        // The code is used up by looking at it: first the password.
        if self.password_fits(caller, password).await? {
            match second {
                None => return Ok("password".to_owned()),
                Some(shown) => {
                    if let Some(factor) = self.factor_confirms(caller, shown).await? {
                        return Ok(format!("password+{factor}"));
                    }
                }
            }
        }
        self.not_confirmed(caller).await
    }

    /// A signature by the identity provider's word, each of which serves once. Where it stands for several factors nothing more
    /// is asked.
    async fn signs_on(&self, caller: &Caller, second: Option<&Shown>) -> Result<String, LoginRefused> {
        let Some(proof) = self.proof_at_provider(caller).await? else {
            return self.not_confirmed(caller).await;
        };
        let mut method = "sign_on".to_owned();
        if proof.several_factors {
            method.push_str("+mfa");
        } else if caller.principal().has_second_factor {
            let Some(shown) = second else {
                return Err(self.factors_missing(caller).await?);
            };
            match self.factor_confirms(caller, shown).await? {
                Some(factor) => method = format!("{method}+{factor}"),
                None => return self.not_confirmed(caller).await,
            }
        }
        if self.proof_at_provider_used(caller).await? {
            Ok(method)
        } else {
            self.not_confirmed(caller).await
        }
    }

    async fn not_confirmed<T>(&self, caller: &Caller) -> Result<T, LoginRefused> {
        let session = caller.principal().session;
        self.write(caller.on_record(), None, move |tx| {
            tx.record(Event::new(Action::StepUpFailed, "session", session), ())
        })
        .await?;
        Err(LoginRefused::Credentials)
    }

    /// As [`factor_fits`](Self::factor_fits), behind the lock-out.
    async fn factor_confirms(&self, caller: &Caller, shown: &Shown) -> Result<Option<Factor>, LoginRefused> {
        let account = self.own_account(caller).await?;
        let fits = self.factor_fits(caller, shown).await?;
        if fits.is_none() {
            self.count_wrong_proof(caller, &account).await?;
        }
        Ok(fits)
    }
}
