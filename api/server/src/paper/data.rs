//! The report for machines, attached to the paper as `report.json`: the signed content exactly as it was hashed, and what
//! came to it with the signature and the release. Its fields are described in the integrator guide.

use super::public_address;
use attest_documents::report::TWIN_SCHEMA;
use attest_store::Paper;
use serde_json::{Value, json};

/// `content` has the hash `content_sha256` when it is written by RFC 8785. A draft has no issue, code or signature.
pub(super) fn twin(paper: &Paper, public_url: &str) -> Value {
    json!({
        "schema": TWIN_SCHEMA,
        "draft": paper.signature.is_none(),
        "issued_at": paper.signature.as_ref().map(|_signed| paper.issued_at),
        "verification": paper.verification_code.as_ref().map(|code| json!({
            "code": code,
            "url": public_address(public_url, code),
        })),
        "authorised_by": paper.signature.iter().map(|signature| json!({
            "name": signature.name,
            "title": signature.title,
            "meaning": signature.meaning,
            "at": signature.at,
        })).collect::<Vec<_>>(),
        "content_sha256": paper.content_sha256,
        "content": paper.content,
    })
}
