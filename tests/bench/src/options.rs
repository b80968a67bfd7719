//! What the command line asks for.

use crate::server::Engine;
use std::path::PathBuf;
use std::time::Duration;

/// What to measure, and how.
pub struct Options {
    /// The program.
    pub program: PathBuf,
    /// Where its data go; removed at the end.
    pub folder: PathBuf,
    /// The file that the result is written to as well.
    pub write: Option<PathBuf>,
    /// Samples loaded before measuring.
    pub samples: usize,
    /// How long each case is measured.
    pub time: Duration,
    /// A short run, to see that it works: its figures mean little.
    pub quick: bool,
    /// On which databases.
    pub engines: Vec<Engine>,
    /// Only the cases whose names contain this: for profiling.
    pub only: Option<String>,
    /// Wait with the server running when its cases are done.
    pub hold: bool,
    /// One path of an empty laboratory, as its administrator, in place of the cases: what every request costs.
    pub get: Option<String>,
}

impl Options {
    /// From the command line.
    ///
    /// # Errors
    /// What cannot be understood, and what could.
    pub fn read() -> Result<Self, String> {
        let mut options = Self {
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
                    options.time =
                        Duration::from_secs_f64(value()?.parse().map_err(|error| format!("--seconds: {error}"))?)
                }
                "--engine" => {
                    options.engines = match value()?.as_str() {
                        "sqlite" => vec![Engine::Sqlite],
                        "postgres" => vec![Engine::Postgres],
                        other => return Err(format!("--engine {other}: sqlite or postgres")),
                    }
                }
                "--only" => options.only = Some(value()?),
                "--hold" => options.hold = true,
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
}
