//! The ZIP around a bundle: deterministic to write, distrustful to read.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::io::{Cursor, Write as _};

use attest_ledger::bundle::{ArchiveError, Limits, Members, member, read_zip, write_zip};
use support::{Log, signed};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

fn bundle() -> Members {
    signed(Log::sample(11).range(3, 8, true))
}

fn zip_of(files: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(vec![]));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default().compression_method(method))
            .unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Gives the last member of an archive another name of the same length, where asked.
fn rename(zip: &mut [u8], from: &str, to: &str, occurrences: &[usize]) {
    let places: Vec<usize> = (0..zip.len() - from.len())
        .filter(|at| zip[*at..].starts_with(from.as_bytes()))
        .collect();
    for occurrence in occurrences {
        zip[places[*occurrence]..][..to.len()].copy_from_slice(to.as_bytes());
    }
}

#[test]
fn the_same_members_give_the_same_bytes_and_come_back() {
    let members = bundle();
    let zip = write_zip(&members).unwrap();
    assert_eq!(zip, write_zip(&members).unwrap());
    assert_eq!(read_zip(&zip, &Limits::default()).unwrap(), members);
    let files: Vec<(&str, &[u8])> = members
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect();
    let stored = zip_of(&files, CompressionMethod::Stored);
    assert_eq!(read_zip(&stored, &Limits::default()).unwrap(), members);
}

#[test]
fn two_members_of_one_name_are_refused() {
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let mut zip = zip_of(&[("one.txt", b"first"), ("two.txt", b"second")], method);
        rename(&mut zip, "two.txt", "one.txt", &[0, 1]);
        assert_eq!(
            read_zip(&zip, &Limits::default()),
            Err(ArchiveError::Duplicate("one.txt".into()))
        );
    }
}

#[test]
fn a_name_that_differs_in_front_of_the_data_is_refused() {
    let mut zip = zip_of(
        &[("one.txt", b"first"), ("two.txt", b"second")],
        CompressionMethod::Stored,
    );
    rename(&mut zip, "two.txt", "six.txt", &[0]);
    assert_eq!(
        read_zip(&zip, &Limits::default()),
        Err(ArchiveError::Renamed("two.txt".into()))
    );
}

#[test]
fn a_bomb_is_refused_before_it_unpacks() {
    let zeros = vec![0_u8; 8 << 20];
    let bomb = zip_of(&[(member::ENTRIES, &zeros)], CompressionMethod::Deflated);
    assert!(bomb.len() < 20_000);
    let refused = Err(ArchiveError::TooLarge(member::ENTRIES.into()));
    assert_eq!(read_zip(&bomb, &Limits::default()), refused);
    let small = Limits {
        member_bytes: 100,
        ..Limits::default()
    };
    assert_eq!(
        read_zip(
            &zip_of(&[(member::ENTRIES, &[1; 101])], CompressionMethod::Stored),
            &small
        ),
        refused
    );
    let together = Limits {
        total_bytes: 150,
        ..Limits::default()
    };
    let two = zip_of(
        &[("a", &[1; 100]), (member::ENTRIES, &[1; 100])],
        CompressionMethod::Stored,
    );
    assert_eq!(read_zip(&two, &together), refused);
    let names: Vec<String> = (0..40).map(|number| number.to_string()).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
    assert_eq!(
        read_zip(&zip_of(&files, CompressionMethod::Stored), &Limits::default()),
        Err(ArchiveError::TooMany(32))
    );
}

#[test]
fn a_size_that_lies_does_not_unpack_further() {
    let zeros = vec![0_u8; 1 << 20];
    let mut zip = zip_of(&[("a.txt", &zeros)], CompressionMethod::Deflated);
    let size = u32::try_from(zeros.len()).unwrap().to_le_bytes();
    let places: Vec<usize> = (0..zip.len() - 4).filter(|at| zip[*at..].starts_with(&size)).collect();
    assert!(!places.is_empty());
    for place in places {
        zip[place..place + 4].copy_from_slice(&10_u32.to_le_bytes());
    }
    assert!(matches!(
        read_zip(&zip, &Limits::default()),
        Err(ArchiveError::Damaged { .. })
    ));
}

#[test]
fn bytes_outside_the_archive_are_refused() {
    let zip = write_zip(&bundle()).unwrap();
    for (before, after) in [(&b"x"[..], &b""[..]), (b"", b"x"), (b"%PDF-1.7\n", b"")] {
        let wrapped = [before, &zip, after].concat();
        assert!(matches!(
            read_zip(&wrapped, &Limits::default()),
            Err(ArchiveError::Form(_))
        ));
    }
    for cut in 0..zip.len() {
        assert!(read_zip(&zip[..cut], &Limits::default()).is_err());
    }
}

#[test]
fn no_flipped_byte_of_the_archive_gives_other_members_or_a_panic() {
    let members = bundle();
    let zip = write_zip(&members).unwrap();
    for place in 0..zip.len() {
        let mut broken = zip.clone();
        broken[place] ^= 0xff;
        // A flipped time stamp or attribute is no change of the bundle; anything else is refused here or by its hash.
        if let Ok(read) = read_zip(&broken, &Limits::default())
            && read != members
        {
            assert!(!attest_ledger::bundle::verify_bundle(&read, &support::key(), None, None).holds());
        }
    }
}
