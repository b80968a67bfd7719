//! A laboratory to measure: people, catalogue, and the load, all over HTTP.

use crate::http::{Connection, request};
use crate::server::Server;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Samples of one bulk request.
const BULK: usize = 200;
/// Clients, so that a filter has something to choose.
const CLIENTS: usize = 20;
/// Connections that load.
const LOADERS: usize = 4;
/// A token lives five minutes; ask for a new one well before.
const FRESH: Duration = Duration::from_secs(200);

/// Sees the answer for each chunk, by its first thing.
type Seen<'a> = &'a (dyn Fn(usize, &[u8]) -> Result<(), String> + Sync);

/// A sample with its first and second result.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// Sample.
    pub sample: String,
    /// Result that is entered while loading; the verify case takes it.
    pub first: String,
    /// Result that stays pending; the enter case takes it.
    pub second: String,
}

/// Somebody with a login.
#[derive(Debug, Clone)]
pub struct Person {
    email: String,
    /// User id.
    pub id: String,
}

/// The laboratory.
pub struct Lab {
    /// Its id.
    pub tenant: String,
    /// Registers, receives, enters.
    pub analyst: Person,
    /// Verifies.
    pub second: Person,
    /// Reads the trail; sets up.
    pub manager: Person,
    /// Clients.
    pub clients: Vec<String>,
    /// The only sample type.
    pub sample_type: String,
    /// Two numeric tests.
    pub tests: Vec<String>,
    /// What was loaded.
    pub samples: Vec<Loaded>,
    /// The status that loaded samples have.
    pub status: String,
    /// Sessions by person, as `who`, session id.
    pub sessions: Mutex<Vec<(String, String)>>,
    tokens: Mutex<Vec<(String, String, Instant)>>,
}

/// How long loading took.
#[derive(Debug, Clone, Copy, Default)]
pub struct LoadTimes {
    /// Seconds registering.
    pub register: f64,
    /// Seconds receiving.
    pub receive: f64,
    /// Seconds entering one result each.
    pub enter: f64,
}

#[derive(Deserialize)]
struct Made {
    items: Vec<MadeSample>,
}

#[derive(Deserialize)]
struct MadeSample {
    id: String,
    results: Vec<MadeResult>,
}

#[derive(Deserialize)]
struct MadeResult {
    id: String,
}

fn text(value: &Value, path: &str) -> Result<String, String> {
    value
        .pointer(path)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .ok_or_else(|| format!("no {path} in {value}"))
}

impl Lab {
    /// Hires people and fills the catalogue.
    ///
    /// # Errors
    /// What the server refused.
    pub fn set_up(server: &Server) -> Result<Self, String> {
        let admin = server.log_in("admin@bench.example")?;
        server.call(
            "POST",
            "/auth/reauthenticate",
            &admin,
            Some(&json!({"password": Server::password()})),
        )?;
        let tenant = text(&server.call("GET", "/me", &admin, None)?, "/laboratory/id")?;
        let roles = server.call("GET", "/roles?limit=200", &admin, None)?;
        let roles = roles["items"].as_array().cloned().unwrap_or_default();
        let hire = |name: &str, needed: &[&str]| -> Result<Person, String> {
            let holds = |role: &Value| {
                role["permissions"]
                    .as_array()
                    .is_some_and(|held| needed.iter().any(|need| held.iter().any(|one| one == need)))
            };
            let fit = roles.iter().filter(|role| {
                holds(role)
                    && role["slug"] != "administrator"
                    && role["slug"] != "client"
                    && role["slug"] != "integrator"
            });
            let ids: Vec<&Value> = fit.map(|role| &role["id"]).collect();
            let email = format!("{name}@bench.example");
            let body =
                json!({"email": email, "name": format!("The {name}"), "role_ids": ids, "password": Server::password()});
            let user = server.call("POST", "/users", &admin, Some(&body))?;
            Ok(Person {
                id: text(&user, "/id")?,
                email,
            })
        };
        let manager = hire(
            "manager",
            &["catalog:manage", "client:manage", "competence:manage", "audit:read"],
        )?;
        let analyst = hire("analyst", &["sample:register", "sample:receive", "result:enter"])?;
        let second = hire("second", &["result:verify"])?;
        let setter = server.log_in(&manager.email)?;
        let make = |path: &str, body: Value| {
            server
                .call("POST", path, &setter, Some(&body))
                .and_then(|made| text(&made, "/id"))
        };
        let clients = (0..CLIENTS)
            .map(|number| make("/clients", json!({"name": format!("Waterworks {number}"), "code": format!("W{number}"), "address": "Kolejowa 1"})))
            .collect::<Result<Vec<_>, _>>()?;
        let sample_type = make(
            "/sample-types",
            json!({"name": "River water", "matrix": "water", "requires_temperature": false}),
        )?;
        let tests = ["NO3", "FE"]
            .iter()
            .map(|code| {
                make(
                    "/tests",
                    json!({"code": code, "name": format!("Test {code}"), "analyte": code, "method": "ISO 10304-1", "unit": "mg/L", "result_type": "numeric",
                        "decimals": 3, "lod": "0.010", "loq": "0.030", "uncertainty": {"value": "8", "kind": "percent", "k": "2"}, "accredited": true,
                        "self_verification_allowed": false}),
                )
            })
            .collect::<Result<Vec<_>, _>>()?;
        make(
            "/specifications",
            json!({"name": "Drinking water", "sample_type_id": sample_type, "kind": "specification", "decision_rule": "simple", "judge": "rounded",
                "limits": [{"test_id": tests[0], "high": "11.300"}, {"test_id": tests[1], "high": "0.200"}]}),
        )?;
        for person in [&analyst, &second] {
            let body = json!({"user_id": person.id, "test_ids": tests, "valid_from": "2020-01-01"});
            server
                .call("POST", "/competences", &setter, Some(&body))
                .or_else(|_not_the_manager| server.call("POST", "/competences", &admin, Some(&body)))?;
        }
        Ok(Self {
            tenant,
            analyst,
            second,
            manager,
            clients,
            sample_type,
            tests,
            samples: Vec::new(),
            status: String::new(),
            sessions: Mutex::default(),
            tokens: Mutex::default(),
        })
    }

    /// A token of this person that lives for minutes.
    ///
    /// # Errors
    /// When the login is refused.
    pub fn token(&self, server: &Server, person: &Person) -> Result<String, String> {
        let mut tokens = self.tokens.lock().map_err(|error| error.to_string())?;
        let known = tokens
            .iter()
            .find(|(email, _, at)| *email == person.email && at.elapsed() < FRESH);
        if let Some((_, token, _)) = known {
            return Ok(token.clone());
        }
        let token = server.log_in(&person.email)?;
        let session = text(&server.call("GET", "/me", &token, None)?, "/session/id")?;
        self.sessions
            .lock()
            .map_err(|error| error.to_string())?
            .push((person.email.clone(), session));
        tokens.retain(|(email, _, _)| *email != person.email);
        tokens.push((person.email.clone(), token.clone(), Instant::now()));
        Ok(token)
    }

    /// Forgets tokens: the server was started anew, or somebody wants a session of their own.
    pub fn forget_tokens(&self) {
        if let Ok(mut tokens) = self.tokens.lock() {
            tokens.clear();
        }
    }

    /// The body of a registration.
    pub fn registration(&self, number: usize) -> Value {
        let client = &self.clients[number % self.clients.len()];
        json!({"client_id": client, "sample_type_id": self.sample_type, "client_reference": format!("REF-{number:06}"),
            "collected_at": "2026-11-20T08:30:00Z", "collected_by": "J. Kowalska", "collection_place": "intake 2", "test_ids": self.tests})
    }

    /// Loads samples: registered, received, one of two results entered.
    ///
    /// # Errors
    /// What the server refused.
    pub fn load(&mut self, server: &Server, count: usize) -> Result<LoadTimes, String> {
        let mut times = LoadTimes::default();
        let begun = Instant::now();
        let made = Mutex::new(vec![Vec::new(); count.div_ceil(BULK)]);
        self.in_bulk(
            server,
            count,
            &|range| {
                let items: Vec<Value> = range.map(|number| self.registration(number)).collect();
                ("/samples/batch".to_owned(), json!({"items": items}))
            },
            &|place, body| {
                let answer: Made = serde_json::from_slice(body).map_err(|error| error.to_string())?;
                let chunk: Option<Vec<Loaded>> = answer
                    .items
                    .into_iter()
                    .map(|sample| {
                        let mut results = sample.results.into_iter();
                        Some(Loaded {
                            sample: sample.id,
                            first: results.next()?.id,
                            second: results.next()?.id,
                        })
                    })
                    .collect();
                let mut made = made.lock().map_err(|error| error.to_string())?;
                made[place] = chunk.ok_or("a sample without two results")?;
                Ok(())
            },
        )?;
        self.samples = made
            .into_inner()
            .map_err(|error| error.to_string())?
            .into_iter()
            .flatten()
            .collect();
        times.register = begun.elapsed().as_secs_f64();

        let begun = Instant::now();
        self.in_bulk(
            server,
            count,
            &|range| {
                let items: Vec<Value> = self.samples[range]
                    .iter()
                    .map(|loaded| json!({"sample_id": loaded.sample, "condition": "acceptable"}))
                    .collect();
                ("/samples/receive".to_owned(), json!({"items": items}))
            },
            &|_, _| Ok(()),
        )?;
        times.receive = begun.elapsed().as_secs_f64();

        let begun = Instant::now();
        self.in_bulk(
            server,
            count,
            &|range| {
                let items: Vec<Value> = self.samples[range]
                    .iter()
                    .map(|loaded| json!({"result_id": loaded.first, "value": "1.234"}))
                    .collect();
                ("/results/enter".to_owned(), json!({"items": items}))
            },
            &|_, _| Ok(()),
        )?;
        times.enter = begun.elapsed().as_secs_f64();

        let token = self.token(server, &self.analyst)?;
        let first = self.samples.first().ok_or("nothing was loaded")?;
        self.status = text(
            &server.call("GET", &format!("/samples/{}", first.sample), &token, None)?,
            "/status",
        )?;
        Ok(times)
    }

    /// Sends chunks of `count` things over a few connections at once.
    fn in_bulk(
        &self,
        server: &Server,
        count: usize,
        body: &(dyn Fn(std::ops::Range<usize>) -> (String, Value) + Sync),
        seen: Seen<'_>,
    ) -> Result<(), String> {
        let next = AtomicUsize::new(0);
        let worker = || -> Result<(), String> {
            let mut connection = Connection::open(server.port)?;
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let from = place * BULK;
                if from >= count {
                    return Ok(());
                }
                let (path, body) = body(from..count.min(from + BULK));
                let token = self.token(server, &self.analyst)?;
                let answer = connection.exchange(&request("POST", &path, &token, Some(&body.to_string())))?;
                if answer.status >= 300 {
                    let said = String::from_utf8_lossy(answer.body);
                    return Err(format!(
                        "POST {path}: {} {}",
                        answer.status,
                        said.chars().take(600).collect::<String>()
                    ));
                }
                seen(place, answer.body)?;
            }
        };
        std::thread::scope(|scope| {
            let handles: Vec<_> = (0..LOADERS).map(|_| scope.spawn(worker)).collect();
            handles
                .into_iter()
                .try_for_each(|handle| handle.join().map_err(|_panic| "a loader panicked".to_owned())?)
        })
    }
}
