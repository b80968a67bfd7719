//! Requests that no decent client would send, written byte by byte.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

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

/// A connection on which nothing takes longer than `patience`.
pub fn connect(port: u16, patience: Duration) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
    stream.set_read_timeout(Some(patience)).expect("a time-out");
    stream.set_write_timeout(Some(patience)).expect("a time-out");
    stream
}

/// Sends these bytes on a connection of their own; what came back until the server closed or said no more.
pub fn exchange(port: u16, bytes: &[u8]) -> String {
    exchange_within(port, bytes, Duration::from_secs(2))
}

/// The same with a server that may take its time.
pub fn exchange_within(port: u16, bytes: &[u8], patience: Duration) -> String {
    let mut stream = connect(port, patience);
    // A server that has heard enough may close before everything is sent.
    let _ = stream.write_all(bytes);
    String::from_utf8_lossy(&rest(&mut stream)).into_owned()
}

/// What still comes until the server closes or is silent for as long as the connection's time-out.
pub fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        answer.extend_from_slice(&buffer[..count]);
    }
    answer
}

/// Whether the server hangs up within this time, whatever it says before.
pub fn hangs_up_within(stream: &mut TcpStream, patience: Duration) -> bool {
    let deadline = Instant::now() + patience;
    stream
        .set_read_timeout(Some(Duration::from_millis(100)))
        .expect("a time-out");
    let mut buffer = [0; 4096];
    while Instant::now() < deadline {
        match stream.read(&mut buffer) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => return true,
        }
    }
    false
}
