//! PostgreSQL's wire protocol, version 3, as much of it as repeating statements takes: prepared once, values as text.
//!
//! Written out because it is the measure: no driver between the socket and the clock.

use std::collections::HashMap;
use std::env;
use std::io::{BufReader, Read, Write};
use std::net::TcpStream;

/// Where a database is, and who asks.
#[derive(Debug, Clone)]
pub struct Address {
    host: String,
    user: String,
    password: String,
    database: String,
}

impl Address {
    /// The role that owns the database, from `TEST_DATABASE_URL`.
    ///
    /// # Errors
    /// Outside scripts/with-postgres.sh.
    pub fn owner(database: &str) -> Result<Self, String> {
        let url = env::var("TEST_DATABASE_URL")
            .map_err(|_unset| "TEST_DATABASE_URL is not set; run scripts/bench.sh".to_owned())?;
        let rest = url
            .split_once("://")
            .map(|(_, rest)| rest)
            .ok_or("TEST_DATABASE_URL is no URL")?;
        let (login, place) = rest.split_once('@').ok_or("TEST_DATABASE_URL names no role")?;
        let (user, password) = login.split_once(':').unwrap_or((login, ""));
        let host = place.split('/').next().unwrap_or_default();
        Ok(Self {
            host: host.to_owned(),
            user: user.to_owned(),
            password: password.to_owned(),
            database: database.to_owned(),
        })
    }

    /// The role that the service runs as.
    ///
    /// # Errors
    /// As [`owner`](Self::owner).
    pub fn service(database: &str) -> Result<Self, String> {
        let password = env::var("TEST_SERVICE_PASSWORD").unwrap_or_else(|_unset| "service".to_owned());
        Ok(Self {
            user: Self::service_role(),
            password,
            ..Self::owner(database)?
        })
    }

    /// The superuser of the cluster that scripts/with-postgres.sh made.
    ///
    /// # Errors
    /// As [`owner`](Self::owner).
    pub fn superuser() -> Result<Self, String> {
        Ok(Self {
            user: "cluster_admin".to_owned(),
            password: String::new(),
            ..Self::owner("postgres")?
        })
    }

    /// Name of the service's role.
    pub fn service_role() -> String {
        env::var("TEST_SERVICE_ROLE").unwrap_or_else(|_unset| "attest_service".to_owned())
    }

    /// As `DATABASE_URL` has it.
    pub fn url(&self) -> String {
        format!(
            "postgres://{}:{}@{}/{}",
            self.user, self.password, self.host, self.database
        )
    }
}

/// A connection.
pub struct Wire {
    input: BufReader<TcpStream>,
    output: TcpStream,
    message: Vec<u8>,
    prepared: HashMap<String, (u32, Vec<u32>)>,
}

impl Wire {
    /// Connects to a cluster that trusts the loopback address.
    ///
    /// # Errors
    /// When nobody answers, or a password is asked for.
    pub fn connect(address: &Address) -> Result<Self, String> {
        let output = TcpStream::connect(&address.host).map_err(|error| format!("PostgreSQL: {error}"))?;
        output.set_nodelay(true).map_err(|error| error.to_string())?;
        let input = BufReader::with_capacity(65_536, output.try_clone().map_err(|error| error.to_string())?);
        let mut wire = Self {
            input,
            output,
            message: Vec::with_capacity(4_096),
            prepared: HashMap::new(),
        };
        let mut hello = 196_608u32.to_be_bytes().to_vec();
        for text in ["user", &address.user, "database", &address.database] {
            hello.extend_from_slice(text.as_bytes());
            hello.push(0);
        }
        hello.push(0);
        let length = u32::try_from(hello.len() + 4).map_err(|error| error.to_string())?;
        wire.send(&[&length.to_be_bytes(), hello.as_slice()].concat())?;
        wire.until_ready(|kind, body| {
            if kind == b'R' && body.get(..4) != Some(&[0; 4]) {
                Err("PostgreSQL asks for a password".to_owned())
            } else {
                Ok(())
            }
        })?;
        Ok(wire)
    }

    /// Statements without values; answers are passed over.
    ///
    /// # Errors
    /// PostgreSQL's.
    pub fn simple(&mut self, text: &str) -> Result<(), String> {
        self.message.clear();
        push(&mut self.message, b'Q', |body| body_text(body, text));
        self.send_message()?;
        self.until_ready(|_, _| Ok(()))
    }

    /// The first column of the first row, as text.
    ///
    /// # Errors
    /// PostgreSQL's.
    pub fn ask(&mut self, text: &str) -> Result<String, String> {
        self.message.clear();
        push(&mut self.message, b'Q', |body| body_text(body, text));
        self.send_message()?;
        let mut found = None;
        self.until_ready(|kind, body| {
            if kind == b'D' && found.is_none() {
                found = body.get(6..).map(|text| String::from_utf8_lossy(text).into_owned());
            }
            Ok(())
        })?;
        found.ok_or_else(|| format!("no answer to {text}"))
    }

    /// Prepares a statement once; the types (OIDs) of its values.
    ///
    /// # Errors
    /// PostgreSQL's.
    pub fn prepare(&mut self, text: &str) -> Result<(u32, Vec<u32>), String> {
        if let Some(known) = self.prepared.get(text) {
            return Ok(known.clone());
        }
        let number = u32::try_from(self.prepared.len()).map_err(|error| error.to_string())?;
        let name = format!("s{number}");
        self.message.clear();
        push(&mut self.message, b'P', |body| {
            body_text(body, &name);
            body_text(body, text);
            body.extend_from_slice(&[0, 0]);
        });
        push(&mut self.message, b'D', |body| {
            body.push(b'S');
            body_text(body, &name);
        });
        push(&mut self.message, b'S', |_| ());
        self.send_message()?;
        let mut types = Vec::new();
        self.until_ready(|kind, body| {
            if kind == b't' {
                types = body
                    .get(2..)
                    .unwrap_or_default()
                    .chunks_exact(4)
                    .map(|oid| u32::from_be_bytes([oid[0], oid[1], oid[2], oid[3]]))
                    .collect();
            }
            Ok(())
        })?;
        self.prepared.insert(text.to_owned(), (number, types.clone()));
        Ok((number, types))
    }

    /// Runs a prepared statement; its rows are read and dropped, their number returned.
    ///
    /// # Errors
    /// PostgreSQL's.
    pub fn execute(&mut self, prepared: u32, values: &[Option<&[u8]>]) -> Result<usize, String> {
        let name = format!("s{prepared}");
        self.message.clear();
        push(&mut self.message, b'B', |body| {
            body.push(0);
            body_text(body, &name);
            body.extend_from_slice(&[0, 0]);
            body.extend_from_slice(&u16::try_from(values.len()).unwrap_or(u16::MAX).to_be_bytes());
            for value in values {
                match value {
                    Some(bytes) => {
                        body.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
                        body.extend_from_slice(bytes);
                    }
                    None => body.extend_from_slice(&u32::MAX.to_be_bytes()),
                }
            }
            // Rows in binary, as the program asks for them.
            body.extend_from_slice(&[0, 1, 0, 1]);
        });
        push(&mut self.message, b'E', |body| body.extend_from_slice(&[0, 0, 0, 0, 0]));
        push(&mut self.message, b'S', |_| ());
        self.send_message()?;
        let mut rows = 0;
        self.until_ready(|kind, _| {
            rows += usize::from(kind == b'D');
            Ok(())
        })?;
        Ok(rows)
    }

    fn send_message(&mut self) -> Result<(), String> {
        let message = std::mem::take(&mut self.message);
        let sent = self.send(&message);
        self.message = message;
        sent
    }

    fn send(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.output
            .write_all(bytes)
            .map_err(|error| format!("PostgreSQL: {error}"))
    }

    /// Reads until the server is ready for the next question.
    fn until_ready(&mut self, mut see: impl FnMut(u8, &[u8]) -> Result<(), String>) -> Result<(), String> {
        let mut failure = None;
        let mut body = Vec::new();
        loop {
            let mut head = [0; 5];
            self.input
                .read_exact(&mut head)
                .map_err(|error| format!("PostgreSQL: {error}"))?;
            let length = usize::try_from(u32::from_be_bytes([head[1], head[2], head[3], head[4]]))
                .unwrap_or(4)
                .saturating_sub(4);
            body.resize(length, 0);
            self.input
                .read_exact(&mut body)
                .map_err(|error| format!("PostgreSQL: {error}"))?;
            match head[0] {
                b'Z' => return failure.map_or(Ok(()), Err),
                b'E' => {
                    let text = body
                        .split(|byte| *byte == 0)
                        .filter(|field| matches!(field.first(), Some(b'M' | b'D')))
                        .map(|field| String::from_utf8_lossy(&field[1..]).into_owned());
                    failure = Some(text.collect::<Vec<_>>().join(": "));
                    // A refused login is not followed by readiness.
                    if body.starts_with(b"SFATAL") {
                        return failure.map_or(Ok(()), Err);
                    }
                }
                kind => see(kind, &body)?,
            }
        }
    }
}

fn body_text(body: &mut Vec<u8>, text: &str) {
    body.extend_from_slice(text.as_bytes());
    body.push(0);
}

fn push(message: &mut Vec<u8>, kind: u8, fill: impl FnOnce(&mut Vec<u8>)) {
    message.push(kind);
    let at = message.len();
    message.extend_from_slice(&[0; 4]);
    fill(message);
    let length = u32::try_from(message.len() - at).unwrap_or(u32::MAX).to_be_bytes();
    message[at..at + 4].copy_from_slice(&length);
}
