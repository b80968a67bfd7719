//! The words of an export on paper: what is inside, and one row for each event.

use attest_documents::audit::AuditRow;
use attest_domain::Language;
use attest_store::{EventView, ExportRequest};
use chrono::{DateTime, Utc};
use serde_json::Value;

/// What is inside. A selection of `chosen` events does not hold everything between the first and the last.
pub(super) fn range(first: i64, last: i64, chosen: Option<usize>, language: Language) -> String {
    match (chosen, language) {
        (None, Language::En) => format!("Events {first} to {last}"),
        (None, Language::Pl) => format!("Zdarzenia od {first} do {last}"),
        (Some(count), Language::En) => format!("Selected events: {count}, between {first} and {last}"),
        (Some(count), Language::Pl) => format!("Wybrane zdarzenia: {count}, między {first} a {last}"),
    }
}

/// By what the events of a selection were chosen.
pub(super) fn filter(request: &ExportRequest, language: Language) -> String {
    let is = |en, pl, value: Option<String>| value.map(|value| format!("{} {value}", language.pick(en, pl)));
    let parts = [
        is("action", "czynność", request.action.clone()),
        is("kind of object", "rodzaj obiektu", request.object_type.clone()),
        is("object", "obiekt", request.object_id.clone()),
        is("person", "osoba", request.actor_id.map(|id| id.to_string())),
        is("from", "od", request.from.map(|at| at.to_string())),
        is("to", "do", request.to.map(|at| at.to_string())),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        language
            .pick("none: every event", "brak: wszystkie zdarzenia")
            .to_owned()
    } else {
        parts.join(", ")
    }
}

/// One event. Values stand as the log has them; what they are called is in the reader's language.
pub(super) fn row(event: EventView, language: Language, local: &dyn Fn(DateTime<Utc>) -> String) -> AuditRow {
    let sealed_word = language.pick("sealed", "zapieczętowane");
    let mut details: Vec<String> = event
        .changes
        .iter()
        .map(|change| changed(&change.label, &change.from, &change.to))
        .collect();
    details.extend(event.sealed.iter().map(|sealed| {
        let label = format!("{} ({sealed_word})", sealed.label);
        match &sealed.opening {
            Some(open) => changed(&label, &open.from, &open.to),
            None => label,
        }
    }));
    if let Some(reason) = &event.reason {
        let text = reason.text.clone().unwrap_or_else(|| format!("({sealed_word})"));
        details.push(format!(
            "{} {}: {text}",
            language.pick("reason", "przyczyna"),
            reason.code
        ));
    }
    if let Some(signature) = &event.signature {
        details.push(format!(
            "{}: {} · SHA-256 {}",
            language.pick("signature", "podpis"),
            signature.meaning,
            signature.content_sha256
        ));
    }
    AuditRow {
        index: event.index.and_then(|index| u64::try_from(index).ok()).unwrap_or(0),
        at: local(event.at),
        actor: event.actor.name.clone().unwrap_or(event.actor.kind),
        object: format!(
            "{} {}",
            event.object.kind,
            event.object.label.unwrap_or(event.object.id)
        ),
        sentence: event.sentence,
        source: [event.source.ip, event.source.request_id]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" "),
        details,
    }
}

fn changed(label: &str, from: &Option<Value>, to: &Option<Value>) -> String {
    let value = |value: &Option<Value>| value.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
    format!("{label}: {} → {}", value(from), value(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selection_is_not_called_a_range() {
        assert_eq!(range(0, 9, None, Language::En), "Events 0 to 9");
        assert_eq!(
            range(3, 9, Some(2), Language::En),
            "Selected events: 2, between 3 and 9"
        );
        assert_eq!(range(3, 9, Some(2), Language::Pl), "Wybrane zdarzenia: 2, między 3 a 9");
    }
}
