//! Signed notes against published keys and signatures, checkpoints, cosignatures and policies.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use attest_ledger::checkpoint::{Checkpoint, CheckpointError};
use attest_ledger::merkle::empty_root;
use attest_ledger::note::{Algorithm, LocalSigner, Note, NoteError, NoteSignature, Signer, VerifierKey};
use attest_ledger::policy::Policy;
use ed25519_dalek::{Signer as _, SigningKey};
use support::{LOG, key, signer};

/// From the documentation of golang.org/x/mod/sumdb/note.
const NEUMANN: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const NEUMANN_NOTE: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\n\
    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
/// The key of the Go checksum database.
const SUMDB: &str = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";

#[test]
fn published_keys_and_signatures_verify() {
    for text in [NEUMANN, SUMDB] {
        assert_eq!(text.parse::<VerifierKey>().unwrap().to_string(), text);
    }
    let neumann: VerifierKey = NEUMANN.parse().unwrap();
    let note = Note::parse(NEUMANN_NOTE.as_bytes()).unwrap();
    assert_eq!(note.verify(&neumann), Ok(None));
    assert_eq!(note.to_string(), NEUMANN_NOTE);
    assert!(matches!(
        note.verify(&SUMDB.parse().unwrap()),
        Err(NoteError::Unsigned(_))
    ));
}

#[test]
fn every_flipped_bit_of_a_signed_note_is_noticed() {
    let neumann: VerifierKey = NEUMANN.parse().unwrap();
    for (place, bit) in (0..NEUMANN_NOTE.len()).flat_map(|place| (0..8).map(move |bit| (place, bit))) {
        let mut bytes = NEUMANN_NOTE.as_bytes().to_vec();
        bytes[place] ^= 1 << bit;
        let judged = Note::parse(&bytes).and_then(|note| note.verify(&neumann));
        assert!(judged.is_err(), "byte {place}, bit {bit}");
    }
}

#[test]
fn keys_that_are_none_are_refused() {
    for text in [
        "",
        "name",
        "name+00000000",
        "name+00000000+",
        &SUMDB.replace("033de0ae", "033de0af"),
        &SUMDB.replace("033de0ae", "033DE0AE"),
        &SUMDB.replace("sum.golang.org", "sum golang org"),
        &SUMDB.replace("Ac4z", "As4z"),
        &format!("{SUMDB}AAAA"),
    ] {
        assert!(text.parse::<VerifierKey>().is_err(), "{text}");
    }
    assert!(VerifierKey::new("weak", Algorithm::Ed25519, &[0; 32]).is_err());
    assert!(LocalSigner::new("two words", &[1; 32]).is_err());
    assert!(LocalSigner::new("a+b", &[1; 32]).is_err());
}

#[test]
fn notes_that_are_none_are_refused() {
    for text in [
        "",
        "\n",
        "text\n",
        "text\n\n",
        "text\n\n\n",
        "text\n\n— name AAAAAAA=",
        "text\n\n- name AAAAAAA=\n",
        "text\n\n— name\n",
        "text\n\n— name AAAA\n",
        "text\n\n— name AAAAAA==\n",
        "text\n\n— name !!!!!!!!\n",
        "te\txt\n\n— name AAAAAAA=\n",
        "text\n\n— na+me AAAAAAA=\n",
    ] {
        assert!(Note::parse(text.as_bytes()).is_err(), "{text:?}");
    }
    assert!(Note::parse(b"\xff\n\n\xe2\x80\x94 name AAAAAAA=\n").is_err());
    assert!(Note::sign("no newline", &[&signer()]).is_err());
    let many = format!("text\n\n{}", "— name AAAAAAA=\n".repeat(101));
    assert!(Note::parse(many.as_bytes()).is_err());
}

#[test]
fn a_second_signature_by_the_same_key_must_verify_too() {
    let mut note = Note::sign("text\n", &[&signer()]).unwrap();
    let mut forged: NoteSignature = note.signatures()[0].clone();
    forged.signature[10] ^= 1;
    note.attach(forged);
    assert!(matches!(note.verify(&key()), Err(NoteError::Forged(_))));
}

#[test]
fn rotation_leaves_both_signatures_readable() {
    let new = LocalSigner::new(LOG, &[0x43; 32]).unwrap();
    let note = Note::sign("text\n", &[&signer(), &new]).unwrap();
    let back = Note::parse(&note.to_bytes()).unwrap();
    assert_eq!(back, note);
    assert!(back.verify(&key()).is_ok() && back.verify(new.key()).is_ok());
}

#[test]
fn checkpoints_are_read_strictly() {
    let checkpoint = Checkpoint::new(LOG, 42, empty_root());
    let text = checkpoint.to_string();
    assert_eq!(
        text,
        format!("{LOG}\n42\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")
    );
    assert_eq!(text.parse(), Ok(checkpoint.clone()));
    let extended = Checkpoint {
        extensions: vec!["further".into()],
        ..checkpoint
    };
    assert_eq!(extended.to_string().parse(), Ok(extended));
    let refused = |text: String| text.parse::<Checkpoint>().unwrap_err();
    assert_eq!(refused(text.replace("42", "042")), CheckpointError::Size);
    assert_eq!(refused(text.replace("42", "+42")), CheckpointError::Size);
    assert_eq!(
        refused(text.replace("42", "99999999999999999999")),
        CheckpointError::Size
    );
    assert_eq!(refused(text.replace("47DE", "47D")), CheckpointError::Root);
    assert_eq!(refused(text.replace("uFU=", "uFV=")), CheckpointError::Root);
    assert_eq!(refused(text.replace(LOG, "")), CheckpointError::Origin);
    assert_eq!(refused(text.trim_end().to_owned()), CheckpointError::End);
    assert_eq!(refused(format!("{text}\n")), CheckpointError::End);
}

/// A witness as tlog-cosignature describes it.
fn cosign(note: &Note, name: &str, seed: u8, time: u64) -> (VerifierKey, NoteSignature) {
    let secret = SigningKey::from_bytes(&[seed; 32]);
    let key = VerifierKey::new(name, Algorithm::Cosignature, secret.verifying_key().as_bytes()).unwrap();
    let message = format!("cosignature/v1\ntime {time}\n{}", note.text());
    let mut signature = time.to_be_bytes().to_vec();
    signature.extend_from_slice(&secret.sign(message.as_bytes()).to_bytes());
    let line = NoteSignature {
        name: name.to_owned(),
        key_hash: key.key_hash(),
        signature,
    };
    (key, line)
}

#[test]
fn a_policy_is_satisfied_by_its_quorum_only() {
    let mut note = Note::sign(&Checkpoint::new(LOG, 1, empty_root()).to_string(), &[&signer()]).unwrap();
    let (alpha, alpha_line) = cosign(&note, "alpha.example", 1, 1_795_000_000);
    let (beta, beta_line) = cosign(&note, "beta.example", 2, 1_795_000_060);
    let (gamma, mut gamma_line) = cosign(&note, "gamma.example", 3, 1_795_000_120);
    let policy: Policy = format!(
        "# who must have seen it\nlog {} https://lab.example\nwitness a {alpha}\nwitness b {beta}\nwitness c {gamma}\n\
         group two 2 a b c\n\nquorum two\n",
        key()
    )
    .parse()
    .unwrap();
    assert!(policy.knows_log(&key()));
    assert!(!policy.knows_log(&SUMDB.parse().unwrap()));
    assert!(!policy.judge(&note).satisfied);
    note.attach(alpha_line);
    gamma_line.signature[20] ^= 1;
    note.attach(gamma_line);
    let one = policy.judge(&note);
    assert!(!one.satisfied);
    assert_eq!(one.cosigned, [("a".to_owned(), Some(1_795_000_000))]);
    assert_eq!(one.missing.len(), 2);
    note.attach(beta_line);
    assert!(policy.judge(&Note::parse(&note.to_bytes()).unwrap()).satisfied);
}

#[test]
fn policies_that_make_no_sense_are_refused_with_their_line() {
    let key = key();
    let refused = |text: &str| text.parse::<Policy>().unwrap_err().line;
    assert_eq!(refused(&format!("log {key}")), 0);
    assert_eq!(refused("log nonsense\nquorum none"), 1);
    assert_eq!(refused("quorum none\nquorum none"), 2);
    assert_eq!(refused("quorum w"), 1);
    assert_eq!(refused("group g any w\nquorum g"), 1);
    assert_eq!(refused(&format!("witness w {key}\nwitness w {key}\nquorum w")), 2);
    assert_eq!(refused(&format!("witness w {key}\ngroup g 2 w\nquorum g")), 2);
    assert_eq!(refused(&format!("witness w {key}\ngroup g 0 w\nquorum g")), 2);
    assert_eq!(refused("witnesses w\nquorum none"), 1);
    assert!("quorum none".parse::<Policy>().is_ok());
}
