//! Invented names: Polish and English in turn, with the diacritics that software gets wrong.

/// A family name in the form that a woman and a man bear it (they differ in Polish).
type Family = (&'static str, &'static str);

const POLISH_FAMILIES: [Family; 20] = [
    ("Kowalska", "Kowalski"),
    ("Wiśniewska", "Wiśniewski"),
    ("Wójcik", "Wójcik"),
    ("Zielińska", "Zieliński"),
    ("Szymańska", "Szymański"),
    ("Woźniak", "Woźniak"),
    ("Dąbrowska", "Dąbrowski"),
    ("Kozłowska", "Kozłowski"),
    ("Jabłońska", "Jabłoński"),
    ("Król", "Król"),
    ("Wróbel", "Wróbel"),
    ("Stępień", "Stępień"),
    ("Górska", "Górski"),
    ("Pawłowska", "Pawłowski"),
    ("Sikora", "Sikora"),
    ("Gołębiewska", "Gołębiewski"),
    ("Rutkowska", "Rutkowski"),
    ("Żak", "Żak"),
    ("Ćwiklińska", "Ćwikliński"),
    ("Łukasik", "Łukasik"),
];
const POLISH_WOMEN: [&str; 16] = [
    "Anna",
    "Małgorzata",
    "Łucja",
    "Żaneta",
    "Elżbieta",
    "Grażyna",
    "Bożena",
    "Zofia",
    "Iwona",
    "Mirosława",
    "Józefa",
    "Halina",
    "Róża",
    "Stanisława",
    "Agnieszka",
    "Kazimiera",
];
const POLISH_MEN: [&str; 16] = [
    "Paweł",
    "Łukasz",
    "Michał",
    "Józef",
    "Stanisław",
    "Grzegorz",
    "Wojciech",
    "Mirosław",
    "Zdzisław",
    "Bogusław",
    "Tomasz",
    "Krzysztof",
    "Błażej",
    "Andrzej",
    "Lech",
    "Ryszard",
];
const ENGLISH_FAMILIES: [Family; 20] = [
    ("Ashdown", "Ashdown"),
    ("Brontë-Hale", "Brontë-Hale"),
    ("Carmichael", "Carmichael"),
    ("Dunmore", "Dunmore"),
    ("Ellery", "Ellery"),
    ("Fairweather", "Fairweather"),
    ("Goodacre", "Goodacre"),
    ("Hathersage", "Hathersage"),
    ("Inglewood", "Inglewood"),
    ("Jessop", "Jessop"),
    ("Kestrel", "Kestrel"),
    ("Lindqvist", "Lindqvist"),
    ("Marlowe", "Marlowe"),
    ("Northcott", "Northcott"),
    ("O’Hanlon", "O’Hanlon"),
    ("Penhaligon", "Penhaligon"),
    ("Quarrington", "Quarrington"),
    ("Ravenscroft", "Ravenscroft"),
    ("Silverdale", "Silverdale"),
    ("Thornbury", "Thornbury"),
];
const ENGLISH_WOMEN: [&str; 16] = [
    "Agatha",
    "Beatrice",
    "Chloë",
    "Dorothy",
    "Edith",
    "Florence",
    "Gwendolen",
    "Harriet",
    "Imogen",
    "Josephine",
    "Kathleen",
    "Louisa",
    "Zoë",
    "Margaret",
    "Nora",
    "Rosalind",
];
const ENGLISH_MEN: [&str; 16] = [
    "Albert",
    "Barnaby",
    "Cedric",
    "Duncan",
    "Edmund",
    "Frederick",
    "Gilbert",
    "Humphrey",
    "Ivor",
    "Jasper",
    "Kenneth",
    "Leopold",
    "Noël",
    "Montague",
    "Oswald",
    "Reginald",
];

/// A person's name.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name {
    pub given: &'static str,
    pub family: &'static str,
}

/// The name of the patient at this place of the list; always the same one. The first 640 differ from each other for
/// either sex.
pub(crate) fn patient_name(place: usize, female: bool) -> Name {
    let (families, women, men) = if place.is_multiple_of(2) {
        (&POLISH_FAMILIES, &POLISH_WOMEN, &POLISH_MEN)
    } else {
        (&ENGLISH_FAMILIES, &ENGLISH_WOMEN, &ENGLISH_MEN)
    };
    let place = place / 2;
    // Each round through the families starts one given name further.
    let given = place + place / families.len();
    let (woman, man) = pick(families, place);
    if female {
        Name {
            given: pick(women, given),
            family: woman,
        }
    } else {
        Name {
            given: pick(men, given),
            family: man,
        }
    }
}

fn pick<T: Copy + Default>(list: &[T], place: usize) -> T {
    list.iter()
        .cycle()
        .nth(place % list.len().max(1))
        .copied()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_do_not_repeat_and_do_not_change() {
        for female in [true, false] {
            let names: BTreeSet<_> = (0..418).map(|place| patient_name(place, female)).collect();
            assert_eq!(names.len(), 418);
        }
        let first = patient_name(0, true);
        assert_eq!((first.given, first.family), ("Anna", "Kowalska"));
        let second = patient_name(0, false);
        assert_eq!((second.given, second.family), ("Paweł", "Kowalski"));
    }

    #[test]
    fn names_have_diacritics_and_no_gaps() {
        let names: Vec<_> = (0..40).map(|place| patient_name(place, true)).collect();
        assert!(names.iter().all(|n| !n.given.is_empty() && !n.family.is_empty()));
        assert!(names.iter().any(|n| n.family.contains('ś')));
        assert!(names.iter().any(|n| n.family == "O’Hanlon"));
    }
}
