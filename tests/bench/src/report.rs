//! The table, on the terminal and in docs/benchmarks.md.

use crate::cases::Case;
use crate::lab::LoadTimes;
use crate::machine::Machine;
use crate::measure::Outcome;
use crate::server::Engine;
use std::fmt::Write;

/// One line of the table.
#[derive(Debug, Clone)]
pub struct Line {
    /// What.
    pub case: Case,
    /// At how many connections.
    pub connections: usize,
    /// Over HTTP.
    pub http: Outcome,
    /// The same SQL without HTTP, or why there is no number.
    pub sql: Result<Outcome, String>,
}

/// Everything measured on one engine.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The engine.
    pub engine: Engine,
    /// Samples loaded.
    pub samples: usize,
    /// How long that took.
    pub load: LoadTimes,
    /// Resident memory, MiB: when idle before loading, after loading, after measuring, and the highest.
    pub memory: [f64; 4],
    /// The lines.
    pub lines: Vec<Line>,
}

/// What is aimed at, a second, at 16 connections.
fn target(engine: Engine, case: Case) -> Option<f64> {
    match (engine, case) {
        (_, Case::Read) => Some(15_000.0),
        (_, Case::List) => Some(2_800.0),
        (Engine::Sqlite, Case::Register) => Some(3_800.0),
        (Engine::Sqlite, Case::Enter) => Some(1_800.0),
        (Engine::Postgres, Case::Register | Case::Enter | Case::Verify) => Some(800.0),
        _ => None,
    }
}

/// The document.
pub fn document(machine: &Machine, sheets: &[Sheet], seconds: f64, quick: bool) -> String {
    let mut out = String::new();
    let mut say = |line: &str| {
        out.push_str(line);
        out.push('\n');
    };
    say("# Benchmarks");
    say("");
    say(
        "Written by `make bench` (`tests/bench`); do not edit. One machine runs everything: the server, the database and the load.",
    );
    say("");
    say(&format!("- Date: {}", chrono::Utc::now().format("%Y-%m-%d %H:%M UTC")));
    say(&format!(
        "- Machine: {}, {} cores, {:.1} GiB memory, Linux {}",
        machine.cpu, machine.cores, machine.memory, machine.kernel
    ));
    say(&format!(
        "- Disk: {}; a 4 KiB write with fsync takes {:.2} ms (median), {:.2} ms (99th percentile)",
        machine.file_system, machine.fsync.0, machine.fsync.1
    ));
    say(&format!(
        "- Load average of the machine before the start {}, at the end {}; above 0.3 before the start, or far above 3 at the end, other work disturbed the measurement",
        machine.load,
        crate::machine::load()
    ));
    say(&format!(
        "- Each case {seconds} s{}; keep-alive; loopback; audit, durability (`synchronous=FULL`, `fsync=on`) and access control as shipped",
        if quick { "; QUICK RUN, not for comparison" } else { "" }
    ));
    say("");
    say(
        "`SQL/s` is the same SQL without HTTP: the statements that one request really causes, captured from PostgreSQL's log (the store sends both",
    );
    say(
        "engines the same text), repeated by another process with as many threads as there were connections, same settings, on SQLite with the same",
    );
    say(
        "group commit. `ratio` is HTTP to SQL. Above 100 % it says nothing: the two did not get the same share of the machine. The server also chains and signs the audit log meanwhile; the repetition does not.",
    );
    for sheet in sheets {
        say("");
        say(&format!("## {}", sheet.engine.name()));
        say("");
        let LoadTimes {
            register,
            receive,
            enter,
        } = sheet.load;
        say(&format!(
            "Loaded {} samples with two results each through the bulk interface: registered in {register:.1} s, received in {receive:.1} s, one result each entered in {enter:.1} s ({:.1} s in all).",
            sheet.samples,
            register + receive + enter
        ));
        let [idle, loaded, after, highest] = sheet.memory;
        let verdict = if highest < 150.0 { "met" } else { "missed" };
        say(&format!(
            "Server memory (resident): {idle:.0} MiB idle, {loaded:.0} MiB after loading, {after:.0} MiB after measuring, {highest:.0} MiB at its highest (target 150: {verdict})."
        ));
        say("");
        say("| case | connections | p50 ms | p99 ms | per second | target | SQL/s | ratio | |");
        say("|---|---:|---:|---:|---:|---:|---:|---:|---|");
        for line in &sheet.lines {
            say(&row(sheet.engine, line));
        }
        for line in &sheet.lines {
            if let Some(error) = &line.http.first_error {
                say("");
                say(&format!(
                    "{} at {} connections: {} errors, the first: `{}`",
                    line.case.name(),
                    line.connections,
                    line.http.errors,
                    error.replace('`', "'")
                ));
            }
            if let Err(error) = &line.sql {
                say("");
                say(&format!(
                    "{} at {} connections without HTTP: not measured: {error}",
                    line.case.name(),
                    line.connections
                ));
            }
        }
    }
    out
}

fn row(engine: Engine, line: &Line) -> String {
    let mut out = String::new();
    let Outcome {
        per_second, p50, p99, ..
    } = line.http;
    let _infallible = write!(
        out,
        "| {} | {} | {p50:.2} | {p99:.2} | {per_second:.0} |",
        line.case.name(),
        line.connections
    );
    let aim = if line.connections == 16 {
        target(engine, line.case)
    } else {
        None
    };
    let _infallible = write!(
        out,
        " {} |",
        aim.map_or_else(|| "–".to_owned(), |aim| format!("{aim:.0}"))
    );
    let ratio = line
        .sql
        .as_ref()
        .ok()
        .filter(|sql| sql.per_second > 0.0)
        .map(|sql| per_second / sql.per_second);
    let _infallible = write!(
        out,
        " {} |",
        line.sql
            .as_ref()
            .map_or_else(|_| "–".to_owned(), |sql| format!("{:.0}", sql.per_second))
    );
    let _infallible = write!(
        out,
        " {} |",
        ratio.map_or_else(|| "–".to_owned(), |ratio| format!("{:.0} %", ratio * 100.0))
    );
    let slow = p99 > if line.case.writes() { 50.0 } else { 25.0 };
    let mut verdict = Vec::new();
    if line.http.errors > 0 {
        verdict.push("errors");
    }
    if line.http.ran_dry {
        verdict.push("ended early");
    }
    if let Some(aim) = aim {
        verdict.push(if per_second >= aim { "rate met" } else { "rate missed" });
    }
    if line.connections == 16 {
        verdict.push(if slow { "p99 missed" } else { "p99 met" });
        if line.case.writes()
            && let Some(ratio) = ratio
        {
            verdict.push(if ratio >= 0.7 { "70 % met" } else { "70 % missed" });
        }
    }
    let _infallible = write!(out, " {} |", verdict.join(", "));
    out
}
