//! The bundle as one ZIP file. Writing is deterministic. Reading distrusts: a name twice, a name that differs between
//! directory and member, bytes outside the archive, and members that unpack to far more than they weigh are refused, so that
//! every program sees the same members as this one.

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _, Write as _};

use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter, result::ZipError, write::SimpleFileOptions};

use super::Members;

/// Bounds on what reading may unpack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Members in the archive.
    pub members: usize,
    /// Bytes in one unpacked member.
    pub member_bytes: u64,
    /// Bytes in all unpacked members together.
    pub total_bytes: u64,
    /// Unpacked over packed size, judged beyond one mebibyte.
    pub ratio: u64,
}

impl Default for Limits {
    /// 32 members, 1 GiB each, 2 GiB together, 200 to 1.
    fn default() -> Self {
        Self {
            members: 32,
            member_bytes: 1 << 30,
            total_bytes: 2 << 30,
            ratio: 200,
        }
    }
}

/// Below this size a ratio says nothing.
const RATIO_FLOOR: u64 = 1 << 20;

/// Why an archive is refused; names the member where there is one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    /// Not a plain ZIP file from its first byte to its last.
    #[error("not a plain ZIP archive: {0}")]
    Form(String),
    /// Two members of one name: two programs could read two different bundles.
    #[error("the member {0} is in the archive twice")]
    Duplicate(String),
    /// Directory and member disagree about the name.
    #[error("the member {0} has another name in front of its data")]
    Renamed(String),
    /// More than the limits allow.
    #[error("the member {0} unpacks to more than allowed")]
    TooLarge(String),
    /// Too many members.
    #[error("more than {0} members")]
    TooMany(usize),
    /// A member that cannot be unpacked, or whose check sum is wrong.
    #[error("the member {name} is damaged: {problem}")]
    Damaged {
        /// The member's name.
        name: String,
        /// What the reader met.
        problem: String,
    },
}

impl ArchiveError {
    /// The member concerned, if one is.
    pub fn member(&self) -> Option<&str> {
        match self {
            Self::Duplicate(name) | Self::Renamed(name) | Self::TooLarge(name) | Self::Damaged { name, .. } => {
                Some(name)
            }
            Self::Form(_) | Self::TooMany(_) => None,
        }
    }
}

/// Writes the members as a deflated ZIP; the same members give the same bytes (times are all 1980-01-01).
///
/// # Errors
/// [`ArchiveError::Form`] when a member exceeds what plain ZIP can hold (4 GiB).
pub fn write_zip(members: &Members) -> Result<Vec<u8>, ArchiveError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let form = |error: ZipError| ArchiveError::Form(error.to_string());
    for (name, bytes) in members {
        zip.start_file(name.as_str(), options).map_err(form)?;
        zip.write_all(bytes)
            .map_err(|error| ArchiveError::Form(error.to_string()))?;
    }
    Ok(zip.finish().map_err(form)?.into_inner())
}

/// Reads every member, within limits.
///
/// # Errors
/// Any [`ArchiveError`].
pub fn read_zip(bytes: &[u8], limits: &Limits) -> Result<Members, ArchiveError> {
    let names = directory_names(bytes)?;
    if names.len() > limits.members {
        return Err(ArchiveError::TooMany(limits.members));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| ArchiveError::Form(error.to_string()))?;
    let mut members = Members::new();
    let mut total = 0_u64;
    for name in names {
        let damaged = |problem: String| ArchiveError::Damaged {
            name: name.clone(),
            problem,
        };
        let member = archive.by_name(&name).map_err(|error| damaged(error.to_string()))?;
        let (packed, claimed) = (member.compressed_size(), member.size());
        let by_ratio = packed.saturating_mul(limits.ratio).max(RATIO_FLOOR);
        let allowed = limits
            .member_bytes
            .min(limits.total_bytes.saturating_sub(total))
            .min(by_ratio);
        if claimed > allowed {
            return Err(ArchiveError::TooLarge(name));
        }
        // The claimed size may lie: read one byte more than claimed, and no further.
        let mut unpacked = Vec::new();
        member
            .take(claimed + 1)
            .read_to_end(&mut unpacked)
            .map_err(|error| damaged(error.to_string()))?;
        let length = u64::try_from(unpacked.len()).unwrap_or(u64::MAX);
        if length != claimed {
            return Err(damaged("its size is not the size that the directory gives".to_owned()));
        }
        total = total.saturating_add(length);
        members.insert(name, unpacked);
    }
    Ok(members)
}

/// Little-endian fields at fixed places, as ZIP has them.
struct Record<'a>(&'a [u8]);

impl<'a> Record<'a> {
    fn at(bytes: &'a [u8], offset: usize, signature: &[u8; 4], length: usize) -> Option<Self> {
        let rest = bytes.get(offset..)?;
        (rest.starts_with(signature) && rest.len() >= length).then_some(Self(rest))
    }

    fn u16(&self, at: usize) -> Option<usize> {
        Some(usize::from(u16::from_le_bytes(*self.0.get(at..)?.first_chunk()?)))
    }

    fn u32(&self, at: usize) -> Option<usize> {
        usize::try_from(u32::from_le_bytes(*self.0.get(at..)?.first_chunk()?)).ok()
    }

    fn slice(&self, at: usize, length: usize) -> Option<&'a [u8]> {
        self.0.get(at..at.checked_add(length)?)
    }
}

/// The names in the central directory, checked for repetition and against the names in front of the data. The `zip`
/// crate keeps only the last of two members with one name, which is why this walk exists.
fn directory_names(bytes: &[u8]) -> Result<Vec<String>, ArchiveError> {
    let form = |problem: &str| ArchiveError::Form(problem.to_owned());
    let cut = || form("its directory is cut short");
    let end = bytes.len().checked_sub(22).ok_or_else(|| form("too short"))?;
    let tail = Record::at(bytes, end, b"PK\x05\x06", 22).ok_or_else(|| form("it does not end as a ZIP file ends"))?;
    let (count, size, start) = (
        tail.u16(10).ok_or_else(cut)?,
        tail.u32(12).ok_or_else(cut)?,
        tail.u32(16).ok_or_else(cut)?,
    );
    if tail.u16(20) != Some(0) || start.checked_add(size) != Some(end) {
        return Err(form("there are bytes that belong to no member"));
    }
    let mut names = Vec::new();
    let mut seen = BTreeSet::new();
    let mut offset = start;
    while offset < end {
        let record = Record::at(bytes, offset, b"PK\x01\x02", 46).ok_or_else(cut)?;
        let (name_len, extra, comment, local) =
            (|| Some((record.u16(28)?, record.u16(30)?, record.u16(32)?, record.u32(42)?)))().ok_or_else(cut)?;
        let raw = record.slice(46, name_len).ok_or_else(cut)?;
        let name = std::str::from_utf8(raw)
            .map_err(|_encoding| form("a name is not UTF-8"))?
            .to_owned();
        let in_front = Record::at(bytes, local, b"PK\x03\x04", 30)
            .and_then(|header| header.slice(30, header.u16(26)?))
            .ok_or_else(cut)?;
        if in_front != raw {
            return Err(ArchiveError::Renamed(name));
        }
        if !seen.insert(name.clone()) {
            return Err(ArchiveError::Duplicate(name));
        }
        names.push(name);
        offset = offset.saturating_add(46 + name_len + extra + comment);
    }
    if names.len() == count && offset == end {
        Ok(names)
    } else {
        Err(form("its directory does not add up"))
    }
}
