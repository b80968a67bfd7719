//! The sentence that tells an event.

use super::view::{FieldChange, SealedField};
use attest_domain::action::{ActorKind as Speaker, ChangePart, SentenceParts};
use attest_domain::{Action, Language};
use attest_ledger::entry::{ActorKind, Entry};
use serde_json::Value;

/// The test that a result is of.
pub(super) struct Test {
    pub(super) name: String,
    pub(super) unit: Option<String>,
}

/// What a sentence tells beyond the entry: names as they are now, values as the reader may see them.
pub(super) struct Told<'a> {
    pub(super) actor: Option<&'a str>,
    pub(super) about: Option<&'a str>,
    pub(super) test: Option<&'a Test>,
    pub(super) changes: &'a [FieldChange],
    pub(super) sealed: &'a [SealedField],
    pub(super) reason: Option<&'a str>,
}

/// A change whose values are words already.
struct Words<'a> {
    path: &'a str,
    from: Option<String>,
    to: Option<String>,
    withheld: bool,
}

/// The event as a sentence; the action's bare name when this version of the program does not know it.
pub(super) fn sentence(language: Language, entry: &Entry, told: &Told<'_>) -> String {
    let Ok(action) = entry.action.parse::<Action>() else {
        return entry.action.clone();
    };
    let kind = entry.object.kind.as_str();
    let words: Vec<Words<'_>> = told
        .changes
        .iter()
        .filter(|change| !names_test(kind, &change.path))
        .map(in_the_open)
        .chain(told.sealed.iter().filter(|field| field.path != "reason").map(as_opened))
        .collect();
    let changes: Vec<ChangePart<'_>> = words
        .iter()
        .map(|words| ChangePart {
            path: words.path,
            from: words.from.as_deref(),
            to: words.to.as_deref(),
            withheld: words.withheld,
        })
        .collect();
    // An event on a result names its test itself, so that it can be read without this database.
    let own = |path: &str| {
        entry
            .changes
            .iter()
            .find(|change| names_test(kind, path) && change.path == path)
            .and_then(|change| change.to.as_ref()?.as_str())
    };
    action.sentence(
        language,
        &SentenceParts {
            actor_kind: speaker(entry.actor.kind),
            actor_name: told.actor,
            object_type: kind,
            object_label: entry.object.label.as_deref().or(told.about),
            subject: own("test").or_else(|| told.test.map(|test| test.name.as_str())),
            unit: own("unit").or_else(|| told.test.and_then(|test| test.unit.as_deref())),
            changes: &changes,
            reason: told.reason,
        },
    )
}

fn in_the_open(change: &FieldChange) -> Words<'_> {
    Words {
        path: &change.path,
        from: plain(change.from.as_ref()),
        to: plain(change.to.as_ref()),
        withheld: false,
    }
}

fn as_opened(field: &SealedField) -> Words<'_> {
    let opening = field.opening.as_ref();
    Words {
        path: &field.path,
        from: opening.and_then(|open| plain(open.from.as_ref())),
        to: opening.and_then(|open| plain(open.to.as_ref())),
        withheld: opening.is_none(),
    }
}

/// Changes that say which test it is about: the sentence's subject, not something that changed.
fn names_test(kind: &str, path: &str) -> bool {
    matches!((kind, path), ("result" | "critical_notice", "test" | "unit" | "result"))
}

/// A value as a sentence says it: text without quotation marks.
pub(super) fn plain(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => Some(
            items
                .iter()
                .filter_map(|item| plain(Some(item)))
                .collect::<Vec<_>>()
                .join(", "),
        ),
        other => Some(other.to_string()),
    }
}

fn speaker(kind: ActorKind) -> Speaker {
    match kind {
        ActorKind::User => Speaker::User,
        ActorKind::Service => Speaker::Service,
        ActorKind::Operator => Speaker::Operator,
        ActorKind::System => Speaker::System,
        ActorKind::Anonymous => Speaker::Anonymous,
    }
}
