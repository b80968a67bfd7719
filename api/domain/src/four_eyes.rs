//! Two persons where one could err or cheat: verification, release, merging.

use crate::ids::UserId;
use crate::vocabulary::vocabulary;
use crate::{Language, Refusal};

/// The same person did the first half (409, `four-eyes`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SamePerson {
    /// The verifier entered the value.
    #[error("you entered this result; another person has to verify it")]
    EnteredIt,
    /// The verifier entered the value; the test would allow it, but no reason was given.
    #[error("you entered this result; verifying it yourself needs a reason")]
    EnteredItWithoutReason,
    /// The releaser signed the report.
    #[error("you signed this report; another person has to release it")]
    SignedIt,
    /// The one who asked also confirms.
    #[error("you asked for this; another person has to confirm it")]
    AskedForIt,
    /// The access that is reviewed is the reviewer's own.
    #[error("this is your own access; another person who may manage users has to decide on it")]
    OwnAccess,
}

impl SamePerson {
    /// The refusal in words.
    #[must_use]
    pub const fn message(self, language: Language) -> &'static str {
        match self {
            SamePerson::EnteredIt => language.pick(
                "You entered this result; another person has to verify it.",
                "Ten wynik wprowadziła ta sama osoba; zweryfikować musi go ktoś inny.",
            ),
            SamePerson::EnteredItWithoutReason => language.pick(
                "You entered this result; verifying it yourself needs a reason.",
                "Ten wynik wprowadziła ta sama osoba; samodzielna weryfikacja wymaga podania powodu.",
            ),
            SamePerson::SignedIt => language.pick(
                "You signed this report; another person has to release it.",
                "To sprawozdanie podpisała ta sama osoba; wydać musi je ktoś inny.",
            ),
            SamePerson::AskedForIt => language.pick(
                "You asked for this; another person has to confirm it.",
                "Wniosek złożyła ta sama osoba; potwierdzić musi go ktoś inny.",
            ),
            SamePerson::OwnAccess => language.pick(
                "This is your own access; another person who may manage users has to decide on it.",
                "To własny dostęp; musi o nim zdecydować inna osoba zarządzająca użytkownikami.",
            ),
        }
    }
}

vocabulary! {
    /// An act that always takes two people, whatever the laboratory's policy: one asks, another one asks for the same.
    TwoPersonAct {
        /// Two records of one patient become one.
        Merge = "merge", "merge two records of a patient", "scalenie dwóch kartotek pacjenta";
        /// A sample is moved to another order.
        Relink = "relink", "move a sample to another order", "przeniesienie próbki do innego zlecenia";
        /// What is known about a person is destroyed.
        Erase = "erase", "erase a person", "usunięcie danych osoby";
        /// The key that signs the audit log is replaced.
        KeyRotation = "key_rotation", "replace the audit log's signing key", "wymiana klucza podpisującego dziennik audytu";
    }
}

vocabulary! {
    /// Where a request for an act of two people stands.
    TwoPersonState {
        /// One person asked; another one has to ask for the same.
        Requested = "requested", "waits for a second person", "czeka na drugą osobę";
        /// Both asked, and it was done.
        Done = "done", "done", "wykonane";
        /// Taken back, or declined by somebody who could have confirmed.
        Withdrawn = "withdrawn", "withdrawn", "wycofany";
        /// Nobody confirmed in time.
        Expired = "expired", "ran out", "wygasł";
    }
}

impl TwoPersonAct {
    /// Days that a request waits for its second person; after that it has to be made again.
    pub const WAITS_DAYS: i64 = 7;
}

/// How a verification is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
    /// By somebody else, or by anybody where the laboratory does not ask for four eyes.
    Ordinary,
    /// By the person who entered it, with a reason: flagged `self_verified`, and shown on the report.
    ByEnterer,
}

/// May `verifier` verify what `enterer` entered? Without the four-eyes policy one person may do both; the record names the same
/// person twice. [`Verification::ByEnterer`] is [`crate::workflow::ResultVerb::SelfVerify`], anything else `Verify`.
///
/// # Errors
/// [`SamePerson`] when the laboratory wants two persons and the test does not allow self-verification, or no reason is given.
pub fn verification(
    verifier: UserId,
    enterer: UserId,
    four_eyes: bool,
    self_verification_allowed: bool,
    reason: Option<&str>,
) -> Result<Verification, Refusal> {
    if verifier != enterer || !four_eyes {
        return Ok(Verification::Ordinary);
    }
    if !self_verification_allowed {
        return Err(SamePerson::EnteredIt.into());
    }
    if reason.is_none_or(|text| text.trim().is_empty()) {
        return Err(SamePerson::EnteredItWithoutReason.into());
    }
    Ok(Verification::ByEnterer)
}

/// May `releaser` release what `signer` signed?
///
/// # Errors
/// [`SamePerson::SignedIt`] when the laboratory wants two persons.
pub fn release(releaser: UserId, signer: UserId, four_eyes: bool) -> Result<(), Refusal> {
    if four_eyes && releaser == signer {
        return Err(SamePerson::SignedIt.into());
    }
    Ok(())
}

/// May `confirmer` confirm what `requester` asked for (merging patients, relinking a sample, erasure)? Always two persons.
///
/// # Errors
/// [`SamePerson::AskedForIt`] when they are one.
pub fn second_person(confirmer: UserId, requester: UserId) -> Result<(), Refusal> {
    if confirmer == requester {
        return Err(SamePerson::AskedForIt.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_person_verifies() {
        let (anna, jan) = (UserId::new(), UserId::new());
        assert_eq!(verification(jan, anna, true, false, None), Ok(Verification::Ordinary));
        assert_eq!(
            verification(anna, anna, true, false, Some("alone")),
            Err(SamePerson::EnteredIt.into())
        );
    }

    #[test]
    fn alone_at_night_a_reason_is_needed_and_it_is_flagged() {
        let anna = UserId::new();
        assert_eq!(
            verification(anna, anna, true, true, None),
            Err(SamePerson::EnteredItWithoutReason.into())
        );
        assert_eq!(
            verification(anna, anna, true, true, Some("  ")),
            Err(SamePerson::EnteredItWithoutReason.into())
        );
        assert_eq!(
            verification(anna, anna, true, true, Some("night duty")),
            Ok(Verification::ByEnterer)
        );
    }

    #[test]
    fn without_the_policy_one_person_may_do_both() {
        let anna = UserId::new();
        assert_eq!(verification(anna, anna, false, false, None), Ok(Verification::Ordinary));
        assert_eq!(release(anna, anna, false), Ok(()));
        assert_eq!(release(anna, anna, true), Err(SamePerson::SignedIt.into()));
    }

    #[test]
    fn merging_always_takes_two() {
        let (anna, jan) = (UserId::new(), UserId::new());
        assert_eq!(second_person(jan, anna), Ok(()));
        assert_eq!(
            second_person(anna, anna).map_err(|refusal| refusal.slug()),
            Err("four-eyes")
        );
    }
}
