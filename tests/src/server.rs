//! The real program, started for a test on a free port with a data folder of its own.

use std::env;
use std::fs::{self, File};
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::api::Api;
use crate::cluster::repository;
use crate::database::{Database, Engine};

/// How long a start may take: the first one tunes Argon2id and makes keys.
const PATIENCE: Duration = Duration::from_secs(90);

/// A running `attest serve`, killed and cleaned up when dropped, or when the test process ends in whatever way.
#[derive(Debug)]
pub struct Server {
    port: u16,
    folder: Folder,
    arguments: Vec<String>,
    settings: Vec<(String, String)>,
    database: Database,
    engine: Engine,
    running: Mutex<Option<Running>>,
}

/// One more process on the same database, ended when dropped.
#[derive(Debug)]
pub struct Node {
    port: u16,
    _running: Running,
}

impl Node {
    /// A client without login.
    pub fn anonymous(&self) -> Api {
        Api::new(format!("http://127.0.0.1:{}", self.port))
    }

    /// The same person as `other`, asking this node.
    pub fn as_well(&self, other: &Api) -> Api {
        self.anonymous().with_token(&other.access_token())
    }
}

#[derive(Debug)]
struct Running {
    child: Child,
    /// Kills the server and removes its folder when its standard input closes, which the kernel does for us if this
    /// process dies; servers that are shared by the tests of a binary end this way.
    leash: Child,
}

impl Server {
    /// Starts on an empty database and waits until it is ready.
    pub fn start(engine: Engine) -> Self {
        Self::start_with(engine, &[], &[])
    }

    /// Starts with more arguments (`--demo`) and settings (environment variables).
    pub fn start_with(engine: Engine, arguments: &[&str], settings: &[(&str, &str)]) -> Self {
        let folder = Folder::new();
        let data = folder.path.join("data");
        fs::create_dir(&data).expect("a data folder");
        let server = Self {
            port: free_port(),
            database: Database::create(engine, &data),
            folder,
            arguments: arguments.iter().map(ToString::to_string).collect(),
            settings: settings
                .iter()
                .map(|(name, value)| (name.to_string(), value.to_string()))
                .collect(),
            engine,
            running: Mutex::new(None),
        };
        let running = server.launch(server.port).unwrap_or_else(|error| panic!("{error}"));
        server.keep(running);
        server
    }

    /// Ends it as a power cut would.
    pub fn kill(&self) {
        if let Some(mut running) = self
            .running
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
            .take()
        {
            running.end();
        }
    }

    /// Starts it again on the same data, same port.
    pub fn restart(&self) {
        self.try_restart().unwrap_or_else(|error| panic!("{error}"));
    }

    /// Starts it again where it may rightly refuse.
    ///
    /// # Errors
    /// What it printed when it did not get ready.
    pub fn try_restart(&self) -> Result<(), String> {
        self.kill();
        let running = self.launch(self.port)?;
        self.keep(running);
        Ok(())
    }

    fn keep(&self, running: Running) {
        *self.running.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(running);
    }

    /// Another node of the same installation: the same database and keys, a port of its own. PostgreSQL only.
    pub fn another_node(&self) -> Node {
        assert!(self.engine == Engine::Postgres, "SQLite has one process");
        let port = free_port();
        let running = self.launch(port).unwrap_or_else(|error| panic!("{error}"));
        Node {
            port,
            _running: running,
        }
    }

    fn launch(&self, port: u16) -> Result<Running, String> {
        let child = self
            .command()
            .args(["serve", "--listen", &format!("127.0.0.1:{port}")])
            .arg("--data-dir")
            .arg(self.data_dir())
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(self.log_file("stdout.log"))
            .stderr(self.log_file("stderr.log"))
            .spawn()
            .expect("attest starts");
        let leash = Command::new("sh")
            .args([
                "-c",
                "cat >/dev/null; kill -9 \"$0\" 2>/dev/null; rm -rf \"$1\"",
                &child.id().to_string(),
            ])
            .arg(&self.folder.path)
            .stdin(Stdio::piped())
            .spawn()
            .expect("sh starts");
        // From here on the process ends with this value, also when the start fails.
        let mut running = Running { child, leash };
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = running.child.try_wait().expect("the child") {
                return Err(format!(
                    "attest serve ended with {status} before it was ready:\n{}",
                    self.printed()
                ));
            }
            if self.is_ready(port) {
                return Ok(running);
            }
            if Instant::now() > deadline {
                return Err(format!(
                    "attest serve is not ready after {PATIENCE:?}:\n{}",
                    self.printed()
                ));
            }
            std::thread::sleep(Duration::from_millis(25));
        }
    }

    fn is_ready(&self, port: u16) -> bool {
        // Who speaks TLS is asked by the tests that trust its certificate.
        if self.settings.iter().any(|(name, _)| name == "ATTEST_TLS_CERT") {
            return self.printed().contains("listening");
        }
        let answer = Api::new(format!("http://127.0.0.1:{port}")).try_get("/health/ready");
        answer.is_some_and(|answer| answer.status == 200)
    }

    /// The program with this server's environment, for the command line.
    pub fn command(&self) -> Command {
        let mut command = Command::new(program("attest"));
        for (name, _) in env::vars().filter(|(name, _)| name.starts_with("ATTEST_") || name.starts_with("DATABASE_")) {
            command.env_remove(name);
        }
        command
            .current_dir(&self.folder.path)
            .envs(self.database.environment())
            .envs(self.settings.iter().cloned());
        command
    }

    /// Runs one subcommand on this server's data, with something on its standard input.
    pub fn run(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = self
            .command()
            .args(arguments)
            .arg("--data-dir")
            .arg(self.data_dir())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("attest starts");
        child
            .stdin
            .take()
            .expect("piped")
            .write_all(input.as_bytes())
            .expect("it reads");
        child.wait_with_output().expect("it ends")
    }

    /// `http://127.0.0.1:<port>`
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The port it listens on, for tests that write bytes themselves.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Process id while it runs.
    pub fn pid(&self) -> Option<u32> {
        self.running
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
            .as_ref()
            .map(|running| running.child.id())
    }

    /// A client without login.
    pub fn anonymous(&self) -> Api {
        Api::new(self.url())
    }

    /// Which engine it runs on.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Its database, for tests that act as the owner of the database.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Its data folder.
    pub fn data_dir(&self) -> PathBuf {
        self.folder.path.join("data")
    }

    /// A folder beside the data, for files of the test.
    pub fn scratch(&self) -> &Path {
        &self.folder.path
    }

    /// Everything it has printed so far, over all its starts.
    pub fn printed(&self) -> String {
        let read =
            |name| String::from_utf8_lossy(&fs::read(self.folder.path.join(name)).unwrap_or_default()).into_owned();
        read("stdout.log") + &read("stderr.log")
    }

    /// The token of the one-time link that the first start prints.
    pub fn bootstrap_token(&self) -> String {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let printed = self.printed();
            if let Some((_, after)) = printed.split_once("/bootstrap#token=") {
                return after
                    .split(|c: char| c.is_whitespace() || c == '"')
                    .next()
                    .unwrap_or_default()
                    .to_owned();
            }
            assert!(Instant::now() < deadline, "no bootstrap link was printed:\n{printed}");
            std::thread::sleep(Duration::from_millis(25));
        }
    }

    fn log_file(&self, name: &str) -> File {
        File::options()
            .create(true)
            .append(true)
            .open(self.folder.path.join(name))
            .expect("a log file")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let failed = std::thread::panicking();
        self.kill();
        if failed {
            let printed = self.printed();
            let tail: Vec<&str> = printed.lines().rev().take(25).collect();
            eprintln!("---- the server's last lines ----");
            tail.iter().rev().for_each(|line| eprintln!("{line}"));
        }
    }
}

impl Running {
    fn end(&mut self) {
        // The leash first: once the server is gone, its process id may belong to somebody else.
        let _ = self.leash.kill();
        let _ = self.leash.wait();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// A temporary folder that goes away with its owner.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
}

impl Folder {
    fn new() -> Self {
        let path = env::temp_dir().join(format!("attest-test-{}", uuid::Uuid::new_v4().simple()));
        fs::create_dir(&path).expect("a temporary folder");
        Self { path }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// A port of 127.0.0.1 that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port()
}

/// One of the programs that `cargo build --release --workspace` made (`TEST_BIN_DIR` points elsewhere).
pub fn program(name: &str) -> PathBuf {
    let folder = env::var_os("TEST_BIN_DIR").map(PathBuf::from).unwrap_or_else(|| {
        env::var_os("CARGO_TARGET_DIR")
            .map(PathBuf::from)
            .unwrap_or_else(|| repository().join("target"))
            .join("release")
    });
    let path = folder.join(name);
    assert!(
        path.exists(),
        "{} is missing: run `cargo build --release --workspace` first",
        path.display()
    );
    path
}

/// Runs the offline verifier on a file.
pub fn attest_verify(file: &Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(program("attest-verify"))
        .arg(file)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), text)
}
