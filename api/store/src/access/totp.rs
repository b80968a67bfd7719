//! One-time codes of authenticator apps (RFC 6238): HMAC-SHA-1, six digits, thirty seconds, which is what every app knows.

use attest_keyring::random;
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, Mac};
use sha1::Sha1;
use subtle::ConstantTimeEq;

/// Seconds of one step.
const STEP: i64 = 30;
const DIGITS: usize = 6;
/// Clocks differ: the code of the step before and of the step after is taken too (ATT-07).
const DRIFT: i64 = 1;

/// What app and server share: as long as SHA-1's output, as RFC 4226 recommends.
pub(super) struct TotpKey([u8; 20]);

impl TotpKey {
    pub(super) fn generate() -> Self {
        Self(random())
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// As people type it into an app.
    pub(super) fn base32(&self) -> String {
        BASE32_NOPAD.encode(&self.0)
    }

    /// As apps read it from a QR code (Google Authenticator's key URI format).
    pub(super) fn uri(&self, laboratory: &str, email: &str) -> String {
        let (issuer, account) = (percent_encoded(&format!("Attest {laboratory}")), percent_encoded(email));
        format!(
            "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP}",
            self.base32()
        )
    }

    /// The step that a code belongs to, at this second since 1970; nothing when it is of none that counts now. Looks at all of
    /// them, so that the time says nothing.
    pub(super) fn step_of(&self, code: &str, second: i64) -> Option<i64> {
        let now = second.div_euclid(STEP);
        let mut found = None;
        for step in now.saturating_sub(DRIFT)..=now.saturating_add(DRIFT) {
            if bool::from(self.code(step).as_bytes().ct_eq(code.as_bytes())) {
                found = Some(step);
            }
        }
        found
    }

    fn code(&self, step: i64) -> String {
        let mut mac = match Hmac::<Sha1>::new_from_slice(&self.0) {
            Ok(mac) => mac,
            // HMAC takes keys of any length.
            Err(_length) => return String::new(),
        };
        mac.update(&step.to_be_bytes());
        let digest = mac.finalize().into_bytes();
        // Dynamic truncation (RFC 4226, 5.3): the last four bits say where the 31 bits begin.
        let at = usize::from(digest.last().copied().unwrap_or_default() & 0x0f);
        let number = digest
            .iter()
            .skip(at)
            .take(4)
            .fold(0u32, |number, byte| (number << 8) | u32::from(*byte));
        format!("{:0DIGITS$}", (number & 0x7fff_ffff) % 1_000_000)
    }
}

/// Whether it may be a code of an app; recovery codes are longer.
pub(super) fn looks_like_a_code(text: &str) -> bool {
    text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_rfc_att_07() {
        let key = TotpKey::from_bytes(b"12345678901234567890").unwrap();
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(key.code(second / STEP), code);
            assert_eq!(key.step_of(code, second), Some(second / STEP));
        }
    }

    #[test]
    fn one_step_either_way_counts_and_no_more() {
        let key = TotpKey::from_bytes(b"12345678901234567890").unwrap();
        let code = key.code(1_000);
        assert_eq!(key.step_of(&code, 999 * STEP), Some(1_000));
        assert_eq!(key.step_of(&code, 1_001 * STEP + 29), Some(1_000));
        assert_eq!(key.step_of(&code, 1_002 * STEP), None);
        assert_eq!(key.step_of(&code, 998 * STEP + 29), None);
        assert_eq!(key.step_of("", 1_000 * STEP), None);
    }

    #[test]
    fn the_uri_names_laboratory_and_person() {
        let key = TotpKey::from_bytes(b"12345678901234567890").unwrap();
        assert_eq!(
            key.uri("Żuraw Lab", "anna@lab.example"),
            "otpauth://totp/Attest%20%C5%BBuraw%20Lab:anna@lab.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Attest%20%C5%BBuraw%20Lab&algorithm=SHA1&digits=6&period=30"
        );
    }
}
