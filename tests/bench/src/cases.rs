//! What is measured, and how one of each is asked for.

use crate::http::{Connection, request, write_request};
use crate::lab::{Lab, Loaded, Person};
use crate::measure::{Dice, Outcome, run};
use crate::server::Server;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// One kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// One sample with its results, picked at random.
    Read,
    /// 50 samples of one client in one state.
    List,
    /// The newest 50 events, in words.
    Audit,
    /// One sample with two tests.
    Register,
    /// One result.
    Enter,
    /// One result, by a second person.
    Verify,
}

impl Case {
    /// In the order of measuring: what reads comes first, so that it sees the loaded state.
    pub const ALL: [Self; 6] = [
        Self::Read,
        Self::List,
        Self::Audit,
        Self::Register,
        Self::Enter,
        Self::Verify,
    ];

    /// As the table names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read one sample",
            Self::List => "list 50 samples, filtered",
            Self::Audit => "list 50 audit events",
            Self::Register => "register a sample",
            Self::Enter => "enter a result",
            Self::Verify => "verify a result",
        }
    }

    /// Changes something.
    pub fn writes(self) -> bool {
        matches!(self, Self::Register | Self::Enter | Self::Verify)
    }

    fn who(self, lab: &Lab) -> &Person {
        match self {
            Self::Audit => &lab.manager,
            Self::Verify => &lab.second,
            _ => &lab.analyst,
        }
    }
}

/// What one request is about.
#[derive(Debug, Clone, Default)]
pub struct Subject {
    /// Sample.
    pub sample: String,
    /// Result.
    pub result: String,
}

/// What the cases use up: a result is entered once.
#[derive(Default)]
pub struct Material {
    registered: AtomicUsize,
    entered: AtomicUsize,
    verified: AtomicUsize,
    /// Percent of the loaded samples that may be used up so far.
    share: AtomicUsize,
}

impl Material {
    /// Lets the next measurement use up no more than this share, so that something is left for those after it.
    pub fn allow(&self, percent: usize) {
        self.share.store(percent, Ordering::Relaxed);
    }

    fn take<'a>(&self, lab: &'a Lab, used: &AtomicUsize) -> Option<&'a Loaded> {
        let allowed = lab.samples.len() * self.share.load(Ordering::Relaxed) / 100;
        let place = used.fetch_add(1, Ordering::Relaxed);
        lab.samples.get(..allowed)?.get(place).or_else(|| {
            // Not taken: the next measurement may have it.
            used.fetch_sub(1, Ordering::Relaxed);
            None
        })
    }

    /// The next thing to do it to; nothing when all are used up.
    pub fn next(&self, lab: &Lab, case: Case, dice: &mut Dice) -> Option<Subject> {
        let loaded = match case {
            Case::Enter => self.take(lab, &self.entered)?,
            Case::Verify => self.take(lab, &self.verified)?,
            _ => lab.samples.get(dice.below(lab.samples.len().max(1)))?,
        };
        let result = if case == Case::Enter {
            &loaded.second
        } else {
            &loaded.first
        };
        Some(Subject {
            sample: loaded.sample.clone(),
            result: result.clone(),
        })
    }

    /// Method, path, body.
    pub fn ask(
        &self,
        lab: &Lab,
        case: Case,
        subject: &Subject,
        dice: &mut Dice,
    ) -> (&'static str, String, Option<String>) {
        match case {
            Case::Read => ("GET", format!("/samples/{}", subject.sample), None),
            Case::List => {
                let client = &lab.clients[dice.below(lab.clients.len())];
                (
                    "GET",
                    format!("/samples?client_id={client}&status={}&limit=50", lab.status),
                    None,
                )
            }
            Case::Audit => ("GET", "/audit/events?limit=50".to_owned(), None),
            Case::Register => {
                let number = self.registered.fetch_add(1, Ordering::Relaxed);
                (
                    "POST",
                    "/samples".to_owned(),
                    Some(lab.registration(number).to_string()),
                )
            }
            Case::Enter => (
                "POST",
                format!("/results/{}/enter", subject.result),
                Some(r#"{"value":"2.345"}"#.to_owned()),
            ),
            Case::Verify => (
                "POST",
                format!("/results/{}/verify", subject.result),
                Some("{}".to_owned()),
            ),
        }
    }
}

/// Measures one case over HTTP.
///
/// # Errors
/// When nobody can log in.
pub fn over_http(
    server: &Server,
    lab: &Lab,
    material: &Material,
    case: Case,
    connections: usize,
    time: Duration,
) -> Result<Outcome, String> {
    let token = lab.token(server, case.who(lab))?;
    let seed = material.registered.load(Ordering::Relaxed);
    Ok(run(connections, time, |thread| {
        let mut connection = Connection::open(server.port)?;
        let mut dice = Dice::new(seed + thread + 1);
        let (mut bytes, token) = (Vec::with_capacity(2_048), token.clone());
        Ok(move || {
            let Some(subject) = material.next(lab, case, &mut dice) else {
                return Ok(false);
            };
            let (method, path, body) = material.ask(lab, case, &subject, &mut dice);
            write_request(&mut bytes, method, &path, &token, body.as_deref());
            let answer = connection.exchange(&bytes)?;
            if answer.status < 300 {
                return Ok(true);
            }
            let said: String = String::from_utf8_lossy(answer.body).chars().take(300).collect();
            Err(format!("{method} {path}: {} {said}", answer.status))
        })
    }))
}

/// Sends one request, to see what SQL it causes.
///
/// # Errors
/// When it is refused.
pub fn once(server: &Server, lab: &Lab, material: &Material, case: Case, dice: &mut Dice) -> Result<Subject, String> {
    let token = lab.token(server, case.who(lab))?;
    let subject = material.next(lab, case, dice).ok_or("nothing left")?;
    let (method, path, body) = material.ask(lab, case, &subject, dice);
    let mut connection = Connection::open(server.port)?;
    let answer = connection.exchange(&request(method, &path, &token, body.as_deref()))?;
    if answer.status < 300 {
        Ok(subject)
    } else {
        Err(format!(
            "{method} {path}: {} {}",
            answer.status,
            String::from_utf8_lossy(answer.body)
        ))
    }
}
