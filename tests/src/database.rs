//! One database for one test, on either engine.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use crate::cluster::{Cluster, psql, repository};
use crate::server::program;

/// The two engines that every story runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// Embedded, in the data folder.
    Sqlite,
    /// A server, with the service as a role that owns nothing.
    Postgres,
}

/// A database that belongs to one server of one test.
#[derive(Debug)]
pub enum Database {
    /// The file appears in the data folder when the server first starts.
    Sqlite {
        /// The server's data folder.
        folder: PathBuf,
    },
    /// Copied from a migrated template.
    Postgres {
        /// Its name in the cluster.
        name: String,
    },
}

impl Database {
    /// A database of its own for a server whose data folder is `folder`. On PostgreSQL it is migrated already.
    pub fn create(engine: Engine, folder: &Path) -> Self {
        match engine {
            Engine::Sqlite => Self::Sqlite {
                folder: folder.to_owned(),
            },
            Engine::Postgres => {
                let name = format!("attest_{}", uuid::Uuid::new_v4().simple());
                let template = migrated_template();
                let postgres = Cluster::shared().owner_url("postgres");
                psql(&postgres, &format!("CREATE DATABASE {name} TEMPLATE {template}"))
                    .expect("a copy of the template");
                Self::Postgres { name }
            }
        }
    }

    /// What the server must know to find it.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Sqlite { .. } => Vec::new(),
            Self::Postgres { name } => vec![("DATABASE_URL", Cluster::shared().service_url(name))],
        }
    }

    /// Runs SQL as the owner of the database: the file's owner, or the role that migrates.
    ///
    /// # Errors
    /// What the engine reported.
    pub fn as_owner(&self, sql: &str) -> Result<String, String> {
        match self {
            Self::Sqlite { folder } => sqlite(&sqlite_file(folder), sql),
            Self::Postgres { name } => psql(&Cluster::shared().owner_url(name), sql),
        }
    }

    /// Runs SQL with the rights the service has (on SQLite there are no lesser rights than the file's).
    ///
    /// # Errors
    /// What the engine reported.
    pub fn as_service(&self, sql: &str) -> Result<String, String> {
        match self {
            Self::Sqlite { .. } => self.as_owner(sql),
            Self::Postgres { name } => psql(&Cluster::shared().service_url(name), sql),
        }
    }

    /// Everything the database holds, as a thief would carry it away: the files, or a full dump as superuser.
    pub fn loot(&self) -> Vec<u8> {
        match self {
            Self::Sqlite { folder } => {
                let file = sqlite_file(folder);
                let mut bytes = Vec::new();
                for suffix in ["", "-wal", "-shm", "-journal"] {
                    bytes.extend(fs::read(format!("{}{suffix}", file.display())).unwrap_or_default());
                }
                bytes
            }
            Self::Postgres { name } => {
                let dump = Command::new(postgres_program("pg_dump"))
                    .args(["--dbname", &Cluster::shared().superuser_url(name)])
                    .stdin(Stdio::null())
                    .output()
                    .expect("pg_dump runs");
                assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
                dump.stdout
            }
        }
    }

    /// A copy of the whole database, of a server that is stopped.
    pub fn snapshot(&self) -> Snapshot {
        match self {
            Self::Sqlite { folder } => {
                let file = sqlite_file(folder);
                let copies = ["", "-wal", "-shm"].map(|suffix| {
                    let path = PathBuf::from(format!("{}{suffix}", file.display()));
                    (path.clone(), fs::read(path).ok())
                });
                Snapshot::Files(copies.to_vec())
            }
            Self::Postgres { name } => {
                let copy = format!("{name}_old");
                let postgres = Cluster::shared().owner_url("postgres");
                psql(&postgres, &disconnect(name)).expect("nobody is connected");
                psql(&postgres, &format!("CREATE DATABASE {copy} TEMPLATE {name}")).expect("a copy");
                Snapshot::Copy(copy)
            }
        }
    }

    /// Puts an older copy in the database's place.
    pub fn restore(&self, snapshot: Snapshot) {
        match (self, snapshot) {
            (Self::Sqlite { .. }, Snapshot::Files(copies)) => {
                for (path, content) in copies {
                    match content {
                        Some(content) => fs::write(path, content).expect("the file"),
                        None => drop(fs::remove_file(path)),
                    }
                }
            }
            (Self::Postgres { name }, Snapshot::Copy(copy)) => {
                let postgres = Cluster::shared().owner_url("postgres");
                psql(&postgres, &format!("DROP DATABASE {name} WITH (FORCE)")).expect("the newer one goes");
                psql(&postgres, &format!("ALTER DATABASE {copy} RENAME TO {name}")).expect("the older one comes");
            }
            _ => panic!("a snapshot of the other engine"),
        }
    }

    /// Statement that makes the following SQL of the same call see one laboratory's rows (row-level security).
    pub fn choose_laboratory(&self, id: &str) -> String {
        match self {
            Self::Sqlite { .. } => String::new(),
            Self::Postgres { .. } => format!("SET app.tenant_id = '{id}'; "),
        }
    }
}

/// An older state of a database.
#[derive(Debug)]
pub enum Snapshot {
    /// Files of SQLite and what was in them.
    Files(Vec<(PathBuf, Option<Vec<u8>>)>),
    /// Name of the copy in the cluster.
    Copy(String),
}

/// The connections of a killed server linger for a moment; a database that is copied must have none.
fn disconnect(name: &str) -> String {
    format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND usename = current_user; \
         SELECT pg_sleep(0.5)"
    )
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Self::Postgres { name } = self {
            let postgres = Cluster::shared().owner_url("postgres");
            // A failure here (the cluster is going down) is nobody's trouble: the cluster is temporary.
            let _ = psql(&postgres, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// Name of a database with all migrations in it; made once per cluster and per state of the program.
fn migrated_template() -> String {
    static MADE: Mutex<Option<String>> = Mutex::new(None);
    let mut made = MADE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Some(name) = made.as_ref() {
        return name.clone();
    }
    let cluster = Cluster::shared();
    let postgres = cluster.owner_url("postgres");
    let name = format!("attest_template_{:016x}", state_of_the_program());
    let known = psql(
        &postgres,
        &format!("SELECT 1 FROM pg_database WHERE datname = '{name}'"),
    )
    .expect("the cluster");
    if known.is_empty() {
        // Migrate under another name first: a migration that fails must not leave a template that looks good.
        let draft = format!("{name}_draft");
        psql(&postgres, &format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)")).expect("the cluster");
        psql(&postgres, &format!("CREATE DATABASE {draft}")).expect("a new database");
        migrate(&cluster.owner_url(&draft), cluster.service_role());
        psql(&postgres, &format!("ALTER DATABASE {draft} RENAME TO {name}")).expect("the template");
    }
    *made = Some(name.clone());
    name
}

/// `attest migrate` with the owner's role, which also grants the service role what it needs.
pub fn migrate(owner_url: &str, service_role: &str) {
    let output = Command::new(program("attest"))
        .arg("migrate")
        .env("DATABASE_URL", owner_url)
        .env("ATTEST_SERVICE_ROLE", service_role)
        .stdin(Stdio::null())
        .output()
        .expect("attest migrate runs");
    assert!(
        output.status.success(),
        "attest migrate: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

fn state_of_the_program() -> u64 {
    let mut hasher = DefaultHasher::new();
    let binary = fs::metadata(program("attest")).expect("the program is built");
    binary.len().hash(&mut hasher);
    binary.modified().expect("a time").hash(&mut hasher);
    hasher.finish()
}

fn postgres_program(name: &str) -> PathBuf {
    let versioned = PathBuf::from("/usr/lib/postgresql/15/bin").join(name);
    if versioned.exists() {
        versioned
    } else {
        PathBuf::from(name)
    }
}

/// The one SQLite database in a data folder.
pub fn sqlite_file(folder: &Path) -> PathBuf {
    fs::read_dir(folder)
        .expect("the data folder")
        .map(|entry| entry.expect("an entry").path())
        .find(|path| {
            path.extension()
                .is_some_and(|extension| extension == "db" || extension == "sqlite" || extension == "sqlite3")
        })
        .unwrap_or_else(|| panic!("no SQLite database in {}", folder.display()))
}

/// Runs SQL on a SQLite file through Python's module, a build of the engine that is not ours.
fn sqlite(file: &Path, sql: &str) -> Result<String, String> {
    let output = Command::new("python3")
        .arg(repository().join("tests/python/sqlite_run.py"))
        .arg(file)
        .arg(sql)
        .stdin(Stdio::null())
        .output()
        .expect("python3 runs");
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}
