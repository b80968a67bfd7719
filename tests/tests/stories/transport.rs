//! ATT-38: TLS ended by the program itself.

use std::io::Write;
use std::thread;
use std::time::{Duration, Instant};

use attest_tests::raw;
use attest_tests::server::free_port;
use attest_tests::tls::{Pair, get};
use attest_tests::{Engine, Server};
use rustls::version::{TLS12, TLS13};

/// A folder with a pair in it, and a server that uses it.
fn with_tls(pair: &Pair) -> (tempfolder::Folder, Server) {
    let folder = tempfolder::Folder::new();
    pair.put(&folder.chain(), &folder.key());
    let server = Server::start_with(
        Engine::Sqlite,
        &[],
        &[
            ("ATTEST_TLS_CERT", &folder.chain().to_string_lossy()),
            ("ATTEST_TLS_KEY", &folder.key().to_string_lossy()),
        ],
    );
    (folder, server)
}

mod tempfolder {
    use std::path::PathBuf;

    /// Where the certificate lies; goes away with its owner.
    pub struct Folder(PathBuf);

    impl Folder {
        pub fn new() -> Self {
            let path = std::env::temp_dir().join(format!("attest-tls-{}", uuid::Uuid::new_v4().simple()));
            std::fs::create_dir(&path).expect("a folder");
            Self(path)
        }
        pub fn chain(&self) -> PathBuf {
            self.0.join("chain.pem")
        }
        pub fn key(&self) -> PathBuf {
            self.0.join("key.pem")
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

/// ATT-38 TLS 1.2 and 1.3 and nothing older, with HSTS; plain HTTP is not answered.
#[test]
fn only_modern_tls_is_spoken() {
    let pair = Pair::new();
    let (_folder, server) = with_tls(&pair);
    for versions in [&[&TLS12], &[&TLS13]] {
        let mut tls = pair.connect(server.port(), versions).expect("a handshake");
        let answer = get(&mut tls, "/health/live").to_lowercase();
        assert!(answer.starts_with("http/1.1 200"), "{answer}");
        assert!(
            answer.contains("strict-transport-security: max-age=63072000; includesubdomains; preload\r\n"),
            "{answer}"
        );
    }
    assert!(
        Pair::new().connect(server.port(), &[&TLS13]).is_err(),
        "another certificate is not this one"
    );
    let plain = raw::exchange(
        server.port(),
        b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    );
    assert!(!plain.starts_with("HTTP/"), "{plain}");
    for (name, version) in [("TLS 1.0", 1u8), ("TLS 1.1", 2)] {
        let mut stream = raw::connect(server.port(), Duration::from_secs(2));
        stream.write_all(&old_hello(version)).unwrap();
        let answer = raw::rest(&mut stream);
        assert_eq!(
            answer.first(),
            Some(&21),
            "{name} gets an alert, no handshake: {answer:?}"
        );
        assert_eq!(answer.get(5), Some(&2), "{name}: a fatal one: {answer:?}");
    }
}

/// The smallest ClientHello of SSL's minor version 3.`minor`, with a cipher suite of its time.
fn old_hello(minor: u8) -> Vec<u8> {
    let mut body = vec![3, minor];
    body.extend([7; 32]);
    body.extend([0, 0, 4, 0xc0, 0x14, 0x00, 0x2f, 1, 0]);
    let mut hello = vec![1, 0, 0, u8::try_from(body.len()).unwrap()];
    hello.extend(body);
    let mut record = vec![22, 3, 1, 0, u8::try_from(hello.len()).unwrap()];
    record.extend(hello);
    record
}

/// ATT-38 A renewed certificate is used from the next handshake on; open connections stay, a bad one changes nothing.
#[test]
fn a_certificate_is_renewed_while_connections_are_open() {
    let (old, new) = (Pair::new(), Pair::new());
    let (folder, server) = with_tls(&old);
    let mut open = old.connect(server.port(), &[&TLS13]).expect("a handshake");
    get(&mut open, "/health/live");

    // Another certificate's key.
    Pair::new().put(&folder.chain(), &folder.key().with_extension("unused"));
    wait_for(&server, "the old one stays in use");
    old.connect(server.port(), &[&TLS13]).expect("the old pair is in use");
    std::fs::write(folder.chain(), "not a certificate").unwrap();
    thread::sleep(Duration::from_millis(2_500));
    old.connect(server.port(), &[&TLS13]).expect("the old pair is in use");

    new.put(&folder.chain(), &folder.key());
    wait_for(&server, "a new TLS certificate is in use");
    let mut renewed = new.connect(server.port(), &[&TLS13]).expect("the new pair is in use");
    assert!(get(&mut renewed, "/health/live").starts_with("HTTP/1.1 200"));
    assert!(old.connect(server.port(), &[&TLS13]).is_err(), "the old pair is not");
    assert!(
        get(&mut open, "/health/live").starts_with("HTTP/1.1 200"),
        "the open connection goes on"
    );
}

fn wait_for(server: &Server, words: &str) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !server.printed().contains(words) {
        assert!(Instant::now() < deadline, "never said {words:?}:\n{}", server.printed());
        thread::sleep(Duration::from_millis(50));
    }
}

/// A pair that cannot be used stops a first start, in words; so does half a setting, or a key that everybody can read.
#[test]
fn a_first_start_needs_a_good_certificate() {
    let server = Server::start(Engine::Sqlite);
    let folder = tempfolder::Folder::new();
    let pair = Pair::new();
    let start = |settings: &[(&str, String)]| {
        let listen = format!("127.0.0.1:{}", free_port());
        let output = server
            .command()
            .args(["serve", "--listen", &listen, "--data-dir"])
            .arg(folder.chain().with_extension("data"))
            .envs(settings.iter().map(|(name, value)| (*name, value.as_str())))
            .output()
            .expect("it runs");
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let path = |path: std::path::PathBuf| path.to_string_lossy().into_owned();
    let (chain, key) = (
        ("ATTEST_TLS_CERT", path(folder.chain())),
        ("ATTEST_TLS_KEY", path(folder.key())),
    );
    assert!(start(std::slice::from_ref(&chain)).contains("belong together"));
    assert!(start(&[chain.clone(), key.clone()]).contains("key.pem"));
    pair.put(&folder.chain(), &folder.key());
    Pair::new().put(&folder.chain(), &folder.key().with_extension("unused"));
    assert!(start(&[chain.clone(), key.clone()]).contains("do not fit"));
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder.key(), std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(start(&[chain, key]).contains("read by everybody"));
}
