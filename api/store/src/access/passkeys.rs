//! Passkeys (WebAuthn level 2): keys that never leave their device and answer to this origin alone.

use super::challenges::{self, Purpose};
use crate::db::{Db, row, sql};
use crate::store::Inner;
use crate::{StoreError, now};
use attest_domain::ids::{PasskeyId, UserId};
use serde_json::Value;
use uuid::Uuid;
use webauthn_rs::prelude::{
    AuthenticationResult, CredentialID, Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder,
};

/// Passkeys of one person.
const KEYS_MAX: usize = 20;

/// Who the keys answer to: the installation's origin. Without a domain name there are none (WebAuthn knows no addresses);
/// a loopback address is `localhost` to it.
pub(crate) struct RelyingParty(Option<Webauthn>);

impl RelyingParty {
    pub(crate) fn new(origin: &str) -> Self {
        Self(of_origin(origin))
    }

    fn here(&self) -> Result<&Webauthn, StoreError> {
        self.0.as_ref().ok_or_else(|| {
            StoreError::conflict(
                "passkeys need a domain name: the operator sets public_url to the https address that people open",
            )
        })
    }
}

fn of_origin(origin: &str) -> Option<Webauthn> {
    let mut origin: Url = origin.parse().ok()?;
    let address = origin.host_str()?.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    if address.is_ok_and(|ip| ip.is_loopback() || ip.is_unspecified()) {
        origin.set_host(Some("localhost")).ok()?;
    }
    let name = origin.domain()?.to_owned();
    WebauthnBuilder::new(&name, &origin)
        .ok()?
        .rp_name("Attest")
        .build()
        .ok()
}

row! {
    /// A passkey as its owner sees it.
    #[derive(Debug, Clone)]
    pub(super) struct KeyRow {
        pub(super) id: PasskeyId,
        pub(super) name: String,
        pub(super) created_at: chrono::DateTime<chrono::Utc>,
        pub(super) last_used_at: Option<chrono::DateTime<chrono::Utc>>,
    }
}

/// A person's passkeys, oldest first.
pub(super) fn list(db: &mut Db, tenant: Uuid, user: UserId) -> Result<Vec<KeyRow>, StoreError> {
    sql("SELECT id, name, created_at, last_used_at FROM passkeys WHERE tenant_id = ? AND user_id = ? ORDER BY id")
        .bind(tenant)
        .bind(user)
        .all(db)
}

fn credentials(db: &mut Db, tenant: Uuid, user: UserId) -> Result<Vec<Passkey>, StoreError> {
    row! { struct CredentialRow { credential: String } }
    sql("SELECT credential FROM passkeys WHERE tenant_id = ? AND user_id = ? ORDER BY id")
        .bind(tenant)
        .bind(user)
        .all::<CredentialRow>(db)?
        .into_iter()
        .map(|row| serde_json::from_str(&row.credential).map_err(StoreError::broken))
        .collect()
}

/// Who is asked for a new passkey, in which session.
pub(super) struct Applicant {
    pub(super) tenant: Uuid,
    pub(super) session: Uuid,
    pub(super) user: UserId,
    pub(super) email: String,
    pub(super) name: String,
}

/// Asks for a new passkey: what the browser's `navigator.credentials.create` takes.
pub(super) fn invite(inner: &Inner, db: &mut Db, who: &Applicant) -> Result<Value, StoreError> {
    let known = credentials(db, who.tenant, who.user)?;
    if known.len() >= KEYS_MAX {
        return Err(StoreError::conflict(format!(
            "there are {KEYS_MAX} passkeys already; remove one first"
        )));
    }
    let known: Vec<CredentialID> = known.iter().map(|key| key.cred_id().clone()).collect();
    let (asked, state) = inner
        .relying_party
        .here()?
        .start_passkey_registration(who.user.uuid(), &who.email, &who.name, Some(known))
        .map_err(StoreError::broken)?;
    let state = serde_json::to_string(&state).map_err(StoreError::broken)?;
    challenges::ask(db, who.tenant, who.session, Purpose::Register, who.user, &state)?;
    serde_json::to_value(asked.public_key).map_err(StoreError::broken)
}

/// Keeps the passkey that answers the question.
pub(super) fn welcome(
    inner: &Inner,
    db: &mut Db,
    who: &Applicant,
    key_name: &str,
    answer: &Value,
) -> Result<PasskeyId, StoreError> {
    let wrong = |why: String| StoreError::invalid("credential", "invalid", why);
    let answer: RegisterPublicKeyCredential = serde_json::from_value(answer.clone()).map_err(|error| {
        wrong(format!(
            "is not what navigator.credentials.create gives (toJSON): {error}"
        ))
    })?;
    let state = challenges::answered(db, who.tenant, who.session, Purpose::Register)?
        .ok_or_else(|| wrong("nothing was asked in the last five minutes: begin again".to_owned()))?;
    let state: PasskeyRegistration = serde_json::from_str(&state).map_err(StoreError::broken)?;
    let key = inner
        .relying_party
        .here()?
        .finish_passkey_registration(&answer, &state)
        .map_err(|error| wrong(format!("does not answer the question: {error}")))?;
    let id = PasskeyId::new();
    sql("INSERT INTO passkeys (tenant_id, id, user_id, credential_id, credential, name, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)")
        .bind(who.tenant)
        .bind(id)
        .bind(who.user)
        .bind(key.cred_id().as_slice().to_vec())
        .bind(serde_json::to_string(&key).map_err(StoreError::broken)?)
        .bind(key_name)
        .bind(now())
        .run(db)
        .map_err(|error| match error {
            StoreError::Duplicate { .. } => StoreError::Duplicate { field: "credential".to_owned() },
            other => other,
        })?;
    Ok(id)
}

/// Asks for one of a person's passkeys: what the browser's `navigator.credentials.get` takes. `id` is the session, or the
/// ticket of the login.
pub(super) fn challenge(
    inner: &Inner,
    db: &mut Db,
    tenant: Uuid,
    id: Uuid,
    purpose: Purpose,
    user: UserId,
) -> Result<Value, StoreError> {
    let known = credentials(db, tenant, user)?;
    if known.is_empty() {
        return Err(StoreError::conflict("there is no passkey"));
    }
    let (asked, state) = inner
        .relying_party
        .here()?
        .start_passkey_authentication(&known)
        .map_err(StoreError::broken)?;
    let state = serde_json::to_string(&state).map_err(StoreError::broken)?;
    challenges::ask(db, tenant, id, purpose, user, &state)?;
    serde_json::to_value(asked.public_key).map_err(StoreError::broken)
}

/// Whether one of the person's passkeys answers the question that was asked; the question is used up either way.
pub(super) fn answers(
    inner: &Inner,
    db: &mut Db,
    tenant: Uuid,
    id: Uuid,
    purpose: Purpose,
    user: UserId,
    answer: &Value,
) -> Result<bool, StoreError> {
    let Some(state) = challenges::answered(db, tenant, id, purpose)? else {
        return Ok(false);
    };
    let state: PasskeyAuthentication = serde_json::from_str(&state).map_err(StoreError::broken)?;
    let Ok(answer) = serde_json::from_value::<PublicKeyCredential>(answer.clone()) else {
        return Ok(false);
    };
    match inner
        .relying_party
        .here()?
        .finish_passkey_authentication(&answer, &state)
    {
        Ok(proof) => used(db, tenant, user, &proof),
        Err(error) => {
            tracing::info!(%error, %user, "a passkey was refused");
            Ok(false)
        }
    }
}

/// Notes the use, with the key's counter; false when the key was removed since it was asked for.
fn used(db: &mut Db, tenant: Uuid, user: UserId, proof: &AuthenticationResult) -> Result<bool, StoreError> {
    row! { struct CredentialRow { id: PasskeyId, credential: String } }
    let lock = db.for_update();
    let Some(row) = sql(format!(
        "SELECT id, credential FROM passkeys WHERE tenant_id = ? AND user_id = ? AND credential_id = ?{lock}"
    ))
    .bind(tenant)
    .bind(user)
    .bind(proof.cred_id().as_slice().to_vec())
    .first::<CredentialRow>(db)?
    else {
        return Ok(false);
    };
    let mut key: Passkey = serde_json::from_str(&row.credential).map_err(StoreError::broken)?;
    let _changed = key.update_credential(proof);
    sql("UPDATE passkeys SET credential = ?, last_used_at = ? WHERE tenant_id = ? AND id = ?")
        .bind(serde_json::to_string(&key).map_err(StoreError::broken)?)
        .bind(now())
        .bind(tenant)
        .bind(row.id)
        .run(db)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::of_origin;

    #[test]
    fn keys_answer_to_a_domain_and_on_this_machine_to_localhost() {
        let origins = |origin: &str| {
            of_origin(origin).map(|party| {
                party
                    .get_allowed_origins()
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
            })
        };
        assert_eq!(
            origins("https://lab.example"),
            Some(vec!["https://lab.example/".to_owned()])
        );
        assert_eq!(
            origins("http://127.0.0.1:8080"),
            Some(vec!["http://localhost:8080/".to_owned()])
        );
        assert_eq!(
            origins("http://[::1]:8080"),
            Some(vec!["http://localhost:8080/".to_owned()])
        );
        assert_eq!(origins("http://192.0.2.1"), None);
    }
}
