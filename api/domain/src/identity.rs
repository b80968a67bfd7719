//! How a person proves who they are beyond a password, and what they must set up before they may do anything else.

use crate::vocabulary::vocabulary;

vocabulary! {
    /// What a person must set up before anything else is open to them.
    SetUp {
        /// A password of their own, instead of one that somebody else knows.
        Password = "password", "a password of one's own", "własne hasło";
        /// A second factor, which one of their roles asks for (ATT-07).
        SecondFactor = "second_factor", "a second factor", "drugi składnik logowania";
    }
}

vocabulary! {
    /// A second factor. A passkey is one too: the password was asked for before it.
    Factor {
        /// Codes of an authenticator app (RFC 6238).
        Totp = "totp", "authenticator app", "aplikacja uwierzytelniająca";
        /// A key that never leaves its device (WebAuthn).
        Passkey = "passkey", "passkey", "klucz dostępu";
        /// One of the codes on paper, for when the others are out of reach.
        Recovery = "recovery", "recovery code", "kod odzyskiwania";
    }
}

vocabulary! {
    /// From whom a laboratory asks for a second factor.
    #[derive(Default)]
    SecondFactorPolicy {
        /// From everybody with a role that is marked so.
        #[default]
        ByRole = "by_role", "where a role asks for it", "gdy wymaga tego rola";
        /// From nobody: for demonstrations. Whoever has one still uses it.
        Off = "off", "not required", "niewymagany";
    }
}
