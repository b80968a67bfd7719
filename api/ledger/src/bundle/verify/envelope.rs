//! What surrounds the entries: key, manifest, members, hashes, checkpoint, witnesses, time stamp.

use std::collections::BTreeSet;

use super::{Subject, report::Steps};
use crate::Hash;
use crate::bundle::{Kind, Manifest, VERSION, manifest_text, member};
use crate::checkpoint::Checkpoint;
use crate::jcs;
use crate::note::{Algorithm, Note, NoteError};
use crate::policy::Policy;

/// The key is the reader's: only its kind and, with a policy, its membership are judged here.
pub(super) fn judge_key(subject: &Subject<'_>, policy: Option<&Policy>, steps: &mut Steps) {
    const NAME: &str = "key";
    if subject.given.algorithm() != Algorithm::Ed25519 {
        steps.fail(NAME, None, None, "the key given is a witness's key, not a log's");
    } else if policy.is_some_and(|policy| !policy.knows_log(subject.given)) {
        steps.fail(NAME, None, None, "the policy names other logs than the key given");
    } else {
        let later = if subject.key == *subject.given {
            ""
        } else {
            "; replaced since, as the rotations below show"
        };
        let detail = format!("given by the reader, for the log {}{later}", subject.given.name());
        steps.hold(NAME, detail);
    }
}

/// Form of the manifest, and the log key's signature over it. A broken signature blames the note, a signature that
/// holds over another hash blames the manifest.
pub(super) fn judge_manifest(subject: &mut Subject<'_>, steps: &mut Steps) {
    const FORM: &str = "manifest";
    const SIGNED: &str = "manifest signature";
    let Some(bytes) = subject.bytes(member::MANIFEST) else {
        steps.fail(FORM, Some(member::MANIFEST), None, "it is missing");
        return;
    };
    match read_manifest(bytes) {
        Err(problem) => steps.fail(FORM, Some(member::MANIFEST), None, problem),
        Ok(manifest) if manifest.log != subject.key.name() => {
            let detail = format!(
                "it is about the log {}, the key about {}",
                manifest.log,
                subject.key.name()
            );
            steps.fail(FORM, Some(member::MANIFEST), None, detail);
        }
        Ok(manifest) => {
            let scope = match manifest.kind {
                Kind::Range => "every entry",
                Kind::Selection => "chosen entries",
            };
            let detail = format!(
                "{scope} from {} to {}, made {} by {}",
                manifest.first, manifest.last, manifest.created_at, manifest.created_by
            );
            steps.hold(FORM, detail);
            subject.manifest = Some(manifest);
        }
    }
    let Some(note) = subject.bytes(member::MANIFEST_NOTE) else {
        steps.fail(SIGNED, Some(member::MANIFEST_NOTE), None, "it is missing");
        return;
    };
    match read_manifest_note(subject, note) {
        Err(problem) => steps.fail(SIGNED, Some(member::MANIFEST_NOTE), None, problem.to_string()),
        Ok(note) if note.text() != manifest_text(subject.key.name(), bytes) => {
            steps.fail(
                SIGNED,
                Some(member::MANIFEST),
                None,
                "the log key signed another manifest than this one",
            );
        }
        Ok(_) => {
            subject.manifest_holds = subject.manifest.is_some();
            steps.hold(SIGNED, "signed by the log key");
        }
    }
}

fn read_manifest(bytes: &[u8]) -> Result<Manifest, String> {
    let value = jcs::parse(bytes).map_err(|error| error.to_string())?;
    let manifest: Manifest = serde_json::from_value(value).map_err(|error| error.to_string())?;
    if manifest.v != VERSION {
        return Err(format!("version {:?}, this program reads {VERSION:?}", manifest.v));
    }
    if manifest.first > manifest.last {
        return Err("its first index is behind its last".to_owned());
    }
    Ok(manifest)
}

/// Only the log's signature may stand there: no other line would be covered by anything.
fn read_manifest_note(subject: &Subject<'_>, bytes: &[u8]) -> Result<Note, NoteError> {
    let note = Note::parse(bytes)?;
    note.verify(&subject.key)?;
    if note.signatures().len() == 1 {
        Ok(note)
    } else {
        Err(NoteError::Form("more than the log's one signature"))
    }
}

/// Exactly the members of the manifest, and those that the format demands.
pub(super) fn judge_members(subject: &Subject<'_>, steps: &mut Steps) {
    const NAME: &str = "members";
    let Some(manifest) = &subject.manifest else {
        steps.fail(
            NAME,
            Some(member::MANIFEST),
            None,
            "without a readable manifest nobody can say what belongs here",
        );
        return;
    };
    let mut check = steps.check(NAME, member::MANIFEST);
    let proof = match manifest.kind {
        Kind::Range => member::RANGE,
        Kind::Selection => member::PROOFS,
    };
    for name in [member::CHECKPOINT, member::ENTRIES, proof] {
        if !manifest.files.contains_key(name) {
            check.fail_in(
                name,
                None,
                "the manifest does not list it, but this kind of bundle needs it",
            );
        }
    }
    let own = [member::MANIFEST, member::MANIFEST_NOTE];
    let expected: BTreeSet<&str> = manifest.files.keys().map(String::as_str).chain(own).collect();
    for name in manifest.files.keys() {
        if own.contains(&name.as_str()) {
            check.fail_in(name, None, "the manifest lists itself");
        } else if !subject.members.contains_key(name) {
            check.fail_in(name, None, "the manifest lists it, but it is missing");
        } else if !member::ALL.contains(&name.as_str()) {
            check.note(
                None,
                format!("{name} is part of the bundle, but this program does not know what it is"),
            );
        }
    }
    for name in subject.members.keys() {
        if !expected.contains(name.as_str()) {
            check.fail_in(name, None, "the manifest does not list it");
        }
    }
    check.done(|| format!("{} files, exactly those of the manifest", expected.len()));
}

/// The SHA-256 of every listed member.
pub(super) fn judge_hashes(subject: &mut Subject<'_>, steps: &mut Steps) {
    const NAME: &str = "file hash";
    let Some(manifest) = &subject.manifest else {
        return;
    };
    let mut suspects = BTreeSet::new();
    for (name, expected) in &manifest.files {
        let Some(bytes) = subject.members.get(name) else {
            continue;
        };
        if Hash::of(&[bytes]).to_hex() == *expected {
            steps.hold(NAME, format!("{name}: SHA-256 as in the manifest"));
        } else {
            let doubt = if subject.manifest_holds {
                ""
            } else {
                " (the manifest itself does not hold)"
            };
            let detail = format!("its SHA-256 is not the one in the manifest{doubt}");
            steps.fail(NAME, Some(name), None, detail);
            suspects.insert(name.clone());
        }
    }
    subject.suspects = suspects;
}

/// The log key's signature over the checkpoint, and its origin.
pub(super) fn judge_checkpoint(subject: &mut Subject<'_>, steps: &mut Steps) {
    const NAME: &str = "checkpoint signature";
    let Some(bytes) = subject.bytes(member::CHECKPOINT) else {
        steps.fail(NAME, Some(member::CHECKPOINT), None, "it is missing");
        return;
    };
    match read_checkpoint(bytes) {
        Err(problem) => steps.fail(NAME, Some(member::CHECKPOINT), None, problem),
        Ok((note, checkpoint)) => {
            match check_checkpoint(subject, &note, &checkpoint) {
                Err(problem) => steps.fail(NAME, Some(member::CHECKPOINT), None, problem),
                Ok(()) => {
                    subject.checkpoint_holds = true;
                    steps.hold(
                        NAME,
                        format!(
                            "signed by the log key: {} entries, root {}",
                            checkpoint.size, checkpoint.root
                        ),
                    );
                }
            }
            subject.checkpoint = Some(checkpoint);
        }
    }
}

/// Reads a checkpoint's note without judging its signatures.
pub(super) fn read_checkpoint(bytes: &[u8]) -> Result<(Note, Checkpoint), String> {
    let note = Note::parse(bytes).map_err(|error| error.to_string())?;
    let checkpoint = note
        .text()
        .parse()
        .map_err(|error: crate::checkpoint::CheckpointError| error.to_string())?;
    Ok((note, checkpoint))
}

/// Judges the bundle's checkpoint under the key that must have signed it.
fn check_checkpoint(subject: &Subject<'_>, note: &Note, checkpoint: &Checkpoint) -> Result<(), String> {
    note.verify(&subject.key).map_err(|error| error.to_string())?;
    of_this_log(subject, checkpoint)
}

/// The checkpoint is about the log that the key is for.
pub(super) fn of_this_log(subject: &Subject<'_>, checkpoint: &Checkpoint) -> Result<(), String> {
    if checkpoint.origin == subject.key.name() {
        Ok(())
    } else {
        Err(format!(
            "it is about the log {}, the key about {}",
            checkpoint.origin,
            subject.key.name()
        ))
    }
}

/// Cosignatures, against the policy.
pub(super) fn judge_witnesses(subject: &Subject<'_>, policy: Option<&Policy>, steps: &mut Steps) {
    const NAME: &str = "witnesses";
    let Some(note) = subject
        .bytes(member::CHECKPOINT)
        .and_then(|bytes| Note::parse(bytes).ok())
    else {
        if policy.is_some() {
            steps.fail(
                NAME,
                Some(member::CHECKPOINT),
                None,
                "without a checkpoint there are no cosignatures",
            );
        }
        return;
    };
    let Some(policy) = policy else {
        let others = note
            .signatures()
            .iter()
            .filter(|line| line.name != subject.key.name())
            .count();
        let detail = format!("not judged: no policy was given; {others} other signatures on the checkpoint");
        steps.note(NAME, Some(member::CHECKPOINT), None, detail);
        return;
    };
    let judgement = policy.judge(&note);
    let names = |names: Vec<String>| {
        if names.is_empty() {
            "none".to_owned()
        } else {
            names.join(", ")
        }
    };
    let cosigned = names(judgement.cosigned.iter().map(|(name, _)| name.clone()).collect());
    if judgement.satisfied {
        steps.hold(NAME, format!("the policy is satisfied; cosigned by: {cosigned}"));
    } else {
        let missing = judgement
            .missing
            .iter()
            .map(|(name, why)| format!("{name} ({why})"))
            .collect();
        let detail = format!(
            "the policy is not satisfied; cosigned by: {cosigned}; missing: {}",
            names(missing)
        );
        steps.fail(NAME, Some(member::CHECKPOINT), None, detail);
    }
}

/// A time stamp is carried and covered by the manifest; its authority is not ours to judge.
pub(super) fn judge_timestamp(subject: &Subject<'_>, steps: &mut Steps) {
    if subject.members.contains_key(member::TIMESTAMP) {
        let detail =
            "not judged here; check it with: openssl ts -verify -in timestamp.tsr -data checkpoint.note -CAfile …";
        steps.note("time stamp", Some(member::TIMESTAMP), None, detail);
    }
}
