//! An independent verifier of the ledger: RFC 6962 proofs, signed notes and bundles, written from the published format
//! and from the RFC alone. It shares no line with the program.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Verifier, VerifyingKey};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// Hash of one entry (RFC 6962, 2.1).
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// Hash of two subtrees (RFC 6962, 2.1).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// Root of a whole tree (RFC 6962, 2.1).
pub fn root_of(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [leaf] => *leaf,
        _ => {
            let half = leaves.len().next_power_of_two() / 2;
            node_hash(&root_of(&leaves[..half]), &root_of(&leaves[half..]))
        }
    }
}

/// Root that an audit path leads to (RFC 9162, 2.1.3.2); `None` when the path has the wrong length.
pub fn root_from_inclusion(index: u64, size: u64, leaf: Hash, path: &[Hash]) -> Option<Hash> {
    if index >= size {
        return None;
    }
    let (mut node, mut last, mut hash) = (index, size - 1, leaf);
    for sibling in path {
        if last == 0 {
            return None;
        }
        if node % 2 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            while node % 2 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(hash)
}

/// Whether a consistency proof leads from one root to the other (RFC 9162, 2.1.4.2).
pub fn is_consistent(from: u64, to: u64, old: Hash, new: Hash, path: &[Hash]) -> bool {
    if from == to {
        return path.is_empty() && old == new;
    }
    if from == 0 {
        return path.is_empty();
    }
    let mut hashes = path.to_vec();
    if from.is_power_of_two() {
        hashes.insert(0, old);
    }
    let Some((&first, rest)) = hashes.split_first() else {
        return false;
    };
    let (mut node, mut last) = (from - 1, to - 1);
    while node % 2 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (mut old_hash, mut new_hash) = (first, first);
    for hash in rest {
        if last == 0 {
            return false;
        }
        if node % 2 == 1 || node == last {
            old_hash = node_hash(hash, &old_hash);
            new_hash = node_hash(hash, &new_hash);
            while node % 2 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, hash);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && old_hash == old && new_hash == new
}

/// A checkpoint whose signature held.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// The log's origin.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    /// Root hash.
    pub root: Hash,
}

/// Opens a signed note with a verifier key (`name+hash+key`) and returns its text.
///
/// # Errors
/// Why it cannot be believed.
pub fn open_note(note: &str, verifier_key: &str) -> Result<String, String> {
    let mut parts = verifier_key.splitn(3, '+');
    let (name, hash, key) = match (parts.next(), parts.next(), parts.next()) {
        (Some(name), Some(hash), Some(key)) => (name, hash, key),
        _ => return Err("not a verifier key".into()),
    };
    let key = STANDARD.decode(key).map_err(|_| "the key is not base64")?;
    let public: [u8; 32] = match key.split_first() {
        Some((1, public)) => public.try_into().map_err(|_| "an Ed25519 key has 32 bytes")?,
        _ => return Err("not an Ed25519 verifier key".into()),
    };
    let id = Sha256::new()
        .chain_update(name)
        .chain_update([0x0a, 1])
        .chain_update(public)
        .finalize();
    if hex::encode(&id[..4]) != hash {
        return Err(format!("the key hash {hash} does not belong to the key"));
    }
    let (text, signatures) = note.split_once("\n\n").ok_or("no blank line before the signatures")?;
    let text = format!("{text}\n");
    let public = VerifyingKey::from_bytes(&public).map_err(|_| "not a point of the curve")?;
    for line in signatures.lines() {
        let Some((signer, signature)) = line.strip_prefix("— ").and_then(|rest| rest.rsplit_once(' ')) else {
            continue;
        };
        let signature = STANDARD.decode(signature).map_err(|_| "a signature is not base64")?;
        if signer != name || signature.len() != 68 || signature[..4] != id[..4] {
            continue;
        }
        let signature = Signature::from_slice(&signature[4..]).map_err(|_| "not a signature")?;
        return public
            .verify(text.as_bytes(), &signature)
            .map(|()| text)
            .map_err(|_| "the signature is wrong".into());
    }
    Err(format!("no signature by {name}"))
}

/// Opens a checkpoint.
///
/// # Errors
/// Why it cannot be believed.
pub fn open_checkpoint(note: &str, verifier_key: &str) -> Result<Checkpoint, String> {
    let text = open_note(note, verifier_key)?;
    let lines: Vec<&str> = text.lines().collect();
    let [origin, size, root] = lines.as_slice() else {
        return Err(format!("a checkpoint has three lines: {text:?}"));
    };
    let (name, _) = verifier_key.split_once('+').ok_or("not a verifier key")?;
    if *origin != name {
        return Err(format!("checkpoint of {origin}, key of {name}"));
    }
    Ok(Checkpoint {
        origin: (*origin).to_owned(),
        size: size.parse().map_err(|_| "size")?,
        root: hash(root)?,
    })
}

/// Reads a hash in base64.
///
/// # Errors
/// When it is not one.
pub fn hash(text: &str) -> Result<Hash, String> {
    STANDARD
        .decode(text)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(format!("not a hash: {text}"))
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

/// What a bundle proved.
#[derive(Debug)]
pub struct Proven {
    /// The entries, as JSON, with their indices.
    pub entries: Vec<(u64, Value)>,
    /// The checkpoint that they were proven against.
    pub checkpoint: Checkpoint,
}

/// Checks a bundle from its first byte to its last with a key the reader holds.
///
/// # Errors
/// The first thing that does not hold.
pub fn verify_bundle(bytes: &[u8], verifier_key: &str) -> Result<Proven, String> {
    let members = members(bytes);
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
    let checkpoint = open_checkpoint(&String::from_utf8_lossy(member("checkpoint.note")?), verifier_key)?;
    let lines: Vec<&[u8]> = member("entries.jsonl")?
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .collect();
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
            if entry["log"] != log {
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

fn check_selection(lines: &[&[u8]], proofs: &[u8], checkpoint: &Checkpoint) -> Result<Vec<u64>, String> {
    let proofs: Result<Vec<Value>, _> = proofs
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(serde_json::from_slice)
        .collect();
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

/// Subtrees (start, size) of the compact range `[from, to)`, as the published format makes it.
fn compact(from: u64, to: u64) -> Vec<(u64, u64)> {
    let (mut at, mut parts) = (from, Vec::new());
    while at < to {
        let mut size = 1;
        while at % (size * 2) == 0 && at + size * 2 <= to {
            size *= 2;
        }
        parts.push((at, size));
        at += size;
    }
    parts
}

fn with_sizes(places: &[(u64, u64)], hashes: Vec<Hash>) -> Result<Vec<(u64, u64, Hash)>, String> {
    if places.len() != hashes.len() {
        return Err(format!(
            "{} hashes where {} subtrees belong",
            hashes.len(),
            places.len()
        ));
    }
    Ok(places
        .iter()
        .zip(hashes)
        .map(|((at, size), hash)| (*at, *size, hash))
        .collect())
}

/// Hash of the leaves `[from, to)` out of parts that tile it, by the recursive definition of RFC 6962, 2.1.
fn fold(parts: &[(u64, u64, Hash)], from: u64, to: u64) -> Result<Hash, String> {
    if let Ok(found) = parts.binary_search_by_key(&from, |part| part.0)
        && parts[found].1 == to - from
    {
        return Ok(parts[found].2);
    }
    if to - from <= 1 {
        return Err(format!("nothing is known of leaf {from}"));
    }
    let half = (to - from).next_power_of_two() / 2;
    Ok(node_hash(
        &fold(parts, from, from + half)?,
        &fold(parts, from + half, to)?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(from: u64, to: u64) -> Hash {
        if to - from == 1 {
            return leaf_hash(format!("entry {from}").as_bytes());
        }
        let half = (to - from).next_power_of_two() / 2;
        node_hash(&tree(from, from + half), &tree(from + half, to))
    }

    fn audit_path(index: u64, from: u64, to: u64) -> Vec<Hash> {
        if to - from == 1 {
            return Vec::new();
        }
        let middle = from + (to - from).next_power_of_two() / 2;
        let (mut path, sibling) = if index < middle {
            (audit_path(index, from, middle), tree(middle, to))
        } else {
            (audit_path(index, middle, to), tree(from, middle))
        };
        path.push(sibling);
        path
    }

    #[test]
    fn an_audit_path_leads_to_the_root_and_only_from_its_own_place() {
        for size in 1..=33 {
            for index in 0..size {
                let path = audit_path(index, 0, size);
                let leaf = leaf_hash(format!("entry {index}").as_bytes());
                assert_eq!(
                    root_from_inclusion(index, size, leaf, &path),
                    Some(tree(0, size)),
                    "{index} of {size}"
                );
                if size > 1 {
                    assert_ne!(
                        root_from_inclusion((index + 1) % size, size, leaf, &path),
                        Some(tree(0, size))
                    );
                }
            }
        }
    }

    /// RFC 6962, 2.1.2: SUBPROOF(m, D[n], b).
    fn subproof(old: u64, from: u64, to: u64, whole: bool) -> Vec<Hash> {
        if old == to - from {
            return if whole { Vec::new() } else { vec![tree(from, to)] };
        }
        let half = (to - from).next_power_of_two() / 2;
        let (mut path, sibling) = if old <= half {
            (subproof(old, from, from + half, whole), tree(from + half, to))
        } else {
            (subproof(old - half, from + half, to, false), tree(from, from + half))
        };
        path.push(sibling);
        path
    }

    #[test]
    fn a_consistency_proof_joins_two_sizes_and_no_others() {
        for to in 2..=24 {
            for from in 1..to {
                let path = subproof(from, 0, to, true);
                assert!(
                    is_consistent(from, to, tree(0, from), tree(0, to), &path),
                    "{from} to {to}"
                );
                assert!(
                    !is_consistent(from, to, tree(0, to), tree(0, to), &path),
                    "{from} to {to}"
                );
                assert!(
                    !is_consistent(from, to, tree(0, from), [0; 32], &path),
                    "{from} to {to}"
                );
            }
        }
    }

    #[test]
    fn a_range_folds_to_the_root_wherever_it_lies() {
        for size in 1..=20 {
            for first in 0..size {
                for last in first..size {
                    let subtree = |(at, len): &(u64, u64)| (*at, *len, tree(*at, at + len));
                    let mut parts: Vec<_> = compact(0, first).iter().map(subtree).collect();
                    parts.extend((first..=last).map(|at| (at, 1, tree(at, at + 1))));
                    parts.extend(compact(last + 1, size).iter().map(subtree));
                    assert_eq!(fold(&parts, 0, size), Ok(tree(0, size)), "[{first}, {last}] of {size}");
                }
            }
        }
    }
}
