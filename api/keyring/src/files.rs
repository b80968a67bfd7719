//! Key files: one secret a file, 0600, never readable by group or others.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Why a key could not be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file or folder could not be read or written.
    #[error("key file {path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Others may read the file: it must be considered leaked.
    #[error("key file {path} is readable by others (mode {mode:o}); set it to 0600 and consider the key leaked")]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its mode bits.
        mode: u32,
    },
    /// The content is not what a key of this kind looks like.
    #[error("key file {path} is damaged: {reason}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A new key could not be made.
    #[error("could not make {name}: {reason}")]
    NotMade {
        /// The key's name.
        name: String,
        /// What its maker said.
        reason: String,
    },
}

/// The folder that holds the key files.
#[derive(Clone, Debug)]
pub struct KeyFolder {
    path: PathBuf,
}

impl KeyFolder {
    /// Opens the folder, making it (0700) when it is missing.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(path: &Path) -> Result<Self, KeyFileError> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .map_err(|source| KeyFileError::Io {
                path: path.to_owned(),
                source,
            })?;
        Ok(Self { path: path.to_owned() })
    }

    /// A 32-byte secret, made at random when the file does not exist.
    ///
    /// # Errors
    /// As [`KeyFileError`].
    pub fn secret(&self, name: &str) -> Result<[u8; 32], KeyFileError> {
        let bytes = self.document(name, || {
            Ok::<_, io::Error>(hex::encode(crate::random::<32>()).into_bytes())
        })?;
        self.decoded(name, bytes)
    }

    /// A 32-byte secret, or nothing when the file does not exist.
    ///
    /// # Errors
    /// As [`KeyFileError`].
    pub fn secret_if_there(&self, name: &str) -> Result<Option<[u8; 32]>, KeyFileError> {
        self.read(name)?.map(|bytes| self.decoded(name, bytes)).transpose()
    }

    fn decoded(&self, name: &str, bytes: Vec<u8>) -> Result<[u8; 32], KeyFileError> {
        let damaged = |reason: String| KeyFileError::Damaged {
            path: self.path.join(name),
            reason,
        };
        let text = String::from_utf8(bytes).map_err(|error| damaged(error.to_string()))?;
        let raw = hex::decode(text.trim()).map_err(|error| damaged(error.to_string()))?;
        <[u8; 32]>::try_from(raw).map_err(|raw| damaged(format!("{} bytes, not 32", raw.len())))
    }

    /// A document of any content, made by `make` when the file does not exist.
    ///
    /// # Errors
    /// As [`KeyFileError`].
    pub fn document<E>(&self, name: &str, make: impl FnOnce() -> Result<Vec<u8>, E>) -> Result<Vec<u8>, KeyFileError>
    where
        E: std::fmt::Display,
    {
        if let Some(found) = self.read(name)? {
            return Ok(found);
        }
        let made = make().map_err(|error| KeyFileError::NotMade {
            name: name.to_owned(),
            reason: error.to_string(),
        })?;
        if self.create(name, &made)? {
            return Ok(made);
        }
        // Another process was faster; its key is the key.
        self.read(name)?.ok_or_else(|| KeyFileError::NotMade {
            name: name.to_owned(),
            reason: "it vanished".to_owned(),
        })
    }

    /// The file's content, or nothing when it does not exist.
    ///
    /// # Errors
    /// When it exists but cannot be read, or others may read it.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>, KeyFileError> {
        let path = self.path.join(name);
        let failed = |source| KeyFileError::Io {
            path: path.clone(),
            source,
        };
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(failed(source)),
        };
        let mode = file.metadata().map_err(failed)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(KeyFileError::Exposed { path, mode });
        }
        let mut content = Vec::new();
        file.read_to_end(&mut content).map_err(failed)?;
        Ok(Some(content))
    }

    /// Replaces a file's content so that a power cut leaves either the old or the new one, durable when this returns.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn replace(&self, name: &str, content: &[u8]) -> Result<(), KeyFileError> {
        let path = self.path.join(name);
        let partial = self.path.join(format!("{name}.new"));
        self.write(&partial, content, true)
            .and_then(|()| moved(&partial, &path))
            .map_err(|source| KeyFileError::Io { path, source })
    }

    /// Puts one file in the place of another in one step, durable when this returns.
    ///
    /// # Errors
    /// When it cannot be done.
    pub fn rename(&self, from: &str, to: &str) -> Result<(), KeyFileError> {
        let path = self.path.join(to);
        moved(&self.path.join(from), &path).map_err(|source| KeyFileError::Io { path, source })
    }

    /// Waits until no other holder has the lock of this name; held until the file is dropped, or its process ends.
    ///
    /// # Errors
    /// When it cannot be taken.
    pub fn lock(&self, name: &str) -> Result<File, KeyFileError> {
        let path = self.path.join(name);
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .and_then(|file| match file.lock() {
                // A file system without locks: the lease of the duty keeps signers apart.
                Err(error) if error.kind() != io::ErrorKind::Unsupported => Err(error),
                _ => Ok(file),
            })
            .map_err(|source| KeyFileError::Io { path, source })
    }

    /// Adds lines to a file that only grows, durable when this returns. What a crash left half-written goes first: nobody was
    /// told that it was there.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn append(&self, name: &str, lines: &[String]) -> Result<(), KeyFileError> {
        let path = self.path.join(name);
        let add = || {
            let mut file = OpenOptions::new()
                .read(true)
                .append(true)
                .create(true)
                .mode(0o600)
                .open(&path)?;
            let mut there = Vec::new();
            file.read_to_end(&mut there)?;
            let whole = there
                .iter()
                .rposition(|byte| *byte == b'\n')
                .map_or(0, |end| end.saturating_add(1));
            if whole < there.len() {
                file.set_len(u64::try_from(whole).map_err(io::Error::other)?)?;
            }
            let text: String = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            durable(&path)
        };
        add().map_err(|source| KeyFileError::Io {
            path: path.clone(),
            source,
        })
    }

    /// Creates a file; false when it exists already. A half-written key is never visible under the final name.
    fn create(&self, name: &str, content: &[u8]) -> Result<bool, KeyFileError> {
        let path = self.path.join(name);
        let failed = |source| KeyFileError::Io {
            path: path.clone(),
            source,
        };
        if let Some(parent) = path.parent() {
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(parent)
                .map_err(failed)?;
        }
        let partial = self.path.join(format!("{name}.{}", hex::encode(crate::random::<8>())));
        self.write(&partial, content, true).map_err(failed)?;
        let linked = match fs::hard_link(&partial, &path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(source) => Err(failed(source)),
        };
        fs::remove_file(&partial)
            .and_then(|()| durable(&path))
            .map_err(failed)?;
        linked
    }

    fn write(&self, path: &Path, content: &[u8], sync: bool) -> io::Result<()> {
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(path)?;
        file.write_all(content)?;
        if sync { file.sync_all() } else { Ok(()) }
    }
}

fn moved(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    durable(to)
}

/// The file's name, not only its content, is on the disk.
fn durable(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}
