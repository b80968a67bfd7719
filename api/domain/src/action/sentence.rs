//! From an action and its particulars to a sentence.

use super::Action;
use crate::Language;

/// Who acted (`actor.kind` in ledger.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A person who is signed in.
    User,
    /// A service account.
    Service,
    /// The platform's operator, on the command line.
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
    /// What happened, in one sentence.
    #[must_use]
    pub fn sentence(self, language: Language, parts: &SentenceParts<'_>) -> String {
        let _ = parts;
        self.template(language).to_owned()
    }
}
