//! From an action and its particulars to a sentence.

use super::Action;
use super::field::{field_label, value_label};
use crate::Language;

/// Who acted (`actor.kind` in ledger.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A person who is signed in.
    User,
    /// A service account.
    Service,
    /// The platform's operator: on the command line, in the platform, or invited into the laboratory.
    Operator,
    /// The program itself.
    #[default]
    System,
    /// Somebody who is not signed in.
    Anonymous,
}

/// One changed field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChangePart<'a> {
    /// Path in the object, as in the ledger.
    pub path: &'a str,
    /// The value before; `None` when there was none.
    pub from: Option<&'a str>,
    /// The value after; `None` when it was removed.
    pub to: Option<&'a str>,
    /// The values are sealed and the reader may not see them, or they were erased.
    pub withheld: bool,
}

/// What a sentence is made of. Everything is optional except the kind of actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SentenceParts<'a> {
    /// Who acted, by kind.
    pub actor_kind: ActorKind,
    /// The actor's printed name, when known.
    pub actor_name: Option<&'a str>,
    /// `object.type` in the ledger, such as `sample`; names the fields in `changes`.
    pub object_type: &'a str,
    /// Accession number, report number, or a name.
    pub object_label: Option<&'a str>,
    /// The test's name, for results.
    pub subject: Option<&'a str>,
    /// The unit behind a result's value.
    pub unit: Option<&'a str>,
    /// What changed.
    pub changes: &'a [ChangePart<'a>],
    /// The reason given, in words.
    pub reason: Option<&'a str>,
}

impl Action {
    /// What happened, in one sentence: `Anna Nowak changed Lead from 0.010 to 0.012 mg/L, sample W-2026-000123-87. Reason: typing
    /// error.` The Polish one is impersonal behind the actor: `Anna Nowak: zmieniono …`.
    #[must_use]
    pub fn sentence(self, language: Language, parts: &SentenceParts<'_>) -> String {
        let actor = actor(language, parts);
        let link = language.pick(" ", ": ");
        let (did, value_told) = self.did(language, parts);
        let mut sentence = format!("{actor}{link}{did}");
        if let Some(changes) = self.changes(language, parts, value_told) {
            sentence.push_str(": ");
            sentence.push_str(&changes);
        }
        sentence.push('.');
        if let Some(reason) = parts.reason.map(str::trim).filter(|reason| !reason.is_empty()) {
            sentence.push_str(language.pick(" Reason: ", " Powód: "));
            sentence.push_str(reason.trim_end_matches('.'));
            sentence.push('.');
        }
        sentence
    }

    /// The predicate, and whether it already tells the result's value.
    fn did(self, language: Language, parts: &SentenceParts<'_>) -> (String, bool) {
        let (template, from, to) = match (self, told_value(parts)) {
            (Action::ResultEntered, Some((_, Some(to)))) => (
                language.pick(
                    "entered {to} for {subject}, sample {label}",
                    "wprowadzono {to} dla badania {subject}, próbka {label}",
                ),
                "",
                to,
            ),
            (Action::ResultCorrected, Some((Some(from), Some(to)))) => (
                language.pick(
                    "changed {subject} from {from} to {to}, sample {label}",
                    "zmieniono wynik badania {subject} z {from} na {to}, próbka {label}",
                ),
                from,
                to,
            ),
            _ => return (filled(self.template(language), language, parts), false),
        };
        let to = match parts.unit.filter(|unit| !unit.is_empty()) {
            Some(unit) => format!("{to} {unit}"),
            None => to.to_owned(),
        };
        (
            filled(template, language, parts)
                .replace("{from}", from)
                .replace("{to}", &to),
            true,
        )
    }

    /// The changed fields in words; `None` when there is nothing to tell beyond the predicate.
    fn changes(self, language: Language, parts: &SentenceParts<'_>, value_told: bool) -> Option<String> {
        if self.as_str().ends_with(".created") {
            return None;
        }
        let worth_telling: Vec<&ChangePart<'_>> = parts
            .changes
            .iter()
            .filter(|change| !told_already(change.path, value_told))
            .collect();
        let told = worth_telling
            .iter()
            .take(MOST_CHANGES)
            .map(|change| change_in_words(language, parts, change));
        let mut told: Vec<String> = told.collect();
        match worth_telling.len().saturating_sub(MOST_CHANGES) {
            0 => {}
            more => told.push(format!(
                "{} {more}",
                language.pick("further changes:", "dalsze zmiany:")
            )),
        }
        (!told.is_empty()).then(|| told.join("; "))
    }
}

/// A sentence with more changes than this would not be read; the structured differences stand beside it.
const MOST_CHANGES: usize = 5;

/// Would the field only repeat what the predicate says?
fn told_already(path: &str, value_told: bool) -> bool {
    follows(path) || (value_told && is_value(path))
}

/// Fields that follow from the action itself and would only repeat it, and hashes, which nobody reads in a sentence: they stand in
/// the structured differences.
fn follows(path: &str) -> bool {
    let field = last_part(path);
    matches!(
        field,
        "status"
            | "version"
            | "typed"
            | "sort_key"
            | "detection"
            | "entered_by"
            | "entered_at"
            | "verified_by"
            | "verified_at"
            | "created_by"
            | "created_at"
            | "updated_at"
            | "received_by"
            | "released_by"
            | "released_at"
            | "self_verified"
            | "content_sha256"
            | "document_sha256"
            | "id"
    )
}

fn last_part(path: &str) -> &str {
    path.rsplit(['/', '.']).next().unwrap_or(path)
}

/// A result's own value; not, say, the value of an uncertainty in the catalogue.
fn is_value(path: &str) -> bool {
    matches!(path.trim_start_matches('/'), "value" | "display")
}

/// The value before and after, as printed (`display`) where the event has it; nothing when it is withheld.
fn told_value<'a>(parts: &SentenceParts<'a>) -> Option<(Option<&'a str>, Option<&'a str>)> {
    let named = |name: &str| {
        parts
            .changes
            .iter()
            .find(|change| change.path.trim_start_matches('/') == name)
    };
    let change = named("display").or_else(|| named("value"))?;
    (!change.withheld).then_some((change.from, change.to))
}

fn actor(language: Language, parts: &SentenceParts<'_>) -> String {
    if let Some(name) = parts.actor_name.filter(|name| !name.trim().is_empty()) {
        return name.to_owned();
    }
    let (en, pl) = match parts.actor_kind {
        ActorKind::User => ("A user", "Użytkownik"),
        ActorKind::Service => ("A service account", "Konto usługowe"),
        ActorKind::Operator => ("The operator", "Operator"),
        ActorKind::System => ("The system", "System"),
        ActorKind::Anonymous => ("Somebody who was not signed in", "Osoba niezalogowana"),
    };
    language.pick(en, pl).to_owned()
}

/// The template with label and subject; what is missing leaves no hole.
fn filled(template: &str, language: Language, parts: &SentenceParts<'_>) -> String {
    let mut text = match parts.subject {
        Some(subject) => template.replace("{subject}", subject),
        None => template.replace(" {subject}", language.pick(" a test", "")),
    };
    text = match parts.object_label {
        Some(label) => text.replace("{label}", label),
        None => [", sample {label}", ", próbka {label}", ": {label}", " {label}"]
            .iter()
            .fold(text, |text, hole| text.replace(hole, "")),
    };
    text
}

fn change_in_words(language: Language, parts: &SentenceParts<'_>, change: &ChangePart<'_>) -> String {
    let label = field_label(parts.object_type, change.path, language);
    if change.withheld {
        return format!("{label} {}", language.pick("(withheld)", "(niejawne)"));
    }
    let said = |value: &str| said(language, change.path, value);
    match (change.from, change.to) {
        (Some(from), Some(to)) if is_uuid(from) || is_uuid(to) => {
            format!("{label} {}", language.pick("changed", "(zmiana)"))
        }
        (Some(from), Some(to)) => match language {
            Language::En => format!("{label} from {} to {}", said(from), said(to)),
            Language::Pl => format!("{label} z {} na {}", said(from), said(to)),
        },
        (None, Some(to)) if is_uuid(to) => {
            format!("{label} {}", language.pick("set", "(ustawiono)"))
        }
        (None, Some(to)) => format!("{label} {}", said(to)),
        (Some(from), None) if is_uuid(from) => {
            format!("{label} {}", language.pick("removed", "(usunięto)"))
        }
        (Some(from), None) => format!("{label} {} {}", said(from), language.pick("removed", "(usunięto)")),
        (None, None) => format!("{label} {}", language.pick("changed", "(zmiana)")),
    }
}

fn is_uuid(value: &str) -> bool {
    value.len() == 36 && uuid::Uuid::try_parse(value).is_ok()
}

/// A value in a sentence: words of a vocabulary in the reader's language, numbers and times bare, everything else in quotation
/// marks.
fn said(language: Language, path: &str, value: &str) -> String {
    if let Some(word) = value_label(path, value, language) {
        return word.to_owned();
    }
    if value.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '<' | '>' | '≤' | '≥')) {
        return value.to_owned();
    }
    match language {
        Language::En => format!("“{value}”"),
        Language::Pl => format!("„{value}”"),
    }
}
