//! What a laboratory decides about its passwords, within bounds that keep them safe.

use super::{OwnWords, PasswordRefusal};
use crate::text::check_line;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// Most characters; a longer password is refused, never cut (ASVS 6.2.9).
pub const LENGTH_MAX: usize = 128;

const MIN_LENGTHS: RangeInclusive<u8> = 8..=64;
const HISTORIES: RangeInclusive<u8> = 0..=24;
const LOCKOUTS: RangeInclusive<u8> = 3..=20;
const WORDS_MAX: usize = 200;
const WORD_LENGTHS: RangeInclusive<usize> = 4..=40;

/// Policy for passwords. A missing field means its default; an unknown one is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordPolicy {
    /// Fewest characters: 8 to 64, 12 by default.
    pub min_length: u8,
    /// Letters, digits and another character are required. On by default.
    pub composition: bool,
    /// As many of the last passwords, the present one among them, cannot be chosen again: 0 to 24, 10 by default.
    pub history: u8,
    /// Wrong passwords after which an account waits, longer each time: 3 to 20, 10 by default.
    pub lockout_after: u8,
    /// The laboratory's own words, which no password may contain: at most 200, of 4 to 40 characters.
    pub blocklist: Vec<String>,
    /// A password that an administrator gave must be changed at the first login. On by default.
    pub change_initial: bool,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self {
            min_length: 12,
            composition: true,
            history: 10,
            lockout_after: 10,
            blocklist: Vec::new(),
            change_initial: true,
        }
    }
}

impl PasswordPolicy {
    /// The fields that are out of their bounds, with what the bounds are.
    #[must_use]
    pub fn out_of_bounds(&self) -> Vec<(&'static str, &'static str)> {
        let mut wrong = Vec::new();
        if !MIN_LENGTHS.contains(&self.min_length) {
            wrong.push(("min_length", "must be between 8 and 64"));
        }
        if !HISTORIES.contains(&self.history) {
            wrong.push(("history", "must be between 0 and 24"));
        }
        if !LOCKOUTS.contains(&self.lockout_after) {
            wrong.push(("lockout_after", "must be between 3 and 20"));
        }
        let fits = |word: &String| WORD_LENGTHS.contains(&word.trim().chars().count()) && check_line(word, 40).is_ok();
        if self.blocklist.len() > WORDS_MAX || !self.blocklist.iter().all(fits) {
            wrong.push(("blocklist", "must have at most 200 words of 4 to 40 characters"));
        }
        wrong
    }

    /// What the rules that need nothing but the password and the words have against it.
    #[must_use]
    pub fn refusals(&self, password: &str, own: &OwnWords) -> Vec<PasswordRefusal> {
        let length = password.chars().count();
        let mut refusals = Vec::new();
        if length < usize::from(self.min_length) {
            refusals.push(PasswordRefusal::TooShort {
                least: self.min_length,
                has: length,
            });
        }
        if length > LENGTH_MAX {
            refusals.push(PasswordRefusal::TooLong { has: length });
        }
        let has = |test: fn(char) -> bool| password.chars().any(test);
        if self.composition && !(has(char::is_alphabetic) && has(char::is_numeric) && has(|c| !c.is_alphanumeric())) {
            refusals.push(PasswordRefusal::Composition);
        }
        if let Some(word) = own.inside(password) {
            refusals.push(PasswordRefusal::OwnWords { word: word.to_owned() });
        }
        refusals
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(policy: &PasswordPolicy, password: &str) -> Vec<&'static str> {
        let own = OwnWords::of_person("anna@lab.example", "Anna Nowak");
        policy
            .refusals(password, &own)
            .iter()
            .map(PasswordRefusal::code)
            .collect()
    }

    /// ATT-01
    #[test]
    fn length_counts_characters_and_nothing_is_cut() {
        let policy = PasswordPolicy::default();
        assert_eq!(codes(&policy, "Correct-horse-42"), [""; 0]);
        assert_eq!(codes(&policy, "short-1"), ["too_short"]);
        assert_eq!(codes(&policy, &"a1-".repeat(43)), ["too_long"]);
        assert_eq!(codes(&policy, &format!("{}-1", "ż".repeat(126))), [""; 0]);
        assert_eq!(codes(&policy, "żółtyKamień7"), ["composition"]);
        assert_eq!(codes(&policy, "żółtyKamień7!"), [""; 0], "any Unicode, 13 characters");
        assert_eq!(codes(&policy, "Anna-1"), ["too_short", "own_words"], "all at once");
    }

    #[test]
    fn composition_is_the_laboratorys_choice() {
        let loose = PasswordPolicy {
            composition: false,
            ..PasswordPolicy::default()
        };
        assert_eq!(codes(&loose, "onlyletterswithoutdigits"), [""; 0]);
        assert_eq!(
            codes(&PasswordPolicy::default(), "onlyletterswithoutdigits"),
            ["composition"]
        );
    }

    #[test]
    fn no_laboratory_can_leave_the_safe_bounds() {
        assert!(PasswordPolicy::default().out_of_bounds().is_empty());
        let unsafe_policy = PasswordPolicy {
            min_length: 7,
            history: 25,
            lockout_after: 21,
            blocklist: vec!["abc".to_owned()],
            ..PasswordPolicy::default()
        };
        let fields: Vec<&str> = unsafe_policy.out_of_bounds().iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, ["min_length", "history", "lockout_after", "blocklist"]);
        assert!(serde_json::from_str::<PasswordPolicy>(r#"{"expires": 30}"#).is_err());
        assert_eq!(
            serde_json::from_str::<PasswordPolicy>("{}").ok(),
            Some(PasswordPolicy::default())
        );
    }
}
