//! A client that speaks TLS and trusts exactly one certificate, and certificates to trust.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, StreamOwned,
    SupportedProtocolVersion,
};

/// A certificate for `localhost` with its key.
#[derive(Debug)]
pub struct Pair {
    chain: String,
    key: String,
    der: CertificateDer<'static>,
    key_der: Vec<u8>,
}

/// A connection that was accepted.
pub type Accepted = StreamOwned<ServerConnection, TcpStream>;

/// A connection.
pub type Tls = StreamOwned<ClientConnection, TcpStream>;

impl Pair {
    /// Makes one.
    pub fn new() -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        Self {
            chain: made.cert.pem(),
            key: made.signing_key.serialize_pem(),
            der: made.cert.der().clone(),
            key_der: made.signing_key.serialize_der(),
        }
    }

    /// Writes both where the server looks for them.
    pub fn put(&self, chain: &Path, key: &Path) {
        std::fs::write(chain, &self.chain).expect("a file");
        let mut file = std::fs::File::options();
        let mut file = file
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(key)
            .expect("a file");
        file.write_all(self.key.as_bytes()).expect("a file");
    }

    /// The certificate as a file that a program may be told to trust.
    pub fn pem(&self) -> &str {
        &self.chain
    }

    /// Shakes hands as the side that has this certificate.
    ///
    /// # Errors
    /// What the handshake failed of.
    pub fn accept(&self, tcp: TcpStream) -> Result<Accepted, String> {
        let key = PrivatePkcs8KeyDer::from(self.key_der.clone());
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| {
                config
                    .with_no_client_auth()
                    .with_single_cert(vec![self.der.clone()], key.into())
            })
            .map_err(|error| error.to_string())?;
        let server = ServerConnection::new(Arc::new(config)).map_err(|error| error.to_string())?;
        let mut tls = StreamOwned::new(server, tcp);
        tls.conn.complete_io(&mut tls.sock).map_err(|error| error.to_string())?;
        Ok(tls)
    }

    /// Connects, trusting this certificate and no other.
    ///
    /// # Errors
    /// What the handshake failed of.
    pub fn connect(&self, port: u16, versions: &[&'static SupportedProtocolVersion]) -> Result<Tls, String> {
        let mut trusted = RootCertStore::empty();
        trusted.add(self.der.clone()).map_err(|error| error.to_string())?;
        let client = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)
            .map_err(|error| error.to_string())?
            .with_root_certificates(trusted)
            .with_no_client_auth();
        let name = "localhost".try_into().map_err(|_| "a name")?;
        let client = ClientConnection::new(Arc::new(client), name).map_err(|error| error.to_string())?;
        let tcp = TcpStream::connect(("127.0.0.1", port)).map_err(|error| error.to_string())?;
        tcp.set_read_timeout(Some(Duration::from_secs(10)))
            .map_err(|error| error.to_string())?;
        let mut tls = StreamOwned::new(client, tcp);
        tls.conn.complete_io(&mut tls.sock).map_err(|error| error.to_string())?;
        Ok(tls)
    }
}

impl Default for Pair {
    fn default() -> Self {
        Self::new()
    }
}

/// `GET` on a connection that stays open; head and body as text.
pub fn get(tls: &mut Tls, path: &str) -> String {
    write!(tls, "GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("it is sent");
    tls.flush().expect("it is sent");
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = tls.read(&mut buffer).expect("an answer");
        answer.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&answer);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            assert!(count > 0, "half a head: {text}");
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok())
            .unwrap_or(0);
        if body.len() >= length {
            return text.into_owned();
        }
        assert!(count > 0, "half a body: {text}");
    }
}
