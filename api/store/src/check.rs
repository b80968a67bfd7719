//! Collecting everything that is wrong with a request before saying no.

use crate::{Fault, StoreError};
use attest_domain::text::{TextRefusal, check_line, check_lines};

/// What was found wrong so far.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// One more fault.
    pub(crate) fn say(&mut self, path: impl Into<String>, code: impl Into<String>, message: impl Into<String>) {
        self.0.push(Fault {
            path: path.into(),
            code: code.into(),
            message: message.into(),
        });
    }

    /// A fault unless `fits`.
    pub(crate) fn unless(&mut self, fits: bool, path: impl Into<String>, code: &str, message: impl Into<String>) {
        if !fits {
            self.say(path, code, message);
        }
    }

    /// A one-line text of at most `max` characters.
    pub(crate) fn line(&mut self, path: impl Into<String>, text: &str, max: usize) {
        self.text(path, check_line(text, max));
    }

    /// A one-line text that may be absent.
    pub(crate) fn maybe_line(&mut self, path: impl Into<String>, text: Option<&String>, max: usize) {
        if let Some(text) = text {
            self.line(path, text, max);
        }
    }

    /// A text of several lines that may be absent.
    pub(crate) fn maybe_lines(&mut self, path: impl Into<String>, text: Option<&String>, max: usize) {
        if let Some(text) = text {
            self.text(path, check_lines(text, max));
        }
    }

    fn text(&mut self, path: impl Into<String>, checked: Result<(), TextRefusal>) {
        if let Err(refusal) = checked {
            self.say(path, refusal.code(), refusal.to_string());
        }
    }

    /// An e-mail address that may be absent: one `@` with something on both sides, no blanks.
    pub(crate) fn maybe_email(&mut self, path: &str, email: Option<&String>) {
        let Some(email) = email else { return };
        let fits = email.chars().count() <= 254
            && check_line(email, 254).is_ok()
            && !email.contains(char::is_whitespace)
            && email.split_once('@').is_some_and(|(local, domain)| {
                !local.is_empty() && domain.len() >= 3 && !domain.contains('@') && domain.contains('.')
            });
        self.unless(
            fits,
            path,
            "email",
            "must be an e-mail address such as anna@lab.example",
        );
    }

    /// Collects a validation error; any other is handed on.
    pub(crate) fn add(&mut self, error: StoreError) -> Result<(), StoreError> {
        match error {
            StoreError::Invalid { path, code, message } => self.say(path, code, message),
            StoreError::Faults(more) => self.0.extend(more),
            other => return Err(other),
        }
        Ok(())
    }

    /// The value, or nothing once its validation error is collected; any other error is handed on.
    pub(crate) fn kept<T>(&mut self, found: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
        match found {
            Ok(value) => Ok(Some(value)),
            Err(error) => self.add(error).map(|()| None),
        }
    }

    /// Nothing wrong, or all of it.
    pub(crate) fn done(self) -> Result<(), StoreError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(StoreError::Faults(self.0))
        }
    }
}
