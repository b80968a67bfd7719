//! Another system that webhooks are sent to, on this machine: it keeps what comes, answers as a test has it answer, and checks
//! signatures as its own developer would write it, from the published specification (Standard Webhooks 1.0.0).

use std::collections::{BTreeMap, VecDeque};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::Sha256;

use crate::tls::Pair;

/// How long a message may be on its way: events get their place in the log at most a second behind.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a receiver answers.
#[derive(Debug, Clone)]
pub enum Reply {
    /// This status, without a body.
    Status(u16),
    /// 302 to this address.
    Elsewhere(String),
    /// 200, after so long.
    After(Duration),
    /// 200 with a body that does not end.
    Endless,
    /// Hangs up.
    Nothing,
}

/// A message as it came.
#[derive(Debug, Clone)]
pub struct Message {
    /// Headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The exact bytes.
    pub body: Vec<u8>,
    /// When it came.
    pub at: Instant,
}

#[derive(Debug)]
struct Kept {
    came: Mutex<(Vec<Message>, VecDeque<Reply>, Reply)>,
    bell: Condvar,
}

/// A running receiver; it ends with the process.
#[derive(Debug)]
pub struct Receiver {
    /// Where it listens.
    pub url: String,
    kept: Arc<Kept>,
}

impl Receiver {
    /// Listens without TLS.
    pub fn start() -> Self {
        Self::listen("http", "127.0.0.1", |stream| Some(Box::new(stream)))
    }

    /// Listens with TLS, under this certificate.
    pub fn start_tls(pair: Pair) -> Self {
        Self::listen("https", "localhost", move |stream| {
            pair.accept(stream).ok().map(|tls| Box::new(tls) as Box<dyn Connection>)
        })
    }

    fn listen(
        scheme: &str,
        host: &str,
        open: impl Fn(TcpStream) -> Option<Box<dyn Connection>> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let kept = Arc::new(Kept {
            came: Mutex::new((Vec::new(), VecDeque::new(), Reply::Status(204))),
            bell: Condvar::new(),
        });
        let (theirs, open) = (Arc::clone(&kept), Arc::new(open));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (kept, open) = (Arc::clone(&theirs), Arc::clone(&open));
                thread::spawn(move || {
                    stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
                    if let Some(mut connection) = open(stream) {
                        while kept.serve(connection.as_mut()).is_some() {}
                    }
                });
            }
        });
        Self {
            url: format!("{scheme}://{host}:{port}/hook"),
            kept,
        }
    }

    /// Answers like this from now on.
    pub fn answers(&self, reply: Reply) {
        self.kept.came().2 = reply;
    }

    /// Answers the next ones like this, one each.
    pub fn answers_next(&self, replies: &[Reply]) {
        self.kept.came().1.extend(replies.iter().cloned());
    }

    /// All that came so far.
    pub fn so_far(&self) -> Vec<Message> {
        self.kept.came().0.clone()
    }

    /// All that came, once there are so many.
    #[track_caller]
    pub fn awaited(&self, count: usize) -> Vec<Message> {
        let waits = |came: &mut (Vec<Message>, VecDeque<Reply>, Reply)| came.0.len() < count;
        let (came, late) = self
            .kept
            .bell
            .wait_timeout_while(self.kept.came(), PATIENCE, waits)
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        assert!(!late.timed_out(), "{} messages came, not {count}", came.0.len());
        came.0.clone()
    }
}

impl Kept {
    fn came(&self) -> MutexGuard<'_, (Vec<Message>, VecDeque<Reply>, Reply)> {
        self.came.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// One request and its answer; nothing when the connection is over.
    fn serve(&self, stream: &mut dyn Connection) -> Option<()> {
        let message = read(stream)?;
        let reply = {
            let mut came = self.came();
            came.0.push(message);
            came.1.pop_front().unwrap_or_else(|| came.2.clone())
        };
        self.bell.notify_all();
        let head = |status: u16, more: &str| format!("HTTP/1.1 {status} Word\r\n{more}Content-Length: 0\r\n\r\n");
        match reply {
            Reply::Status(204) => stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").ok(),
            Reply::Status(status) => stream.write_all(head(status, "").as_bytes()).ok(),
            Reply::Elsewhere(url) => stream
                .write_all(head(302, &format!("Location: {url}\r\n")).as_bytes())
                .ok(),
            Reply::After(pause) => {
                thread::sleep(pause);
                stream.write_all(head(200, "").as_bytes()).ok()
            }
            Reply::Endless => {
                stream
                    .write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .ok()?;
                let piece = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
                while stream.write_all(piece.as_bytes()).is_ok() {}
                None
            }
            Reply::Nothing => None,
        }
    }
}

/// A connection, with TLS or without.
pub trait Connection: Read + Write {}
impl<T: Read + Write> Connection for T {}

fn read(stream: &mut dyn Connection) -> Option<Message> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).ok()?;
    let headers: BTreeMap<String, String> = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers.get("content-length").and_then(|length| length.parse().ok())?;
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some(Message {
        headers,
        body,
        at: Instant::now(),
    })
}

impl Message {
    /// The body.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// What happened.
    pub fn kind(&self) -> String {
        self.json()["type"].as_str().expect("a type").to_owned()
    }

    /// The message's name, the same with every try.
    pub fn id(&self) -> &str {
        &self.headers["webhook-id"]
    }

    /// Whether one of its signatures was made with this secret, lately.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let key = secret
            .strip_prefix("whsec_")
            .and_then(|key| STANDARD.decode(key).ok())
            .expect("a secret");
        let sent: u64 = self.headers["webhook-timestamp"].parse().expect("seconds");
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time").as_secs();
        assert!(now.abs_diff(sent) <= 300, "sent at {sent}, now it is {now}");
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("a key");
        mac.update(format!("{}.{sent}.", self.id()).as_bytes());
        mac.update(&self.body);
        let code = STANDARD.encode(mac.finalize().into_bytes());
        self.signatures().contains(&format!("v1,{code}").as_str())
    }

    /// Its signatures.
    pub fn signatures(&self) -> Vec<&str> {
        self.headers["webhook-signature"].split(' ').collect()
    }
}
