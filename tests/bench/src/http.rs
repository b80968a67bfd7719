//! HTTP/1.1 over one kept connection, as cheap as it gets: the load must not eat the cores that are measured.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

/// One kept connection.
pub struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
    room: Vec<u8>,
}

/// An answer: its status and its body.
pub struct Answer<'a> {
    /// Status code.
    pub status: u16,
    /// Body.
    pub body: &'a [u8],
}

impl Connection {
    /// Connects to the loopback address.
    ///
    /// # Errors
    /// When nobody listens.
    pub fn open(port: u16) -> Result<Self, String> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).map_err(|error| error.to_string())?;
        let set = stream
            .set_nodelay(true)
            .and_then(|()| stream.set_read_timeout(Some(Duration::from_secs(60))));
        set.map_err(|error| error.to_string())?;
        Ok(Self {
            stream,
            received: Vec::with_capacity(65_536),
            room: vec![0; 65_536],
        })
    }

    /// Sends bytes made by [`request`] and reads the whole answer.
    ///
    /// # Errors
    /// When the connection breaks or the answer has no Content-Length.
    pub fn exchange(&mut self, request: &[u8]) -> Result<Answer<'_>, String> {
        self.stream
            .write_all(request)
            .map_err(|error| format!("sending: {error}"))?;
        self.received.clear();
        let head = loop {
            let before = self.received.len().saturating_sub(3);
            self.read_more()?;
            if let Some(at) = find(&self.received[before..], b"\r\n\r\n") {
                break before + at + 4;
            }
        };
        let (status, length) = read_head(&self.received[..head])?;
        while self.received.len() < head + length {
            self.read_more()?;
        }
        Ok(Answer {
            status,
            body: &self.received[head..head + length],
        })
    }

    fn read_more(&mut self) -> Result<(), String> {
        let count = self
            .stream
            .read(&mut self.room)
            .map_err(|error| format!("receiving: {error}"))?;
        if count == 0 {
            return Err("the server closed the connection".to_owned());
        }
        self.received.extend_from_slice(&self.room[..count]);
        Ok(())
    }
}

/// Status and Content-Length.
fn read_head(head: &[u8]) -> Result<(u16, usize), String> {
    let text = std::str::from_utf8(head).map_err(|_binary| "a head that is no text".to_owned())?;
    let status = text
        .get(9..12)
        .and_then(|code| code.parse().ok())
        .ok_or("no status line")?;
    let length = text.split("\r\n").skip(1).find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().ok())
            .flatten()
    });
    match length {
        Some(length) => Ok((status, length)),
        None if status == 204 || status == 304 => Ok((status, 0)),
        None => Err("an answer without Content-Length".to_owned()),
    }
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

/// The bytes of a request.
pub fn request(method: &str, path: &str, token: &str, body: Option<&str>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(900 + body.map_or(0, str::len));
    write_request(&mut bytes, method, path, token, body);
    bytes
}

/// As [`request`], into a buffer that is used again.
pub fn write_request(bytes: &mut Vec<u8>, method: &str, path: &str, token: &str, body: Option<&str>) {
    bytes.clear();
    let mut piece = |text: &str| bytes.extend_from_slice(text.as_bytes());
    piece(method);
    piece(" /api/v1");
    piece(path);
    piece(" HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: attest-bench\r\n");
    if !token.is_empty() {
        piece("Authorization: Bearer ");
        piece(token);
        piece("\r\n");
    }
    match body {
        Some(body) => {
            piece("Content-Type: application/json\r\nContent-Length: ");
            piece(&body.len().to_string());
            piece("\r\n\r\n");
            piece(body);
        }
        None => piece("\r\n"),
    }
}
