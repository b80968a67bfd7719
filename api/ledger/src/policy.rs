//! Which witnesses must have cosigned (C2SP tlog-policy):
//! ```text
//! log <verifier key>
//! witness <name> <verifier key>
//! group <name> all|any|<number> <member>…
//! quorum <name>|none
//! ```
//! Lines that begin with `#` are remarks; a trailing URL on `log` and `witness` is allowed and not used.

use std::collections::BTreeMap;
use std::str::FromStr;

use crate::note::{Note, VerifierKey};

/// A parsed policy file.
#[derive(Debug, Clone)]
pub struct Policy {
    logs: Vec<VerifierKey>,
    members: BTreeMap<String, Member>,
    quorum: Option<String>,
}

#[derive(Debug, Clone)]
enum Member {
    Witness(VerifierKey),
    Group { threshold: usize, members: Vec<String> },
}

/// What is wrong with a policy file, and on which line (counted from 1).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("policy line {line}: {problem}")]
pub struct PolicyError {
    /// Line number, from 1; 0 for the file as a whole.
    pub line: usize,
    /// The problem in words.
    pub problem: String,
}

/// What the cosignatures on a note amount to under a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Whether the quorum is reached.
    pub satisfied: bool,
    /// Witnesses that cosigned, with their time (seconds of POSIX time) where the signature carries one.
    pub cosigned: Vec<(String, Option<u64>)>,
    /// Witnesses of the policy that did not, each with the reason.
    pub missing: Vec<(String, String)>,
}

impl Policy {
    /// Whether the policy knows this log key. A policy that names no log leaves the choice to the reader.
    pub fn knows_log(&self, key: &VerifierKey) -> bool {
        self.logs.is_empty() || self.logs.contains(key)
    }

    /// Weighs the cosignatures on a checkpoint's note.
    pub fn judge(&self, note: &Note) -> Judgement {
        let mut judgement = Judgement {
            satisfied: false,
            cosigned: Vec::new(),
            missing: Vec::new(),
        };
        for (name, member) in &self.members {
            if let Member::Witness(key) = member {
                match note.verify(key) {
                    Ok(time) => judgement.cosigned.push((name.clone(), time)),
                    Err(problem) => judgement.missing.push((name.clone(), problem.to_string())),
                }
            }
        }
        let cosigned = |name: &str| judgement.cosigned.iter().any(|(witness, _)| witness == name);
        judgement.satisfied = self
            .quorum
            .as_ref()
            .is_none_or(|quorum| self.reached(quorum, &cosigned));
        judgement
    }

    /// Ends because a group can only name members defined before it.
    fn reached(&self, name: &str, cosigned: &dyn Fn(&str) -> bool) -> bool {
        match self.members.get(name) {
            None => false,
            Some(Member::Witness(_)) => cosigned(name),
            Some(Member::Group { threshold, members }) => {
                members.iter().filter(|member| self.reached(member, cosigned)).count() >= *threshold
            }
        }
    }

    fn define(&mut self, name: &str, member: Member) -> Result<(), String> {
        if name == "none" {
            return Err("\"none\" is not a name".to_owned());
        }
        match self.members.insert(name.to_owned(), member) {
            None => Ok(()),
            Some(_) => Err(format!("{name} is defined twice")),
        }
    }

    fn line(&mut self, words: &[&str], quorum_seen: &mut bool) -> Result<(), String> {
        match words {
            ["log", key] | ["log", key, _] => {
                self.logs
                    .push(key.parse().map_err(|error: crate::note::NoteError| error.to_string())?);
                Ok(())
            }
            ["witness", name, key] | ["witness", name, key, _] => {
                let key = key.parse().map_err(|error: crate::note::NoteError| error.to_string())?;
                self.define(name, Member::Witness(key))
            }
            ["group", name, threshold, members @ ..] => {
                if let Some(unknown) = members.iter().find(|member| !self.members.contains_key(**member)) {
                    return Err(format!("{unknown} is not defined above"));
                }
                let threshold = match *threshold {
                    "all" => members.len(),
                    "any" => 1,
                    number => number
                        .parse()
                        .map_err(|_not_a_number| format!("{number} is no threshold"))?,
                };
                if threshold == 0 || threshold > members.len() {
                    return Err("the threshold can never be reached, or always is".to_owned());
                }
                let members = members.iter().map(|member| (*member).to_owned()).collect();
                self.define(name, Member::Group { threshold, members })
            }
            ["quorum", name] if !*quorum_seen => {
                *quorum_seen = true;
                if *name != "none" {
                    if !self.members.contains_key(*name) {
                        return Err(format!("{name} is not defined above"));
                    }
                    self.quorum = Some((*name).to_owned());
                }
                Ok(())
            }
            ["quorum", ..] => Err("one quorum line, please".to_owned()),
            _ => Err("expected log, witness, group or quorum".to_owned()),
        }
    }
}

impl FromStr for Policy {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, PolicyError> {
        let mut policy = Self {
            logs: Vec::new(),
            members: BTreeMap::new(),
            quorum: None,
        };
        let mut quorum_seen = false;
        for (number, line) in (1..).zip(text.lines()) {
            let words: Vec<&str> = line.split_whitespace().collect();
            if words.is_empty() || line.trim_start().starts_with('#') {
                continue;
            }
            policy
                .line(&words, &mut quorum_seen)
                .map_err(|problem| PolicyError { line: number, problem })?;
        }
        if quorum_seen {
            Ok(policy)
        } else {
            Err(PolicyError {
                line: 0,
                problem: "the quorum line is missing".to_owned(),
            })
        }
    }
}
