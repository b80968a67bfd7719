//! The form of a person's name under which it is found again: a blind index knows only equality, so everything that typists do
//! differently has to be levelled before it is hashed.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A name without case, diacritics, punctuation and superfluous space: `  Żółć-Łęcka ` becomes `zolc lecka`.
///
/// Letters with strokes and ligatures do not decompose in Unicode; the European ones are mapped here. Other scripts stay as they
/// are. The result is stable: normalising it again changes nothing.
#[must_use]
pub fn normalise(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for character in name.nfkd().filter(|character| !is_combining_mark(*character)) {
        for lower in character.to_lowercase() {
            match folded(lower) {
                Some(letters) => plain.push_str(letters),
                None if lower.is_alphanumeric() => plain.push(lower),
                None if matches!(lower, '\'' | '’' | '‘' | 'ʼ' | '`' | '´') || is_combining_mark(lower) => {}
                None => plain.push(' '),
            }
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Family name and given name as one search key, in this order.
#[must_use]
pub fn full(family_name: &str, given_name: &str) -> String {
    normalise(&format!("{family_name} {given_name}"))
}

/// An identifier's value (a national number, a hospital's number) as it is searched: letters and digits, upper case.
#[must_use]
pub fn normalise_identifier(value: &str) -> String {
    value
        .nfkc()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect()
}

const fn folded(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ł' => "l",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ŧ' => "t",
        'ı' => "i",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ŋ' => "n",
        'ĸ' => "k",
        'ς' => "σ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_typists_do_differently_is_levelled() {
        assert_eq!(normalise("  Żółć-Łęcka "), "zolc lecka");
        assert_eq!(normalise("NOWAK   KOWALSKA"), normalise("Nowak-Kowalska"));
        assert_eq!(normalise("O’Neill"), normalise("ONeill"));
        assert_eq!(normalise("Strauß"), normalise("STRAUSS"));
        assert_eq!(normalise("Ångström"), normalise("Ångström"));
        assert_eq!(normalise("Søren Ægir Þór"), "soren aegir thor");
        assert_eq!(full("Łęcka", "Anna Maria"), "lecka anna maria");
    }

    #[test]
    fn different_people_stay_different() {
        assert_ne!(normalise("Nowak"), normalise("Nowacki"));
        assert_ne!(full("Anna", "Maria"), full("Maria", "Anna"));
        assert_eq!(normalise("田中"), "田中");
    }

    #[test]
    fn identifiers_are_found_however_they_are_grouped() {
        assert_eq!(normalise_identifier(" 440514-01359 "), "44051401359");
        assert_eq!(normalise_identifier("mrn/12a"), "MRN12A");
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(name in "\\PC{0,40}") {
            let once = normalise(&name);
            prop_assert_eq!(normalise(&once), once.clone());
            prop_assert!(!once.starts_with(' ') && !once.ends_with(' ') && !once.contains("  "));
        }
    }
}
