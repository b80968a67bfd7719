//! Who was here before is not kept out by strangers who guess (ATT-06).
//!
//! After many wrong passwords an account waits, whoever guessed. But a browser with which the person signed in before, and a session
//! of theirs that is open, have some tries of their own meanwhile: fewer than the policy allows, and counted for each alone.
//! Such a browser keeps a token about it (OWASP calls that a device cookie). It opens nothing.

use super::Caller;
use crate::{Store, StoreError};
use attest_domain::ids::UserId;
use attest_keyring::{Keyring, random};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::time::Duration;
use subtle::ConstantTimeEq;
use uuid::Uuid;

const CLASS: &str = "familiar";
/// Tries at once; afterwards one in every [`EVERY`].
const TRIES: u32 = 5;
const EVERY: Duration = Duration::from_secs(1_800);
/// People whom a shared workstation remembers.
const PEOPLE: usize = 8;
/// Person, browser, and 16 octets that only we can write.
const SIZE: usize = 48;

/// Someone who may try although the account waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Familiar(String);

impl Familiar {
    /// The caller's open session.
    pub(super) fn session(caller: &Caller) -> Self {
        Self(format!("session {}", caller.principal().session))
    }

    /// The browser that shows this, if the person signed in with it before.
    pub(super) fn browser(keyring: &Keyring, shown: Option<&str>, person: Uuid) -> Option<Self> {
        let mark = marks(shown?).find(|mark| mark.starts_with(person.as_bytes()))?;
        let (said, seal) = mark.split_at_checked(SIZE - 16)?;
        let genuine = bool::from(sealed(keyring, said).ct_eq(seal));
        genuine.then(|| Self(format!("browser {}", URL_SAFE_NO_PAD.encode(said))))
    }
}

impl Store {
    /// What a browser is to keep so that it is known again: what it showed, and the person, if they are not in it.
    pub fn browser_meets(&self, shown: Option<&str>, person: UserId) -> Option<String> {
        let keyring = self.keyring();
        if Familiar::browser(keyring, shown, person.uuid()).is_some() {
            return None;
        }
        let said = [person.uuid().as_bytes().as_slice(), &random::<16>()].concat();
        let mark = [said.as_slice(), &sealed(keyring, &said)].concat();
        let others = shown.map(marks).into_iter().flatten();
        let kept = std::iter::once(mark).chain(others.filter(|other| !other.starts_with(person.uuid().as_bytes())));
        let texts: Vec<String> = kept.take(PEOPLE).map(|mark| URL_SAFE_NO_PAD.encode(mark)).collect();
        Some(texts.join("."))
    }

    pub(super) async fn may_try(&self, familiar: &Familiar) -> Result<bool, StoreError> {
        let wait = self.allowance_left(CLASS, &familiar.0, TRIES, EVERY).await?;
        Ok(wait.is_none())
    }

    /// Spends a try; false when there was none left.
    pub(super) async fn tries(&self, familiar: &Familiar) -> Result<bool, StoreError> {
        let wait = self.allowance_spend(CLASS, &familiar.0, TRIES, EVERY).await?;
        Ok(wait.is_none())
    }
}

fn marks(shown: &str) -> impl Iterator<Item = Vec<u8>> {
    shown
        .split('.')
        .take(PEOPLE)
        .filter_map(|text| URL_SAFE_NO_PAD.decode(text).ok())
        .filter(|mark| mark.len() == SIZE)
}

fn sealed(keyring: &Keyring, said: &[u8]) -> [u8; 16] {
    let whole = keyring.blind_index(Uuid::nil(), "browser", &URL_SAFE_NO_PAD.encode(said));
    let mut seal = [0; 16];
    seal.copy_from_slice(whole.split_at(16).0);
    seal
}
