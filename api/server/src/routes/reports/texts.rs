//! What people write on reports.

use attest_domain::text::{LINE_MAX, LONG_MAX, NOTE_MAX, TextRefusal, check_line, check_lines};
use std::borrow::Cow;
use validator::ValidationError;

fn refused(refusal: TextRefusal) -> ValidationError {
    ValidationError::new(refusal.code()).with_message(Cow::Owned(refusal.to_string()))
}

pub(super) fn line_text(text: &str) -> Result<(), ValidationError> {
    check_line(text, LINE_MAX).map_err(refused)
}

pub(super) fn note_text(text: &str) -> Result<(), ValidationError> {
    check_lines(text, NOTE_MAX).map_err(refused)
}

pub(super) fn long_text(text: &str) -> Result<(), ValidationError> {
    check_lines(text, LONG_MAX).map_err(refused)
}
