//! How laboratories are kept apart, from the running system, and which reviewed table of permissions this program was built with.

use crate::http::{May, Problem};
use actix_web::{HttpResponse, get, web};
use attest_domain::may;
use attest_store::{Separation, Store};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

/// The table that people review and the matrix test compares the running program with, as it was when this was built.
const MATRIX: &str = include_str!("../../../../tests/matrix.snap.md");

/// Registers the operations.
pub fn operations(config: &mut ServiceConfig) {
    config.service(separation);
}

/// How laboratories are kept apart, and what this program was tested with.
#[derive(Serialize, ToSchema)]
pub struct SeparationReport {
    /// From the running system.
    #[serde(flatten)]
    pub live: Separation,
    /// From the building of it.
    pub build: Build,
}

/// The program.
#[derive(Clone, Serialize, ToSchema)]
pub struct Build {
    /// Its version.
    pub version: &'static str,
    /// The reviewed table of permissions in the sources it was built from. The matrix test, which calls every operation as
    /// every role, fails where the program differs; that it was run before this was delivered is the maker's word.
    pub matrix: Matrix,
}

/// The table.
#[derive(Clone, Serialize, ToSchema)]
pub struct Matrix {
    /// Operations.
    pub operations: usize,
    /// Roles.
    pub roles: usize,
    /// Answers that the test expects: a row and a role each, for each kind of laboratory.
    pub cells: usize,
    /// SHA-256 of the file `tests/matrix.snap.md`.
    pub digest: String,
}

static BUILD: LazyLock<Build> = LazyLock::new(|| Build {
    version: env!("CARGO_PKG_VERSION"),
    matrix: counted(MATRIX),
});

/// Counts a table of `| operation | permission | role | role … |`.
fn counted(table: &str) -> Matrix {
    let (mut operations, mut roles, mut cells) = (BTreeSet::new(), BTreeSet::new(), 0usize);
    for line in table.lines() {
        let columns: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [first, _permission, rest @ ..] = columns.as_slice() else {
            continue;
        };
        if *first == "operation" {
            roles.extend(rest.iter().copied());
        } else if first.starts_with('`') {
            operations.insert(*first);
            cells = cells.saturating_add(rest.len());
        }
    }
    Matrix {
        operations: operations.len(),
        roles: roles.len(),
        cells,
        digest: hex::encode(Sha256::digest(table.as_bytes())),
    }
}

/// How laboratories are kept apart
///
/// For assessors: read from the running database, with a probe that tries, as this laboratory and in transactions that are
/// rolled back, to read and write what is another's. `refused: false` anywhere is an incident.
#[utoipa::path(tag = "laboratory", extensions(("x-permission" = json!("audit:read"))),
    responses((status = 200, description = "What was found and tried just now", body = SeparationReport)))]
#[get("/laboratory/separation")]
async fn separation(store: web::Data<Store>, may: May<may::AuditRead>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(SeparationReport {
        live: store.separation(may.permit).await?,
        build: BUILD.clone(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_matrix_is_counted_as_a_reader_would() {
        let table = "# Title\n\n| operation | permission | a | b |\n|---|---|---|---|\n| `GET /x` | public | x | x |\n| `GET /y` | y:z |   | x |\n\n\
                     | operation | permission | a | c |\n|---|---|---|---|\n| `GET /x` | public | x | x |\n";
        let counted = counted(table);
        assert_eq!((counted.operations, counted.roles, counted.cells), (2, 3, 6));
    }
}
