//! Passwords for the demonstration's logins.

use rand::Rng;
use rand::rngs::OsRng;
use rand::seq::SliceRandom;

const PASSWORD_LENGTH: usize = 20;
/// Without the characters that people mix up when they copy from a screen.
const LETTERS: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";
const DIGITS: &[u8] = b"23456789";
const SPECIAL: &[u8] = b"-+=:.@";

/// A password that fits the composition rule (ATT-01) and comes from the operating system's generator.
pub(crate) fn password() -> String {
    let mut rng = OsRng;
    let mut characters: Vec<u8> = [LETTERS, DIGITS, SPECIAL]
        .iter()
        .filter_map(|set| set.choose(&mut rng).copied())
        .collect();
    let all = [LETTERS, DIGITS, SPECIAL].concat();
    while characters.len() < PASSWORD_LENGTH {
        characters.extend(all.choose(&mut rng).copied());
    }
    // The three required characters must not always come first.
    for last in (1..characters.len()).rev() {
        let other = rng.gen_range(0..=last);
        characters.swap(last, other);
    }
    characters.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn passwords_are_long_mixed_and_never_the_same() {
        let passwords: BTreeSet<String> = (0..200).map(|_| password()).collect();
        assert_eq!(passwords.len(), 200);
        for password in passwords {
            assert!(password.len() >= 16);
            assert!(password.bytes().any(|b| LETTERS.contains(&b)));
            assert!(password.bytes().any(|b| DIGITS.contains(&b)));
            assert!(password.bytes().any(|b| SPECIAL.contains(&b)));
        }
    }
}
