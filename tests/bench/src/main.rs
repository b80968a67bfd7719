//! `make bench`: how fast the program is, on both engines, and how far from what its SQL alone could do.

mod capture;
mod cases;
mod http;
mod lab;
mod machine;
mod measure;
mod replay;
mod report;
mod server;
mod wire;

use capture::{Log, Request, Transaction, generalise, verbatim};
use cases::{Case, Material, Subject, once, over_http};
use lab::{Lab, LoadTimes};
use machine::Machine;
use measure::{Dice, Outcome};
use replay::{Captured, on_postgres, on_sqlite, translate};
use report::{Line, Sheet};
use server::{Engine, Server};
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use wire::{Address, Wire};

/// Connections at once.
const CONNECTIONS: [usize; 2] = [1, 16];
/// Requests of each kind whose SQL is looked at.
const LOOKS: usize = 12;

struct Options {
    program: PathBuf,
    folder: PathBuf,
    write: Option<PathBuf>,
    samples: usize,
    time: Duration,
    quick: bool,
    engines: Vec<Engine>,
    only: Option<String>,
    hold: bool,
    get: Option<String>,
}

fn options() -> Result<Options, String> {
    let mut options = Options {
        program: PathBuf::from("target/release/attest"),
        folder: std::env::temp_dir().join(format!("attest-bench.{}", std::process::id())),
        write: None,
        samples: 100_000,
        time: Duration::from_secs(5),
        quick: false,
        engines: vec![Engine::Postgres, Engine::Sqlite],
        only: None,
        hold: false,
        get: None,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
        match argument.as_str() {
            "--quick" => {
                options.quick = true;
                options.samples = 2_000;
                options.time = Duration::from_secs(1);
            }
            "--program" => options.program = PathBuf::from(value()?),
            "--write" => options.write = Some(PathBuf::from(value()?)),
            "--samples" => options.samples = value()?.parse().map_err(|error| format!("--samples: {error}"))?,
            "--seconds" => {
                options.time = Duration::from_secs_f64(value()?.parse().map_err(|error| format!("--seconds: {error}"))?)
            }
            "--engine" => {
                options.engines = match value()?.as_str() {
                    "sqlite" => vec![Engine::Sqlite],
                    "postgres" => vec![Engine::Postgres],
                    other => return Err(format!("--engine {other}: sqlite or postgres")),
                }
            }
            // For profiling: one case alone.
            "--only" => options.only = Some(value()?),
            "--hold" => options.hold = true,
            // One path of an empty laboratory, as its administrator: what every request costs.
            "--get" => options.get = Some(value()?),
            other => {
                return Err(format!(
                    "{other}: unknown; try --quick, --samples N, --seconds S, --engine E, --only CASE, --write FILE, --program FILE"
                ));
            }
        }
    }
    options.program = options
        .program
        .canonicalize()
        .map_err(|error| format!("{}: {error}", options.program.display()))?;
    Ok(options)
}

fn main() -> ExitCode {
    let result = options().and_then(|options| {
        let result = bench(&options);
        let _left = std::fs::remove_dir_all(&options.folder);
        result
    });
    match result {
        Ok(errors) => {
            if errors == 0 {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(error) => {
            eprintln!("attest-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What was captured on PostgreSQL, with the laboratory whose ids are in it.
struct Capture {
    captured: Vec<(Case, Result<Captured, String>)>,
    ids: Vec<(String, String)>,
}

fn bench(options: &Options) -> Result<usize, String> {
    std::fs::create_dir_all(&options.folder).map_err(|error| error.to_string())?;
    let machine = Machine::inspect(&options.folder);
    let mut sheets = Vec::new();
    let mut capture = None;
    if let Some(path) = &options.get {
        return options
            .engines
            .iter()
            .map(|engine| one_path(options, *engine, path))
            .sum();
    }
    for engine in &options.engines {
        sheets.push(engine_sheet(options, *engine, &mut capture)?);
    }
    sheets.sort_by_key(|sheet: &Sheet| sheet.engine == Engine::Postgres);
    let text = report::document(&machine, &sheets, options.time.as_secs_f64(), options.quick);
    println!("{text}");
    if let Some(path) = &options.write {
        std::fs::write(path, &text).map_err(|error| format!("{}: {error}", path.display()))?;
        println!("written to {}", path.display());
    }
    Ok(sheets
        .iter()
        .flat_map(|sheet| &sheet.lines)
        .map(|line| line.http.errors)
        .sum())
}

fn one_path(options: &Options, engine: Engine, path: &str) -> Result<usize, String> {
    let mut server = Server::install(engine, &options.program, &options.folder)?;
    server.start()?;
    let token = server.log_in("admin@bench.example")?;
    let bytes = http::request("GET", path, &token, None);
    let mut errors = 0;
    for connections in CONNECTIONS {
        let before = server.processor();
        let outcome = measure::run(connections, options.time, |_| {
            let (mut connection, bytes) = (http::Connection::open(server.port)?, bytes.clone());
            Ok(move || {
                let answer = connection.exchange(&bytes)?;
                if answer.status < 300 {
                    Ok(true)
                } else {
                    Err(format!("GET {path}: {}", answer.status))
                }
            })
        });
        println!(
            "{}: GET {path} at {connections}: {:.0}/s, p50 {:.3} ms, p99 {:.3} ms, {:.1} µs of the server's processor time each, {} errors, memory {:?}",
            engine.name(),
            outcome.per_second,
            outcome.p50,
            outcome.p99,
            (server.processor() - before) * 1e6 / (outcome.count.max(1) as f64),
            outcome.errors,
            server.memory()
        );
        errors += outcome.errors;
    }
    Ok(errors)
}

fn engine_sheet(options: &Options, engine: Engine, capture: &mut Option<Capture>) -> Result<Sheet, String> {
    let tell = |what: &str| eprintln!("{}: {what}", engine.name());
    let mut server = Server::install(engine, &options.program, &options.folder)?;
    server.start()?;
    let mut lab = Lab::set_up(&server)?;
    let idle = server.memory().0;
    tell(&format!("loading {} samples", options.samples));
    let load: LoadTimes = lab.load(&server, options.samples)?;
    tell(&format!("loaded: {load:.1?}"));
    let loaded = server.memory();
    let material = Material::default();
    server.settle()?;
    if engine == Engine::Postgres {
        tell("looking at the SQL of each request");
        material.allow(10);
        *capture = Some(look_at_sql(&mut server, &lab, &material)?);
    }
    let cases: Vec<Case> = Case::ALL
        .into_iter()
        .filter(|case| {
            options
                .only
                .as_ref()
                .is_none_or(|only| case.name().contains(only.as_str()))
        })
        .collect();
    let mut lines = Vec::new();
    for case in &cases {
        for connections in CONNECTIONS {
            material.allow(if connections == 1 { 20 } else { 60 });
            let http = over_http(&server, &lab, &material, *case, connections, options.time)?;
            tell(&format!(
                "{} at {connections}: {:.0}/s, p99 {:.2} ms, {} errors {:?}",
                case.name(),
                http.per_second,
                http.p99,
                http.errors,
                http.first_error
            ));
            lines.push(Line {
                case: *case,
                connections,
                http,
                sql: Err("not asked for".to_owned()),
            });
        }
    }
    let (after, highest) = server.memory();
    if options.hold {
        tell(&format!("holding on port {}; press Enter", server.port));
        let _line = std::io::stdin().read_line(&mut String::new());
    }
    server.stop();
    let ids = match (&*capture, engine) {
        (Some(there), Engine::Sqlite) => there
            .ids
            .iter()
            .map(|(name, id)| (name.clone(), id.clone()))
            .collect::<Vec<_>>(),
        _ => Vec::new(),
    };
    let here: HashMap<String, String> = named(&lab).into_iter().collect();
    let ids: HashMap<String, String> = ids
        .into_iter()
        .filter_map(|(name, there)| here.get(&name).map(|id| (there, id.clone())))
        .collect();
    for line in &mut lines {
        material.allow(if line.connections == 1 { 70 } else { 100 });
        line.sql = without_http(&server, capture.as_ref(), &ids, &lab, &material, line, options.time);
        if let Ok(sql) = &line.sql {
            tell(&format!(
                "{} at {} without HTTP: {:.0}/s",
                line.case.name(),
                line.connections,
                sql.per_second
            ));
        }
    }
    Ok(Sheet {
        engine,
        samples: options.samples,
        load,
        memory: [idle, loaded.0, after, highest],
        lines,
    })
}

fn without_http(
    server: &Server,
    capture: Option<&Capture>,
    ids: &HashMap<String, String>,
    lab: &Lab,
    material: &Material,
    line: &Line,
    time: Duration,
) -> Result<Outcome, String> {
    let capture = capture.ok_or("the SQL is captured on PostgreSQL, which was not measured")?;
    let captured = capture
        .captured
        .iter()
        .find(|(case, _)| *case == line.case)
        .ok_or("not captured")?
        .1
        .clone()?;
    let outcome = match server.engine {
        Engine::Postgres => on_postgres(
            &Server::service()?,
            &captured,
            lab,
            material,
            line.case,
            line.connections,
            time,
        ),
        Engine::Sqlite => on_sqlite(
            &server.file(),
            &translate(&captured, ids)?,
            lab,
            material,
            line.case,
            line.connections,
            time,
        ),
    };
    match outcome.first_error {
        Some(error) => Err(error),
        None => Ok(outcome),
    }
}

/// Sends each request a few times while PostgreSQL logs what it is asked.
fn look_at_sql(server: &mut Server, lab: &Lab, material: &Material) -> Result<Capture, String> {
    let mut superuser = Wire::connect(&Address::superuser()?)?;
    let role = Address::service_role();
    superuser.simple(&format!("ALTER ROLE {role} SET log_statement = 'all'"))?;
    superuser.simple(&format!("ALTER ROLE {role} SET log_min_messages = 'log'"))?;
    server.stop();
    server.start()?;
    lab.forget_tokens();
    let mut log = Log::open(&mut superuser)?;
    let mut wire = Wire::connect(&Server::service()?)?;
    let mut dice = Dice::new(3);
    let known: HashSet<String> = named(lab).into_iter().map(|(_, id)| id).collect();
    let mut captured = Vec::new();
    for case in Case::ALL {
        captured.push((
            case,
            look_at(server, lab, material, case, &known, &mut log, &mut wire, &mut dice),
        ));
    }
    superuser.simple(&format!("ALTER ROLE {role} RESET ALL"))?;
    server.stop();
    server.start()?;
    let ids = named(lab);
    lab.forget_tokens();
    for (case, found) in &captured {
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
    Ok(Capture { captured, ids })
}

#[allow(clippy::too_many_arguments)]
fn look_at(
    server: &Server,
    lab: &Lab,
    material: &Material,
    case: Case,
    known: &HashSet<String>,
    log: &mut Log,
    wire: &mut Wire,
    dice: &mut Dice,
) -> Result<Captured, String> {
    let mut seen: Vec<(Subject, Vec<Transaction>)> = Vec::new();
    // The first requests fill caches; they are not what a request usually sends.
    for round in 0..LOOKS + 3 {
        let _so_far = log.transactions()?;
        let subject = once(server, lab, material, case, dice)?;
        std::thread::sleep(Duration::from_millis(120));
        let transactions = log.transactions()?;
        if round >= 3 {
            seen.push((subject, transactions));
        }
    }
    let requests: Vec<Request> = match case {
        Case::List | Case::Audit => seen
            .iter()
            .map(|(_, transactions)| verbatim(transactions, wire))
            .collect::<Result<_, _>>()?,
        _ => vec![generalise(&seen, known, wire)?],
    };
    let empty = requests.iter().any(Vec::is_empty);
    if empty {
        Err("no SQL was seen in PostgreSQL's log".to_owned())
    } else {
        Ok(Captured { requests })
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
