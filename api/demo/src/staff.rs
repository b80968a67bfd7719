//! One user per role of the laboratory, and who of them does what. The permissions come from the roles as the server
//! ships them, so the demonstration follows when a role changes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::{Api, Created, Session};
use crate::password::password;
use crate::{AdminAccess, DemoError, LaboratorySeed, UserCredentials};

const ADMINISTRATOR: &str = "administrator";
const CLIENT: &str = "client";
/// Outside all laboratories (product.md), so nobody inside one may hold it.
const PLATFORM_OPERATOR: &str = "platform_operator";
/// Competences begin before the oldest sample of the demonstration was measured.
const COMPETENT_SINCE: &str = "2020-01-01";

/// Tells how far a step is: its name, done, total.
pub(crate) type Tell<'a> = dyn Fn(&'static str, usize, usize) + 'a;

/// Gives a user (address) a password.
pub(crate) type Renew<'a> = dyn Fn(&str, &str) -> Result<(), DemoError> + 'a;

#[derive(Deserialize)]
struct Role {
    id: String,
    slug: String,
    builtin: bool,
    permissions: BTreeSet<String>,
}

#[derive(Deserialize)]
struct User {
    id: String,
    email: String,
}

#[derive(Deserialize)]
struct Laboratory {
    version: i64,
    settings: Settings,
}

#[derive(Deserialize)]
struct Settings {
    four_eyes_verification: bool,
    four_eyes_release: bool,
}

#[derive(Deserialize)]
struct Belonging {
    version: i64,
    client_id: Option<String>,
}

#[derive(Deserialize)]
struct Competence {
    test: Created,
}

struct Member {
    id: String,
    role: String,
    name: String,
    email: String,
    permissions: BTreeSet<String>,
    session: Session,
}

/// The people of one laboratory, each with one role and a login.
pub(crate) struct Staff {
    laboratory: String,
    members: Vec<Member>,
    resumed: bool,
}

impl Staff {
    /// Makes sure that there is one user for every role that ships. A user from an interrupted run gets a new password,
    /// because the old one was lost with that run.
    pub(crate) fn settle(
        api: &Api,
        seed: &LaboratorySeed,
        admin: &AdminAccess,
        renew: &Renew<'_>,
        tell: &Tell<'_>,
    ) -> Result<Self, DemoError> {
        let session = Session::new(api, &admin.laboratory, &admin.email, &admin.password);
        settle_policy(&session, seed)?;
        let mut roles: Vec<Role> = session.list("/roles")?;
        roles.retain(|role| role.builtin && role.slug != PLATFORM_OPERATOR);
        let known: BTreeMap<String, String> = session
            .list::<User>("/users")?
            .into_iter()
            .map(|user| (user.email, user.id))
            .collect();
        let mut members = Vec::new();
        let mut resumed = false;
        let total = roles.len();
        for (done, role) in roles.into_iter().enumerate() {
            tell("users", done, total);
            if role.slug == ADMINISTRATOR {
                members.push(Member {
                    id: known.get(&admin.email).cloned().unwrap_or_default(),
                    role: role.slug,
                    name: seed.admin_name.to_owned(),
                    email: admin.email.clone(),
                    permissions: role.permissions,
                    session: Session::new(api, &admin.laboratory, &admin.email, &admin.password),
                });
                continue;
            }
            let email = format!("{}@{}", role.slug.replace('_', "-"), seed.mail_domain);
            let (name, title) = person(&role.slug, seed.kind);
            let password = password();
            let id = match known.get(&email) {
                Some(id) => {
                    resumed = true;
                    renew(&email, &password)?;
                    id.clone()
                }
                None => {
                    let body = json!({
                        "email": email,
                        "name": name,
                        "title": title,
                        "language": seed.language,
                        "role_ids": [role.id],
                        "password": password,
                    });
                    session.post::<Created>("/users", &body)?.id
                }
            };
            members.push(Member {
                id,
                role: role.slug,
                name: name.to_owned(),
                session: Session::new(api, &admin.laboratory, &email, &password),
                email,
                permissions: role.permissions,
            });
        }
        tell("users", total, total);
        Ok(Self {
            laboratory: admin.laboratory.clone(),
            members,
            resumed,
        })
    }

    /// Whether an earlier run has left something behind.
    pub(crate) fn resumed(&self) -> bool {
        self.resumed
    }

    /// The login of somebody who holds all of these permissions; the roles named first are asked first.
    pub(crate) fn able(&self, needs: &[&str], prefer: &[&str]) -> Result<&Session, DemoError> {
        let holds = |member: &&Member| needs.iter().all(|need| member.permissions.contains(*need));
        prefer
            .iter()
            .filter_map(|role| self.members.iter().find(|member| member.role == *role))
            .find(holds)
            .or_else(|| self.members.iter().find(holds))
            .map(|member| &member.session)
            .ok_or_else(|| DemoError::NobodyMay {
                laboratory: self.laboratory.clone(),
                permissions: needs.join(", "),
            })
    }

    /// Everybody may do every test of the demonstration.
    pub(crate) fn make_competent(&self, test_ids: &[String], tell: &Tell<'_>) -> Result<(), DemoError> {
        let session = self.able(&["competence:manage"], &[ADMINISTRATOR, "quality_manager", "manager"])?;
        let total = self.members.len();
        for (done, member) in self.members.iter().enumerate() {
            tell("competences", done, total);
            let held: BTreeSet<String> = if self.resumed {
                session
                    .list::<Competence>(&format!("/competences?user_id={}", member.id))?
                    .into_iter()
                    .map(|competence| competence.test.id)
                    .collect()
            } else {
                BTreeSet::new()
            };
            let missing: Vec<&String> = test_ids.iter().filter(|id| !held.contains(*id)).collect();
            if missing.is_empty() {
                continue;
            }
            let body = json!({
                "user_id": member.id,
                "test_ids": missing,
                "valid_from": COMPETENT_SINCE,
            });
            let _: Value = session.post("/competences", &body)?;
        }
        tell("competences", total, total);
        Ok(())
    }

    /// The client's own person sees what is that client's.
    pub(crate) fn belongs_to(&self, client_id: &str) -> Result<(), DemoError> {
        let session = self.able(&["user:manage"], &[ADMINISTRATOR])?;
        for member in self.members.iter().filter(|member| member.role == CLIENT) {
            let path = format!("/users/{}", member.id);
            let user: Belonging = session.get(&path)?;
            if user.client_id.is_none() {
                session.patch(&path, user.version, &json!({ "client_id": client_id }))?;
            }
        }
        Ok(())
    }

    pub(crate) fn into_credentials(self) -> Vec<UserCredentials> {
        self.members
            .into_iter()
            .map(|member| UserCredentials {
                password: member.session.password().to_owned(),
                email: member.email,
                name: member.name,
                roles: vec![member.role],
            })
            .collect()
    }
}

/// Scripts rely on who may release and verify (http.md), whatever the server's defaults are.
fn settle_policy(session: &Session, seed: &LaboratorySeed) -> Result<(), DemoError> {
    let laboratory: Laboratory = session.get("/laboratory")?;
    let is = laboratory.settings;
    if is.four_eyes_verification == seed.four_eyes_verification && is.four_eyes_release == seed.four_eyes_release {
        return Ok(());
    }
    let body = json!({ "settings": {
        "four_eyes_verification": seed.four_eyes_verification,
        "four_eyes_release": seed.four_eyes_release,
    }});
    session.patch("/laboratory", laboratory.version, &body)
}

/// Name and title of the person in a role.
fn person(role: &str, kind: &str) -> (&'static str, &'static str) {
    match (kind, role) {
        ("medical", "manager") => ("Henryk Sowa", "Laboratory manager"),
        ("medical", "quality_manager") => ("Teresa Wójtowicz", "Quality manager"),
        ("medical", "analyst") => ("Katarzyna Lis", "Analyst"),
        ("medical", "authorizer") => ("Dr Wanda Zięba", "Authorised signatory"),
        ("medical", "viewer") => ("Olga Kruk", "Trainee"),
        ("medical", "technician") => ("Jakub Śliwa", "Laboratory technician"),
        ("medical", "doctor") => ("Dr Marek Gąsior", "Specialist in laboratory diagnostics"),
        ("medical", "receptionist") => ("Beata Cieślak", "Reception"),
        ("medical", "auditor") => ("Ireneusz Bąk", "Assessor"),
        ("medical", "client") => ("Dr Ewa Majchrzak", "Referring doctor"),
        ("medical", "integrator") => ("Hospital interface", "Service account"),
        (_, "manager") => ("Martin Doyle", "Laboratory manager"),
        (_, "quality_manager") => ("Priya Raman", "Quality manager"),
        (_, "analyst") => ("Naomi Fletcher", "Analyst"),
        (_, "authorizer") => ("Samuel Okafor", "Authorised signatory"),
        (_, "viewer") => ("Lena Vogel", "Trainee"),
        (_, "technician") => ("Owen Price", "Laboratory technician"),
        (_, "doctor") => ("Dr Judith Stern", "Doctor"),
        (_, "receptionist") => ("Carmen Ortiz", "Sample reception"),
        (_, "auditor") => ("Victor Lang", "Assessor"),
        (_, "client") => ("Rachel Whitcombe", "Talbot Valley Water Cooperative"),
        (_, "integrator") => ("Data exchange", "Service account"),
        _ => ("Robin Hale", "Staff"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preferred_role_acts_when_it_may_and_another_when_it_may_not() {
        let api = Api::new("http://127.0.0.1:1");
        let member = |role: &str, permission: &str| Member {
            id: String::new(),
            role: role.to_owned(),
            name: String::new(),
            email: role.to_owned(),
            permissions: BTreeSet::from([permission.to_owned()]),
            session: Session::new(&api, "l", role, role),
        };
        let staff = Staff {
            laboratory: "l".to_owned(),
            members: vec![
                member("administrator", "user:manage"),
                member("manager", "sample:register"),
                member("analyst", "sample:register"),
            ],
            resumed: false,
        };
        let who = |need, prefer: &[&str]| staff.able(&[need], prefer).map(|s| s.password().to_owned()).ok();
        assert_eq!(who("sample:register", &["analyst"]).as_deref(), Some("analyst"));
        assert_eq!(who("sample:register", &["administrator"]).as_deref(), Some("manager"));
        assert_eq!(who("report:release", &[]), None);
    }
}
