//! Where the data are: `DATABASE_URL`.

use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;

/// Where the data are. Chosen by scheme, never by trial: SQLite would accept any path.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// `sqlite:PATH`: one file, embedded.
    Sqlite(PathBuf),
    /// `postgres://…` or `postgresql://…`.
    Postgres(String),
}

impl FromStr for DatabaseUrl {
    type Err = OpenError;

    fn from_str(url: &str) -> Result<Self, OpenError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        let address = ["postgres://", "postgresql://"]
            .iter()
            .find_map(|scheme| url.strip_prefix(scheme))
            .ok_or(OpenError::Scheme)?;
        if is_decided(address) {
            Ok(Self::Postgres(url.to_owned()))
        } else {
            Err(OpenError::Openly)
        }
    }
}

/// Shows the engine, never the password in the URL.
impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(out, "sqlite:{}", path.display()),
            Self::Postgres(_) => write!(out, "postgres://…"),
        }
    }
}

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL names no engine we know.
    #[error("DATABASE_URL must start with sqlite: or postgres://")]
    Scheme,
    /// PostgreSQL on another machine, and nobody said whether the way there is encrypted. The library would try, and talk in
    /// the clear where the server does not mind.
    #[error(
        "DATABASE_URL names PostgreSQL on another machine and does not say how it is spoken to: add \
         sslmode=verify-full&sslrootcert=FILE (encrypted, and the server's certificate checked), or sslmode=disable \
         where nobody else can listen on the way there"
    )]
    Openly,
    /// The engine refused.
    #[error("the database cannot be reached: {0}")]
    Connect(String),
}

/// Whether it is clear that others can or cannot read along on the way to the server: it is on this machine, or `sslmode` says
/// what to do (`prefer` and `allow` leave it to the server).
fn is_decided(address: &str) -> bool {
    let (place, parameters) = address.split_once('?').unwrap_or((address, ""));
    let parameter = |name: &str| {
        parameters
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find_map(|(key, value)| (key == name).then_some(value))
    };
    if let Some(mode) = parameter("sslmode") {
        return ["disable", "require", "verify-ca", "verify-full"].contains(&mode);
    }
    let authority = place.split('/').next().unwrap_or_default();
    let hosts = authority.rsplit_once('@').map_or(authority, |(_role, hosts)| hosts);
    parameter("host").unwrap_or(hosts).split(',').all(is_here)
}

/// `host`, `host:port`, `[address]:port`, or the folder of a socket.
fn is_here(host: &str) -> bool {
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _port)) => address,
        None => host.split(':').next().unwrap_or_default(),
    };
    let is_socket = name.is_empty() || name.starts_with('/') || name.to_ascii_lowercase().starts_with("%2f");
    is_socket || name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postgresql_elsewhere_is_spoken_to_as_somebody_decided() {
        for fine in [
            "sqlite:data/attest.db",
            "postgres://attest@127.0.0.1:5433/attest",
            "postgres://attest:p%40ss@localhost/attest",
            "postgresql://[::1]:5432/attest",
            "postgres:///attest",
            "postgres://%2Fvar%2Frun%2Fpostgresql/attest",
            "postgres://attest@/attest?host=/var/run/postgresql",
            "postgres://attest@db/attest?sslmode=verify-full&sslrootcert=/etc/ca.pem",
            "postgres://attest@db/attest?connect_timeout=5&sslmode=disable",
        ] {
            assert!(DatabaseUrl::from_str(fine).is_ok(), "{fine}");
        }
        for open in [
            "postgres://attest:secret@db/attest",
            "postgres://attest@127.0.0.1,db/attest",
            "postgres://attest@10.0.0.5:5432/attest?connect_timeout=5",
            "postgres://attest@/attest?host=db",
            "postgres://attest@localhost/attest?sslmode=prefer",
            "postgres://attest@db/attest?sslmode=",
        ] {
            assert!(matches!(DatabaseUrl::from_str(open), Err(OpenError::Openly)), "{open}");
        }
        assert!(matches!(DatabaseUrl::from_str("mysql://db"), Err(OpenError::Scheme)));
    }
}
