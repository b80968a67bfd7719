//! The PostgreSQL cluster of a test run: the one `scripts/with-postgres.sh` started, or one of this process's own.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// Where the databases of this run live, and the two roles of the convention: an owner that migrates, and a service
/// role that owns nothing.
pub struct Cluster {
    owner_url: String,
    service_role: String,
    service_password: String,
    /// Its standard input is the cluster's lifeline: when this process ends, however it ends, the script cleans up.
    _keeper: Option<Child>,
}

impl Cluster {
    /// The one cluster of this process, started on first use unless `TEST_DATABASE_URL` names one.
    pub fn shared() -> &'static Self {
        static CLUSTER: OnceLock<Cluster> = OnceLock::new();
        CLUSTER.get_or_init(|| match env::var("TEST_DATABASE_URL") {
            Ok(owner_url) => Self {
                owner_url,
                service_role: env::var("TEST_SERVICE_ROLE").unwrap_or("attest_service".into()),
                service_password: env::var("TEST_SERVICE_PASSWORD").unwrap_or("service".into()),
                _keeper: None,
            },
            Err(_) => Self::start(),
        })
    }

    fn start() -> Self {
        let mut keeper = Command::new(repository().join("scripts/with-postgres.sh"))
            .args(["sh", "-c", "echo \"$TEST_DATABASE_URL\"; exec cat >/dev/null"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("scripts/with-postgres.sh starts");
        let mut owner_url = String::new();
        BufReader::new(keeper.stdout.take().expect("piped"))
            .read_line(&mut owner_url)
            .expect("a line");
        assert!(
            owner_url.starts_with("postgres://"),
            "no PostgreSQL cluster: run scripts/setup-test.sh"
        );
        Self {
            owner_url: owner_url.trim().to_owned(),
            service_role: "attest_service".into(),
            service_password: "service".into(),
            _keeper: Some(keeper),
        }
    }

    /// URL of a database for the role that owns it.
    pub fn owner_url(&self, database: &str) -> String {
        let (front, _) = self
            .owner_url
            .rsplit_once('/')
            .expect("a database in TEST_DATABASE_URL");
        format!("{front}/{database}")
    }

    /// URL of a database for the role that the service runs as.
    pub fn service_url(&self, database: &str) -> String {
        let (_, address) = self.owner_url.rsplit_once('@').expect("a role in TEST_DATABASE_URL");
        let (address, _) = address.rsplit_once('/').expect("a database in TEST_DATABASE_URL");
        format!(
            "postgres://{}:{}@{address}/{database}",
            self.service_role, self.service_password
        )
    }

    /// Name of the role that owns nothing.
    pub fn service_role(&self) -> &str {
        &self.service_role
    }

    /// URL of a database for the superuser of a cluster that `with-postgres.sh` made: reads every byte, past
    /// row-level security, as a thief of the database would.
    pub fn superuser_url(&self, database: &str) -> String {
        let (_, address) = self.owner_url.rsplit_once('@').expect("a role in TEST_DATABASE_URL");
        let (address, _) = address.rsplit_once('/').expect("a database in TEST_DATABASE_URL");
        format!("postgres://cluster_admin@{address}/{database}")
    }
}

/// The root of this repository.
pub fn repository() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .canonicalize()
        .expect("the repository")
}

/// Runs SQL through `psql` and returns its unaligned output, or what it complained about.
///
/// # Errors
/// The text of the error that PostgreSQL reported.
pub fn psql(url: &str, sql: &str) -> Result<String, String> {
    let output = Command::new("psql")
        .args(["-XqtA", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql])
        .stdin(Stdio::null())
        .output()
        .expect("psql runs");
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}
