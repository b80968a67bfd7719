//! Hashes that were not made here, or not as they are made today: bcrypt, PBKDF2-SHA256, weaker Argon2 (ATT-04).
//!
//! They verify, and are replaced at the next good login. What is imported is looked at first: a hash with absurd costs
//! would let anybody who knows an address keep a processor busy for minutes.

use argon2::password_hash::{Ident, PasswordHash, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// What is dearer than this would answer noticeably later than other accounts do (ATT-05); its owner is invited instead.
const BCRYPT_COSTS: std::ops::RangeInclusive<u32> = 4..=12;
const PBKDF2_ROUNDS: std::ops::RangeInclusive<u32> = 1_000..=1_500_000;
/// 256 MiB.
const ARGON_MEMORY_MAX: u32 = 262_144;
const ARGON_PASSES_MAX: u32 = 20;

/// Salts and hashes come with and without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Why a hash cannot be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HashRefused {
    /// None of the formats known here.
    #[error(
        "is no hash known here: argon2 and pbkdf2-sha256 as PHC strings, bcrypt, or pbkdf2_sha256$… as Django writes it"
    )]
    Unknown,
    /// Costs outside of what is sensible.
    #[error("has costs that are too low or too high to be accepted")]
    Costs,
}

/// A parsed hash.
enum Stored<'a> {
    Argon2(PasswordHash<'a>),
    Bcrypt(&'a str),
    Pbkdf2(Pbkdf2),
}

struct Pbkdf2 {
    rounds: u32,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

/// Whether a hash may be taken over from another system.
///
/// # Errors
/// [`HashRefused`].
pub fn importable(hash: &str) -> Result<(), HashRefused> {
    let sensible = match Stored::parse(hash).ok_or(HashRefused::Unknown)? {
        Stored::Argon2(parsed) => Params::try_from(&parsed)
            .is_ok_and(|costs| costs.m_cost() <= ARGON_MEMORY_MAX && costs.t_cost() <= ARGON_PASSES_MAX),
        Stored::Bcrypt(text) => bcrypt_cost(text).is_some_and(|cost| BCRYPT_COSTS.contains(&cost)),
        Stored::Pbkdf2(parts) => PBKDF2_ROUNDS.contains(&parts.rounds) && (16..=64).contains(&parts.hash.len()),
    };
    if sensible { Ok(()) } else { Err(HashRefused::Costs) }
}

/// Whether the password fits, whatever made the hash.
pub(super) fn fits(stored: &str, password: &str) -> bool {
    match Stored::parse(stored) {
        // The costs are those of the hash, not of this verifier.
        Some(Stored::Argon2(parsed)) => Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok(),
        Some(Stored::Bcrypt(text)) => bcrypt::verify(password, text).unwrap_or(false),
        Some(Stored::Pbkdf2(parts)) => parts.fits(password),
        None => false,
    }
}

/// Whether a hash is at least as hard as one made today.
pub(super) fn is_current(stored: &str, today: &Params) -> bool {
    let Some(Stored::Argon2(parsed)) = Stored::parse(stored) else {
        return false;
    };
    parsed.algorithm == Ident::from(Algorithm::Argon2id)
        && parsed.version == Some(u32::from(Version::V0x13))
        && Params::try_from(&parsed)
            .is_ok_and(|costs| costs.m_cost() >= today.m_cost() && costs.t_cost() >= today.t_cost())
}

impl<'a> Stored<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        if text.starts_with("$argon2") {
            return PasswordHash::new(text).ok().map(Self::Argon2);
        }
        if ["$2a$", "$2b$", "$2x$", "$2y$"]
            .iter()
            .any(|kind| text.starts_with(kind))
        {
            return (text.len() == 60).then_some(Self::Bcrypt(text));
        }
        Pbkdf2::parse(text).map(Self::Pbkdf2)
    }
}

fn bcrypt_cost(text: &str) -> Option<u32> {
    text.split('$').nth(2)?.parse().ok()
}

impl Pbkdf2 {
    /// `pbkdf2_sha256$rounds$salt$hash` (Django; the salt is text), `$pbkdf2-sha256$i=rounds,l=32$salt$hash` (PHC) and
    /// `$pbkdf2-sha256$rounds$salt$hash` (passlib, whose base64 has dots for plus signs).
    fn parse(text: &str) -> Option<Self> {
        if let Some(rest) = text.strip_prefix("pbkdf2_sha256$") {
            let mut parts = rest.split('$');
            let (rounds, salt, hash) = (parts.next()?, parts.next()?, parts.next()?);
            return Some(Self {
                rounds: rounds.parse().ok()?,
                salt: salt.as_bytes().to_vec(),
                hash: BASE64.decode(hash).ok()?,
            });
        }
        let mut parts = text.strip_prefix("$pbkdf2-sha256$")?.split('$');
        let (costs, salt, hash) = (parts.next()?, parts.next()?, parts.next()?);
        let rounds = costs
            .split(',')
            .find_map(|cost| cost.strip_prefix("i="))
            .unwrap_or(costs);
        let bytes = |text: &str| BASE64.decode(text.replace('.', "+")).ok();
        Some(Self {
            rounds: rounds.parse().ok()?,
            salt: bytes(salt)?,
            hash: bytes(hash)?,
        })
    }

    fn fits(&self, password: &str) -> bool {
        // A hash without bytes would fit everything.
        if self.hash.len() < 16 {
            return false;
        }
        let mut made = vec![0u8; self.hash.len()];
        pbkdf2::pbkdf2_hmac::<Sha256>(password.as_bytes(), &self.salt, self.rounds, &mut made);
        bool::from(made.ct_eq(&self.hash))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const PASSWORD: &str = "Old-System-Pass-1";
    // Made by Python's hashlib in the formats of Django and passlib, by libxcrypt and by argon2-cffi: not by this program.
    const DJANGO: &str = "pbkdf2_sha256$26000$Xq3vB0yLk2Tz9Hn4$hWym1uFelA8dbiLYzY/Y8o5Pt5dzxCX7DyMWVA+ja+0=";
    const PASSLIB: &str = "$pbkdf2-sha256$29000$AAECAwQFBgcICQoLDA0ODw$7KTDa3a4C0nSl7fi3o1iSzAt7ypQmTO0zS4mjjSjnTg";
    const PHC: &str = "$pbkdf2-sha256$i=10000,l=32$AAECAwQFBgcICQoLDA0ODw$fHTfxE4W3WFeT+7lh9QD+vc1mN8kM1nxStDvCTdtQBs";
    const BCRYPT: &str = "$2b$10$abcdefghijklmnopqrstuuIhU0o53d40HX0/P6oaQWzcKJo5Rv/UG";
    const WEAK_ARGON2: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$uJe27UX5DcIsr6Aa3aQ3DQ$9yRP661SGpSxkP9f49Tk9yStHlcpZhKu04k06tJjzX4";

    #[test]
    fn hashes_of_other_systems_fit_their_password_and_no_other() {
        for hash in [DJANGO, PASSLIB, PHC, BCRYPT, WEAK_ARGON2] {
            assert!(fits(hash, PASSWORD), "{hash}");
            assert!(!fits(hash, "Old-System-Pass-2"), "{hash}");
            assert_eq!(importable(hash), Ok(()), "{hash}");
            assert!(!is_current(hash, &Params::new(65_536, 1, 2, None).unwrap()), "{hash}");
        }
        assert!(is_current(WEAK_ARGON2, &Params::new(19_456, 2, 1, None).unwrap()));
    }

    #[test]
    fn what_is_no_hash_or_costs_too_much_is_not_imported() {
        for text in [
            "",
            "secret",
            "$1$salt$hash",
            "$2b$10$short",
            "pbkdf2_sha256$x$salt$aGFzaA==",
            "$pbkdf2-sha256$",
        ] {
            assert_eq!(importable(text), Err(HashRefused::Unknown), "{text}");
            assert!(!fits(text, text), "{text}");
        }
        assert_eq!(importable(&BCRYPT.replacen("$10$", "$31$", 1)), Err(HashRefused::Costs));
        assert_eq!(
            importable("pbkdf2_sha256$1000000000$salt$aGFzaGhhc2hoYXNoaGFzaGhhc2g="),
            Err(HashRefused::Costs)
        );
        assert_eq!(importable("pbkdf2_sha256$600000$salt$"), Err(HashRefused::Costs));
        assert!(
            !fits("pbkdf2_sha256$600000$salt$", "anything"),
            "an empty hash fits nothing"
        );
    }
}
