//! Requests that no decent client would send, written byte by byte.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Announces and sends a body of `length` bytes and returns the status line of the answer, however early it comes.
pub fn post_endlessly(port: u16, path: &str, token: &str, length: usize) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a time-out");
    stream
        .set_write_timeout(Some(Duration::from_secs(5)))
        .expect("a time-out");
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{{\"remark\":\""
    );
    stream.write_all(head.as_bytes()).expect("the server reads a head");
    let chunk = vec![b'x'; 64 * 1024];
    let mut sent = 0;
    while sent < length {
        // A server that has answered already may close its side: the answer is waiting to be read.
        if stream.write_all(&chunk).is_err() {
            break;
        }
        sent += chunk.len();
    }
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while !answer.windows(2).any(|pair| pair == b"\r\n") {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(count) => answer.extend_from_slice(&buffer[..count]),
        }
    }
    String::from_utf8_lossy(&answer)
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}
