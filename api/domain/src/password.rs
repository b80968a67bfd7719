//! Which passwords a laboratory accepts (ATT-01): length and composition, and nothing of one's own address.

/// Fewest characters.
pub const LENGTH_MIN: usize = 12;
/// Most characters; a longer one is refused, never cut (ASVS 6.2.9).
pub const LENGTH_MAX: usize = 128;

/// Why a password was refused, for the person who chooses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefusal {
    /// Too short or too long.
    #[error("must have {LENGTH_MIN} to {LENGTH_MAX} characters; this one has {0}")]
    Length(usize),
    /// One kind of character is missing.
    #[error("must have letters, digits and at least one other character")]
    Composition,
    /// It holds the person's own name in the address.
    #[error("must not contain the person's own e-mail address or its first part")]
    OwnWord,
}

/// Does the password satisfy the default policy? `email` is the person's own address; its local part must not be inside.
///
/// # Errors
/// [`PasswordRefusal`].
pub fn check(password: &str, email: &str) -> Result<(), PasswordRefusal> {
    let length = password.chars().count();
    if !(LENGTH_MIN..=LENGTH_MAX).contains(&length) {
        return Err(PasswordRefusal::Length(length));
    }
    let has = |test: fn(char) -> bool| password.chars().any(test);
    if !(has(char::is_alphabetic) && has(char::is_numeric) && has(|c| !c.is_alphanumeric())) {
        return Err(PasswordRefusal::Composition);
    }
    let own = email.split('@').next().unwrap_or_default().to_lowercase();
    // Very short first parts are in many words by chance.
    if own.chars().count() >= 4 && password.to_lowercase().contains(&own) {
        return Err(PasswordRefusal::OwnWord);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_composition_and_own_words() {
        assert_eq!(check("Correct-horse-42", "anna@lab.example"), Ok(()));
        assert_eq!(check("short-1", "a@b"), Err(PasswordRefusal::Length(7)));
        assert_eq!(check(&"a1-".repeat(43), "a@b"), Err(PasswordRefusal::Length(129)));
        assert_eq!(
            check("onlyletterswithoutdigits", "a@b"),
            Err(PasswordRefusal::Composition)
        );
        assert_eq!(
            check("żółtyKamień7!", "a@b"),
            Ok(()),
            "any Unicode counts by characters"
        );
        assert_eq!(
            check("Anna-is-here-1", "anna@lab.example"),
            Err(PasswordRefusal::OwnWord)
        );
        assert_eq!(
            check("jo-is-here-0-1", "jo@lab.example"),
            Ok(()),
            "short first parts occur by chance"
        );
    }
}
