//! Sends each request a few times while PostgreSQL logs what it is asked: the SQL that the program's speed is compared with.

use crate::capture::{Log, Request, Transaction, generalise, verbatim};
use crate::cases::{Case, Material, Subject, once};
use crate::lab::Lab;
use crate::measure::Dice;
use crate::replay::Captured;
use crate::server::Server;
use crate::wire::{Address, Wire};
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// Requests of each kind whose SQL is looked at.
const LOOKS: usize = 12;
/// The first requests fill caches; they are not what a request usually sends.
const WARMING: usize = 3;

/// What was captured on PostgreSQL, with the laboratory whose ids are in it.
pub struct Capture {
    captured: Vec<(Case, Result<Captured, String>)>,
    ids: Vec<(String, String)>,
}

impl Capture {
    /// What this case asks of the database.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn of(&self, case: Case) -> Result<Captured, String> {
        let (_, captured) = self
            .captured
            .iter()
            .find(|(known, _)| *known == case)
            .ok_or("not captured")?;
        captured.clone()
    }

    /// The ids of the captured laboratory's things, each with the id of the same thing in this one.
    pub fn ids_in(&self, lab: &Lab) -> HashMap<String, String> {
        let here: HashMap<String, String> = named(lab).into_iter().collect();
        self.ids
            .iter()
            .filter_map(|(name, there)| Some((there.clone(), here.get(name)?.clone())))
            .collect()
    }

    fn tell(&self) {
        for (case, found) in &self.captured {
            match found {
                Ok(found) => eprintln!(
                    "  {}: {} transactions, {} statements",
                    case.name(),
                    found.requests.first().map_or(0, Vec::len),
                    found
                        .requests
                        .first()
                        .map_or(0, |request| request.iter().map(|script| script.steps.len()).sum())
                ),
                Err(error) => eprintln!("  {}: {error}", case.name()),
            }
        }
    }
}

/// Looks at every case. The server is started twice more: logging is a setting of its role.
///
/// # Errors
/// When PostgreSQL does not let us look.
pub fn look_at_sql(server: &mut Server, lab: &Lab, material: &Material) -> Result<Capture, String> {
    let mut superuser = Wire::connect(&Address::superuser()?)?;
    let role = Address::service_role();
    superuser.simple(&format!("ALTER ROLE {role} SET log_statement = 'all'"))?;
    superuser.simple(&format!("ALTER ROLE {role} SET log_min_messages = 'log'"))?;
    server.stop();
    server.start()?;
    lab.forget_tokens();
    let mut look = Look {
        server,
        lab,
        material,
        known: named(lab).into_iter().map(|(_, id)| id).collect(),
        log: Log::open(&mut superuser)?,
        wire: Wire::connect(&Server::service()?)?,
        dice: Dice::new(3),
    };
    let captured = Case::ALL.into_iter().map(|case| (case, look.at(case))).collect();
    drop(look);
    superuser.simple(&format!("ALTER ROLE {role} RESET ALL"))?;
    server.stop();
    server.start()?;
    let ids = named(lab);
    lab.forget_tokens();
    let capture = Capture { captured, ids };
    capture.tell();
    Ok(capture)
}

/// Everything that looking needs.
struct Look<'a> {
    server: &'a Server,
    lab: &'a Lab,
    material: &'a Material,
    known: HashSet<String>,
    log: Log,
    wire: Wire,
    dice: Dice,
}

impl Look<'_> {
    fn at(&mut self, case: Case) -> Result<Captured, String> {
        let mut seen: Vec<(Subject, Vec<Transaction>)> = Vec::new();
        for round in 0..LOOKS + WARMING {
            let _so_far = self.log.transactions()?;
            let subject = once(self.server, self.lab, self.material, case, &mut self.dice)?;
            std::thread::sleep(Duration::from_millis(120));
            let transactions = self.log.transactions()?;
            if round >= WARMING {
                seen.push((subject, transactions));
            }
        }
        let requests: Vec<Request> = match case {
            Case::List | Case::Audit => seen
                .iter()
                .map(|(_, transactions)| verbatim(transactions, &mut self.wire))
                .collect::<Result<_, _>>()?,
            _ => vec![generalise(&seen, &self.known, &mut self.wire)?],
        };
        if requests.iter().any(Vec::is_empty) {
            Err("no SQL was seen in PostgreSQL's log".to_owned())
        } else {
            Ok(Captured { requests })
        }
    }
}

/// The things of a laboratory by names that are the same in every run.
fn named(lab: &Lab) -> Vec<(String, String)> {
    let mut names = vec![
        ("tenant".to_owned(), lab.tenant.clone()),
        ("analyst".to_owned(), lab.analyst.id.clone()),
        ("second".to_owned(), lab.second.id.clone()),
        ("manager".to_owned(), lab.manager.id.clone()),
        ("sample type".to_owned(), lab.sample_type.clone()),
    ];
    let numbered = |what: &'static str, ids: &[String]| {
        ids.iter()
            .enumerate()
            .map(|(place, id)| (format!("{what} {place}"), id.clone()))
            .collect::<Vec<_>>()
    };
    names.extend(numbered("client", &lab.clients));
    names.extend(numbered("test", &lab.tests));
    for (place, loaded) in lab.samples.iter().enumerate() {
        names.push((format!("sample {place}"), loaded.sample.clone()));
        names.push((format!("first {place}"), loaded.first.clone()));
        names.push((format!("second {place}"), loaded.second.clone()));
    }
    if let Ok(sessions) = lab.sessions.lock() {
        // The newest session of each person: the one whose token was used last.
        names.extend(
            sessions
                .iter()
                .map(|(who, session)| (format!("session {who}"), session.clone())),
        );
    }
    names
}
