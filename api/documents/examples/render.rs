//! The child-process protocol by hand: a job on standard input, a PDF on
//! standard output. `attest render` does the same.

use std::error::Error;
use std::io::{Read, Write};

fn main() -> Result<(), Box<dyn Error>> {
    let mut input = Vec::new();
    std::io::stdin().read_to_end(&mut input)?;
    let pdf = attest_documents::render_job(&input)?;
    std::io::stdout().write_all(&pdf)?;
    Ok(())
}
