//! Who was erased, outside the database and its backups (ledger.md): a backup from before the erasure still has the person's
//! wrapped key, and whoever restores it would bring the person back. This list outlives it.

use crate::Keyring;
use crate::files::KeyFileError;
use std::collections::BTreeSet;
use std::sync::PoisonError;
use uuid::Uuid;

/// The file, a person a line: the laboratory's id, a space, the person's pseudonymous id.
const LIST: &str = "erased-persons.list";

/// An erased person, by ids that tell nobody who it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ErasedPerson {
    /// The laboratory.
    pub tenant: Uuid,
    /// The person's pseudonymous id.
    pub subject: Uuid,
}

impl Keyring {
    /// Everybody who was erased.
    ///
    /// # Errors
    /// When the list cannot be read, others may read it, or a line of it is damaged: nothing may be served without it.
    pub fn erased(&self) -> Result<BTreeSet<ErasedPerson>, KeyFileError> {
        let Some(bytes) = self.folder.read(LIST)? else {
            return Ok(BTreeSet::new());
        };
        let damaged = |reason: String| KeyFileError::Damaged {
            path: LIST.into(),
            reason,
        };
        let text = String::from_utf8(bytes).map_err(|error| damaged(error.to_string()))?;
        // A last line without its end was being written when the machine stopped.
        let whole = text.rsplit_once('\n').map_or("", |(whole, _cut_off)| whole);
        (1_usize..)
            .zip(whole.lines())
            .map(|(number, line)| read(line).ok_or_else(|| damaged(format!("line {number} names no person"))))
            .collect()
    }

    /// Puts persons on the list who are not there yet; durable when this returns.
    ///
    /// # Errors
    /// As [`erased`](Self::erased), or when it cannot be written.
    pub fn remember_erased(&self, persons: &[ErasedPerson]) -> Result<(), KeyFileError> {
        let _alone = self.erasing.lock().unwrap_or_else(PoisonError::into_inner);
        let known = self.erased()?;
        let new: Vec<String> = persons
            .iter()
            .filter(|person| !known.contains(person))
            .map(|person| format!("{} {}", person.tenant, person.subject))
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        self.folder.append(LIST, &new)
    }
}

fn read(line: &str) -> Option<ErasedPerson> {
    let (tenant, subject) = line.split_once(' ')?;
    Some(ErasedPerson {
        tenant: tenant.parse().ok()?,
        subject: subject.parse().ok()?,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::PathBuf;

    fn folder() -> PathBuf {
        std::env::temp_dir().join(format!("attest-erased-{}", hex::encode(crate::random::<8>())))
    }

    fn person() -> ErasedPerson {
        ErasedPerson {
            tenant: Uuid::now_v7(),
            subject: Uuid::now_v7(),
        }
    }

    #[test]
    fn the_list_outlives_the_process_and_names_nobody_twice_att_43() {
        let folder = folder();
        let (anna, jan) = (person(), person());
        let keyring = Keyring::open(&folder).unwrap();
        assert!(keyring.erased().unwrap().is_empty());
        keyring.remember_erased(&[anna]).unwrap();
        keyring.remember_erased(&[anna, jan]).unwrap();
        let again = Keyring::open(&folder).unwrap();
        assert_eq!(again.erased().unwrap(), BTreeSet::from([anna, jan]));
        let file = folder.join(LIST);
        assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 2);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn what_a_crash_cut_off_is_not_read_and_does_not_spoil_what_follows() {
        let folder = folder();
        let (anna, jan) = (person(), person());
        let keyring = Keyring::open(&folder).unwrap();
        keyring.remember_erased(&[anna]).unwrap();
        let file = folder.join(LIST);
        let whole = fs::read_to_string(&file).unwrap();
        fs::write(&file, format!("{whole}0198")).unwrap();
        assert_eq!(keyring.erased().unwrap(), BTreeSet::from([anna]));
        keyring.remember_erased(&[jan]).unwrap();
        assert_eq!(keyring.erased().unwrap(), BTreeSet::from([anna, jan]));
    }

    #[test]
    fn a_damaged_line_is_told_and_not_skipped() {
        let folder = folder();
        let keyring = Keyring::open(&folder).unwrap();
        keyring.remember_erased(&[person()]).unwrap();
        let file = folder.join(LIST);
        let whole = fs::read_to_string(&file).unwrap();
        fs::write(&file, format!("nobody\n{whole}")).unwrap();
        assert!(matches!(keyring.erased(), Err(KeyFileError::Damaged { .. })));
    }
}
