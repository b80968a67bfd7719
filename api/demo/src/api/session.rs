//! A person's login: bearer token, renewed when it has run out; password once more where the server asks.

use std::cell::RefCell;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Answer, Api, Call, percent_encoded, problem, read};
use crate::error::DemoError;

/// The longest page the API gives.
const PAGE: usize = 200;

#[derive(Deserialize)]
struct LoginAnswer {
    access_token: String,
}

/// One page of a list.
#[derive(Deserialize)]
struct Page<T> {
    items: Vec<T>,
    #[serde(default)]
    next: Option<String>,
}

/// One person's login. The token is fetched when it is first needed and again when it has run out.
pub(crate) struct Session {
    api: Api,
    laboratory: String,
    email: String,
    password: String,
    token: RefCell<Option<String>>,
}

impl Session {
    pub(crate) fn new(api: &Api, laboratory: &str, email: &str, password: &str) -> Self {
        Self {
            api: api.clone(),
            laboratory: laboratory.to_owned(),
            email: email.to_owned(),
            password: password.to_owned(),
            token: RefCell::new(None),
        }
    }

    /// The password, which signing asks for once more.
    pub(crate) fn password(&self) -> &str {
        &self.password
    }

    fn token(&self) -> Result<String, DemoError> {
        if let Some(token) = self.token.borrow().as_ref() {
            return Ok(token.clone());
        }
        let body = json!({
            "email": self.email,
            "password": self.password,
            "laboratory": self.laboratory,
            "mode": "token",
        })
        .to_string();
        let call = Call::post("/auth/login", &body);
        let answer: LoginAnswer = read(&call, &self.api.send_patiently(&call)?)?;
        self.token.replace(Some(answer.access_token.clone()));
        Ok(answer.access_token)
    }

    fn call(&self, call: Call<'_>) -> Result<Answer, DemoError> {
        let mut renewed = false;
        let mut stepped_up = false;
        loop {
            let token = self.token()?;
            let answer = self.api.send_patiently(&Call {
                token: Some(&token),
                ..call
            })?;
            if answer.status == 401 && !renewed {
                renewed = true;
                self.token.replace(None);
            } else if answer.status == 403 && !stepped_up && problem(&answer.body).kind == "/problems/step-up-required"
            {
                stepped_up = true;
                self.step_up(&token)?;
            } else {
                return Ok(answer);
            }
        }
    }

    fn step_up(&self, token: &str) -> Result<(), DemoError> {
        let body = json!({ "password": self.password }).to_string();
        let call = Call {
            token: Some(token),
            ..Call::post("/auth/reauthenticate", &body)
        };
        let _: Value = read(&call, &self.api.send_patiently(&call)?)?;
        Ok(())
    }

    /// GET one resource.
    pub(crate) fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, DemoError> {
        let call = Call::get(path);
        read(&call, &self.call(call)?)
    }

    /// GET a list to its end. `path` may carry a query.
    pub(crate) fn list<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, DemoError> {
        let joint = if path.contains('?') { '&' } else { '?' };
        let first = format!("{path}{joint}limit={PAGE}");
        let mut items = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page: Page<T> = match &after {
                None => self.get(&first)?,
                Some(cursor) => self.get(&format!("{first}&after={}", percent_encoded(cursor)))?,
            };
            items.extend(page.items);
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(items),
            }
        }
    }

    /// POST and read the answer.
    pub(crate) fn post<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, DemoError> {
        let body = body.to_string();
        let call = Call::post(path, &body);
        read(&call, &self.call(call)?)
    }

    /// PATCH the version that was read.
    pub(crate) fn patch(&self, path: &str, version: i64, body: &Value) -> Result<(), DemoError> {
        let (tag, body) = (format!("\"{version}\""), body.to_string());
        let call = Call::patch(path, &tag, &body);
        let _: Value = read(&call, &self.call(call)?)?;
        Ok(())
    }
}
