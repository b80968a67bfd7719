//! The folder into which a server without a mail server puts its letters.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::thread;
use std::time::{Duration, Instant};

use crate::server::Server;

/// How long a letter may be on its way: the server looks for those of other processes four times a minute.
const PATIENCE: Duration = Duration::from_secs(40);

/// A letter, as its reader sees it.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Everything, as it came.
    pub raw: String,
    /// The plain text.
    pub text: String,
}

impl Mail {
    /// Takes a message apart (RFC 5322, quoted-printable of RFC 2045): as much of it as our letters use.
    pub fn parse(raw: &str) -> Self {
        let plain = raw.split("Content-Type: text/plain").nth(1).expect("a plain part");
        let (_, body) = plain.split_once("\r\n\r\n").expect("a body");
        let body = body.split("\r\n--").next().unwrap_or_default();
        Self {
            raw: raw.to_owned(),
            text: unquoted(body),
        }
    }

    /// The one-time token of the link in it.
    #[track_caller]
    pub fn token(&self) -> String {
        let (_, token) = self
            .text
            .split_once("/password#token=")
            .unwrap_or_else(|| panic!("no link in {}", self.text));
        token.split_whitespace().next().unwrap_or_default().to_owned()
    }
}

/// The letters to an address so far, oldest first.
pub fn mails_to(server: &Server, email: &str) -> Vec<Mail> {
    let Ok(folder) = fs::read_dir(server.data_dir().join("mail")) else {
        return Vec::new();
    };
    let mut files: Vec<_> = folder
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "eml"))
        .collect();
    files.sort();
    let letters = files.into_iter().map(|path| {
        let mode = fs::metadata(&path).expect("a letter").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{} may be read by others", path.display());
        fs::read_to_string(path).expect("a letter")
    });
    letters
        .filter(|raw| raw.contains(&format!("<{email}>")))
        .map(|raw| Mail::parse(&raw))
        .collect()
}

/// The newest letter to an address, once there are so many.
#[track_caller]
pub fn awaited(server: &Server, email: &str, count: usize) -> Mail {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let mut letters = mails_to(server, email);
        assert!(
            letters.len() <= count,
            "{} letters to {email}, not {count}",
            letters.len()
        );
        if letters.len() == count {
            return letters.pop().expect("one at least");
        }
        assert!(
            Instant::now() < deadline,
            "{} letters to {email}, not {count}",
            letters.len()
        );
        thread::sleep(Duration::from_millis(50));
    }
}

fn unquoted(body: &str) -> String {
    let joined = body.replace("=\r\n", "");
    let mut bytes = Vec::with_capacity(joined.len());
    let mut rest = joined.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) if *first == b'=' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
