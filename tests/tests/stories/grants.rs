//! Single permissions with an end, why somebody may do something, and two roles side by side.

use std::thread;
use std::time::Duration;

use attest_tests::api::id;
use attest_tests::{Answer, Lab, Person, Value, json, on_both_engines};

/// Gives a person exactly these single permissions.
fn give(lab: &Lab, person: &Person, grants: Value) -> Answer {
    let user = format!("/users/{}", person.id);
    let etag = lab.administrator.api.get(&user).etag();
    lab.raised().patch(&user, &etag, &json!({"grants": grants}))
}

fn in_seconds(seconds: u64) -> String {
    let unix = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .expect("after 1970")
        .as_secs()
        + seconds;
    // Civil date from days since 1970 (Howard Hinnant's algorithm), since the harness has no calendar.
    let (days, rest) = (i64::try_from(unix / 86_400).expect("a day"), unix % 86_400);
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_shifted + 2) / 5 + 1;
    let month = if month_shifted < 10 {
        month_shifted + 3
    } else {
        month_shifted - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
        rest / 3_600,
        rest / 60 % 60,
        rest % 60
    )
}

/// The row of one permission in an answer.
fn of(answer: &Value, permission: &str) -> Value {
    let rows = answer["permissions"].as_array().expect("permissions");
    rows.iter()
        .find(|row| row["permission"] == permission)
        .unwrap_or_else(|| panic!("no {permission} in {answer}"))
        .clone()
}

on_both_engines! {
    /// ATT-15 A permission that was given until a moment is gone on the first request after it, without anybody's doing.
    fn a_grant_ends_by_itself(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("Stands In", &["viewer"]);
        let client = || person.api.post("/clients", &json!({"name": "x"}));
        client().problem(403, "forbidden");
        let grant = |until: &str| json!([{"permission": "client:manage", "effect": "allow", "reason": "holidays", "until": until}]);
        give(lab, &person, grant("2020-01-01T00:00:00Z")).names_field("grants.0.until");
        let shown = give(lab, &person, grant(&in_seconds(4))).expect(200);
        let shown = &shown["grants"][0];
        assert_eq!(shown["granted_by"]["id"], json!(lab.administrator.id));
        assert!(shown["granted_at"].is_string() && shown["until"].is_string(), "{shown}");
        client().expect(201);
        thread::sleep(Duration::from_secs(5));
        client().problem(403, "forbidden");
        let user = lab.administrator.api.get(&format!("/users/{}", person.id)).expect(200);
        assert_eq!(user["grants"], json!([]), "what is over is not shown as if it were not");
    }

    /// ATT-24 A denial wins over everything that gives; and it, too, may end by itself.
    fn a_denial_wins_until_it_ends(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("Suspended", &["manager"]);
        let sees = || person.api.get("/samples");
        sees().expect(200);
        let deny = json!([{"permission": "sample:read", "effect": "deny", "reason": "investigation", "until": in_seconds(4)}]);
        give(lab, &person, deny).expect(200);
        sees().problem(403, "forbidden");
        thread::sleep(Duration::from_secs(5));
        sees().expect(200);
    }

    /// ATT-24 To let a denial end sooner, or a permission last longer, is to give: one must hold it.
    fn a_shorter_denial_is_more_than_a_longer_one(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("Denied", &["authorizer"]);
        let deny = |until: Value| json!([{"permission": "result:verify", "effect": "deny", "reason": "training", "until": until}]);
        give(lab, &person, deny(json!("2099-01-01T00:00:00Z"))).expect(200);
        give(lab, &person, deny(Value::Null)).expect(200);
        give(lab, &person, deny(json!("2098-01-01T00:00:00Z"))).problem(403, "forbidden");
        give(lab, &person, json!([])).problem(403, "forbidden");
    }

    /// Who gave a permission, and when, stays with it when something else is changed.
    fn a_grant_remembers_who_gave_it(engine) {
        let lab = Lab::fresh(engine);
        let person = lab.hire("Keeps", &["viewer"]);
        let second = lab.hire("Second Administrator", &["administrator"]);
        let first = json!({"permission": "client:manage", "effect": "allow", "reason": "project", "until": null});
        let given = give(&lab, &person, json!([first])).expect(200);
        let user = format!("/users/{}", person.id);
        second.api.step_up(&second.password);
        let more = json!({"grants": [first, {"permission": "settings:read", "effect": "allow", "reason": "audit"}]});
        let after = second.api.patch(&user, &second.api.get(&user).etag(), &more).expect(200);
        assert_eq!(after["grants"][0], given["grants"][0]);
        assert_eq!(after["grants"][1]["granted_by"]["id"], json!(second.id));
    }

    /// Why may she? By which role, by whose single permission; and why may she not?
    fn one_can_ask_why_somebody_may(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("Asked About", &["analyst", "viewer"]);
        let grants = json!([
            {"permission": "client:manage", "effect": "allow", "reason": "project", "until": "2099-01-01T00:00:00Z"},
            {"permission": "result:enter", "effect": "deny", "reason": "under supervision"},
        ]);
        give(lab, &person, grants).expect(200);
        let path = format!("/users/{}/access", person.id);
        let access = lab.as_role("auditor").get(&path).expect(200);
        assert_eq!(access["user"]["name"], "Asked About");
        let all = lab.administrator.api.get("/permissions").expect(200);
        assert_eq!(access["permissions"].as_array().unwrap().len(), all["items"].as_array().unwrap().len());
        let read = of(&access, "sample:read");
        let roles: Vec<&Value> = read["because"].as_array().unwrap().iter().map(|reason| &reason["id"]).collect();
        assert!(read["held"] == true && read["because"][0]["kind"] == "role", "{read}");
        assert!(roles.contains(&&lab.roles()["analyst"]["id"]) && roles.contains(&&lab.roles()["viewer"]["id"]), "{read}");
        let manage = of(&access, "client:manage");
        let grant = &manage["because"][0];
        assert_eq!((&grant["kind"], &grant["reason"], &grant["by"]["id"]), (&json!("grant"), &json!("project"), &json!(lab.administrator.id)));
        assert!(grant["until"] == "2099-01-01T00:00:00Z" && grant["at"].is_string(), "{grant}");
        let enter = of(&access, "result:enter");
        assert!(enter["held"] == false && enter["because"][0]["kind"] == "role", "{enter}");
        assert_eq!(enter["denied_by"]["reason"], "under supervision");
        let verify = of(&access, "result:verify");
        assert_eq!(verify, json!({"permission": "result:verify", "held": false, "because": [], "denied_by": null}));
        lab.as_role("analyst").get(&path).problem(403, "forbidden");
        let service = lab.service("Asked about, too", &["integrator"]);
        let access = lab.administrator.api.get(&format!("/users/{}/access", service.id)).expect(200);
        assert_eq!(of(&access, "order:create")["held"], true);
    }

    /// What one role or person may do and the other may not.
    fn roles_and_people_are_compared(engine) {
        let lab = Lab::shared(engine);
        let person = lab.hire("Compared", &["viewer"]);
        give(lab, &person, json!([{"permission": "client:manage", "effect": "allow", "reason": "project"}])).expect(200);
        let compare = |left: &str, right: &str| lab.administrator.api.get(&format!("/roles/compare?left={left}&right={right}"));
        let role = |slug: &str| format!("role:{}", id(&lab.roles()[slug]));
        let roles = compare(&role("analyst"), &role("authorizer")).expect(200);
        assert_eq!((&roles["left"]["kind"], &roles["left"]["id"]), (&json!("role"), &lab.roles()["analyst"]["id"]));
        assert_eq!(of(&roles, "result:enter"), json!({"permission": "result:enter", "left": true, "right": false}));
        assert_eq!(of(&roles, "result:verify"), json!({"permission": "result:verify", "left": false, "right": true}));
        let mixed = compare(&format!("user:{}", person.id), &role("viewer")).expect(200);
        let more: Vec<&Value> = mixed["permissions"].as_array().unwrap().iter().filter(|row| row["left"] != row["right"]).collect();
        assert_eq!(more, [&json!({"permission": "client:manage", "left": true, "right": false})]);
        assert_eq!(mixed["left"]["name"], "Compared");
        compare("viewer", &role("viewer")).names_field("left");
        compare(&role("viewer"), "user:0197b1e2-0000-7000-8000-00000000dead").problem(404, "not-found");
        let there = id(&Lab::neighbour(engine).roles()["viewer"]);
        compare(&role("viewer"), &format!("role:{there}")).problem(404, "not-found");
    }

    /// The last administrator cannot be denied what makes them one, and a program is no administrator.
    fn a_program_is_no_last_administrator(engine) {
        let lab = Lab::fresh(engine);
        lab.service("Deputy", &["administrator"]);
        let deny = json!([{"permission": "user:manage", "effect": "deny", "reason": "mistake", "until": "2099-01-01T00:00:00Z"}]);
        give(&lab, &lab.administrator, deny).problem(409, "conflict-state");
        let leave = lab.raised().post(&format!("/users/{}/deactivate", lab.administrator.id), &json!({"reason": "mistake"}));
        leave.problem(409, "conflict-state");
    }
}
