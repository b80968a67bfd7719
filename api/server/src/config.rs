//! Settings: defaults, then `attest.toml`, then `ATTEST_*` and `DATABASE_URL`, then the command line. Unknown keys are refused.

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Everything that can be set.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Folder of the database file, keys and exports.
    pub data_dir: PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// `sqlite:PATH` or `postgres://…`; a SQLite file in the data folder by default.
    pub database_url: Option<String>,
    /// The address people see, for links and QR codes, e.g. `https://lab.example`.
    pub public_url: Option<String>,
    /// Name of this installation in log origins. Never change it once there is a laboratory.
    pub host_name: String,
    /// Where weaknesses are reported, as a URI (`mailto:` or `https:`), in `/.well-known/security.txt`. By default the mailbox
    /// that RFC 2142 sets aside for it, at `host_name`.
    pub security_contact: Option<String>,
    /// HTTP worker threads.
    pub workers: usize,
    /// Database reading connections (SQLite).
    pub readers: u32,
    /// Password hashes computed at once; each takes 64 MiB.
    pub hashes_at_once: usize,
    /// Addresses of proxies whose `X-Forwarded-For` is believed (ATT-32).
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// Log level, as `RUST_LOG`.
    pub log: String,
    /// `text` or `json`.
    pub log_format: String,
}

impl Default for Config {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self {
            data_dir: PathBuf::from("./data"),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            database_url: None,
            public_url: None,
            host_name: "attest.local".to_owned(),
            security_contact: None,
            workers: cores,
            readers: u32::try_from(cores.saturating_mul(4)).unwrap_or(8),
            hashes_at_once: 2,
            trusted_proxies: Vec::new(),
            log: "info".to_owned(),
            log_format: "text".to_owned(),
        }
    }
}

impl Config {
    /// Reads the settings; `data_dir` and `listen` from the command line win.
    ///
    /// # Errors
    /// When a file cannot be parsed, or a key is unknown or of the wrong type.
    pub fn load(data_dir: Option<PathBuf>, listen: Option<SocketAddr>) -> Result<Self, Box<figment::Error>> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file("attest.toml"))
            .merge(Env::prefixed("ATTEST_").ignore(&["service_role"]))
            .merge(Env::raw().only(&["DATABASE_URL"]));
        if let Some(folder) = data_dir {
            figment = figment.merge(Serialized::default("data_dir", folder));
        }
        if let Some(address) = listen {
            figment = figment.merge(Serialized::default("listen", address));
        }
        figment.extract().map_err(Box::new)
    }

    /// Where weaknesses are reported, as a URI.
    pub fn security_contact(&self) -> String {
        self.security_contact
            .clone()
            .unwrap_or_else(|| format!("mailto:security@{}", self.host_name))
    }

    /// The database's URL.
    pub fn database_url(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}", self.data_dir.join("attest.db").display()))
    }

    /// The address people see.
    pub fn public_url(&self) -> String {
        self.public_url
            .clone()
            .unwrap_or_else(|| format!("http://{}", self.listen))
            .trim_end_matches('/')
            .to_owned()
    }
}
