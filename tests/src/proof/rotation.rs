//! From an older key of the log to the one that signs now (docs/ledger.md, "Rotation of the key").

use super::note::{Checkpoint, hash, open_checkpoint};
use super::tree::{Hash, is_consistent, leaf_hash, root_from_inclusion};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::collections::BTreeMap;

/// The key that a bundle's rotations lead to from the reader's own; that key itself where there are none.
///
/// # Errors
/// The first step that does not hold.
pub(super) fn present_key(members: &BTreeMap<String, Vec<u8>>, key: &str) -> Result<String, String> {
    let mut trusted = key.to_owned();
    for line in lines(members)? {
        let (from, to) = keys(&line)?;
        if from == trusted {
            covering(&line)?;
            trusted = to;
        }
    }
    Ok(trusted)
}

/// Every log that two keys signed together is the beginning of this one.
///
/// # Errors
/// The first that is not.
pub(super) fn lead_here(members: &BTreeMap<String, Vec<u8>>, newest: &Checkpoint) -> Result<(), String> {
    let mut before: Option<String> = None;
    for line in lines(members)? {
        let (from, to) = keys(&line)?;
        if before.is_some_and(|before| before != from) {
            return Err(format!("{from} was not the key until then"));
        }
        let covering = covering(&line)?;
        let path = hashes(&line["consistency"])?;
        if !is_consistent(covering.size, newest.size, covering.root, newest.root, &path) {
            return Err("the log that both keys signed is not the beginning of this one".into());
        }
        before = Some(to);
    }
    Ok(())
}

fn lines(members: &BTreeMap<String, Vec<u8>>) -> Result<Vec<Value>, String> {
    let Some(bytes) = members.get("rotations.jsonl") else {
        return Ok(Vec::new());
    };
    let text = std::str::from_utf8(bytes).map_err(|_| "rotations.jsonl is not text")?;
    text.lines()
        .map(|line| serde_json::from_str(line).map_err(|_| "rotations.jsonl is not JSON lines".to_owned()))
        .collect()
}

fn entry(line: &Value) -> Result<Vec<u8>, String> {
    STANDARD
        .decode(line["entry"].as_str().unwrap_or_default())
        .map_err(|_| "a rotation's entry is not base64".into())
}

fn keys(line: &Value) -> Result<(String, String), String> {
    let entry: Value = serde_json::from_slice(&entry(line)?).map_err(|_| "a rotation's entry is not JSON")?;
    if entry["action"] != "ledger.key_rotated" || entry["object"]["id"] != entry["log"] {
        return Err("not an event of this log's key".into());
    }
    let changes = entry["changes"].as_array().ok_or("no changes")?;
    let change = changes.iter().find(|change| change["path"] == "verifier_key");
    let side = |name: &str| change.and_then(|change| change[name].as_str()).map(str::to_owned);
    side("from").zip(side("to")).ok_or("the event names no keys".into())
}

/// The checkpoint that both keys signed, with the event in its tree.
fn covering(line: &Value) -> Result<Checkpoint, String> {
    let (from, to) = keys(line)?;
    let note = line["checkpoint"].as_str().ok_or("no checkpoint")?;
    let checkpoint = open_checkpoint(note, &from)?;
    open_checkpoint(note, &to)?;
    let index = line["index"].as_u64().ok_or("no index")?;
    let root = root_from_inclusion(
        index,
        checkpoint.size,
        leaf_hash(&entry(line)?),
        &hashes(&line["path"])?,
    );
    if root == Some(checkpoint.root) {
        Ok(checkpoint)
    } else {
        Err(format!(
            "the rotation at {index} is not in the log that both keys signed"
        ))
    }
}

fn hashes(list: &Value) -> Result<Vec<Hash>, String> {
    let items = list.as_array().ok_or("not a list of hashes")?;
    items
        .iter()
        .map(|item| hash(item.as_str().unwrap_or_default()))
        .collect()
}
