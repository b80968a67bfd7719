//! Bundles: a zip file of entries, their proofs, and a signed manifest over all of it.

use super::note::{Checkpoint, hash, open_checkpoint, open_note};
use super::range::{compact, fold, with_sizes};
use super::rotation::{lead_here, present_key};
use super::tree::{Hash, leaf_hash, root_from_inclusion};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

/// What a bundle proved.
#[derive(Debug)]
pub struct Proven {
    /// The entries, as JSON, with their indices.
    pub entries: Vec<(u64, Value)>,
    /// The checkpoint that they were proven against.
    pub checkpoint: Checkpoint,
}

/// Checks a bundle from its first byte to its last with a key the reader holds, the present one or an older one.
///
/// # Errors
/// The first thing that does not hold.
pub fn verify_bundle(bytes: &[u8], verifier_key: &str) -> Result<Proven, String> {
    let members = members(bytes);
    let member = |name: &str| members.get(name).ok_or(format!("no {name}"));
    let key = present_key(&members, verifier_key)?;
    let manifest = check_manifest(&members, &key)?;
    let checkpoint = open_checkpoint(&String::from_utf8_lossy(member("checkpoint.note")?), &key)?;
    lead_here(&members, &checkpoint)?;
    let lines = lines_of(member("entries.jsonl")?);
    let indices = match manifest["kind"].as_str() {
        Some("range") => check_range(&lines, member("range.json")?, &checkpoint)?,
        Some("selection") => check_selection(&lines, member("proofs.jsonl")?, &checkpoint)?,
        other => return Err(format!("unknown kind {other:?}")),
    };
    let entries: Result<Vec<(u64, Value)>, String> = indices
        .into_iter()
        .zip(&lines)
        .map(|(index, line)| {
            let entry: Value = serde_json::from_slice(line).map_err(|_| format!("entry {index} is not JSON"))?;
            if entry["log"] != manifest["log"] {
                Err(format!("entry {index} is of another log"))
            } else {
                Ok((index, entry))
            }
        })
        .collect();
    Ok(Proven {
        entries: entries?,
        checkpoint,
    })
}

/// The manifest is signed, and speaks of exactly these members.
fn check_manifest(members: &BTreeMap<String, Vec<u8>>, verifier_key: &str) -> Result<Value, String> {
    let member = |name: &str| members.get(name).ok_or(format!("no {name}"));
    let manifest_bytes = member("manifest.json")?;
    let manifest: Value = serde_json::from_slice(manifest_bytes).map_err(|_| "manifest.json is not JSON")?;
    let log = manifest["log"].as_str().ok_or("the manifest names no log")?;
    let note = String::from_utf8(member("manifest.note")?.clone()).map_err(|_| "manifest.note is not text")?;
    let promised = format!("{log}/export\n{}\n", STANDARD.encode(Sha256::digest(manifest_bytes)));
    if open_note(&note, verifier_key)? != promised {
        return Err("manifest.note speaks of another manifest".into());
    }
    let files = manifest["files"].as_object().ok_or("the manifest lists no files")?;
    for name in members
        .keys()
        .filter(|name| !["manifest.json", "manifest.note"].contains(&name.as_str()))
    {
        let expected = files.get(name).ok_or(format!("{name} is not in the manifest"))?;
        if expected.as_str() != Some(&hex::encode(Sha256::digest(member(name)?))) {
            return Err(format!("{name} has another hash than the manifest says"));
        }
    }
    if let Some(missing) = files.keys().find(|name| !members.contains_key(*name)) {
        return Err(format!("{missing} is in the manifest but not in the bundle"));
    }
    Ok(manifest)
}

fn lines_of(bytes: &[u8]) -> Vec<&[u8]> {
    bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .collect()
}

fn check_selection(lines: &[&[u8]], proofs: &[u8], checkpoint: &Checkpoint) -> Result<Vec<u64>, String> {
    let proofs: Result<Vec<Value>, _> = lines_of(proofs).into_iter().map(serde_json::from_slice).collect();
    let proofs = proofs.map_err(|_| "proofs.jsonl is not JSON lines")?;
    if proofs.len() != lines.len() {
        return Err(format!("{} entries but {} proofs", lines.len(), proofs.len()));
    }
    let mut indices: Vec<u64> = Vec::new();
    for (line, proof) in lines.iter().zip(&proofs) {
        let index = proof["index"].as_u64().ok_or("a proof without index")?;
        if indices.last().is_some_and(|last| *last >= index) {
            return Err(format!("entry {index} is out of order"));
        }
        let root = root_from_inclusion(index, checkpoint.size, leaf_hash(line), &hashes(&proof["path"])?);
        if root != Some(checkpoint.root) {
            return Err(format!("entry {index} is not in the log"));
        }
        indices.push(index);
    }
    Ok(indices)
}

fn check_range(lines: &[&[u8]], range: &[u8], checkpoint: &Checkpoint) -> Result<Vec<u64>, String> {
    let range: Value = serde_json::from_slice(range).map_err(|_| "range.json is not JSON")?;
    let first = range["first"].as_u64().ok_or("range.json without first")?;
    let last = range["last"].as_u64().ok_or("range.json without last")?;
    if last < first || last - first + 1 != lines.len() as u64 || last >= checkpoint.size {
        return Err(format!(
            "{} entries for [{first}, {last}] of {}",
            lines.len(),
            checkpoint.size
        ));
    }
    // Every perfect subtree of the tree's own decomposition, then the root from right to left.
    let mut parts = Vec::new();
    parts.extend(with_sizes(&compact(0, first), hashes(&range["left"])?)?);
    parts.extend(
        lines
            .iter()
            .enumerate()
            .map(|(number, line)| (first + number as u64, 1, leaf_hash(line))),
    );
    parts.extend(with_sizes(
        &compact(last + 1, checkpoint.size),
        hashes(&range["right"])?,
    )?);
    let root = fold(&parts, 0, checkpoint.size)?;
    if root != checkpoint.root {
        Err("the range does not lead to the checkpoint".into())
    } else {
        Ok((first..=last).collect())
    }
}

fn hashes(list: &Value) -> Result<Vec<Hash>, String> {
    list.as_array()
        .ok_or("not a list of hashes")?
        .iter()
        .map(|item| hash(item.as_str().unwrap_or_default()))
        .collect()
}

/// Members of a zip file, by name.
pub fn members(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip file");
    (0..archive.len())
        .map(|number| {
            let mut member = archive.by_index(number).expect("a member");
            let mut content = Vec::new();
            member.read_to_end(&mut content).expect("its content");
            (member.name().to_owned(), content)
        })
        .collect()
}

/// Packs members into a zip file again.
pub fn pack(members: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in members {
        writer.start_file(name, options).expect("a member");
        writer.write_all(content).expect("its content");
    }
    writer.finish().expect("a zip file").into_inner()
}
