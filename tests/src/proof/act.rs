//! The proof that the answer of an act carries.

use super::note::{hash, open_checkpoint};
use super::tree::{Hash, leaf_hash, root_from_inclusion};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// Checks a proof with a key held already; what its entry says.
///
/// # Errors
/// Why it proves nothing.
pub fn proven(proof: &Value, log_key: &str) -> Result<Value, String> {
    let text = |name: &str| proof[name].as_str().ok_or(format!("no {name}"));
    let entry = STANDARD.decode(text("entry")?).map_err(|_| "the entry is not base64")?;
    let leaf = leaf_hash(&entry);
    if hash(text("leaf_hash")?)? != leaf {
        return Err("leaf_hash is not the entry's".into());
    }
    let checkpoint = open_checkpoint(text("checkpoint")?, log_key)?;
    let index = proof["index"].as_u64().ok_or("no index")?;
    if proof["tree_size"].as_u64() != Some(checkpoint.size) {
        return Err("tree_size is not the checkpoint's".into());
    }
    let path = proof["path"].as_array().ok_or("no path")?;
    let path = path
        .iter()
        .map(|item| hash(item.as_str().ok_or("a path of texts")?))
        .collect::<Result<Vec<Hash>, String>>()?;
    if root_from_inclusion(index, checkpoint.size, leaf, &path) != Some(checkpoint.root) {
        return Err("the path does not lead to the checkpoint's root".into());
    }
    serde_json::from_slice(&entry).map_err(|error| error.to_string())
}
