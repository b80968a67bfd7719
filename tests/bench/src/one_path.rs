//! One path of an empty laboratory, as its administrator: what every request costs.

use crate::CONNECTIONS;
use crate::options::Options;
use crate::server::{Engine, Server};
use crate::{http, measure};

/// Measures it at each number of connections and prints the figures; how many requests failed.
///
/// # Errors
/// When the server does not start or nobody can log in.
pub fn one_path(options: &Options, engine: Engine, path: &str) -> Result<usize, String> {
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
