//! What people hold in their hands to prove who they are: an authenticator app, and a passkey with its browser. Written from
//! RFC 6238 and WebAuthn level 2, without any of the libraries that the program uses for it.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, Mac};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::api::{Api, text};

const STEP: u64 = 30;

/// An authenticator app with one secret.
#[derive(Debug, Clone)]
pub struct App(Vec<u8>);

impl App {
    /// Reads the secret as a person would type it.
    pub fn with_secret(base32: &str) -> Self {
        Self(BASE32_NOPAD.decode(base32.as_bytes()).expect("base 32"))
    }

    /// What it shows, so many steps from now. Not in the last seconds of a step, so that the server is in the same one.
    pub fn code(&self, steps_from_now: i64) -> String {
        while seconds() % STEP > STEP - 5 {
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
        let step = (seconds() / STEP).checked_add_signed(steps_from_now).expect("a step");
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.0).expect("any length");
        mac.update(&step.to_be_bytes());
        let digest = mac.finalize().into_bytes();
        let at = usize::from(digest[19] & 0x0f);
        let number = u32::from_be_bytes(digest[at..at + 4].try_into().expect("four bytes")) & 0x7fff_ffff;
        format!("{:06}", number % 1_000_000)
    }
}

fn seconds() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970")
        .as_secs()
}

impl Api {
    /// Sets up an authenticator app; the recovery codes that came with it. The code used is that of the step before, so that
    /// today's is still good.
    pub fn set_up_app(&self) -> (App, Vec<String>) {
        let secret = self.post("/auth/mfa/totp", &json!({})).expect(200);
        let app = App::with_secret(&text(&secret, "secret"));
        let confirmed = self
            .post("/auth/mfa/totp/confirm", &json!({"code": app.code(-1)}))
            .expect(200);
        let codes = confirmed["recovery_codes"].as_array().cloned().unwrap_or_default();
        let codes = codes.iter().map(|code| code.as_str().expect("a code").to_owned());
        (app, codes.collect())
    }
}

/// A passkey and the browser it is used in.
#[derive(Debug)]
pub struct Passkey {
    key: SigningKey,
    id: [u8; 32],
    origin: String,
    counter: u32,
}

impl Passkey {
    /// A new one, on a page of this origin.
    pub fn on(origin: &str) -> Self {
        let bytes = || *uuid::Uuid::new_v4().as_bytes();
        let scalar: [u8; 32] = Sha256::digest([bytes(), bytes()].concat()).into();
        Self {
            key: SigningKey::from_slice(&scalar).expect("a scalar"),
            id: Sha256::digest([bytes(), bytes()].concat()).into(),
            origin: origin.to_owned(),
            counter: 0,
        }
    }

    /// The same key asked by a page of another origin, as a phishing site would.
    pub fn phished_from(mut self, origin: &str) -> Self {
        self.origin = origin.to_owned();
        self
    }

    /// `navigator.credentials.create`, attestation "none".
    pub fn create(&self, options: &Value) -> Value {
        let point = self.key.verifying_key().to_encoded_point(false);
        let (x, y) = (point.x().expect("x"), point.y().expect("y"));
        // COSE_Key: EC2, ES256, P-256 (RFC 9053).
        let cose = [
            &[0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20],
            x.as_slice(),
            &[0x22, 0x58, 0x20],
            y.as_slice(),
        ]
        .concat();
        let mut data = self.authenticator_data(&text(&options["rp"], "id"), 0x45);
        data.extend([0; 16]);
        data.extend([0, 32]);
        data.extend(self.id);
        data.extend(cose);
        let length = u16::try_from(data.len()).expect("short").to_be_bytes();
        let object = [
            b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".as_slice(),
            &length,
            &data,
        ]
        .concat();
        self.credential(json!({
            "clientDataJSON": URL_SAFE_NO_PAD.encode(self.client_data("webauthn.create", options)),
            "attestationObject": URL_SAFE_NO_PAD.encode(object),
            "transports": ["internal"],
        }))
    }

    /// `navigator.credentials.get`.
    pub fn get(&mut self, options: &Value) -> Value {
        self.counter += 1;
        let data = self.authenticator_data(&text(options, "rpId"), 0x05);
        let client_data = self.client_data("webauthn.get", options);
        let signature: Signature = self
            .key
            .sign(&[data.clone(), Sha256::digest(&client_data).to_vec()].concat());
        self.credential(json!({
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client_data),
            "authenticatorData": URL_SAFE_NO_PAD.encode(data),
            "signature": URL_SAFE_NO_PAD.encode(signature.to_der().as_bytes()),
            "userHandle": null,
        }))
    }

    fn authenticator_data(&self, relying_party: &str, flags: u8) -> Vec<u8> {
        let mut data = Sha256::digest(relying_party).to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        json!({"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false})
            .to_string()
            .into_bytes()
    }

    fn credential(&self, response: Value) -> Value {
        let id = URL_SAFE_NO_PAD.encode(self.id);
        json!({
            "id": id, "rawId": id, "type": "public-key", "response": response,
            "authenticatorAttachment": "platform", "clientExtensionResults": {},
        })
    }
}
