//! Why a password was refused, and what to do instead, in the language of the person who chooses.

use super::LENGTH_MAX;
use crate::Language;

/// One thing that is wrong with a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasswordRefusal {
    /// Fewer characters than the laboratory asks for.
    TooShort {
        /// The fewest it accepts.
        least: u8,
        /// How many it has.
        has: usize,
    },
    /// More characters than are ever accepted.
    TooLong {
        /// How many it has.
        has: usize,
    },
    /// A kind of character is missing.
    Composition,
    /// It holds a word of the person or the laboratory.
    OwnWords {
        /// The word, without case and accents.
        word: String,
    },
    /// It is one of the passwords that everybody tries first, or nearly.
    Common,
    /// It takes too few guesses (ATT-02).
    Guessable(Weakness),
    /// It was used before (ATT-03).
    Reused {
        /// As many of the last ones are kept out.
        last: u8,
    },
}

/// What makes a password easy to guess, as far as it can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weakness {
    /// Keys beside each other.
    Keyboard,
    /// The same again and again.
    Repetition,
    /// Such as abcd or 6543.
    Sequence,
    /// A year or a date.
    Date,
    /// One word of the dictionary.
    SingleWord,
    /// A first or family name.
    Name,
    /// Nothing in particular.
    TooSimple,
}

impl PasswordRefusal {
    /// Stable code for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooShort { .. } => "too_short",
            Self::TooLong { .. } => "too_long",
            Self::Composition => "composition",
            Self::OwnWords { .. } => "own_words",
            Self::Common => "common",
            Self::Guessable(_) => "guessable",
            Self::Reused { .. } => "reused",
        }
    }

    /// What is wrong and what to do, for a person.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        match (self, language) {
            (Self::TooShort { least, has }, Language::En) => {
                format!("must have at least {least} characters; this one has {has}. A few words that do not belong together are easy to remember")
            }
            (Self::TooShort { least, has }, Language::Pl) => {
                format!("musi mieć co najmniej {least} znaków; to ma {has}. Łatwo zapamiętać kilka słów, które do siebie nie pasują")
            }
            (Self::TooLong { has }, Language::En) => {
                format!("must have at most {LENGTH_MAX} characters; this one has {has}")
            }
            (Self::TooLong { has }, Language::Pl) => format!("może mieć najwyżej {LENGTH_MAX} znaków; to ma {has}"),
            (Self::Composition, _) => language
                .pick(
                    "must have letters, digits and at least one other character, such as a hyphen or a space",
                    "musi zawierać litery, cyfry i co najmniej jeden inny znak, na przykład łącznik lub spację",
                )
                .to_owned(),
            (Self::OwnWords { word }, Language::En) => {
                format!("must not contain “{word}”: whoever guesses tries your name, your address and the laboratory's words first")
            }
            (Self::OwnWords { word }, Language::Pl) => {
                format!("nie może zawierać „{word}”: zgadujący zaczyna od nazwiska, adresu i słów związanych z laboratorium")
            }
            (Self::Common, _) => language
                .pick(
                    "is one of the most common passwords, or nearly so; choose a few words that do not belong together",
                    "to jedno z najczęstszych haseł albo bardzo podobne; wybierz kilka słów, które do siebie nie pasują",
                )
                .to_owned(),
            (Self::Guessable(weakness), _) => {
                let (why, instead) = (weakness.describe(language), language.pick(
                    "add a word or two that have nothing to do with the rest",
                    "dodaj jedno lub dwa słowa niezwiązane z resztą",
                ));
                format!("{} ({why}); {instead}", language.pick("is too easy to guess", "jest zbyt łatwe do odgadnięcia"))
            }
            (Self::Reused { last }, Language::En) => {
                format!("was used before: none of your last {last} passwords may be chosen again")
            }
            (Self::Reused { last }, Language::Pl) => {
                format!("było już używane: nie można wybrać żadnego z ostatnich haseł (liczba zapamiętanych: {last})")
            }
        }
    }
}

impl Weakness {
    const fn describe(self, language: Language) -> &'static str {
        match self {
            Self::Keyboard => language.pick("keys that lie beside each other", "klawisze leżące obok siebie"),
            Self::Repetition => language.pick("the same again and again", "powtarzające się znaki lub słowa"),
            Self::Sequence => language.pick("a sequence such as abcd or 6543", "ciąg w rodzaju abcd lub 6543"),
            Self::Date => language.pick("a year or a date", "rok lub data"),
            Self::SingleWord => language.pick("a single word", "jedno słowo ze słownika"),
            Self::Name => language.pick("a common name", "popularne imię lub nazwisko"),
            Self::TooSimple => language.pick("too few guesses are needed", "wystarczy niewiele prób"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_speaks_both_languages() {
        let all = [
            PasswordRefusal::TooShort { least: 12, has: 3 },
            PasswordRefusal::TooLong { has: 129 },
            PasswordRefusal::Composition,
            PasswordRefusal::OwnWords {
                word: "nowak".to_owned(),
            },
            PasswordRefusal::Common,
            PasswordRefusal::Guessable(Weakness::Keyboard),
            PasswordRefusal::Guessable(Weakness::TooSimple),
            PasswordRefusal::Reused { last: 10 },
        ];
        for refusal in all {
            let (en, pl) = (refusal.message(Language::En), refusal.message(Language::Pl));
            assert_ne!(en, pl, "{refusal:?}");
            assert!(!refusal.code().is_empty() && en.len() > 20 && pl.len() > 20);
        }
    }
}
