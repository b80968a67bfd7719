//! Words that a guesser who knows the person and the laboratory tries first (ASVS 6.2.11).

use crate::name::normalise;

/// Words shorter than this are in many passwords by chance.
const SHORTEST: usize = 4;

/// The words of one person and their laboratory.
#[derive(Debug, Clone, Default)]
pub struct OwnWords {
    forbidden: Vec<String>,
    known: Vec<String>,
}

impl OwnWords {
    /// The person's own: printed name and e-mail address.
    #[must_use]
    pub fn of_person(email: &str, name: &str) -> Self {
        let (local, domain) = email.split_once('@').unwrap_or((email, ""));
        let mut words = Self::default();
        words.forbid(&squeezed(local));
        for part in normalise(local).split(' ').chain(normalise(name).split(' ')) {
            words.forbid(part);
        }
        words.know(domain);
        words
    }

    /// Also the laboratory's: its short name and the words it lists itself may not be inside a password; the words of its full
    /// name, which are often everyday ones, only make one easier to guess.
    #[must_use]
    pub fn and_of_laboratory(mut self, name: &str, slug: &str, listed: &[String]) -> Self {
        self.forbid(&squeezed(slug));
        for word in listed {
            self.forbid(&squeezed(word));
        }
        self.know(name);
        self.know(slug);
        self
    }

    /// The first of them that is inside the password, whatever its case, accents, and the characters between its letters.
    #[must_use]
    pub fn inside(&self, password: &str) -> Option<&str> {
        let level = squeezed(password);
        self.forbidden
            .iter()
            .find(|word| level.contains(word.as_str()))
            .map(String::as_str)
    }

    /// Everything a guesser knows, for the estimate of how many guesses a password takes.
    pub fn known(&self) -> impl Iterator<Item = &str> {
        self.forbidden.iter().chain(&self.known).map(String::as_str)
    }

    fn forbid(&mut self, word: &str) {
        if word.chars().count() >= SHORTEST && !self.forbidden.iter().any(|known| known == word) {
            self.forbidden.push(word.to_owned());
        }
    }

    fn know(&mut self, text: &str) {
        let words = normalise(text);
        self.known.extend(
            words
                .split(' ')
                .filter(|word| word.chars().count() > 2)
                .map(str::to_owned),
        );
    }
}

fn squeezed(text: &str) -> String {
    normalise(text).replace(' ', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> OwnWords {
        OwnWords::of_person("a.nowak@riverside.example", "Ańna Nowak").and_of_laboratory(
            "Riverside Water Laboratory",
            "riverside",
            &["blue heron".to_owned()],
        )
    }

    #[test]
    fn names_are_found_whatever_they_are_written_like() {
        let words = words();
        assert_eq!(words.inside("My-NOWAK-is-42-years"), Some("nowak"));
        assert_eq!(words.inside("n.o.w.a.k-Kettle-7"), Some("nowak"));
        assert_eq!(words.inside("xx-Anna-xx-11"), Some("anna"));
        assert_eq!(words.inside("A.Nowak-2026-sky"), Some("anowak"));
        assert_eq!(words.inside("Kettle-RiverSide-7"), Some("riverside"));
        assert_eq!(words.inside("Blue-Heron-Kettle-7"), Some("blueheron"));
    }

    #[test]
    fn everyday_words_of_the_laboratorys_name_are_known_and_not_forbidden() {
        let words = words();
        assert_eq!(words.inside("Kettle-of-water-7-moss"), None);
        assert!(words.known().any(|word| word == "water"));
        assert_eq!(
            OwnWords::of_person("jo@lab.example", "Jo Li").inside("jo-is-here-0-1"),
            None,
            "short words occur by chance"
        );
    }
}
