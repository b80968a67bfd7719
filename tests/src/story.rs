//! The steps that stories are made of: a sample brought to where a story begins, always by the person whose job it is.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::api::{Answer, id, text};
use crate::lab::Lab;

/// The role that signs in a testing laboratory.
pub const MEANING: &str = "Reviewed and approved";

impl Lab {
    /// The role that works at the bench: analysts, in medical laboratories technicians.
    pub fn bench(&self) -> &'static str {
        self.first_of(&["analyst", "technician"])
    }

    /// The role that verifies and signs: authorised signatories, in medical laboratories doctors.
    pub fn signatory(&self) -> &'static str {
        self.first_of(&["authorizer", "doctor"])
    }

    fn first_of(&self, roles: &[&'static str]) -> &'static str {
        roles
            .iter()
            .find(|role| self.roles().contains_key(**role))
            .expect("a role of this work")
    }

    /// Body of a registration with nitrate, iron and lead.
    pub fn new_sample(&self) -> Value {
        let catalogue = self.catalogue();
        json!({
            "client_id": id(&catalogue.client), "sample_type_id": id(&catalogue.river_water),
            "client_reference": format!("ZW-{}", &uuid::Uuid::new_v4().simple().to_string()[..8]),
            "collected_at": "2026-01-15T08:30:00Z", "collected_by": "Client", "collection_place": "Intake 2",
            "test_ids": [id(&catalogue.nitrate), id(&catalogue.iron), id(&catalogue.lead)],
        })
    }

    /// A sample that was announced.
    pub fn registered(&self) -> Value {
        self.as_role(self.bench())
            .post("/samples", &self.new_sample())
            .expect(201)
    }

    /// A sample that stands in the laboratory.
    pub fn received(&self) -> Value {
        let sample = self.registered();
        let path = format!("/samples/{}/receive", id(&sample));
        self.as_role(self.bench())
            .post(&path, &json!({"condition": "acceptable"}))
            .expect(200)
    }

    /// A sample whose three results were entered, all within limits.
    pub fn entered(&self) -> Value {
        let sample = self.received();
        for (code, value) in [("NO3-N", "2.4"), ("FE", "0.07"), ("PB", "0.0021")] {
            self.enter(&result_of(&sample, code), value).expect(200);
        }
        self.sample(&id(&sample))
    }

    /// A sample whose results all passed a second pair of eyes.
    pub fn verified(&self) -> Value {
        let sample = self.entered();
        for result in sample["results"].as_array().expect("results") {
            self.verify(&id(result)).expect(200);
        }
        self.sample(&id(&sample))
    }

    /// A report on a verified sample, as the draft left it.
    pub fn drafted(&self) -> Value {
        let sample = self.verified();
        self.as_role(self.signatory())
            .post("/reports", &json!({"sample_ids": [id(&sample)]}))
            .expect(201)
    }

    /// A report that was signed.
    pub fn authorized(&self) -> Value {
        let draft = self.drafted();
        self.authorize(&draft).expect(200)
    }

    /// A report that left the house.
    pub fn released(&self) -> Value {
        let report = self.authorized();
        self.as_role(self.signatory())
            .post(&format!("/reports/{}/release", id(&report)), &json!({}))
            .expect(200)
    }

    /// Id of a finished export of a few events.
    pub fn export(&self) -> String {
        let auditor = self.person("auditor");
        let body = json!({"kind": "selection", "filter": {"action": "sample.registered"}});
        let export = auditor
            .api
            .step_up(&auditor.password)
            .post("/audit/exports", &body)
            .expect(202);
        let deadline = Instant::now() + Duration::from_secs(60);
        while auditor.api.get(&format!("/audit/exports/{}", id(&export))).expect(200)["status"] != "ready" {
            assert!(Instant::now() < deadline, "the export is not ready");
            thread::sleep(Duration::from_millis(100));
        }
        id(&export)
    }

    /// Enters a value as the analyst.
    pub fn enter(&self, result: &Value, value: &str) -> Answer {
        self.as_role(self.bench())
            .post(&format!("/results/{}/enter", id(result)), &json!({"value": value}))
    }

    /// Verifies as the authorizer.
    pub fn verify(&self, result_id: &str) -> Answer {
        self.as_role(self.signatory())
            .post(&format!("/results/{result_id}/verify"), &json!({}))
    }

    /// Signs as the authorizer what the preview showed.
    pub fn authorize(&self, draft: &Value) -> Answer {
        let authorizer = self.person(self.signatory());
        let body = json!({
            "meaning": MEANING, "password": authorizer.password, "content_sha256": draft["content_sha256"],
        });
        authorizer.api.post(&format!("/reports/{}/authorize", id(draft)), &body)
    }

    /// A sample as the analyst sees it now.
    pub fn sample(&self, sample_id: &str) -> Value {
        self.as_role(self.bench())
            .get(&format!("/samples/{sample_id}"))
            .expect(200)
    }

    /// A result as the analyst sees it now.
    pub fn result(&self, result_id: &str) -> Value {
        self.as_role(self.bench())
            .get(&format!("/results/{result_id}"))
            .expect(200)
    }
}

/// The result of a test on a sample, by the test's code.
#[track_caller]
pub fn result_of(sample: &Value, code: &str) -> Value {
    let results = sample["results"].as_array().expect("results");
    let found = results.iter().find(|result| text(&result["test"], "code") == code);
    found.unwrap_or_else(|| panic!("no result {code} in {sample}")).clone()
}
