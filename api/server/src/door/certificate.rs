//! TLS (ATT-38): 1.2 and 1.3, and a certificate that may be renewed while connections are open.
//!
//! The files are looked at every few seconds. A new pair is used for handshakes from then on, if it is one: a chain that
//! does not parse or a key of another certificate changes nothing but the log, because a laboratory that cannot be
//! reached is worse than a certificate that is replaced an hour later.

use crate::config::Config;
use sha2::{Digest, Sha256};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::version::{TLS12, TLS13};

/// How often the files are looked at.
const LOOKED_AT_EVERY: Duration = Duration::from_secs(2);

/// The pair in use and where the next one will lie.
#[derive(Debug)]
pub struct Certificate {
    chain: PathBuf,
    key: PathBuf,
    provider: Arc<CryptoProvider>,
    in_use: RwLock<Arc<CertifiedKey>>,
    /// Digest of the files as they were last read, good or bad: each state is told once.
    seen: RwLock<[u8; 32]>,
}

impl Certificate {
    /// The configured pair; nothing without one.
    ///
    /// # Errors
    /// When it cannot be used: a first start has no older one to fall back on.
    pub fn of(config: &Config) -> Result<Option<Arc<Self>>, String> {
        let (Some(chain), Some(key)) = (&config.tls_cert, &config.tls_key) else {
            return Ok(None);
        };
        let provider = Arc::new(ring::default_provider());
        let (bytes, seen) = read(chain, key)?;
        let first = usable(&provider, &bytes)?;
        Ok(Some(Arc::new(Self {
            chain: chain.clone(),
            key: key.clone(),
            provider,
            in_use: RwLock::new(Arc::new(first)),
            seen: RwLock::new(seen),
        })))
    }

    /// Uses what lies in the files now, if it is new and good. What is wrong with it otherwise.
    fn look(&self) -> Result<bool, String> {
        let (bytes, now) = read(&self.chain, &self.key)?;
        {
            let mut seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
            if *seen == now {
                return Ok(false);
            }
            *seen = now;
        }
        let next = usable(&self.provider, &bytes)?;
        *self.in_use.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
        Ok(true)
    }

    /// Looks for as long as the program runs.
    fn watch(self: Arc<Self>) {
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(LOOKED_AT_EVERY);
            let mut complaint = String::new();
            loop {
                ticks.tick().await;
                match self.look() {
                    Ok(false) => complaint.clear(),
                    Ok(true) => {
                        complaint.clear();
                        tracing::info!(certificate = %self.chain.display(), "a new TLS certificate is in use");
                    }
                    Err(reason) if reason != complaint => {
                        tracing::error!(certificate = %self.chain.display(), %reason, "the new TLS certificate cannot be used; the old one stays in use");
                        complaint = reason;
                    }
                    Err(_told) => {}
                }
            }
        });
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.in_use.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// Accepts TLS with this certificate, and begins to watch its files.
pub fn acceptor(certificate: Arc<Certificate>) -> Result<TlsAcceptor, String> {
    let resolver: Arc<dyn ResolvesServerCert> = Arc::<Certificate>::clone(&certificate);
    let mut server = ServerConfig::builder_with_provider(Arc::clone(&certificate.provider))
        .with_protocol_versions(&[&TLS13, &TLS12])
        .map_err(|error| error.to_string())?
        .with_no_client_auth()
        .with_cert_resolver(resolver);
    server.alpn_protocols = vec![b"http/1.1".to_vec()];
    server.ignore_client_order = true;
    certificate.watch();
    Ok(TlsAcceptor::from(Arc::new(server)))
}

type Files = (Vec<u8>, Vec<u8>);

fn read(chain: &Path, key: &Path) -> Result<(Files, [u8; 32]), String> {
    let failed = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    let mode = std::fs::metadata(key)
        .map_err(|error| failed(key, error))?
        .permissions()
        .mode();
    // Groups are left to the operator: certificates are often renewed by a program of its own.
    if mode & 0o007 != 0 {
        return Err(format!(
            "{} can be read by everybody (mode {:o}); set it to 0600 or 0640",
            key.display(),
            mode & 0o777
        ));
    }
    let file = |path: &Path| std::fs::read(path).map_err(|error| failed(path, error));
    let (chain, key) = (file(chain)?, file(key)?);
    let digest = Sha256::new()
        .chain_update(Sha256::digest(&chain))
        .chain_update(Sha256::digest(&key))
        .finalize();
    Ok(((chain, key), digest.into()))
}

/// A chain whose first certificate is the key's.
fn usable(provider: &CryptoProvider, (chain, key): &Files) -> Result<CertifiedKey, String> {
    let chain = CertificateDer::pem_slice_iter(chain)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| format!("the certificate is not PEM: {error}"))?;
    if chain.is_empty() {
        return Err("there is no certificate in the file".to_owned());
    }
    let key =
        PrivateKeyDer::from_pem_slice(key).map_err(|error| format!("the key is not a private key in PEM: {error}"))?;
    // Fails when the key is another certificate's.
    CertifiedKey::from_der(chain, key, provider).map_err(|error| format!("certificate and key do not fit: {error}"))
}
