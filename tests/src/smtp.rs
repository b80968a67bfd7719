//! A mail server, as much of one as a letter needs (RFC 5321, RFC 3207): it keeps what it is handed, and how.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use crate::mail::Mail;
use crate::tls::Pair;

/// How long a letter may be on its way: the outbox is looked through four times a minute.
const PATIENCE: Duration = Duration::from_secs(40);

/// How the server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaks {
    /// TLS from the first byte.
    Tls,
    /// TLS once it is asked for.
    StartTls,
    /// In the clear alone.
    Plain,
}

#[derive(Debug, Default)]
struct Kept {
    letters: Vec<String>,
    /// Commands that came in the clear.
    clear: Vec<String>,
}

/// A running mail server; it ends with the process.
#[derive(Debug)]
pub struct Smtp {
    /// Its port.
    pub port: u16,
    kept: Arc<(Mutex<Kept>, Condvar)>,
}

trait Line: Read + Write {}
impl<T: Read + Write> Line for T {}

impl Smtp {
    /// Listens on a port, or on any (0).
    pub fn start(port: u16, speaks: Speaks, pair: Pair) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).expect("the port");
        let port = listener.local_addr().expect("an address").port();
        let kept = Arc::new((Mutex::new(Kept::default()), Condvar::new()));
        let (theirs, pair) = (Arc::clone(&kept), Arc::new(pair));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (kept, pair) = (Arc::clone(&theirs), Arc::clone(&pair));
                thread::spawn(move || {
                    stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
                    let _over = serve(stream, speaks, &pair, &kept);
                });
            }
        });
        Self { port, kept }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// The letters so far.
    pub fn letters(&self) -> Vec<Mail> {
        self.kept().letters.iter().map(|raw| Mail::parse(raw)).collect()
    }

    /// The letters, once there are so many.
    #[track_caller]
    pub fn awaited(&self, count: usize) -> Vec<Mail> {
        let deadline = Instant::now() + PATIENCE;
        while self.kept().letters.len() < count {
            assert!(
                Instant::now() < deadline,
                "{} letters, not {count}",
                self.kept().letters.len()
            );
            thread::sleep(Duration::from_millis(50));
        }
        self.letters()
    }

    /// Commands that came in the clear, once there is one.
    #[track_caller]
    pub fn asked_in_the_clear(&self) -> Vec<String> {
        let waits = |kept: &mut Kept| kept.clear.is_empty();
        let (kept, late) = self
            .kept
            .1
            .wait_timeout_while(self.kept(), PATIENCE, waits)
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        assert!(!late.timed_out(), "nobody came");
        kept.clear.clone()
    }
}

/// One connection; nothing when it is over.
fn serve(stream: TcpStream, speaks: Speaks, pair: &Pair, kept: &(Mutex<Kept>, Condvar)) -> Option<()> {
    if speaks == Speaks::Tls {
        let mut tls = pair.accept(stream).ok()?;
        return talk(&mut tls, speaks, (true, true), kept).map(drop);
    }
    let mut clear = stream.try_clone().ok()?;
    if talk(&mut clear, speaks, (true, false), kept)? {
        let mut tls = pair.accept(stream).ok()?;
        talk(&mut tls, speaks, (false, true), kept)?;
    }
    Some(())
}

/// Until the end, or until TLS is asked for (true). Whether it greets first, and whether nobody else can listen.
fn talk(
    line: &mut dyn Line,
    speaks: Speaks,
    (greets, safe): (bool, bool),
    kept: &(Mutex<Kept>, Condvar),
) -> Option<bool> {
    if greets {
        line.write_all(b"220 mail.example\r\n").ok()?;
    }
    loop {
        let command = read_line(line)?;
        if !safe {
            let mut all = kept.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            all.clear.push(command.clone());
            kept.1.notify_all();
        }
        let word = command.split_whitespace().next().unwrap_or_default().to_uppercase();
        let answer: &[u8] = match word.as_str() {
            "EHLO" if !safe && speaks == Speaks::StartTls => b"250-mail.example\r\n250 STARTTLS\r\n",
            "EHLO" => b"250-mail.example\r\n250 8BITMIME\r\n",
            "STARTTLS" => {
                line.write_all(b"220 go ahead\r\n").ok()?;
                return Some(true);
            }
            "DATA" => {
                line.write_all(b"354 go ahead\r\n").ok()?;
                let mut letter = String::new();
                loop {
                    let text = read_line(line)?;
                    if text == "." {
                        break;
                    }
                    letter.push_str(text.strip_prefix('.').unwrap_or(&text));
                    letter.push_str("\r\n");
                }
                kept.0
                    .lock()
                    .unwrap_or_else(|poisoned| poisoned.into_inner())
                    .letters
                    .push(letter);
                b"250 kept\r\n"
            }
            "QUIT" => {
                line.write_all(b"221 bye\r\n").ok()?;
                return Some(false);
            }
            _ => b"250 ok\r\n",
        };
        line.write_all(answer).ok()?;
    }
}

fn read_line(line: &mut dyn Line) -> Option<String> {
    let (mut text, mut byte) = (Vec::new(), [0]);
    while !text.ends_with(b"\r\n") {
        if line.read(&mut byte).ok()? == 0 {
            return None;
        }
        text.push(byte[0]);
    }
    text.truncate(text.len() - 2);
    String::from_utf8(text).ok()
}
