//! `make bench`: how fast the program is, on both engines, and how far from what its SQL alone could do.

mod capture;
mod cases;
mod engine;
mod http;
mod lab;
mod look;
mod machine;
mod measure;
mod one_path;
mod options;
mod replay;
mod report;
mod server;
mod wire;

use engine::engine_sheet;
use machine::Machine;
use one_path::one_path;
use options::Options;
use report::Sheet;
use server::Engine;
use std::process::ExitCode;

/// Connections at once.
const CONNECTIONS: [usize; 2] = [1, 16];

fn main() -> ExitCode {
    let result = Options::read().and_then(|options| {
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

fn bench(options: &Options) -> Result<usize, String> {
    std::fs::create_dir_all(&options.folder).map_err(|error| error.to_string())?;
    if let Some(path) = &options.get {
        return options
            .engines
            .iter()
            .map(|engine| one_path(options, *engine, path))
            .sum();
    }
    let machine = Machine::inspect(&options.folder);
    let mut sheets = Vec::new();
    let mut capture = None;
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
