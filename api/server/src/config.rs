//! Settings: defaults, then `attest.toml`, then `ATTEST_*` and `DATABASE_URL`, then the command line. Unknown keys are refused.

use crate::listed::listed;
use actix_web::http::Uri;
use attest_domain::network::Network;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::PathBuf;

/// A file is in memory while it is received and written in one transaction: not the way for films.
const LARGEST_FILE: usize = 200 << 20;

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
    /// The address people see, for links, QR codes and passkeys, e.g. `https://lab.example`.
    pub public_url: Option<String>,
    /// Origins of other sites whose pages may use the interface with a bearer token, e.g. `https://portal.example`. Cookies
    /// are never theirs to use.
    #[serde(deserialize_with = "listed")]
    pub cors_origins: Vec<String>,
    /// Certificate chain for TLS (PEM, the server's own first). With it and `tls_key` only HTTPS is spoken.
    pub tls_cert: Option<PathBuf>,
    /// Private key for TLS (PEM).
    pub tls_key: Option<PathBuf>,
    /// Speak plain HTTP to other machines, with neither TLS here nor a proxy in front: passwords can be read on the way.
    pub plain_http: bool,
    /// Name of this installation in log origins. Never change it once there is a laboratory.
    pub host_name: String,
    /// Where weaknesses are reported, as a URI (`mailto:` or `https:`), in `/.well-known/security.txt`. By default the mailbox
    /// that RFC 2142 sets aside for it, at `host_name`.
    pub security_contact: Option<String>,
    /// Mail server: `smtps://user:password@mail.example:465`, or `smtp://…:587`, which asks for TLS everywhere but on this
    /// machine. Without one, letters are put into the folder `mail` of the data folder.
    pub smtp_url: Option<Hidden>,
    /// Sender of letters, e.g. `Attest <lims@lab.example>`; `no-reply` at `host_name` by default.
    pub mail_from: Option<String>,
    /// Identity providers of single sign-on may be in private networks and on this machine, there also without TLS. Otherwise
    /// only public addresses are called (ATT-36), over HTTPS.
    pub sign_on_private_networks: bool,
    /// Private networks that webhooks may lead into, such as `10.20.0.0/16`; with `127.0.0.0/8` also this machine, there without
    /// TLS too. Otherwise only public addresses are called (ATT-36), over HTTPS.
    #[serde(deserialize_with = "listed")]
    pub webhook_private_networks: Vec<Network>,
    /// HTTP worker threads.
    pub workers: usize,
    /// Database reading connections (SQLite).
    pub readers: u32,
    /// Password hashes computed at once; each takes 64 MiB.
    pub hashes_at_once: usize,
    /// Addresses of proxies whose `X-Forwarded-For` is believed (ATT-32).
    #[serde(deserialize_with = "listed")]
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// Requests that one address may send in a second, sustained; ten seconds' worth at once. 0: as many as it likes.
    pub requests_per_second: u32,
    /// The same for one person or service account, from wherever.
    pub principal_requests_per_second: u32,
    /// Connections open at once.
    pub max_connections: usize,
    /// Connections that one address may hold open. 0: as many as it likes.
    pub connections_per_address: u32,
    /// Seconds in which a request's head must have come whole, and in which a client must take some of what is sent.
    pub head_seconds: u64,
    /// Seconds in which a request's body must have come whole.
    pub body_seconds: u64,
    /// Seconds in which an attached file must have come whole.
    pub upload_seconds: u64,
    /// Seconds that a connection may be idle between two requests.
    pub keep_alive_seconds: u64,
    /// Bytes that an attached file may have.
    pub max_file_bytes: usize,
    /// Bytes that all attached files of one laboratory may have. 0: as many as there is room for.
    pub laboratory_file_bytes: i64,
    /// Files received at once; each takes twice its size in memory.
    pub uploads_at_once: usize,
    /// Log level, as `RUST_LOG`.
    pub log: String,
    /// `text` or `json`.
    pub log_format: String,
}

/// A setting with a password in it: read by who needs it, never printed.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hidden(String);

impl Hidden {
    /// The setting itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Hidden {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("(hidden)")
    }
}

impl Default for Config {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self {
            data_dir: PathBuf::from("./data"),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            database_url: None,
            public_url: None,
            cors_origins: Vec::new(),
            tls_cert: None,
            tls_key: None,
            plain_http: false,
            host_name: "attest.local".to_owned(),
            security_contact: None,
            smtp_url: None,
            mail_from: None,
            sign_on_private_networks: false,
            webhook_private_networks: Vec::new(),
            workers: cores,
            readers: u32::try_from(cores.saturating_mul(4)).unwrap_or(8),
            hashes_at_once: 2,
            trusted_proxies: Vec::new(),
            requests_per_second: 500,
            principal_requests_per_second: 200,
            max_connections: 16_384,
            connections_per_address: 1_024,
            head_seconds: 15,
            body_seconds: 30,
            upload_seconds: 300,
            keep_alive_seconds: 75,
            max_file_bytes: 20 << 20,
            laboratory_file_bytes: 20 << 30,
            uploads_at_once: 4,
            log: "info".to_owned(),
            log_format: "text".to_owned(),
        }
    }
}

impl Config {
    /// Reads the settings; `data_dir` and `listen` from the command line win.
    ///
    /// # Errors
    /// When a file cannot be parsed, or a key is unknown, of the wrong type, or not what it should be.
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
        let config: Self = figment.extract().map_err(Box::new)?;
        match config.fault() {
            None => Ok(config),
            Some(fault) => Err(Box::new(fault.into())),
        }
    }

    /// What no person could have meant.
    fn fault(&self) -> Option<String> {
        if let Some(url) = &self.public_url
            && origin_of(url).is_none()
        {
            return Some(format!("public_url must be like https://lab.example, not {url:?}"));
        }
        if let Some(wrong) = self
            .cors_origins
            .iter()
            .find(|origin| origin_of(origin).as_ref() != Some(*origin))
        {
            return Some(format!(
                "cors_origins must be origins like https://portal.example, without a path, not {wrong:?}"
            ));
        }
        if [self.head_seconds, self.body_seconds, self.keep_alive_seconds].contains(&0) || self.max_connections == 0 {
            return Some(
                "head_seconds, body_seconds, keep_alive_seconds and max_connections must be at least 1".to_owned(),
            );
        }
        if !(1..=LARGEST_FILE).contains(&self.max_file_bytes) || self.uploads_at_once == 0 || self.upload_seconds == 0 {
            return Some(format!(
                "max_file_bytes must be between 1 and {LARGEST_FILE}, uploads_at_once and upload_seconds at least 1"
            ));
        }
        if self.laboratory_file_bytes < 0 {
            return Some("laboratory_file_bytes must be 0 (no limit) or more".to_owned());
        }
        if self.tls_cert.is_some() != self.tls_key.is_some() {
            return Some("tls_cert and tls_key belong together: set both or neither".to_owned());
        }
        let reachable = !self.listen.ip().is_loopback();
        if reachable && !self.tls() && self.trusted_proxies.is_empty() && !self.plain_http {
            return Some(format!(
                "{} can be reached from other machines, and passwords would travel in the clear: set tls_cert and tls_key, or \
                 name the proxy that speaks TLS in trusted_proxies, or set plain_http = true where nobody else can listen",
                self.listen
            ));
        }
        None
    }

    /// Where weaknesses are reported, as a URI.
    pub fn security_contact(&self) -> String {
        self.security_contact
            .clone()
            .unwrap_or_else(|| format!("mailto:security@{}", self.host_name))
    }

    /// Sender of letters.
    pub fn mail_from(&self) -> String {
        self.mail_from
            .clone()
            .unwrap_or_else(|| format!("Attest <no-reply@{}>", self.host_name))
    }

    /// The database's URL.
    pub fn database_url(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}", self.data_dir.join("attest.db").display()))
    }

    /// Whether this program itself speaks TLS.
    pub fn tls(&self) -> bool {
        self.tls_cert.is_some()
    }

    /// The address people see, without a slash at its end.
    pub fn public_url(&self) -> String {
        let scheme = if self.tls() { "https" } else { "http" };
        self.public_url
            .clone()
            .unwrap_or_else(|| format!("{scheme}://{}", self.listen))
            .trim_end_matches('/')
            .to_owned()
    }

    /// The origin (RFC 6454) of [`public_url`](Self::public_url): scheme, host and port, as a browser would send it.
    pub fn public_origin(&self) -> String {
        origin_of(&self.public_url()).unwrap_or_default()
    }
}

/// The origin of a web address in a browser's own spelling: lower case, without a default port.
fn origin_of(url: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    let (scheme, authority) = (uri.scheme_str()?.to_lowercase(), uri.authority()?);
    let default_port = match scheme.as_str() {
        "http" => 80,
        "https" => 443,
        _ => return None,
    };
    if authority.as_str().contains('@') || uri.query().is_some() {
        return None;
    }
    let host = authority.host().to_lowercase();
    Some(match authority.port_u16().filter(|port| *port != default_port) {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_a_browser_would_send() {
        for (url, origin) in [
            ("https://lab.example", "https://lab.example"),
            ("https://Lab.Example:443/lims/", "https://lab.example"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:8080/", "http://[::1]:8080"),
        ] {
            assert_eq!(origin_of(url).unwrap(), origin, "{url}");
        }
        for wrong in [
            "lab.example",
            "/lims",
            "ftp://lab.example",
            "https://me@lab.example",
            "*",
            "null",
        ] {
            assert_eq!(origin_of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn settings_that_nobody_meant_are_refused() {
        let with = |change: fn(&mut Config)| {
            let mut config = Config::default();
            change(&mut config);
            config.fault()
        };
        assert_eq!(with(|_| ()), None);
        assert!(with(|config| config.public_url = Some("lab.example".to_owned())).is_some());
        assert!(with(|config| config.cors_origins = vec!["*".to_owned()]).is_some());
        assert!(with(|config| config.cors_origins = vec!["https://portal.example/".to_owned()]).is_some());
        assert!(with(|config| config.tls_cert = Some("cert.pem".into())).is_some());
        assert!(with(|config| config.max_file_bytes = 1 << 40).is_some());
        assert!(with(|config| config.laboratory_file_bytes = -1).is_some());

        let everywhere = "0.0.0.0:8080".parse().unwrap();
        let open = Config {
            listen: everywhere,
            ..Config::default()
        };
        assert!(open.fault().unwrap().contains("in the clear"));
        let proxied = Config {
            trusted_proxies: vec!["10.0.0.2".parse().unwrap()],
            ..open.clone()
        };
        assert_eq!(proxied.fault(), None);
        let meant = Config {
            plain_http: true,
            ..open
        };
        assert_eq!(meant.fault(), None);
    }
}
