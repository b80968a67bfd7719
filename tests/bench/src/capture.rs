//! Which SQL a request causes, from PostgreSQL's own log: never written down here, so it cannot go stale.
//!
//! Each request is sent a few times. What is the same each time stays; an id that changes is the request's subject or
//! a new one; other values that change are numbers that must be unique, or the time. SQLite gets the same statements:
//! the store writes one text for both engines.

use crate::cases::Subject;
use crate::wire::Wire;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;

/// A statement as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Text, with `$1`.
    pub text: String,
    /// Values as text.
    pub values: Vec<Option<String>>,
    /// Sent without values, by the simple protocol.
    pub simple: bool,
}

/// What happened between BEGIN and COMMIT.
#[derive(Debug, Clone)]
pub struct Transaction {
    /// The statements that opened it.
    pub begin: String,
    /// The rest.
    pub statements: Vec<Sent>,
}

/// Statements of background duties; a transaction with one of these is not a request's.
const BACKGROUND: [&str; 7] = [
    "refresh_statistics()",
    "leases",
    "FROM audit_pending p",
    "INTO audit_checkpoints",
    "FROM audit_leaves WHERE tenant_id = $1 ORDER BY idx DESC",
    "FROM tenants ORDER BY",
    "FROM audit_exports WHERE status",
];

/// The log of the cluster, read as it grows.
pub struct Log {
    file: File,
}

impl Log {
    /// Starts at the present end.
    ///
    /// # Errors
    /// When the log is not where scripts/with-postgres.sh puts it.
    pub fn open(superuser: &mut Wire) -> Result<Self, String> {
        let data = PathBuf::from(superuser.ask("SHOW data_directory")?);
        let path = data.parent().ok_or("no folder above the data")?.join("postgres.log");
        let mut file = File::open(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        file.seek(SeekFrom::End(0)).map_err(|error| error.to_string())?;
        Ok(Self { file })
    }

    /// The transactions of requests since the last look.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn transactions(&mut self) -> Result<Vec<Transaction>, String> {
        let mut text = String::new();
        self.file.read_to_string(&mut text).map_err(|error| error.to_string())?;
        let mut open: HashMap<String, Transaction> = HashMap::new();
        let mut done = Vec::new();
        for (process, kind, body) in entries(&text) {
            let sent = match kind.as_str() {
                "DETAIL" => {
                    let last = open
                        .get_mut(&process)
                        .and_then(|transaction| transaction.statements.last_mut());
                    if let (Some(last), Some((_, values))) = (last, body.split_once("arameters: ")) {
                        last.values = parse_values(values);
                    }
                    continue;
                }
                "LOG" => match (
                    body.strip_prefix("statement: "),
                    body.strip_prefix("execute ").and_then(|rest| rest.split_once(": ")),
                ) {
                    (Some(text), _) => Sent {
                        text: text.to_owned(),
                        values: Vec::new(),
                        simple: true,
                    },
                    (_, Some((_, text))) => Sent {
                        text: text.to_owned(),
                        values: Vec::new(),
                        simple: false,
                    },
                    _ => continue,
                },
                _ => continue,
            };
            if sent.simple && sent.text.starts_with("BEGIN") {
                open.insert(
                    process,
                    Transaction {
                        begin: sent.text,
                        statements: Vec::new(),
                    },
                );
            } else if sent.simple && (sent.text == "COMMIT" || sent.text == "ROLLBACK") {
                done.extend(open.remove(&process));
            } else if let Some(transaction) = open.get_mut(&process) {
                transaction.statements.push(sent);
            }
        }
        done.retain(|transaction| {
            !transaction
                .statements
                .iter()
                .any(|sent| BACKGROUND.iter().any(|mark| sent.text.contains(mark)))
        });
        Ok(done)
    }
}

/// Process, kind and text of each entry: `2026-11-22 00:55:28.123 UTC [1234] LOG:  text`, continued after a tab.
fn entries(text: &str) -> Vec<(String, String, String)> {
    let mut found: Vec<(String, String, String)> = Vec::new();
    for line in text.lines() {
        if let Some(more) = line.strip_prefix('\t') {
            if let Some((_, _, body)) = found.last_mut() {
                body.push('\n');
                body.push_str(more);
            }
            continue;
        }
        let Some((front, rest)) = line.split_once("] ") else {
            continue;
        };
        let Some((_, process)) = front.rsplit_once('[') else {
            continue;
        };
        let Some((kind, body)) = rest.split_once(":  ") else {
            continue;
        };
        found.push((process.to_owned(), kind.to_owned(), body.to_owned()));
    }
    found
}

/// `$1 = 'it''s', $2 = NULL`
fn parse_values(text: &str) -> Vec<Option<String>> {
    let mut values = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(" = ") {
        if let Some(after_null) = after.strip_prefix("NULL") {
            values.push(None);
            rest = after_null;
            continue;
        }
        let mut value = String::new();
        let mut quoted = after.strip_prefix('\'').unwrap_or(after);
        rest = loop {
            let Some((piece, tail)) = quoted.split_once('\'') else {
                break "";
            };
            value.push_str(piece);
            match tail.strip_prefix('\'') {
                Some(tail) => {
                    value.push('\'');
                    quoted = tail;
                }
                None => break tail,
            }
        };
        values.push(Some(value));
    }
    values
}

/// Where a value comes from when the statement is repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slot {
    /// As it was.
    Same(Option<String>),
    /// The sample the request is about.
    Sample,
    /// The result the request is about.
    Result,
    /// A new id; equal numbers are the same id.
    Id(usize),
    /// A text that occurs only once, such as a running number.
    Unique(usize),
    /// The time.
    Now,
}

/// A statement to repeat.
#[derive(Debug, Clone)]
pub struct Step {
    /// Text, with `$1`.
    pub text: String,
    /// Its values.
    pub slots: Vec<Slot>,
    /// OIDs of their types.
    pub types: Vec<u32>,
    /// Sent by the simple protocol.
    pub simple: bool,
}

/// A transaction to repeat.
#[derive(Debug, Clone)]
pub struct Script {
    /// The statements that open it.
    pub begin: String,
    /// The rest.
    pub steps: Vec<Step>,
    /// It changes something.
    pub writes: bool,
}

/// Everything one request asks of the database.
pub type Request = Vec<Script>;

/// PostgreSQL's number of `timestamptz`.
pub const TIME: u32 = 1_184;
/// PostgreSQL's number of `uuid`.
pub const UUID: u32 = 2_950;
const TEXT: u32 = 25;

/// A script that can be repeated with other subjects, from what several requests of one kind sent.
///
/// # Errors
/// When the requests did not all send the same statements.
pub fn generalise(
    seen: &[(Subject, Vec<Transaction>)],
    known: &HashSet<String>,
    wire: &mut Wire,
) -> Result<Request, String> {
    let (subject, model) = seen.last().ok_or("nothing was captured")?;
    let shape = |transactions: &[Transaction]| -> Vec<Vec<String>> {
        transactions
            .iter()
            .map(|transaction| transaction.statements.iter().map(|sent| sent.text.clone()).collect())
            .collect()
    };
    if seen.iter().any(|(_, other)| shape(other) != shape(model)) {
        return Err("requests of the same kind sent different statements".to_owned());
    }
    let mut ids: Vec<String> = Vec::new();
    let mut place = |value: &str| {
        ids.iter().position(|known| known == value).unwrap_or_else(|| {
            ids.push(value.to_owned());
            ids.len() - 1
        })
    };
    let mut request = Vec::new();
    for (t, transaction) in model.iter().enumerate() {
        let mut steps = Vec::new();
        for (s, sent) in transaction.statements.iter().enumerate() {
            let types = if sent.simple {
                Vec::new()
            } else {
                wire.prepare(&sent.text)?.1
            };
            let slots = sent.values.iter().enumerate().map(|(v, value)| {
                let constant = seen
                    .iter()
                    .all(|(_, other)| other[t].statements[s].values.get(v) == Some(value));
                match (value, types.get(v).copied()) {
                    (Some(text), Some(UUID | TEXT)) if *text == subject.sample => Slot::Sample,
                    (Some(text), Some(UUID | TEXT)) if *text == subject.result => Slot::Result,
                    // A client or a test that was there before, even if another one each time.
                    (Some(text), Some(UUID)) if known.contains(text) => Slot::Same(value.clone()),
                    _ if constant => Slot::Same(value.clone()),
                    (Some(text), Some(UUID)) => Slot::Id(place(text)),
                    (Some(text), Some(TEXT)) if uuid::Uuid::parse_str(text).is_ok() => Slot::Id(place(text)),
                    (Some(text), Some(TEXT)) => Slot::Unique(place(text)),
                    (Some(_), Some(TIME)) => Slot::Now,
                    _ => Slot::Same(value.clone()),
                }
            });
            steps.push(Step {
                text: sent.text.clone(),
                slots: slots.collect(),
                types: types.clone(),
                simple: sent.simple,
            });
        }
        request.push(script(transaction, steps));
    }
    Ok(request)
}

/// A script that repeats exactly what one request sent.
///
/// # Errors
/// PostgreSQL's, when it does not know a statement.
pub fn verbatim(transactions: &[Transaction], wire: &mut Wire) -> Result<Request, String> {
    let mut request = Vec::new();
    for transaction in transactions {
        let mut steps = Vec::new();
        for sent in &transaction.statements {
            let types = if sent.simple {
                Vec::new()
            } else {
                wire.prepare(&sent.text)?.1
            };
            let slots = sent.values.iter().cloned().map(Slot::Same).collect();
            steps.push(Step {
                text: sent.text.clone(),
                slots,
                types,
                simple: sent.simple,
            });
        }
        request.push(script(transaction, steps));
    }
    Ok(request)
}

fn script(transaction: &Transaction, steps: Vec<Step>) -> Script {
    let changes = |text: &str| {
        ["INSERT", "UPDATE", "DELETE"]
            .iter()
            .any(|verb| text.trim_start().starts_with(verb))
    };
    Script {
        begin: transaction.begin.clone(),
        writes: steps.iter().any(|step| changes(&step.text)),
        steps,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_back_from_the_log() {
        let values = parse_values("$1 = 'a', $2 = NULL, $3 = 'it''s = x', $4 = ''");
        assert_eq!(
            values,
            [
                Some("a".to_owned()),
                None,
                Some("it's = x".to_owned()),
                Some(String::new())
            ]
        );
    }

    #[test]
    fn entries_go_on_after_a_tab() {
        let text = "2026-11-22 00:55:28.123 UTC [12] LOG:  execute __d: SELECT 1,\n\t2\n2026-11-22 00:55:28.123 UTC [12] DETAIL:  parameters: $1 = 'x'\n";
        let found = entries(text);
        assert_eq!(
            found[0],
            (
                "12".to_owned(),
                "LOG".to_owned(),
                "execute __d: SELECT 1,\n2".to_owned()
            )
        );
        assert_eq!(found[1].1, "DETAIL");
    }
}
