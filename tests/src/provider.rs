//! Identity providers: a real one (oidc-provider, in tests/sign-on), and a forger that says whatever a test has it say.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::browser::{Browser, encoded};
use crate::cluster::repository;
use crate::server::Server;

/// What every provider calls the installation, and the secret that goes with it.
pub const CLIENT: (&str, &str) = ("attest", "a-secret-of-the-tests-and-nobody-else");

/// The redirect URI of a server.
pub fn redirect_uri(server: &Server) -> String {
    format!("{}/api/v1/auth/sign-on/callback", server.url())
}

/// A running oidc-provider.
#[derive(Debug)]
pub struct Provider {
    /// Its issuer identifier.
    pub issuer: String,
    child: Child,
}

/// Somebody in its directory.
#[derive(Debug, Clone)]
pub struct Account {
    /// The provider's own name for them.
    pub subject: String,
    /// E-mail address.
    pub email: String,
    /// It was checked.
    pub checked: bool,
    /// Groups, separated by commas.
    pub groups: &'static str,
    /// More than one factor is asked for.
    pub several_factors: bool,
}

impl Account {
    /// Somebody with this address, checked, in these groups.
    pub fn new(email: &str, groups: &'static str) -> Self {
        Self {
            subject: format!("subject-of-{email}"),
            email: email.to_owned(),
            checked: true,
            groups,
            several_factors: false,
        }
    }

    /// Somebody nobody has heard of yet.
    pub fn stranger(groups: &'static str) -> Self {
        Self::new(&format!("{}@people.example", uuid::Uuid::new_v4().simple()), groups)
    }
}

impl Provider {
    /// Starts one that knows the server.
    pub fn start(server: &Server) -> Self {
        let folder = repository().join("tests/sign-on");
        assert!(
            folder.join("node_modules/oidc-provider").exists(),
            "oidc-provider is missing: run scripts/setup-test.sh first"
        );
        let mut child = Command::new("node")
            .args(["provider.mjs", &redirect_uri(server)])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let issuer = loop {
            let line = lines.next().expect("it says where it listens").expect("text");
            if let Some(issuer) = line.strip_prefix("provider: ") {
                break issuer.to_owned();
            }
        };
        // It goes on writing; somebody must read, or it stands still one day.
        thread::spawn(move || lines.for_each(drop));
        Self { issuer, child }
    }

    /// The person signs in at the provider; where the browser is sent back to, not opened yet.
    pub fn signs_in(&self, browser: &mut Browser, authorization_url: &str, account: &Account) -> String {
        let yes = |flag: bool, name: &str| if flag { format!("&{name}=yes") } else { String::new() };
        let form = format!(
            "sub={}&email={}&name=Somebody+New&groups={}{}{}",
            encoded(&account.subject),
            encoded(&account.email),
            encoded(account.groups),
            yes(account.checked, "verified"),
            yes(account.several_factors, "mfa"),
        );
        self.fills_in(browser, authorization_url, &form)
    }

    /// The person does not want to.
    pub fn declines(&self, browser: &mut Browser, authorization_url: &str) -> String {
        self.fills_in(browser, authorization_url, "decline=yes")
    }

    fn fills_in(&self, browser: &mut Browser, authorization_url: &str, form: &str) -> String {
        // Nobody is remembered there from the time before.
        browser.forgets(&self.issuer);
        let asked = browser.open(authorization_url);
        let asked = browser.follow(asked, "nowhere");
        assert!(asked.text.contains("Test provider"), "{asked:?}");
        let sent = browser.submit(&asked.url, form);
        let back = browser.follow(sent, "http://127.0.0.1").location;
        // Between its own pages the provider stays at its own address.
        let mut next = back.expect("a way back");
        while next.starts_with(&self.issuer) {
            let page = browser.open(&next);
            next = page.location.clone().unwrap_or_else(|| panic!("no way back: {page:?}"));
        }
        next
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the forger says next.
#[derive(Debug, Default)]
struct Script {
    id_token: String,
    userinfo: Option<Value>,
    issuer_in_document: Option<String>,
    redirects: bool,
}

/// A provider that says whatever a test has it say. Its own key is the one it publishes.
#[derive(Debug)]
pub struct Forger {
    /// Its issuer identifier.
    pub issuer: String,
    key: SigningKey,
    script: Arc<Mutex<Script>>,
}

fn key() -> SigningKey {
    let bytes = || *uuid::Uuid::new_v4().as_bytes();
    let scalar: [u8; 32] = Sha256::digest([bytes(), bytes()].concat()).into();
    SigningKey::from_slice(&scalar).expect("a scalar")
}

/// Seconds since 1970.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    i64::try_from(since.as_secs()).expect("before the end")
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

impl Forger {
    /// Listens on a port of its own for as long as the process lives.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let (key, script) = (key(), Arc::new(Mutex::new(Script::default())));
        let point = key.verifying_key().to_encoded_point(false);
        let coordinate = |bytes: Option<&p256::FieldBytes>| URL_SAFE_NO_PAD.encode(bytes.expect("a coordinate"));
        let jwks = json!({"keys": [{"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "own",
            "x": coordinate(point.x()), "y": coordinate(point.y())}]});
        let (address, told) = (issuer.clone(), Arc::clone(&script));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let script = told.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                answer(stream, &address, &jwks, &script);
            }
        });
        Self { issuer, key, script }
    }

    /// What a good token says of somebody, for this nonce.
    pub fn claims(&self, nonce: &str, account: &Account) -> Value {
        json!({"iss": self.issuer, "aud": CLIENT.0, "sub": account.subject, "nonce": nonce, "iat": now(), "exp": now() + 300,
            "auth_time": now(), "email": account.email, "email_verified": account.checked, "name": "Somebody New",
            "groups": account.groups.split(',').filter(|group| !group.is_empty()).collect::<Vec<_>>()})
    }

    /// Signs with the key it publishes.
    pub fn signed(&self, claims: &Value) -> String {
        signed(&self.key, claims)
    }

    /// Signs with a key that nobody has heard of.
    pub fn signed_by_another(&self, claims: &Value) -> String {
        signed(&key(), claims)
    }

    /// Does not sign at all.
    pub fn unsigned(&self, claims: &Value) -> String {
        format!("{}.{}.", part(&json!({"alg": "none"})), part(claims))
    }

    /// Signs with the secret that both sides know.
    pub fn signed_with_the_secret(&self, claims: &Value) -> String {
        let text = format!("{}.{}", part(&json!({"alg": "HS256"})), part(claims));
        let mut mac = Hmac::<Sha256>::new_from_slice(CLIENT.1.as_bytes()).expect("any length");
        mac.update(text.as_bytes());
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
    }

    /// The token it gives from now on.
    pub fn gives(&self, id_token: String) {
        self.change(|script| script.id_token = id_token);
    }

    /// What userinfo says from now on.
    pub fn adds(&self, userinfo: Value) {
        self.change(|script| script.userinfo = Some(userinfo));
    }

    /// Its discovery document names another issuer.
    pub fn poses_as(&self, issuer: &str) {
        self.change(|script| script.issuer_in_document = Some(issuer.to_owned()));
    }

    /// It sends whoever asks elsewhere.
    pub fn redirects(&self) {
        self.change(|script| script.redirects = true);
    }

    fn change(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.script.lock().unwrap_or_else(|poisoned| poisoned.into_inner()));
    }
}

fn signed(key: &SigningKey, claims: &Value) -> String {
    let text = format!("{}.{}", part(&json!({"alg": "ES256", "kid": "own"})), part(claims));
    let signature: Signature = key.sign(text.as_bytes());
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

/// One request of HTTP/1.1, one answer, and the connection ends.
fn answer(mut stream: TcpStream, issuer: &str, jwks: &Value, script: &Script) {
    let mut reader = BufReader::new(&mut stream);
    let (mut first, mut length) = (String::new(), 0);
    let _ = reader.read_line(&mut first);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) <= 2 {
            break;
        }
        if let Some(bytes) = line.to_lowercase().strip_prefix("content-length:") {
            length = bytes.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    let _ = reader.read_exact(&mut body);
    let named = script.issuer_in_document.as_deref().unwrap_or(issuer);
    let said = match first.split_whitespace().nth(1).unwrap_or_default() {
        "/.well-known/openid-configuration" => json!({
            "issuer": named, "authorization_endpoint": format!("{issuer}/authorize"), "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/jwks"), "userinfo_endpoint": format!("{issuer}/userinfo"),
            "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"]}),
        "/jwks" => jwks.clone(),
        "/token" => {
            json!({"access_token": "of no use", "token_type": "Bearer", "expires_in": 60, "id_token": script.id_token})
        }
        "/userinfo" => script.userinfo.clone().unwrap_or(json!({})),
        _ => json!({}),
    };
    let text = said.to_string();
    let status = if script.redirects {
        "302 Found\r\nLocation: http://127.0.0.1:9/"
    } else {
        "200 OK"
    };
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
        text.len()
    );
}
