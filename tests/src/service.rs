//! Programs that call with a token of a service account.

use serde_json::{Value, json};

use crate::api::{Answer, Api, id, text};
use crate::lab::Lab;

/// A service account with one token.
#[derive(Clone, Debug)]
pub struct Service {
    /// Its id.
    pub id: String,
    /// The id of its token.
    pub token_id: String,
    /// The token.
    pub token: String,
    /// A client that sends it.
    pub api: Api,
}

impl Lab {
    /// What a service account with these roles is made of; the administrator answers for it.
    pub fn new_service(&self, name: &str, roles: &[&str]) -> Value {
        let role_ids: Vec<String> = roles.iter().map(|role| id(&self.roles()[*role])).collect();
        json!({"name": name, "owner_id": self.administrator.id, "role_ids": role_ids})
    }

    /// A service account, and a token with all that it may do.
    pub fn service(&self, name: &str, roles: &[&str]) -> Service {
        self.service_of(&self.new_service(name, roles))
    }

    /// A service account made of this, and a token with all that it may do.
    pub fn service_of(&self, account: &Value) -> Service {
        let account = id(&self.raised().post("/service-accounts", account).expect(201));
        let issued = self.issue(&account, &json!({})).expect(201);
        let token = text(&issued, "token");
        Service {
            api: self.server.anonymous().with_token(&token),
            id: account,
            token_id: id(&issued),
            token,
        }
    }

    /// Issues a token of an account.
    pub fn issue(&self, account: &str, token: &Value) -> Answer {
        self.raised()
            .post(&format!("/service-accounts/{account}/tokens"), token)
    }
}

impl Service {
    /// Posts under a key of its own, as programs must.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.api
            .with("Idempotency-Key", &uuid::Uuid::new_v4().to_string())
            .post(path, body)
    }

    /// The path of its account.
    pub fn path(&self) -> String {
        format!("/service-accounts/{}", self.id)
    }

    /// The path of its token.
    pub fn token_path(&self) -> String {
        format!("/service-accounts/{}/tokens/{}", self.id, self.token_id)
    }
}
