//! Panels (analysis profiles): named sets of tests.

use super::kind::{Kind, Names, Reference, yes};
use crate::Ref;
use crate::check::Faults;
use attest_domain::Action;
use attest_domain::ids::{PanelId, TestId};
use attest_domain::text::{CODE_MAX, LINE_MAX};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use utoipa::ToSchema;
use uuid::Uuid;

/// Tests that a panel may have.
const TESTS_MAX: usize = 200;

/// A named set of tests, as it is written.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Nutrients", "code": "NUTR", "test_ids": ["01980000-0000-7000-8000-000000000000"], "active": true}))]
pub struct Panel {
    /// Name.
    pub name: String,
    /// Short code, unique in the laboratory.
    #[serde(default)]
    pub code: Option<String>,
    /// Its tests, in order.
    pub test_ids: Vec<TestId>,
    /// In use.
    #[serde(default = "yes")]
    pub active: bool,
}

/// A named set of tests, as it is read.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PanelView {
    /// Name.
    pub name: String,
    /// Short code.
    pub code: Option<String>,
    /// Its tests, in order.
    pub tests: Vec<Ref>,
    /// In use.
    pub active: bool,
}

impl Kind for Panel {
    const KIND: &'static str = "panel";
    const CREATED: Action = Action::PanelCreated;
    const EDITED: Action = Action::PanelEdited;
    type Id = PanelId;
    type View = PanelView;

    fn name(&self) -> &str {
        &self.name
    }

    fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    fn active(&self) -> bool {
        self.active
    }

    fn check(&self, wrong: &mut Faults) {
        wrong.line("name", &self.name, LINE_MAX);
        wrong.maybe_line("code", self.code.as_ref(), CODE_MAX);
        wrong.unless(
            (1..=TESTS_MAX).contains(&self.test_ids.len()),
            "test_ids",
            "length",
            format!("must name 1 to {TESTS_MAX} tests"),
        );
        let mut seen = HashSet::new();
        for (index, id) in self.test_ids.iter().enumerate() {
            wrong.unless(
                seen.insert(*id),
                format!("test_ids.{index}"),
                "duplicate",
                "this test is in the panel already",
            );
        }
    }

    fn references(&self) -> Vec<Reference> {
        self.test_ids
            .iter()
            .enumerate()
            .map(|(index, id)| Reference::item(format!("test_ids.{index}"), "test", id.uuid()))
            .collect()
    }

    fn named(&self) -> Vec<Uuid> {
        self.test_ids.iter().map(|id| id.uuid()).collect()
    }

    fn view(self, names: &Names) -> PanelView {
        PanelView {
            name: self.name,
            code: self.code,
            tests: self
                .test_ids
                .iter()
                .map(|id| Ref {
                    id: id.uuid(),
                    name: names.get(&id.uuid()).cloned().unwrap_or_default(),
                })
                .collect(),
            active: self.active,
        }
    }
}
