//! What the caller saw (`If-Match`): a change of something that changed meanwhile is refused, not merged.

use crate::StoreError;

/// `If-Match: *`: whichever version there is (RFC 9110, 13.1.1).
pub const ANY_VERSION: i64 = i64::MIN;

/// Refuses when the caller saw another version than the one found. Who names no version changes what is there.
///
/// # Errors
/// [`StoreError::Stale`].
pub(crate) fn as_seen(seen: impl Into<Option<i64>>, found: i64) -> Result<(), StoreError> {
    match seen.into() {
        Some(expected) if expected != found && expected != ANY_VERSION => Err(StoreError::Stale { expected, found }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_another_version_is_refused() {
        assert!(as_seen(3, 3).is_ok());
        assert!(as_seen(None, 3).is_ok());
        assert!(as_seen(ANY_VERSION, 3).is_ok());
        assert!(matches!(
            as_seen(Some(2), 3),
            Err(StoreError::Stale { expected: 2, found: 3 })
        ));
    }
}
