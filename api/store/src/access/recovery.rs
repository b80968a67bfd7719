//! Recovery codes: ten on paper, each good once, for when app and passkeys are out of reach. Only keyed hashes are kept.

use crate::db::{Db, row, sql};
use crate::store::Inner;
use crate::{StoreError, now};
use attest_domain::ids::UserId;
use attest_keyring::random;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Codes of one set.
const SET: usize = 10;
/// No letters that are mistaken for digits on paper (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Characters of a code: 140 bits, so that a keyed hash keeps it as well as a slow one would (ASVS 6.5.2, 11.5.1). Older sets,
/// of ten characters, stay good.
const LENGTH: usize = 28;
/// Characters that stand together.
const GROUP: usize = 4;

/// A new set, as it is shown once: `k3m9-x72h-qd4v-8n1c-p0tz-5gwe-b6rj`.
pub(super) fn fresh() -> Vec<String> {
    let mut codes = BTreeSet::new();
    while codes.len() < SET {
        let letters: Vec<char> = random::<LENGTH>()
            .iter()
            .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)))
            .map(|letter| char::from(*letter))
            .collect();
        let groups: Vec<String> = letters.chunks(GROUP).map(|group| group.iter().collect()).collect();
        codes.insert(groups.join("-"));
    }
    codes.into_iter().collect()
}

/// What is compared: without case, blanks and hyphens; letters read as the digits they look like.
fn normal(code: &str) -> String {
    code.chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        })
        .collect()
}

fn hash(inner: &Inner, tenant: Uuid, user: UserId, code: &str) -> Vec<u8> {
    let place = format!("recovery-code/{user}");
    inner.keyring.blind_index(tenant, &place, &normal(code)).to_vec()
}

/// Puts a new set in the place of the old one.
pub(super) fn replace(
    inner: &Inner,
    db: &mut Db,
    tenant: Uuid,
    user: UserId,
    codes: &[String],
) -> Result<(), StoreError> {
    remove(db, tenant, user)?;
    for code in codes {
        sql("INSERT INTO recovery_codes (tenant_id, user_id, code_hash, created_at) VALUES (?, ?, ?, ?)")
            .bind(tenant)
            .bind(user)
            .bind(hash(inner, tenant, user, code))
            .bind(now())
            .run(db)?;
    }
    Ok(())
}

/// Takes a code; false when it is none of the person's, or was used. In the row itself: of two at once, one gets in.
pub(super) fn take(inner: &Inner, db: &mut Db, tenant: Uuid, user: UserId, code: &str) -> Result<bool, StoreError> {
    let taken = sql(
        "UPDATE recovery_codes SET used_at = ? WHERE tenant_id = ? AND user_id = ? AND code_hash = ? AND used_at IS NULL",
    )
    .bind(now())
    .bind(tenant)
    .bind(user)
    .bind(hash(inner, tenant, user, code))
    .run(db)?;
    Ok(taken == 1)
}

/// How many are left.
pub(super) fn left(db: &mut Db, tenant: Uuid, user: UserId) -> Result<u32, StoreError> {
    row! { struct LeftRow { count: i64 } }
    let row = sql("SELECT COUNT(*) FROM recovery_codes WHERE tenant_id = ? AND user_id = ? AND used_at IS NULL")
        .bind(tenant)
        .bind(user)
        .one::<LeftRow>(db)?;
    Ok(u32::try_from(row.count).unwrap_or(0))
}

/// Forgets them all.
pub(super) fn remove(db: &mut Db, tenant: Uuid, user: UserId) -> Result<(), StoreError> {
    sql("DELETE FROM recovery_codes WHERE tenant_id = ? AND user_id = ?")
        .bind(tenant)
        .bind(user)
        .run(db)
        .map(|_rows| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_ten_different_ones_and_forgive_how_they_are_typed() {
        let codes = fresh();
        assert_eq!(codes.len(), SET);
        assert!(codes.iter().all(|code| normal(code).len() == LENGTH), "{codes:?}");
        let mut groups = codes.iter().flat_map(|code| code.split('-'));
        assert!(groups.all(|group| group.len() == GROUP), "{codes:?}");
        assert_eq!(normal("K3M9-x72h-qd4v-8n1c-p0tz 5gwe "), "k3m9x72hqd4v8n1cp0tz5gwe");
        assert_eq!(normal("K3M9x-72hqd "), "k3m9x72hqd", "older ones");
        assert_eq!(normal("OIL00 00000"), "0110000000");
    }
}
