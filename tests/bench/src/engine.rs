//! One engine: a loaded laboratory, each case over HTTP, then the same SQL without HTTP.

use crate::CONNECTIONS;
use crate::cases::{Case, Material, over_http};
use crate::lab::{Lab, LoadTimes};
use crate::look::{Capture, look_at_sql};
use crate::measure::Outcome;
use crate::options::Options;
use crate::replay::{on_postgres, on_sqlite, translate};
use crate::report::{Line, Sheet};
use crate::server::{Engine, Server};
use std::collections::HashMap;

/// Measures everything. `capture` is filled on PostgreSQL and used on both.
///
/// # Errors
/// When the server does not start, or refuses what it must not refuse.
pub fn engine_sheet(options: &Options, engine: Engine, capture: &mut Option<Capture>) -> Result<Sheet, String> {
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
    let ids = capture
        .as_ref()
        .filter(|_| engine == Engine::Sqlite)
        .map(|capture| capture.ids_in(&lab))
        .unwrap_or_default();
    let (mut lines, mut after, mut highest) = (Vec::new(), 0.0, 0.0_f64);
    // What reads is done with and without HTTP before anything is written: both see the same laboratory.
    for writes in [false, true] {
        if writes {
            server.start()?;
            lab.forget_tokens();
        }
        let mut part = with_http(options, &server, &lab, &material, writes)?;
        let memory = server.memory();
        (after, highest) = (memory.0, highest.max(memory.1));
        if options.hold {
            tell(&format!("holding on port {}; press Enter", server.port));
            let _line = std::io::stdin().read_line(&mut String::new());
        }
        server.stop();
        let alone = Alone {
            options,
            server: &server,
            lab: &lab,
            material: &material,
            capture: capture.as_ref(),
            ids: &ids,
        };
        for line in &mut part {
            material.allow(if line.connections == 1 { 70 } else { 100 });
            line.sql = alone.measure(line);
            if let Ok(sql) = &line.sql {
                tell(&format!(
                    "{} at {} without HTTP: {:.0}/s",
                    line.case.name(),
                    line.connections,
                    sql.per_second
                ));
            }
        }
        lines.extend(part);
    }
    Ok(Sheet {
        engine,
        samples: options.samples,
        load,
        memory: [idle, loaded.0, after, highest],
        lines,
    })
}

fn with_http(
    options: &Options,
    server: &Server,
    lab: &Lab,
    material: &Material,
    writes: bool,
) -> Result<Vec<Line>, String> {
    let wanted = |case: &Case| {
        case.writes() == writes
            && options
                .only
                .as_ref()
                .is_none_or(|only| case.name().contains(only.as_str()))
    };
    let mut lines = Vec::new();
    for case in Case::ALL.into_iter().filter(wanted) {
        for connections in CONNECTIONS {
            material.allow(if connections == 1 { 20 } else { 60 });
            let http = over_http(server, lab, material, case, connections, options.time)?;
            eprintln!(
                "{}: {} at {connections}: {:.0}/s, p99 {:.2} ms, {} errors {:?}",
                server.engine.name(),
                case.name(),
                http.per_second,
                http.p99,
                http.errors,
                http.first_error
            );
            lines.push(Line {
                case,
                connections,
                http,
                sql: Err("not asked for".to_owned()),
            });
        }
    }
    Ok(lines)
}

/// The database alone: what its SQL could do without the program.
struct Alone<'a> {
    options: &'a Options,
    server: &'a Server,
    lab: &'a Lab,
    material: &'a Material,
    capture: Option<&'a Capture>,
    /// Ids in the capture, each with the id of the same thing here.
    ids: &'a HashMap<String, String>,
}

impl Alone<'_> {
    fn measure(&self, line: &Line) -> Result<Outcome, String> {
        let captured = self
            .capture
            .ok_or("the SQL is captured on PostgreSQL, which was not measured")?
            .of(line.case)?;
        let (case, threads, time) = (line.case, line.connections, self.options.time);
        let outcome = match self.server.engine {
            Engine::Postgres => on_postgres(
                &Server::service()?,
                &captured,
                self.lab,
                self.material,
                case,
                threads,
                time,
            ),
            Engine::Sqlite => on_sqlite(
                &self.server.file(),
                &translate(&captured, self.ids)?,
                self.lab,
                self.material,
                case,
                threads,
                time,
            ),
        };
        match outcome.first_error {
            Some(error) => Err(error),
            None => Ok(outcome),
        }
    }
}
