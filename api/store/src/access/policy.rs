//! Whether somebody may choose a password: the laboratory's rules, and how many guesses it takes (ATT-02).

use super::HashingLoad;
use crate::tenant::Laboratory;
use crate::{Fault, Store, StoreError};
use attest_domain::Language;
use attest_domain::password::{LENGTH_MAX, OwnWords, PasswordPolicy, PasswordRefusal, Weakness};
use zxcvbn::feedback::{Feedback, Warning};

/// An estimate below this is refused.
const LEAST_SCORE: u8 = 3;

/// What is to be said about a password that somebody would like.
#[derive(Debug, Clone)]
pub struct PasswordVerdict {
    /// 0 (one of the first guesses) to 4 (hopeless to guess).
    pub score: u8,
    /// Everything that is wrong with it; acceptable when empty.
    pub refusals: Vec<PasswordRefusal>,
}

impl PasswordVerdict {
    /// The refusals as faults of a request's field, in the language of the person who chooses.
    pub(crate) fn accepted(self, path: &str, language: Language) -> Result<(), StoreError> {
        if self.refusals.is_empty() {
            return Ok(());
        }
        Err(StoreError::Faults(
            self.refusals
                .iter()
                .map(|refusal| fault(path, refusal, language))
                .collect(),
        ))
    }
}

/// A refusal as a fault of a request's field.
pub(crate) fn fault(path: &str, refusal: &PasswordRefusal, language: Language) -> Fault {
    Fault {
        path: path.to_owned(),
        code: refusal.code().to_owned(),
        message: refusal.message(language),
    }
}

/// Words that the person's and the laboratory's passwords must not hold.
pub(crate) fn own_words(laboratory: &Laboratory, email: &str, name: &str) -> OwnWords {
    OwnWords::of_person(email, name).and_of_laboratory(
        &laboratory.name,
        &laboratory.slug,
        &laboratory.settings.password.blocklist,
    )
}

impl Store {
    /// Everything that can be said about a password without its history. The estimate takes its turn with the hashes: it
    /// costs time too, and some who may ask are not signed in.
    pub(crate) async fn password_verdict(
        &self,
        policy: &PasswordPolicy,
        own: OwnWords,
        plain: &str,
    ) -> Result<PasswordVerdict, StoreError> {
        let mut refusals = policy.refusals(plain, &own);
        if plain.chars().count() > LENGTH_MAX {
            return Ok(PasswordVerdict { score: 0, refusals });
        }
        let plain = plain.to_owned();
        let (score, weak) = self.inner.passwords.work(move || estimate(&plain, &own)).await?;
        refusals.extend(weak);
        Ok(PasswordVerdict { score, refusals })
    }
}

fn estimate(plain: &str, own: &OwnWords) -> (u8, Option<PasswordRefusal>) {
    let words: Vec<&str> = own.known().collect();
    let found = zxcvbn::zxcvbn(plain, &words);
    let score = u8::from(found.score());
    if score >= LEAST_SCORE {
        return (score, None);
    }
    let weakness = match found.feedback().and_then(Feedback::warning) {
        Some(
            Warning::ThisIsATop10Password
            | Warning::ThisIsATop100Password
            | Warning::ThisIsACommonPassword
            | Warning::ThisIsSimilarToACommonlyUsedPassword,
        ) => return (score, Some(PasswordRefusal::Common)),
        Some(Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess) => {
            Weakness::Keyboard
        }
        Some(Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess) => {
            Weakness::Repetition
        }
        Some(Warning::SequencesLikeAbcAreEasyToGuess) => Weakness::Sequence,
        Some(Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess) => Weakness::Date,
        Some(Warning::AWordByItselfIsEasyToGuess) => Weakness::SingleWord,
        Some(Warning::NamesAndSurnamesByThemselvesAreEasyToGuess | Warning::CommonNamesAndSurnamesAreEasyToGuess) => {
            Weakness::Name
        }
        None => Weakness::TooSimple,
    };
    (score, Some(PasswordRefusal::Guessable(weakness)))
}

impl From<HashingLoad> for StoreError {
    fn from(load: HashingLoad) -> Self {
        match load {
            HashingLoad::Full => Self::Overloaded,
            HashingLoad::Failed => Self::broken(load),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(plain: &str) -> &'static str {
        let own = OwnWords::of_person("anna@lab.example", "Anna Nowak").and_of_laboratory("Hill Water", "hill", &[]);
        estimate(plain, &own).1.map_or("", |refusal| refusal.code())
    }

    /// ATT-02
    #[test]
    fn what_everybody_tries_first_is_refused_whatever_characters_it_has() {
        assert_eq!(code("password123!"), "common");
        assert_eq!(code("P@ssw0rd1234"), "common");
        assert_eq!(code("qwertyuiop1!"), "common", "a row of keys, and on every list");
        assert_eq!(code("zaq1xsw2cde3"), "common", "columns of keys");
        assert_eq!(code("aaaaaaaaaaaa1-"), "guessable");
        assert_eq!(code("abcdefghijkl-1"), "guessable");
    }

    #[test]
    fn a_few_words_that_do_not_belong_together_are_accepted() {
        assert_eq!(code("Correct-horse-42-staple"), "");
        assert_eq!(code("Heron-1f93ab-Quay-77c0de"), "");
        assert_eq!(code("żółty kamień, 7 rowerów"), "");
    }
}
