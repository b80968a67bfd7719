//! ATT-20, ATT-21: every operation × every role × {own laboratory, another laboratory, no login}, on both engines.
//!
//! What may be called comes from two places that must agree: `x-permission` in openapi/attest.json and the roles as the
//! server lists them. The table is written to `matrix.snap.md`, which people review: a change of it is a change of who
//! may do what (`UPDATE_SNAPSHOTS=1` writes it anew).
//!
//! The bodies are empty objects, so a permitted call may well be refused for its content; what counts here is who is
//! let through to that point. The stories show that the content then works.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

use attest_tests::api::{id, text};
use attest_tests::cluster::repository;
use attest_tests::files::{attach, pdf};
use attest_tests::platform::Platform;
use attest_tests::{Answer, Api, Engine, Lab, Value, json};

/// Operations that end the very login they are called with, or begin one; stories in `access.rs` cover them.
const ABOUT_LOGINS: [&str; 2] = ["/api/v1/auth/", "/api/v1/bootstrap"];

/// What belongs to one client of the laboratory.
const OF_CLIENTS: [&str; 3] = ["/api/v1/samples/", "/api/v1/orders/", "/api/v1/reports/"];

struct Operation {
    method: String,
    path: String,
    permission: String,
}

fn operations() -> Vec<Operation> {
    let document = fs::read_to_string(repository().join("openapi/attest.json")).expect("openapi/attest.json");
    let document: Value = serde_json::from_str(&document).expect("JSON");
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            if ["get", "post", "put", "patch", "delete"].contains(&method.as_str()) {
                let permission = operation["x-permission"].as_str();
                operations.push(Operation {
                    method: method.to_uppercase(),
                    path: path.clone(),
                    permission: permission
                        .unwrap_or_else(|| panic!("{method} {path} names no permission"))
                        .to_owned(),
                });
            }
        }
    }
    // Reading first: later calls may change what there is to read.
    operations.sort_by_key(|operation| {
        (
            operation.method != "GET",
            operation.path.clone(),
            operation.method.clone(),
        )
    });
    operations
}

/// One of each thing in a laboratory, by the first part of the path that leads to it.
fn things(lab: &Lab, platform: &Platform) -> BTreeMap<String, String> {
    let report = lab.released();
    let sample = lab.sample(&id(&report["samples"][0]));
    let catalogue = lab.catalogue();
    let manage = lab.who_can("catalog:manage");
    let make = |path: &str, body: Value| id(&manage.post(path, &body).expect(201));
    let order = json!({
        "client_id": id(&catalogue.client),
        "samples": [{"sample_type_id": id(&catalogue.river_water), "test_ids": [id(&catalogue.iron)]}],
    });
    let patient = json!({"family_name": "Matrix", "given_name": "Jan", "sex": "unknown", "identifiers": []});
    let service = lab.service("Nobody's program", &["integrator"]);
    let invitation = json!({
        "operator_email": platform.operator.email, "role_ids": [id(&lab.roles()["viewer"])], "hours": 1, "reason": "Matrix",
    });
    let support = lab.raised().post("/support-access", &invitation).expect(201);
    // A name that leads nowhere (RFC 2606).
    let webhook = json!({"name": "Nobody", "url": "https://receiver.invalid/hook", "events": ["order.created"]});
    let webhook = lab.raised().post("/webhooks", &webhook).expect(201);
    let mut things = BTreeMap::from([
        ("webhooks", id(&webhook)),
        ("support-access", id(&support)),
        ("service-accounts", service.id),
        ("tokens", service.token_id),
        ("access-reviews", reviewed(lab)),
        ("samples", id(&sample)),
        ("results", id(&sample["results"][0])),
        ("reports", id(&report)),
        (
            "orders",
            id(&lab.who_can("order:create").post("/orders", &order).expect(201)),
        ),
        ("clients", id(&catalogue.client)),
        ("sample-types", id(&catalogue.river_water)),
        ("tests", id(&catalogue.iron)),
        ("panels", id(&catalogue.panel)),
        ("specifications", id(&catalogue.specification)),
        ("containers", make("/containers", json!({"name": "Bottle"}))),
        ("locations", make("/locations", json!({"name": "Fridge"}))),
        ("instruments", make("/instruments", json!({"name": "Balance"}))),
        ("users", lab.hire("Nobody in particular", &["viewer"]).id),
        ("roles", id(&lab.roles()["viewer"])),
        ("exports", lab.export()),
        ("public", text(&report, "verification_code")),
        ("accession", text(&sample, "accession_number")),
    ]);
    let role = |role: &&str| lab.roles().contains_key(*role) && lab.role_holds(role, "patient:manage");
    if let Some(role) = ["receptionist", "manager", "doctor", "technician", "administrator"]
        .iter()
        .find(|r| role(r))
    {
        things.insert(
            "patients",
            id(&lab.as_role(role).post("/patients", &patient).expect(201)),
        );
    }
    let mut things: BTreeMap<String, String> = things.into_iter().map(|(kind, id)| (kind.to_owned(), id)).collect();
    for holder in ["orders", "samples", "results"] {
        let path = format!("/{holder}/{}/files?shared_with_client=true", things[holder]);
        let file = attach(&lab.as_role(lab.bench()), &path, "matrix.pdf", &pdf("matrix")).expect(201);
        things.insert(format!("files of {holder}"), id(&file));
    }
    things
}

/// The laboratory's open review of who has access; who is called twice finds the first one.
fn reviewed(lab: &Lab) -> String {
    let open = lab.administrator.api.all("/access-reviews?status=open").pop();
    let open = open.unwrap_or_else(|| lab.administrator.api.post("/access-reviews", &json!({})).expect(201));
    id(&open)
}

/// The path with its parameters filled from one laboratory's things.
fn filled(path: &str, things: &BTreeMap<String, String>) -> String {
    let parts: Vec<&str> = path.split('/').collect();
    let filled = parts.iter().enumerate().map(|(place, part)| {
        if !part.starts_with('{') {
            return (*part).to_owned();
        }
        let file = format!("files of {}", parts.get(3).unwrap_or(&"nothing"));
        let kind = match (part.trim_matches(['{', '}']), parts[place - 1]) {
            (_, "by-accession") => "accession",
            (_, "reports") if path.starts_with("/public/") => "public",
            ("index", "entries" | "{level}") => return "000.p/1".to_owned(),
            ("index", _) => return "0".to_owned(),
            ("level" | "l" | "L", _) => return "0".to_owned(),
            (_, "tile" | "entries") => return "000.p/1".to_owned(),
            // A file's path begins with what it hangs on: `/api/v1/samples/{id}/files/{file}`.
            ("file", _) => file.as_str(),
            (_, collection) => collection,
        };
        things
            .get(kind)
            .cloned()
            // Nothing of this kind here: whoever may ask is told that there is nothing, everybody else that they may not ask.
            .unwrap_or_else(|| "0197b1e2-0000-7000-8000-00000000dead".to_owned())
    });
    filled.collect::<Vec<String>>().join("/")
}

/// Who asks: a person with one role, or a program with a token.
struct Column {
    title: String,
    role: String,
    api: Api,
}

impl Column {
    fn of(lab: &Lab, role: &str) -> Self {
        Self {
            title: role.to_owned(),
            role: role.to_owned(),
            api: lab.as_role(role),
        }
    }
}

fn ask(api: &Api, operation: &Operation, path: &str) -> Answer {
    let body = json!({});
    api.call(
        &operation.method,
        path,
        (operation.method != "GET" && operation.method != "DELETE").then_some(&body),
    )
}

/// Refused for what one may not do; not for what is wrong with the request, nor for want of a step-up.
fn is_forbidden(answer: &Answer) -> bool {
    answer.status == 403 && answer.json()["type"] == "/problems/forbidden"
}

#[test]
fn every_operation_lets_through_exactly_who_holds_its_permission_on_sqlite() {
    let table = who_may_call_what(Engine::Sqlite);
    if env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(snapshot(), &table).expect("the snapshot can be written");
    }
    review(&table);
}

/// The same table, behind row-level security.
#[test]
fn every_operation_lets_through_exactly_who_holds_its_permission_on_postgresql() {
    let table = who_may_call_what(Engine::Postgres);
    // While the snapshot is being written anew by the other engine there is nothing to compare with yet.
    if env::var_os("UPDATE_SNAPSHOTS").is_none() {
        review(&table);
    }
}

fn who_may_call_what(engine: Engine) -> String {
    let mut table = String::from(
        "# Who may call what\n\n`x`: let through. Empty: 403. Without a login: 401 everywhere but on `public` operations. \
         With the id of another laboratory's thing: 404 for everybody who is let through. `client` is a person of the client \
         whose things these are; to the person of another client they are 404. \
         The program calls with a token of a service account.\n",
    );
    let medical = Lab::fresh_medical(engine);
    let next_door = Lab::beside(&medical, "next-door", "medical");
    let (platform, of_medical) = (Platform::of(Lab::shared(engine)), Platform::of(&medical));
    let mut wrong = Vec::new();
    wrong.extend(tabulate(
        &mut table,
        "A testing laboratory",
        Lab::shared(engine),
        Lab::neighbour(engine),
        &platform,
    ));
    wrong.extend(tabulate(
        &mut table,
        "A medical laboratory",
        &medical,
        &next_door,
        &of_medical,
    ));
    wrong.extend(tabulate_platform(&mut table, &medical, &of_medical));
    assert!(
        wrong.is_empty(),
        "{} cells are wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    table
}

/// The table of one kind of laboratory, and what is wrong in it.
fn tabulate(table: &mut String, title: &str, lab: &Lab, neighbour: &Lab, platform: &Platform) -> Vec<String> {
    let (own, foreign) = (things(lab, platform), things(neighbour, platform));
    let other_client = lab
        .who_can("client:manage")
        .post("/clients", &json!({"name": "Somebody else"}))
        .expect(201);
    let outsider = lab.hire("Another client's person", &["client"]);
    belongs(lab, &lab.person("client").id, &own["clients"]);
    belongs(lab, &outsider.id, &id(&other_client));
    let mut columns: Vec<Column> = lab.roles().keys().map(|role| Column::of(lab, role)).collect();
    columns.push(Column {
        title: "a program (integrator)".to_owned(),
        role: "integrator".to_owned(),
        api: lab.service("A program", &["integrator"]).api,
    });
    let titles: Vec<&str> = columns.iter().map(|column| column.title.as_str()).collect();
    let mut wrong = Vec::new();
    let _ = writeln!(
        table,
        "\n## {title}\n\n| operation | permission | {} |",
        titles.join(" | ")
    );
    let _ = writeln!(table, "|---|---|{}", "---|".repeat(titles.len()));
    for operation in operations() {
        if ABOUT_LOGINS.iter().any(|prefix| operation.path.starts_with(prefix)) {
            continue;
        }
        let name = format!("{} {}", operation.method, operation.path);
        let (here, there) = (filled(&operation.path, &own), filled(&operation.path, &foreign));
        let nobody = ask(&lab.server.anonymous(), &operation, &here);
        if (nobody.status == 401) == (operation.permission == "public") {
            wrong.push(format!("{name} without a login: {}", nobody.status));
        }
        let mut cells = Vec::new();
        for Column { title, role, api } in &columns {
            let may = match operation.permission.as_str() {
                "public" | "login" | "own" => true,
                permission => lab.role_holds(role, permission),
            };
            let away = here != there && operation.permission != "public";
            // Elsewhere first: a call on one's own thing may change it.
            if away {
                wrong.extend(not_there(&operation, title, api, &there, may, "another laboratory's"));
            }
            if away && role == "client" && OF_CLIENTS.iter().any(|kind| operation.path.starts_with(kind)) {
                wrong.extend(not_there(
                    &operation,
                    role,
                    &outsider.api,
                    &here,
                    may,
                    "another client's",
                ));
            }
            let answer = ask(api, &operation, &here);
            let let_through = !is_forbidden(&answer) && answer.status != 401;
            if let_through != may || answer.status >= 500 {
                wrong.push(format!("{name} as {title}: {} {}", answer.status, answer.text()));
            }
            let read = (200..300).contains(&answer.status) || [409, 422].contains(&answer.status);
            if may && operation.method == "GET" && !read {
                wrong.push(format!(
                    "{name} as {title}: {} where reading should work: {}",
                    answer.status,
                    answer.text()
                ));
            }
            cells.push(if let_through { "x" } else { " " });
        }
        let _ = writeln!(table, "| `{name}` | {} | {} |", operation.permission, cells.join(" | "));
    }
    wrong
}

/// The platform's people: what they are let through to, and that it is nothing of a laboratory.
fn tabulate_platform(table: &mut String, lab: &Lab, platform: &Platform) -> Vec<String> {
    let operator = &platform.operator.api;
    let held = operator.get("/me").expect(200)["permissions"].clone();
    let held: Vec<&str> = held.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let things = BTreeMap::from([("laboratories".to_owned(), lab.id.clone())]);
    let (mut wrong, mut refused) = (Vec::new(), 0);
    let _ = writeln!(
        table,
        "\n## The platform\n\n| operation | permission | platform_operator |\n|---|---|---|"
    );
    for operation in operations() {
        if ABOUT_LOGINS.iter().any(|prefix| operation.path.starts_with(prefix)) {
            continue;
        }
        let name = format!("{} {}", operation.method, operation.path);
        let may = ["public", "login", "own"].contains(&operation.permission.as_str())
            || held.contains(&operation.permission.as_str());
        let answer = ask(operator, &operation, &filled(&operation.path, &things));
        let let_through = !is_forbidden(&answer) && answer.status != 401;
        if let_through != may || answer.status >= 500 {
            wrong.push(format!(
                "{name} as platform_operator: {} {}",
                answer.status,
                answer.text()
            ));
        }
        if let_through {
            let _ = writeln!(table, "| `{name}` | {} | x |", operation.permission);
        } else {
            refused += 1;
        }
    }
    if refused < 80 {
        wrong.push(format!("only {refused} operations are closed to the platform"));
    }
    let _ = writeln!(table, "\nEvery other operation is 403 to them.");
    wrong
}

/// What is somebody else's is not there for those who may ask, and forbidden to everybody else.
fn not_there(operation: &Operation, role: &str, api: &Api, path: &str, may: bool, whose: &str) -> Option<String> {
    let answer = ask(api, operation, path);
    let expected = if may {
        answer.status == 404 || refused_before_looking(&answer)
    } else {
        is_forbidden(&answer)
    };
    (!expected).then(|| {
        let (method, path, text) = (&operation.method, &operation.path, answer.text());
        format!("{method} {path} as {role} on {whose} thing: {} {text}", answer.status)
    })
}

fn belongs(lab: &Lab, user: &str, client: &str) {
    let user = format!("/users/{user}");
    let etag = lab.administrator.api.get(&user).etag();
    lab.raised()
        .patch(&user, &etag, &json!({"client_id": client}))
        .expect(200);
}

/// An empty body or a missing `If-Match` may be refused before anybody looks for the thing: that tells nothing either.
fn refused_before_looking(answer: &Answer) -> bool {
    [400, 422, 428].contains(&answer.status)
        || (answer.status == 403 && answer.json()["type"] == "/problems/step-up-required")
}

fn snapshot() -> PathBuf {
    repository().join("tests/matrix.snap.md")
}

fn review(table: &str) {
    let known = fs::read_to_string(snapshot()).unwrap_or_default();
    let (known, now): (BTreeSet<&str>, BTreeSet<&str>) = (known.lines().collect(), table.lines().collect());
    let gone: Vec<&&str> = known.difference(&now).collect();
    let new: Vec<&&str> = now.difference(&known).collect();
    assert!(
        gone.is_empty() && new.is_empty(),
        "who may call what has changed; review it, then run with UPDATE_SNAPSHOTS=1\nwas: {gone:#?}\nis: {new:#?}"
    );
}

/// What is missing must be known: a role that ships but holds nothing, a permission that nothing asks for.
#[test]
fn every_shipped_role_is_there() {
    let lab = Lab::shared(Engine::Sqlite);
    for role in [
        "administrator",
        "manager",
        "quality_manager",
        "analyst",
        "authorizer",
        "viewer",
        "auditor",
        "integrator",
    ] {
        assert!(
            lab.roles().contains_key(role),
            "{role} is missing from {:?}",
            lab.roles().keys()
        );
    }
    for permission in [
        "result:read",
        "result:enter",
        "result:verify",
        "report:authorize",
        "report:release",
    ] {
        assert!(
            !lab.role_holds("administrator", permission),
            "the administrator holds {permission}"
        );
    }
    for (role, described) in lab.roles() {
        let held = described["permissions"].as_array().unwrap();
        let writes = [
            "result:enter",
            "result:verify",
            "sample:register",
            "user:manage",
            "report:release",
        ];
        if role == "auditor" || role == "viewer" {
            assert!(
                !held.iter().any(|held| writes.contains(&held.as_str().unwrap())),
                "{role} only reads: {held:?}"
            );
        }
    }
}
