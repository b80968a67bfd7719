//! The signature, checked by hand: what it covers, what it says, what it refuses.
//! Independent validators are in `tests/validators` of the repository.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use attest_documents::report::TWIN_NAME;
use attest_documents::{SignError, SigningIdentity, render_report, sign_pdf};
use cms::content_info::ContentInfo;
use cms::signed_data::SignedData;
use der::{Decode, Encode};
use lopdf::{Dictionary, Document};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{DerSignature, VerifyingKey};
use p256::pkcs8::DecodePublicKey;
use sha2::{Digest, Sha256};
use support::{attachments, identity, signature_info, water};

/// Signature dictionaries in the order of their fields.
fn signatures(pdf: &[u8]) -> Vec<Dictionary> {
    let document = Document::load_mem(pdf).unwrap();
    let form = document
        .catalog()
        .unwrap()
        .get(b"AcroForm")
        .unwrap()
        .as_dict()
        .unwrap()
        .clone();
    assert_eq!(form.get(b"SigFlags").unwrap().as_i64().unwrap(), 3);
    form.get(b"Fields")
        .unwrap()
        .as_array()
        .unwrap()
        .iter()
        .map(|field| {
            let field = document.get_dictionary(field.as_reference().unwrap()).unwrap();
            document
                .get_dictionary(field.get(b"V").unwrap().as_reference().unwrap())
                .unwrap()
                .clone()
        })
        .collect()
}

fn byte_range(signature: &Dictionary) -> Vec<usize> {
    let range = signature.get(b"ByteRange").unwrap().as_array().unwrap();
    range
        .iter()
        .map(|n| usize::try_from(n.as_i64().unwrap()).unwrap())
        .collect()
}

fn covered(pdf: &[u8], range: &[usize]) -> Vec<u8> {
    [&pdf[range[0]..range[0] + range[1]], &pdf[range[2]..range[2] + range[3]]].concat()
}

fn signed_data(signature: &Dictionary) -> SignedData {
    let contents = signature.get(b"Contents").unwrap().as_str().unwrap();
    // The value is padded with zeros up to the room kept for it.
    let length = 4 + usize::from(u16::from_be_bytes([contents[2], contents[3]]));
    let info = ContentInfo::from_der(&contents[..length]).unwrap();
    info.content.decode_as().unwrap()
}

#[test]
fn the_document_is_an_exact_prefix_and_all_but_the_value_is_covered() {
    let pdf = render_report(&water()).unwrap();
    let signed = sign_pdf(&pdf, &identity(), &signature_info()).unwrap();
    assert_eq!(&signed[..pdf.len()], &pdf[..]);

    let range = byte_range(&signatures(&signed)[0]);
    assert_eq!(range[0], 0);
    assert_eq!(range[2] + range[3], signed.len());
    assert_eq!(signed[range[1]], b'<');
    assert_eq!(signed[range[2] - 1], b'>');
    assert_eq!(range[2] - range[1], 16_384 + 2);
    assert!(signed[range[1] + 1..range[2] - 1].iter().all(u8::is_ascii_hexdigit));
}

#[test]
fn the_signature_verifies_under_the_certificate_it_carries() {
    let identity = identity();
    let signed = sign_pdf(&render_report(&water()).unwrap(), &identity, &signature_info()).unwrap();
    let dictionary = &signatures(&signed)[0];
    assert_eq!(
        dictionary.get(b"SubFilter").unwrap().as_name().unwrap(),
        b"ETSI.CAdES.detached"
    );
    let data = signed_data(dictionary);
    assert!(data.encap_content_info.econtent.is_none());
    assert_eq!(data.certificates.as_ref().unwrap().0.len(), 2);

    let signer = data.signer_infos.0.get(0).unwrap();
    let attributes = signer.signed_attrs.as_ref().unwrap();
    let value = |oid: &str| {
        let found = attributes.iter().find(|a| a.oid.to_string() == oid);
        found.map(|a| a.values.get(0).unwrap().value().to_vec())
    };
    let digest = Sha256::digest(covered(&signed, &byte_range(dictionary)));
    assert_eq!(
        value("1.2.840.113549.1.9.4").unwrap(),
        digest.as_slice(),
        "messageDigest"
    );
    assert!(value("1.2.840.113549.1.9.16.2.47").is_some(), "signingCertificateV2");
    assert!(value("1.2.840.113549.1.9.52").is_some(), "CMSAlgorithmProtection");
    assert!(value("1.2.840.113549.1.9.5").is_none(), "PAdES forbids signing-time");

    let spki = identity
        .leaf()
        .tbs_certificate
        .subject_public_key_info
        .to_der()
        .unwrap();
    let key = VerifyingKey::from_public_key_der(&spki).unwrap();
    let signature = DerSignature::try_from(signer.signature.as_bytes()).unwrap();
    let message = attributes.to_der().unwrap();
    key.verify(&message, &signature).unwrap();
    let mut other = message.clone();
    *other.last_mut().unwrap() ^= 1;
    assert!(key.verify(&other, &signature).is_err());
}

#[test]
fn signing_is_deterministic_and_keeps_pages_and_attachments() {
    let (identity, pdf) = (identity(), render_report(&water()).unwrap());
    let signed = sign_pdf(&pdf, &identity, &signature_info()).unwrap();
    assert_eq!(signed, sign_pdf(&pdf, &identity, &signature_info()).unwrap());
    assert_eq!(attachments(&signed)[TWIN_NAME], attachments(&pdf)[TWIN_NAME]);
    assert_eq!(support::page_count(&signed), support::page_count(&pdf));
    assert_eq!(support::text(&signed), support::text(&pdf));
}

#[test]
fn a_second_person_can_sign_without_breaking_the_first_signature() {
    let pdf = render_report(&water()).unwrap();
    let once = sign_pdf(&pdf, &identity(), &signature_info()).unwrap();
    let twice = sign_pdf(&once, &identity(), &signature_info()).unwrap();
    assert_eq!(&twice[..once.len()], &once[..]);
    let both = signatures(&twice);
    assert_eq!(both.len(), 2);
    for signature in &both {
        let digest = Sha256::digest(covered(&twice, &byte_range(signature)));
        let data = signed_data(signature);
        let attributes = data.signer_infos.0.get(0).unwrap().signed_attrs.clone().unwrap();
        assert!(attributes.to_der().unwrap().windows(32).any(|w| w == digest.as_slice()));
    }
    let last = byte_range(&both[1]);
    assert_eq!(last[2] + last[3], twice.len());
}

#[test]
fn the_first_half_of_the_file_id_stays_and_the_second_changes() {
    let pdf = render_report(&water()).unwrap();
    let signed = sign_pdf(&pdf, &identity(), &signature_info()).unwrap();
    let id = |bytes: &[u8]| {
        Document::load_mem(bytes)
            .unwrap()
            .trailer
            .get(b"ID")
            .unwrap()
            .as_array()
            .unwrap()
            .clone()
    };
    assert_eq!(id(&pdf)[0].as_str().unwrap(), id(&signed)[0].as_str().unwrap());
    assert_ne!(id(&pdf)[1].as_str().unwrap(), id(&signed)[1].as_str().unwrap());
}

#[test]
fn an_identity_survives_pem_and_der() {
    let identity = identity();
    let again = SigningIdentity::from_pem(&identity.to_pem().unwrap()).unwrap();
    let chain = identity.chain_der().unwrap();
    let parts: Vec<&[u8]> = chain.iter().map(Vec::as_slice).collect();
    let third = SigningIdentity::from_der(&identity.key_der().unwrap(), &parts).unwrap();
    let pdf = render_report(&water()).unwrap();
    let signed = sign_pdf(&pdf, &identity, &signature_info()).unwrap();
    assert_eq!(signed, sign_pdf(&pdf, &again, &signature_info()).unwrap());
    assert_eq!(signed, sign_pdf(&pdf, &third, &signature_info()).unwrap());
    assert_eq!(again.root_pem().unwrap(), identity.root_pem().unwrap());
    assert!(!format!("{identity:?}").contains("PRIVATE"));
}

#[test]
fn a_key_with_another_keys_certificate_is_refused() {
    let (one, other) = (identity(), identity());
    let chain = other.chain_der().unwrap();
    let parts: Vec<&[u8]> = chain.iter().map(Vec::as_slice).collect();
    let mixed = SigningIdentity::from_der(&one.key_der().unwrap(), &parts);
    assert!(matches!(mixed, Err(SignError::Identity(_))));
    assert!(SigningIdentity::from_der(&one.key_der().unwrap(), &[]).is_err());
    assert!(SigningIdentity::from_pem("no key here").is_err());
}

#[test]
fn long_and_empty_names_of_laboratories_get_certificates() {
    for name in ["", "Ł", &"Laboratorium ".repeat(30)] {
        SigningIdentity::generate(name, chrono::Utc::now()).unwrap();
    }
}

#[test]
fn what_is_not_a_pdf_is_refused() {
    for bytes in [&b""[..], b"%PDF-1.7\n", b"hello", &[0; 2_000]] {
        assert!(matches!(
            sign_pdf(bytes, &identity(), &signature_info()),
            Err(SignError::Document(_))
        ));
    }
}
