//! The captured SQL without the server: same statements, same durability, same number at a time. This is the limit.

use crate::capture::{Request, Script, Slot, Step, TIME, UUID};
use crate::cases::{Case, Material, Subject};
use crate::lab::Lab;
use crate::measure::{Dice, Outcome, Step as Done, run};
use crate::wire::{Address, Wire};
use chrono::{SecondsFormat, Utc};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};
use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;
use uuid::Uuid;

const BOOL: u32 = 16;
const BYTES: u32 = 17;
const INT: u32 = 20;

/// Jobs that share a commit, as the store has it.
const BATCH: usize = 64;
/// The store's own settings.
const WRITER: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; \
     PRAGMA cache_size = -24000; PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY;";
const READER: &str =
    "PRAGMA query_only = ON; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -6000; PRAGMA temp_store = MEMORY;";

static UNIQUE: AtomicU64 = AtomicU64::new(1);

/// One round of values for slots that change.
struct Fresh<'a> {
    subject: &'a Subject,
    made: HashMap<usize, String>,
}

impl<'a> Fresh<'a> {
    fn new(subject: &'a Subject) -> Self {
        Self {
            subject,
            made: HashMap::new(),
        }
    }

    fn text(&mut self, slot: &Slot) -> Option<String> {
        match slot {
            Slot::Same(value) => value.clone(),
            Slot::Sample => Some(self.subject.sample.clone()),
            Slot::Result => Some(self.subject.result.clone()),
            Slot::Id(place) => Some(
                self.made
                    .entry(*place)
                    .or_insert_with(|| Uuid::now_v7().to_string())
                    .clone(),
            ),
            Slot::Unique(place) => Some(
                self.made
                    .entry(*place)
                    .or_insert_with(|| format!("Z-2026-{:07}", UNIQUE.fetch_add(1, Ordering::Relaxed)))
                    .clone(),
            ),
            Slot::Now => Some(Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true)),
        }
    }
}

/// The requests that a case repeats: one that takes any subject, or several to take turns.
#[derive(Debug, Clone)]
pub struct Captured {
    /// What is repeated.
    pub requests: Vec<Request>,
}

/// PostgreSQL: as many connections as there were over HTTP, a transaction each.
///
/// # Errors
/// When the database is not there.
pub fn on_postgres(
    address: &Address,
    captured: &Captured,
    lab: &Lab,
    material: &Material,
    case: Case,
    threads: usize,
    time: Duration,
) -> Outcome {
    run(threads, time, |thread| {
        let mut wire = Wire::connect(address)?;
        let mut dice = Dice::new(thread + 77);
        Ok(move || -> Done {
            let Some(subject) = material.next(lab, case, &mut dice) else {
                return Ok(false);
            };
            let request = &captured.requests[dice.below(captured.requests.len())];
            let mut fresh = Fresh::new(&subject);
            for script in request {
                wire.simple(&script.begin)?;
                for step in &script.steps {
                    if step.simple {
                        wire.simple(&step.text)?;
                        continue;
                    }
                    let values: Vec<Option<String>> = step.slots.iter().map(|slot| fresh.text(slot)).collect();
                    let values: Vec<Option<&[u8]>> =
                        values.iter().map(|value| value.as_deref().map(str::as_bytes)).collect();
                    let (prepared, _) = wire.prepare(&step.text)?;
                    wire.execute(prepared, &values)?;
                }
                wire.simple("COMMIT")?;
            }
            Ok(true)
        })
    })
}

/// A statement as SQLite gets it.
struct Line {
    text: String,
    simple: bool,
    cells: Vec<(Slot, u32, Option<Value>)>,
}

/// The same, translated for SQLite: its own ids of the same things.
pub struct Translated {
    requests: Vec<Vec<(bool, Vec<Line>)>>,
}

/// Translates what was captured on PostgreSQL; `ids` leads from an id there to the same thing's id here.
///
/// # Errors
/// When a value does not fit its type.
pub fn translate(captured: &Captured, ids: &HashMap<String, String>) -> Result<Translated, String> {
    let line = |step: &Step| -> Result<Line, String> {
        let mut cells = Vec::new();
        for (slot, oid) in step.slots.iter().zip(step.types.iter().copied()) {
            let slot = match slot {
                Slot::Same(Some(text)) => Slot::Same(Some(ids.get(text).unwrap_or(text).clone())),
                other => other.clone(),
            };
            let constant = if let Slot::Same(value) = &slot {
                Some(cell(value.as_deref(), oid)?)
            } else {
                None
            };
            cells.push((slot, oid, constant));
        }
        Ok(Line {
            text: sqlite_text(&step.text),
            simple: step.simple,
            cells,
        })
    };
    let script = |script: &Script| {
        Ok((
            script.writes,
            script.steps.iter().map(line).collect::<Result<Vec<_>, String>>()?,
        ))
    };
    let requests = captured
        .requests
        .iter()
        .map(|request| request.iter().map(script).collect::<Result<Vec<_>, String>>());
    Ok(Translated {
        requests: requests.collect::<Result<_, _>>()?,
    })
}

/// `$1` becomes `?1`; row locks are PostgreSQL's.
fn sqlite_text(text: &str) -> String {
    let mut out = text.replace('$', "?");
    if let Some(at) = out.find(" FOR UPDATE") {
        out.truncate(at);
    }
    out
}

fn cell(value: Option<&str>, oid: u32) -> Result<Value, String> {
    let Some(text) = value else { return Ok(Value::Null) };
    Ok(match oid {
        UUID => Value::Blob(
            Uuid::parse_str(text)
                .map_err(|error| error.to_string())?
                .as_bytes()
                .to_vec(),
        ),
        INT => Value::Integer(text.parse().map_err(|error| format!("{text}: {error}"))?),
        BOOL => Value::Integer(i64::from(text.starts_with('t'))),
        BYTES => Value::Blob(unhex(text.trim_start_matches("\\x"))),
        TIME => Value::Text(moment(text)),
        _ => Value::Text(text.to_owned()),
    })
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2)
        .filter_map(|at| text.get(at * 2..at * 2 + 2))
        .filter_map(|pair| u8::from_str_radix(pair, 16).ok())
        .collect()
}

/// PostgreSQL's way to write a time, as the store writes it on SQLite.
fn moment(text: &str) -> String {
    let padded = text.replacen(' ', "T", 1);
    let padded = if padded.ends_with("+00") {
        format!("{padded}:00")
    } else {
        padded
    };
    match chrono::DateTime::parse_from_rfc3339(&padded) {
        Ok(at) => at.to_utc().to_rfc3339_opts(SecondsFormat::Micros, true),
        Err(_other) => text.to_owned(),
    }
}

fn run_lines(connection: &Connection, lines: &[Line], fresh: &mut Fresh<'_>) -> Result<(), String> {
    for line in lines {
        let failed = |error: rusqlite::Error| format!("{error}: {}", line.text);
        if line.simple {
            connection.execute_batch(&line.text).map_err(failed)?;
            continue;
        }
        let mut values = Vec::with_capacity(line.cells.len());
        for (slot, oid, constant) in &line.cells {
            values.push(match constant {
                Some(value) => value.clone(),
                None => cell(fresh.text(slot).as_deref(), *oid)?,
            });
        }
        let mut statement = connection.prepare_cached(&line.text).map_err(failed)?;
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(values)).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            for column in 0..columns {
                let _read = row.get_ref(column).map_err(failed)?;
            }
        }
    }
    Ok(())
}

/// A write on its way to the writer, and where to answer.
struct Job<'a> {
    lines: &'a [Line],
    subject: Subject,
    answer: SyncSender<Result<(), String>>,
}

/// SQLite: as many threads as there were connections, reading on their own; one writer that commits what has gathered.
pub fn on_sqlite(
    file: &Path,
    translated: &Translated,
    lab: &Lab,
    material: &Material,
    case: Case,
    threads: usize,
    time: Duration,
) -> Outcome {
    let (jobs, queue) = sync_channel::<Job<'_>>(4_096);
    std::thread::scope(|scope| {
        scope.spawn(|| write_loop(file, queue));
        let outcome = run(threads, time, |thread| {
            let reader = Connection::open_with_flags(
                file,
                OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
            )
            .map_err(|error| error.to_string())?;
            reader.execute_batch(READER).map_err(|error| error.to_string())?;
            reader.set_prepared_statement_cache_capacity(200);
            let mut dice = Dice::new(thread + 77);
            let jobs = jobs.clone();
            Ok(move || -> Done {
                let Some(subject) = material.next(lab, case, &mut dice) else {
                    return Ok(false);
                };
                let request = &translated.requests[dice.below(translated.requests.len())];
                let mut fresh = Fresh::new(&subject);
                for (writes, lines) in request {
                    if *writes {
                        let (answer, answered) = sync_channel(1);
                        jobs.send(Job {
                            lines,
                            subject: subject.clone(),
                            answer,
                        })
                        .map_err(|_gone| "the writer has stopped".to_owned())?;
                        answered.recv().map_err(|_gone| "the writer has stopped".to_owned())??;
                    } else {
                        reader.execute_batch("BEGIN").map_err(|error| error.to_string())?;
                        let done = run_lines(&reader, lines, &mut fresh);
                        reader.execute_batch("COMMIT").map_err(|error| error.to_string())?;
                        done?;
                    }
                }
                Ok(true)
            })
        });
        drop(jobs);
        outcome
    })
}

fn write_loop(file: &Path, queue: Receiver<Job<'_>>) {
    let Ok(writer) = Connection::open(file) else { return };
    if writer.execute_batch(WRITER).is_err() {
        return;
    }
    writer.set_prepared_statement_cache_capacity(200);
    while let Ok(first) = queue.recv() {
        let mut answers = Vec::new();
        let mut next = Some(first);
        let begun = writer
            .execute_batch("BEGIN IMMEDIATE")
            .map_err(|error| error.to_string());
        while let Some(job) = next {
            let result = begun.clone().and_then(|()| in_savepoint(&writer, &job));
            answers.push((job.answer, result));
            next = if answers.len() < BATCH {
                queue.try_recv().ok()
            } else {
                None
            };
        }
        let committed = writer.execute_batch("COMMIT").map_err(|error| error.to_string());
        for (answer, result) in answers {
            let _gone = answer.send(committed.clone().and(result));
        }
    }
}

fn in_savepoint(writer: &Connection, job: &Job<'_>) -> Result<(), String> {
    let batch = |text: &str| writer.execute_batch(text).map_err(|error| error.to_string());
    batch("SAVEPOINT job")?;
    let result = run_lines(writer, job.lines, &mut Fresh::new(&job.subject));
    batch(if result.is_ok() {
        "RELEASE job"
    } else {
        "ROLLBACK TO job; RELEASE job"
    })?;
    result
}
