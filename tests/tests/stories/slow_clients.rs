//! ATT-31: clients that take their time, and very many that do nothing at all. On loopback, with short limits.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use attest_tests::raw::{connect, hangs_up_within};
use attest_tests::{Engine, Server, json};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Two seconds for a head, two for a body.
const HURRY: [(&str, &str); 2] = [("ATTEST_HEAD_SECONDS", "2"), ("ATTEST_BODY_SECONDS", "2")];

/// ATT-31 Half a head is not waited for: not on a new connection, and not on one that has been used (which the HTTP library
/// alone would let stand for ever).
#[test]
fn a_head_that_drips_in_is_hung_up_on() {
    let server = Server::start_with(Engine::Sqlite, &[], &HURRY);
    let drip = |used: bool| {
        let mut stream = connect(server.port(), Duration::from_secs(5));
        if used {
            ask(&mut stream);
            thread::sleep(Duration::from_millis(2_500)); // Idle between two requests is allowed for longer.
        }
        let begun = Instant::now();
        stream
            .write_all(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
            .unwrap();
        while !hangs_up_within(&mut stream, Duration::from_millis(300)) {
            assert!(
                begun.elapsed() < Duration::from_secs(6),
                "still waited for (used: {used})"
            );
            // A letter now and then buys no time; one that arrives too late may find nobody.
            let _ = stream.write_all(b"x");
        }
        assert!(
            begun.elapsed() > Duration::from_secs(1),
            "hung up on too soon (used: {used})"
        );
    };
    thread::scope(|scope| {
        scope.spawn(|| drip(false));
        scope.spawn(|| drip(true));
    });
}

/// ATT-31 Nor is half a body; whoever sends it is told.
#[test]
fn a_body_that_drips_in_is_refused() {
    let server = Server::start_with(Engine::Sqlite, &[], &HURRY);
    let mut stream = connect(server.port(), Duration::from_secs(10));
    stream
        .write_all(b"POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"email\": \"")
        .unwrap();
    let begun = Instant::now();
    let mut answer = Vec::new();
    stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    while !answer.ends_with(b"}") {
        assert!(begun.elapsed() < Duration::from_secs(6), "still waited for");
        let _ = stream.write_all(b"x");
        let mut buffer = [0; 4096];
        if let Ok(count) = stream.read(&mut buffer) {
            answer.extend_from_slice(&buffer[..count]);
        }
    }
    let answer = String::from_utf8_lossy(&answer);
    assert!(
        answer.starts_with("HTTP/1.1 408") && answer.contains("/problems/request-timeout"),
        "{answer}"
    );
}

/// ATT-31 Who asks for much and takes nothing is given up.
#[test]
fn an_answer_that_is_not_taken_is_given_up() {
    let server = Server::start_with(Engine::Sqlite, &[], &HURRY);
    let mut stream = connect(server.port(), Duration::from_secs(2));
    // Ask for far more than the kernel's buffers hold, read nothing.
    for _ in 0..200 {
        let asked = stream.write_all(b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n");
        if asked.is_err() {
            break;
        }
    }
    thread::sleep(Duration::from_secs(5));
    // What the kernel still holds can be read; then the connection is over instead of going on.
    assert!(
        hangs_up_within(&mut stream, Duration::from_secs(5)),
        "it goes on sending"
    );
}

/// ATT-31 Ten thousand connections that do nothing, and the others' answers come as before.
#[test]
fn ten_thousand_idle_connections_do_not_slow_the_others() {
    let server = Server::start(Engine::Sqlite);
    let nobody = server.anonymous();
    let measure = || {
        let mut times: Vec<Duration> = (0..200)
            .map(|_| {
                let begun = Instant::now();
                nobody.get("/health/ready").expect(200);
                begun.elapsed()
            })
            .collect();
        times.sort();
        (times[100], times[198])
    };
    let before = measure();
    let wanted = 10_000.min(descriptors_for_this_test());
    let mut idle: Vec<_> = (0..wanted)
        .map(|number| {
            let mut stream = connect(server.port(), Duration::from_secs(10));
            // Half of them have been used before.
            if number % 2 == 0 {
                ask(&mut stream);
            }
            stream
        })
        .collect();
    let beside = measure();
    println!("median and 99th of a hundred: {before:?} alone, {beside:?} beside {wanted} idle connections");
    assert!(beside.1 < Duration::from_millis(500), "{beside:?}");
    let body = json!({"email": "nobody@riverside.example", "password": "Wrong-Password-77"});
    nobody.post("/auth/login", &body).problem(401, "invalid-credentials");
    // They were let in, not left waiting at the door: the last ones are answered too.
    for stream in idle.iter_mut().rev().take(100) {
        ask(stream);
    }
}

fn ask(stream: &mut TcpStream) {
    stream
        .write_all(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    let mut buffer = [0; 4096];
    let count = stream.read(&mut buffer).unwrap();
    assert!(buffer[..count].starts_with(b"HTTP/1.1 200"));
}

/// How many connections this process can hold beside what the other tests need. The server sees to its own limit.
fn descriptors_for_this_test() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let all = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    setrlimit(Resource::Nofile, all).expect("what is allowed");
    let most = limit.maximum.map_or(usize::MAX, |most| usize::try_from(most).unwrap());
    if most < 11_000 {
        println!("this machine allows {most} open files: fewer than ten thousand connections are tried");
    }
    most.saturating_sub(1_000)
}
