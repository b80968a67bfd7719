//! Checkpoint (C2SP tlog-checkpoint): the text of a signed note that states a log's size and root.

use std::fmt;
use std::str::FromStr;

use crate::Hash;

/// Origin, number of leaves, root hash, and lines of extensions that we carry but do not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name; it never changes.
    pub origin: String,
    /// Leaves covered.
    pub size: u64,
    /// Root of the tree over exactly those leaves (RFC 6962, 2.1).
    pub root: Hash,
    /// Further lines, without their newlines; empty in checkpoints of Attest.
    pub extensions: Vec<String>,
}

/// The text is not a checkpoint; says which line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// First line missing or empty.
    #[error("the origin line is missing")]
    Origin,
    /// Second line is not a decimal number without sign and leading zeros.
    #[error("the size line is not a plain decimal number")]
    Size,
    /// Third line is not base64 of 32 bytes.
    #[error("the root line is not the base64 of 32 bytes")]
    Root,
    /// An extension line is empty, or the text does not end with a newline.
    #[error("the text does not end as a checkpoint ends")]
    End,
}

impl Checkpoint {
    /// A checkpoint without extensions.
    pub fn new(origin: impl Into<String>, size: u64, root: Hash) -> Self {
        Self {
            origin: origin.into(),
            size,
            root,
            extensions: Vec::new(),
        }
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\n{}\n", self.origin, self.size, self.root)?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.strip_suffix('\n').ok_or(CheckpointError::End)?.split('\n');
        let origin = lines
            .next()
            .filter(|line| !line.is_empty())
            .ok_or(CheckpointError::Origin)?;
        let digits = lines.next().ok_or(CheckpointError::Size)?;
        let size: u64 = digits.parse().map_err(|_not_a_number| CheckpointError::Size)?;
        if size.to_string() != digits {
            return Err(CheckpointError::Size);
        }
        let root = lines
            .next()
            .and_then(|line| Hash::from_base64(line).ok())
            .ok_or(CheckpointError::Root)?;
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if extensions.iter().any(String::is_empty) {
            return Err(CheckpointError::End);
        }
        Ok(Self {
            origin: origin.to_owned(),
            size,
            root,
            extensions,
        })
    }
}
