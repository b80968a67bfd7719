//! The release binary on a database of its own, on a free port of the loopback address.

use crate::http::{Connection, request};
use crate::wire::{Address, Wire};
use std::fs::{self, File};
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const DATABASE: &str = "attest_bench";
/// What a name in logins needs.
const PASSWORD: &str = "Heron-4711-Quay-Lantern";

/// Which engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded.
    Sqlite,
    /// A cluster of its own, see scripts/with-postgres.sh.
    Postgres,
}

impl Engine {
    /// As people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// An installation; running or not.
pub struct Server {
    /// Its engine.
    pub engine: Engine,
    /// Its port while it runs.
    pub port: u16,
    folder: PathBuf,
    program: PathBuf,
    child: Option<Child>,
}

impl Server {
    /// An empty installation with one laboratory `bench`.
    ///
    /// # Errors
    /// When a command fails.
    pub fn install(engine: Engine, program: &Path, folder: &Path) -> Result<Self, String> {
        let folder = folder.join(engine.name());
        let _absent = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let server = Self {
            engine,
            port: 0,
            folder,
            program: program.to_owned(),
            child: None,
        };
        if engine == Engine::Postgres {
            let mut owner = Wire::connect(&Address::owner("postgres")?)?;
            owner.simple(&format!("DROP DATABASE IF EXISTS {DATABASE}"))?;
            owner.simple(&format!("CREATE DATABASE {DATABASE}"))?;
            server.command(&["migrate"], Some(Address::owner(DATABASE)?.url()), "")?;
        } else {
            server.command(&["migrate"], None, "")?;
        }
        let create = [
            "laboratory",
            "create",
            "--slug",
            "bench",
            "--name",
            "Bench Laboratory",
            "--kind",
            "testing",
            "--address",
            "Kolejowa 1",
        ];
        let administrator = [
            "--admin-email",
            "admin@bench.example",
            "--admin-password-stdin",
            "--second-factor",
            "off",
            "--change-initial",
            "false",
        ];
        server.command(
            &[&create[..], &administrator[..]].concat(),
            server.service_url()?,
            &format!("{PASSWORD}\n"),
        )?;
        Ok(server)
    }

    /// The password of everybody in the laboratory.
    pub fn password() -> &'static str {
        PASSWORD
    }

    /// The SQLite file.
    pub fn file(&self) -> PathBuf {
        self.folder.join("attest.db")
    }

    /// The database, as the service's role.
    ///
    /// # Errors
    /// Without a cluster.
    pub fn service() -> Result<Address, String> {
        Address::service(DATABASE)
    }

    fn service_url(&self) -> Result<Option<String>, String> {
        if self.engine == Engine::Postgres {
            Self::service().map(|address| Some(address.url()))
        } else {
            Ok(None)
        }
    }

    fn prepared(&self, arguments: &[&str], database: Option<String>) -> Command {
        let mut command = Command::new(&self.program);
        for (name, _) in
            std::env::vars().filter(|(name, _)| name.starts_with("ATTEST_") || name.starts_with("DATABASE_"))
        {
            command.env_remove(name);
        }
        command
            .current_dir(&self.folder)
            .args(arguments)
            .arg("--data-dir")
            .arg(&self.folder)
            .env("ATTEST_LOG", "warn");
        if let Some(url) = database {
            command.env("DATABASE_URL", url);
        }
        if arguments.first() == Some(&"migrate") && self.engine == Engine::Postgres {
            command.env("ATTEST_SERVICE_ROLE", Address::service_role());
        }
        command
    }

    fn command(&self, arguments: &[&str], database: Option<String>, input: &str) -> Result<(), String> {
        let failed = |error: std::io::Error| format!("attest {}: {error}", arguments[0]);
        let mut child = self
            .prepared(arguments, database)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes()).map_err(failed)?;
        }
        let output = child.wait_with_output().map_err(failed)?;
        if output.status.success() {
            Ok(())
        } else {
            Err(format!(
                "attest {}: {}",
                arguments[0],
                String::from_utf8_lossy(&output.stderr)
            ))
        }
    }

    /// Starts it and waits until it is ready.
    ///
    /// # Errors
    /// When it ends or is not ready after a minute.
    pub fn start(&mut self) -> Result<(), String> {
        self.port = TcpListener::bind(("127.0.0.1", 0))
            .and_then(|listener| listener.local_addr())
            .map_err(|error| error.to_string())?
            .port();
        let log = File::create(self.folder.join("server.log")).map_err(|error| error.to_string())?;
        let listen = format!("127.0.0.1:{}", self.port);
        let mut command = self.prepared(&["serve", "--listen", &listen], self.service_url()?);
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|error| error.to_string())?;
        self.child = Some(child);
        let deadline = Instant::now() + Duration::from_secs(60);
        let ask = b"GET /health/ready HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        while Instant::now() < deadline {
            let ready = Connection::open(self.port)
                .and_then(|mut connection| connection.exchange(ask).map(|answer| answer.status == 200));
            if ready == Ok(true) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(format!(
            "attest serve is not ready; see {}",
            self.folder.join("server.log").display()
        ))
    }

    /// Ends it, as a person would: what is durable stays.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let told = Command::new("kill").arg(child.id().to_string()).status();
            let deadline = Instant::now() + Duration::from_secs(20);
            while told.is_ok() && Instant::now() < deadline {
                if matches!(child.try_wait(), Ok(Some(_))) {
                    return;
                }
                std::thread::sleep(Duration::from_millis(50));
            }
            let _already_gone = child.kill();
            let _status = child.wait();
        }
    }

    /// What PostgreSQL does by itself within minutes (autovacuum), done now: a measurement cannot wait for it.
    ///
    /// # Errors
    /// PostgreSQL's.
    pub fn settle(&self) -> Result<(), String> {
        if self.engine == Engine::Postgres {
            Wire::connect(&Address::owner(DATABASE)?)?.simple("VACUUM ANALYZE")
        } else {
            Ok(())
        }
    }

    /// Resident memory now and at its highest, MiB.
    pub fn memory(&self) -> (f64, f64) {
        let status = self
            .child
            .as_ref()
            .and_then(|child| fs::read_to_string(format!("/proc/{}/status", child.id())).ok())
            .unwrap_or_default();
        let of = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name));
            line.and_then(|line| line.split_whitespace().nth(1))
                .and_then(|kib| kib.parse::<f64>().ok())
                .map_or(f64::NAN, |kib| kib / 1_024.0)
        };
        (of("VmRSS:"), of("VmHWM:"))
    }

    /// Seconds of processor time used so far, in the program and for it in the kernel.
    pub fn processor(&self) -> f64 {
        let stat = self
            .child
            .as_ref()
            .and_then(|child| fs::read_to_string(format!("/proc/{}/stat", child.id())).ok())
            .unwrap_or_default();
        let after_name = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
        let ticks = |place: usize| {
            after_name
                .split(' ')
                .nth(place)
                .and_then(|text| text.parse::<f64>().ok())
                .unwrap_or(0.0)
        };
        (ticks(11) + ticks(12)) / 100.0
    }

    /// An access token.
    ///
    /// # Errors
    /// When the login is refused.
    pub fn log_in(&self, email: &str) -> Result<String, String> {
        let body = serde_json::json!({"email": email, "password": PASSWORD, "laboratory": "bench", "mode": "token"});
        let answer = self.call("POST", "/auth/login", "", Some(&body))?;
        answer["access_token"]
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| format!("no access token in {answer}"))
    }

    /// One request, the answer as JSON.
    ///
    /// # Errors
    /// Any status of 400 or more, with what the server said.
    pub fn call(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: Option<&serde_json::Value>,
    ) -> Result<serde_json::Value, String> {
        let text = body.map(ToString::to_string);
        let mut connection = Connection::open(self.port)?;
        let answer = connection.exchange(&request(method, path, token, text.as_deref()))?;
        let value = serde_json::from_slice(answer.body).unwrap_or(serde_json::Value::Null);
        if answer.status < 400 {
            Ok(value)
        } else {
            Err(format!("{method} {path}: {} {value}", answer.status))
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}
