//! The platform of an installation, as somebody at the server's command line sets it up: an operator with an authenticator app.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::api::{Api, id, text};
use crate::factors::App;
use crate::lab::{Lab, Person, new_password};
use crate::server::Server;

/// A step-up lasts five minutes; renew well before.
const RAISED_FOR: Duration = Duration::from_secs(200);

/// An operator who can work.
#[derive(Debug)]
pub struct Platform {
    /// Where it runs.
    pub server: Arc<Server>,
    /// The operator, signed in with a second factor.
    pub operator: Person,
    /// Their authenticator app.
    pub app: App,
    codes: Mutex<Vec<String>>,
    raised: Mutex<Option<Instant>>,
}

impl Platform {
    /// Of the installation that a laboratory is on.
    pub fn of(lab: &Lab) -> Self {
        Self::with_operator(&lab.server, "olga@platform.example", "Olga Operator")
    }

    /// With one more operator, who sets everything up.
    pub fn with_operator(server: &Arc<Server>, email: &str, name: &str) -> Self {
        let operator = operator_without_factor(server, email, name);
        let (app, codes) = operator.api.set_up_app();
        Self {
            server: Arc::clone(server),
            operator,
            app,
            codes: Mutex::new(codes),
            raised: Mutex::new(None),
        }
    }

    /// The operator with a session raised for what asks for a step-up, by one of ten recovery codes.
    pub fn raised(&self) -> &Api {
        let mut raised = self.raised.lock().unwrap_or_else(PoisonError::into_inner);
        if raised.is_none_or(|at| at.elapsed() > RAISED_FOR) {
            let code = self.codes.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let body = json!({"otp": code.expect("a recovery code is left")});
            self.operator.api.post("/auth/reauthenticate", &body).expect(200);
            *raised = Some(Instant::now());
        }
        &self.operator.api
    }

    /// A laboratory as the platform sees it.
    pub fn laboratory(&self, lab: &Lab) -> Value {
        let path = format!("/platform/laboratories/{}", lab.id);
        self.operator.api.get(&path).expect(200)
    }

    /// Suspends or resumes a laboratory.
    pub fn switch(&self, lab: &Lab, step: &str, reason: &str) -> Value {
        let path = format!("/platform/laboratories/{}/{step}", lab.id);
        self.raised().post(&path, &json!({"reason": reason})).expect(200)
    }
}

/// An operator who has chosen a password, signed in, and has no second factor yet.
pub fn operator_without_factor(server: &Server, email: &str, name: &str) -> Person {
    let printed = operator_command(server, &["create", "--email", email, "--name", name]);
    let (_, token) = printed.split_once("/password#token=").expect("a link");
    let token = token.split_whitespace().next().unwrap_or_default();
    let password = new_password();
    let body = json!({"token": token, "new_password": password});
    server
        .anonymous()
        .post("/auth/password-reset/complete", &body)
        .expect(204);
    let api = server.anonymous().log_in("platform", email, &password);
    let me = api.get("/me").expect(200);
    Person {
        id: id(&me),
        email: email.to_owned(),
        name: text(&me, "name"),
        password,
        api,
    }
}

/// `attest platform operator …`, which must work; what it printed.
pub fn operator_command(server: &Server, arguments: &[&str]) -> String {
    let all = [&["platform", "operator"], arguments].concat();
    let output = server.run(&all, "");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{all:?}: {printed}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    printed
}
