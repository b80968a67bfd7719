//! A laboratory as its administrator sets it up: people, competences and a small catalogue, all over HTTP.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::api::{Api, id, text};
use crate::database::Engine;
use crate::server::Server;

/// A step-up lasts five minutes; renew well before.
const RAISED_FOR: Duration = Duration::from_secs(200);

/// Somebody with a login.
#[derive(Clone, Debug)]
pub struct Person {
    /// User id.
    pub id: String,
    /// Login name.
    pub email: String,
    /// Printed name.
    pub name: String,
    /// Password.
    pub password: String,
    /// Logged in.
    pub api: Api,
}

/// What the laboratory offers: enough for one honest day of work.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// Who orders.
    pub client: Value,
    /// River water; needs no temperature.
    pub river_water: Value,
    /// Numeric, three decimals, LOD 0.010, LOQ 0.030, accredited, limit 11.300.
    pub nitrate: Value,
    /// Numeric, two decimals, warning from 0.15, limit 0.20, not accredited.
    pub iron: Value,
    /// Numeric, four decimals, limit 0.0100, critical from 0.0500.
    pub lead: Value,
    /// Coded: detected, not detected.
    pub coliforms: Value,
    /// Nitrate and iron.
    pub panel: Value,
    /// The limits above, simple acceptance.
    pub specification: Value,
}

/// A laboratory on a server, with its administrator; everybody else comes when first asked for.
#[derive(Debug)]
pub struct Lab {
    /// Where it runs.
    pub server: Arc<Server>,
    /// Its id.
    pub id: String,
    /// Short name in logins.
    pub slug: String,
    /// Verifier key of its ledger.
    pub log_key: String,
    /// Configuration and people; no permission on results.
    pub administrator: Person,
    raised: Mutex<Option<Instant>>,
    roles: OnceLock<BTreeMap<String, Value>>,
    people: Mutex<HashMap<String, Person>>,
    catalogue: OnceLock<Catalogue>,
}

impl Lab {
    /// A laboratory that all tests of this binary share: for stories that touch only what they made themselves.
    pub fn shared(engine: Engine) -> &'static Self {
        static SQLITE: OnceLock<Lab> = OnceLock::new();
        static POSTGRES: OnceLock<Lab> = OnceLock::new();
        match engine {
            Engine::Sqlite => SQLITE.get_or_init(|| Self::fresh(engine)),
            Engine::Postgres => POSTGRES.get_or_init(|| Self::fresh(engine)),
        }
    }

    /// Another laboratory on the server of [`Lab::shared`]: whose things must not exist for the shared one.
    pub fn neighbour(engine: Engine) -> &'static Self {
        static SQLITE: OnceLock<Lab> = OnceLock::new();
        static POSTGRES: OnceLock<Lab> = OnceLock::new();
        let shared = Self::shared(engine);
        match engine {
            Engine::Sqlite => SQLITE.get_or_init(|| Self::beside(shared, "hillside", "testing")),
            Engine::Postgres => POSTGRES.get_or_init(|| Self::beside(shared, "hillside", "testing")),
        }
    }

    /// A testing laboratory with a server and a database of its own.
    pub fn fresh(engine: Engine) -> Self {
        Self::bootstrap(Server::start(engine), "testing")
    }

    /// A medical laboratory with a server and a database of its own.
    pub fn fresh_medical(engine: Engine) -> Self {
        Self::bootstrap(Server::start(engine), "medical")
    }

    /// Follows the one-time link of an empty installation.
    pub fn bootstrap(server: Server, kind: &str) -> Self {
        let slug = "riverside";
        let (email, password) = ("admin@riverside.example", new_password());
        let body = json!({
            "token": server.bootstrap_token(),
            "laboratory": {
                "name": "Riverside Laboratory", "slug": slug, "kind": kind, "timezone": "Europe/Warsaw", "language": "en",
                "address": "ul. Nadrzeczna 7\n05-220 Zielonka\nPoland",
            },
            "administrator": {"email": email, "name": "Ada Minister", "password": password},
            "second_factor": "off",
            "change_initial": false,
        });
        server.anonymous().post("/api/v1/bootstrap", &body).expect(201);
        Self::open(Arc::new(server), slug, email, &password)
    }

    /// A further laboratory on the same server, made on the command line.
    pub fn beside(other: &Self, slug: &str, kind: &str) -> Self {
        let (email, password) = (format!("admin@{slug}.example"), new_password());
        let name = format!("Laboratory {slug}");
        let output = other.server.run(
            &[
                "laboratory",
                "create",
                "--slug",
                slug,
                "--name",
                &name,
                "--kind",
                kind,
                "--admin-email",
                &email,
                "--admin-password-stdin",
                "--second-factor",
                "off",
                "--change-initial",
                "false",
            ],
            &format!("{password}\n"),
        );
        assert!(
            output.status.success(),
            "attest laboratory create: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        Self::open(Arc::clone(&other.server), slug, &email, &password)
    }

    fn open(server: Arc<Server>, slug: &str, email: &str, password: &str) -> Self {
        let api = server.anonymous().log_in(slug, email, password);
        let me = api.get("/me").expect(200);
        let laboratory = api.get("/laboratory").expect(200);
        Self {
            id: text(&me["laboratory"], "id"),
            slug: slug.to_owned(),
            log_key: text(&laboratory, "log_key"),
            administrator: Person {
                id: id(&me),
                email: email.to_owned(),
                name: text(&me, "name"),
                password: password.to_owned(),
                api,
            },
            server,
            raised: Mutex::new(None),
            roles: OnceLock::new(),
            people: Mutex::new(HashMap::new()),
            catalogue: OnceLock::new(),
        }
    }

    /// The administrator with a session raised for what asks for a step-up.
    pub fn raised(&self) -> &Api {
        let mut raised = guard(&self.raised);
        if raised.is_none_or(|at| at.elapsed() > RAISED_FOR) {
            self.administrator.api.step_up(&self.administrator.password);
            *raised = Some(Instant::now());
        }
        &self.administrator.api
    }

    /// The roles that ship, by slug.
    pub fn roles(&self) -> &BTreeMap<String, Value> {
        self.roles.get_or_init(|| {
            self.administrator
                .api
                .all("/roles")
                .into_iter()
                .map(|role| (text(&role, "slug"), role))
                .collect()
        })
    }

    /// Whether a shipped role holds a permission.
    pub fn role_holds(&self, role: &str, permission: &str) -> bool {
        let role = self
            .roles()
            .get(role)
            .unwrap_or_else(|| panic!("no role {role:?} in {:?}", self.roles().keys()));
        role["permissions"]
            .as_array()
            .expect("permissions")
            .iter()
            .any(|held| held == permission)
    }

    /// The one person of this laboratory who holds exactly this role.
    pub fn person(&self, role: &str) -> Person {
        if role == "administrator" {
            return self.administrator.clone();
        }
        let known = guard(&self.people).get(role).cloned();
        known.unwrap_or_else(|| {
            let person = self.hire(&format!("{role} of {}", self.slug), &[role]);
            guard(&self.people).entry(role.to_owned()).or_insert(person).clone()
        })
    }

    /// Shorthand for the client of [`Lab::person`].
    pub fn as_role(&self, role: &str) -> Api {
        self.person(role).api
    }

    /// A client of somebody who holds a permission: the administrator if possible.
    pub fn who_can(&self, permission: &str) -> Api {
        let order = [
            "administrator",
            "manager",
            "quality_manager",
            "analyst",
            "authorizer",
            "receptionist",
            "auditor",
        ];
        let role = order.iter().find(|role| self.role_holds(role, permission));
        self.as_role(role.unwrap_or_else(|| panic!("no role holds {permission}")))
    }

    /// A new person with these roles, competent for the whole catalogue where the roles enter results.
    pub fn hire(&self, name: &str, roles: &[&str]) -> Person {
        let password = new_password();
        let email = format!("{}@{}.example", uuid::Uuid::new_v4().simple(), self.slug);
        let role_ids: Vec<String> = roles.iter().map(|role| id(&self.roles()[*role])).collect();
        let body = json!({"email": email, "name": name, "role_ids": role_ids, "password": password});
        let user = self.raised().post("/users", &body).expect(201);
        let person = Person {
            id: id(&user),
            name: name.to_owned(),
            api: self.server.anonymous().log_in(&self.slug, &email, &password),
            email,
            password,
        };
        if roles.iter().any(|role| self.role_holds(role, "result:enter")) {
            let tests = self.catalogue().tests();
            self.make_competent(&person, &tests);
        }
        person
    }

    /// Records competence for tests, from long ago and without end.
    pub fn make_competent(&self, person: &Person, test_ids: &[String]) {
        let body = json!({"user_id": person.id, "test_ids": test_ids, "valid_from": "2020-01-01"});
        self.who_can("competence:manage")
            .post("/competences", &body)
            .expect(201);
    }

    /// The catalogue, made on first use.
    pub fn catalogue(&self) -> &Catalogue {
        self.catalogue.get_or_init(|| self.make_catalogue())
    }

    fn make_catalogue(&self) -> Catalogue {
        let api = self.who_can("catalog:manage");
        let make = |path: &str, body: Value| api.post(path, &body).expect(201);
        let client = self.who_can("client:manage").post(
            "/clients",
            &json!({"name": "Zielonka Waterworks", "code": "ZW", "address": "ul. Kolejowa 1\n05-220 Zielonka", "email": "lab@zw.example"}),
        );
        let client = client.expect(201);
        let river_water = make(
            "/sample-types",
            json!({"name": "River water", "matrix": "water", "requires_temperature": false}),
        );
        let nitrate = make(
            "/tests",
            json!({
                "code": "NO3-N", "name": "Nitrate, as nitrogen", "analyte": "nitrate", "fraction": "dissolved", "basis": "as N",
                "method": "ISO 10304-1", "unit": "mg/L", "result_type": "numeric", "decimals": 3, "lod": "0.010", "loq": "0.030",
                "uncertainty": {"value": "8", "kind": "percent", "k": "2"}, "accredited": true, "self_verification_allowed": false,
            }),
        );
        let iron = make(
            "/tests",
            json!({
                "code": "FE", "name": "Iron, total", "analyte": "iron", "method": "ISO 11885", "unit": "mg/L",
                "result_type": "numeric", "decimals": 2, "accredited": false, "self_verification_allowed": true,
            }),
        );
        let lead = make(
            "/tests",
            json!({
                "code": "PB", "name": "Lead, total", "analyte": "lead", "method": "ISO 17294-2", "unit": "mg/L",
                "result_type": "numeric", "decimals": 4, "lod": "0.0002", "accredited": true, "self_verification_allowed": false,
            }),
        );
        let coliforms = make(
            "/tests",
            json!({
                "code": "COLI", "name": "Coliform bacteria", "analyte": "coliforms", "method": "ISO 9308-1", "unit": "in 100 mL",
                "result_type": "coded", "codes": ["detected", "not detected"], "accredited": true, "self_verification_allowed": false,
            }),
        );
        let panel = make(
            "/panels",
            json!({"name": "Nutrients", "code": "NUT", "test_ids": [id(&nitrate), id(&iron)]}),
        );
        let specification = make(
            "/specifications",
            json!({
                "name": "Drinking water", "sample_type_id": id(&river_water), "kind": "specification",
                "decision_rule": "simple", "judge": "rounded",
                "limits": [
                    {"test_id": id(&nitrate), "high": "11.300"},
                    {"test_id": id(&iron), "high": "0.20", "warn_high": "0.15"},
                    {"test_id": id(&lead), "high": "0.0100", "critical_high": "0.0500"},
                ],
            }),
        );
        Catalogue {
            client,
            river_water,
            nitrate,
            iron,
            lead,
            coliforms,
            panel,
            specification,
        }
    }
}

impl Catalogue {
    /// Ids of all its tests.
    pub fn tests(&self) -> Vec<String> {
        [&self.nitrate, &self.iron, &self.lead, &self.coliforms]
            .map(id)
            .to_vec()
    }
}

/// A password that any sensible policy takes, different each time.
pub fn new_password() -> String {
    let random = uuid::Uuid::new_v4().simple().to_string();
    format!("Heron-{}-Quay-{}", &random[..6], &random[6..12])
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
