//! Building a bundle: from entries and proofs to named members, with the signature left to whoever holds the key.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use super::{
    Consistency, Kind, Language, Manifest, Members, Opening, ProofLine, RangeSides, VERSION, manifest_text, member,
    readme,
};
use crate::Hash;
use crate::entry::{EntryError, write_time};
use crate::jcs::{self, JcsError};
use crate::note::{Note, NoteError, Signer};
use crate::rotation::RotationProof;

/// An entry's stored bytes and its place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexedEntry {
    /// From 0.
    pub index: u64,
    /// Exactly as stored.
    pub bytes: Vec<u8>,
}

/// How the entries lead to the checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// One audit path for each entry, in the entries' order.
    Selection {
        /// RFC 6962 audit paths.
        paths: Vec<Vec<Hash>>,
    },
    /// The hashes beside the run.
    Range {
        /// Compact range `[0, first)`.
        left: Vec<Hash>,
        /// Compact range `[last + 1, size)`.
        right: Vec<Hash>,
        /// Audit paths as well, at the cost of some 100 bytes an entry after deflate: the range alone proves that all is
        /// whole, but when it is not, only these can say which entry was touched. Advised up to some 10,000 entries.
        paths: Option<Vec<Vec<Hash>>>,
    },
}

/// Everything that goes into a bundle.
#[derive(Debug, Clone)]
pub struct Export {
    /// The log's origin.
    pub log: String,
    /// The server's clock.
    pub created_at: DateTime<Utc>,
    /// Pseudonymous id of who asked for it.
    pub created_by: String,
    /// How a selection was chosen.
    pub filter: Option<Value>,
    /// The laboratory's language, for the README.
    pub language: Language,
    /// In index order, at least one.
    pub entries: Vec<IndexedEntry>,
    /// How they lead to the checkpoint.
    pub proof: Proof,
    /// The checkpoint's note, cosignatures included.
    pub checkpoint: Vec<u8>,
    /// From a checkpoint that the reader holds, when asked for.
    pub consistency: Option<Consistency>,
    /// Every rotation of the log's key that the checkpoint covers, in order.
    pub rotations: Vec<RotationProof>,
    /// For the sealed values that the exporter may see.
    pub openings: Vec<Opening>,
    /// RFC 3161 token over the checkpoint's note.
    pub timestamp: Option<Vec<u8>>,
}

/// Why a bundle cannot be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// A bundle holds at least one entry.
    #[error("there are no entries to export")]
    Empty,
    /// Indices must rise; in a range by one.
    #[error("the entry with index {0} is out of order")]
    Order(u64),
    /// One audit path for each entry.
    #[error("{paths} audit paths for {entries} entries")]
    Paths {
        /// Paths given.
        paths: usize,
        /// Entries given.
        entries: usize,
    },
    /// A float, a large integer or a key outside ASCII in a filter or an opening.
    #[error(transparent)]
    Value(#[from] JcsError),
    /// `created_at` cannot be written.
    #[error(transparent)]
    Time(#[from] EntryError),
    /// The signer failed, or the log's name cannot stand in a note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The key belongs to another log.
    #[error("the key is named {key}, the log {log}")]
    ForeignKey {
        /// The key's name.
        key: String,
        /// The log's origin.
        log: String,
    },
}

/// A bundle that lacks only the signature over its manifest.
#[derive(Debug, Clone)]
pub struct Draft {
    log: String,
    members: Members,
    text: String,
}

impl Export {
    /// Lays out every member and the manifest over them.
    ///
    /// # Errors
    /// Every [`BundleError`] but the signer's.
    pub fn draft(self) -> Result<Draft, BundleError> {
        let (first, last) = match (self.entries.first(), self.entries.last()) {
            (Some(first), Some(last)) => (first.index, last.index),
            _ => return Err(BundleError::Empty),
        };
        self.check_order()?;
        let mut members = Members::new();
        let mut add = |name: &str, bytes: Vec<u8>| {
            members.insert(name.to_owned(), bytes);
        };
        let (kind, paths) = match &self.proof {
            Proof::Selection { paths } => (Kind::Selection, Some(paths)),
            Proof::Range { left, right, paths } => {
                let sides = RangeSides {
                    first,
                    last,
                    left: left.clone(),
                    right: right.clone(),
                };
                add(member::RANGE, canonical(&sides)?);
                (Kind::Range, paths.as_ref())
            }
        };
        if let Some(paths) = paths {
            add(member::PROOFS, self.proof_lines(paths)?);
        }
        if let Some(consistency) = &self.consistency {
            add(member::CONSISTENCY, canonical(consistency)?);
        }
        if !self.rotations.is_empty() {
            add(member::ROTATIONS, lines(&self.rotations)?);
        }
        if !self.openings.is_empty() {
            add(member::OPENINGS, lines(&self.openings)?);
        }
        if let Some(token) = self.timestamp {
            add(member::TIMESTAMP, token);
        }
        add(
            member::README,
            readme::text(
                self.language,
                &self.log,
                kind,
                (first, last),
                !self.rotations.is_empty(),
            )
            .into_bytes(),
        );
        add(member::CHECKPOINT, self.checkpoint);
        let mut entries = Vec::with_capacity(self.entries.iter().map(|entry| entry.bytes.len() + 1).sum());
        for entry in &self.entries {
            entries.extend_from_slice(&entry.bytes);
            entries.push(b'\n');
        }
        add(member::ENTRIES, entries);

        let mut created_at = Vec::new();
        write_time(&mut created_at, self.created_at)?;
        let manifest = canonical(&Manifest {
            v: VERSION.to_owned(),
            log: self.log.clone(),
            created_at: String::from_utf8_lossy(&created_at).into_owned(),
            created_by: self.created_by,
            kind,
            first,
            last,
            filter: self.filter,
            files: members
                .iter()
                .map(|(name, bytes)| (name.clone(), Hash::of(&[bytes]).to_hex()))
                .collect(),
        })?;
        let text = manifest_text(&self.log, &manifest);
        members.insert(member::MANIFEST.to_owned(), manifest);
        Ok(Draft {
            log: self.log,
            members,
            text,
        })
    }

    fn check_order(&self) -> Result<(), BundleError> {
        let range = matches!(self.proof, Proof::Range { .. });
        let indices = self.entries.iter().map(|entry| entry.index);
        for (before, index) in indices.clone().zip(indices.skip(1)) {
            let gap = index
                .checked_sub(before)
                .filter(|gap| *gap > 0)
                .ok_or(BundleError::Order(index))?;
            if range && gap > 1 {
                return Err(BundleError::Order(index));
            }
        }
        Ok(())
    }

    fn proof_lines(&self, paths: &[Vec<Hash>]) -> Result<Vec<u8>, BundleError> {
        if paths.len() != self.entries.len() {
            return Err(BundleError::Paths {
                paths: paths.len(),
                entries: self.entries.len(),
            });
        }
        let proofs: Vec<ProofLine> = self
            .entries
            .iter()
            .zip(paths)
            .map(|(entry, path)| ProofLine {
                index: entry.index,
                path: path.clone(),
            })
            .collect();
        lines(&proofs)
    }
}

impl Draft {
    /// What the log key has to sign: the text of `manifest.note`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The members so far, without `manifest.note`.
    pub const fn members(&self) -> &Members {
        &self.members
    }

    /// Signs the manifest and completes the bundle.
    ///
    /// # Errors
    /// A key of another log, or what the signer says.
    pub fn sign(mut self, signer: &dyn Signer) -> Result<Members, BundleError> {
        if signer.key().name() != self.log {
            return Err(BundleError::ForeignKey {
                key: signer.key().name().to_owned(),
                log: self.log,
            });
        }
        let note = Note::sign(&self.text, &[signer])?;
        self.members.insert(member::MANIFEST_NOTE.to_owned(), note.to_bytes());
        Ok(self.members)
    }
}

fn canonical<T: Serialize>(value: &T) -> Result<Vec<u8>, BundleError> {
    let value = serde_json::to_value(value).map_err(|error| JcsError::Syntax(error.to_string()))?;
    Ok(jcs::to_vec(&value)?)
}

fn lines<T: Serialize>(items: &[T]) -> Result<Vec<u8>, BundleError> {
    let mut out = Vec::new();
    for item in items {
        out.extend_from_slice(&canonical(item)?);
        out.push(b'\n');
    }
    Ok(out)
}
