//! The signature's value: CMS SignedData without content (RFC 5652, ETSI EN 319 122-1), ECDSA P-256 with SHA-256.
//!
//! Strict where others are generous: one signer, DER only, every certificate in the file part of one chain that is
//! checked up to its root, nothing unsigned beside it. So no byte of the value can differ unnoticed either.

use attest_ledger::Hash;
use cms::cert::CertificateChoices;
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{SignedAttributes, SignedData, SignerIdentifier, SignerInfo};
use der::asn1::{Any, ObjectIdentifier, OctetStringRef, SequenceOf};
use der::{Decode, Encode, Reader, Sequence, SliceReader};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{DerSignature, VerifyingKey};
use p256::pkcs8::DecodePublicKey;
use spki::AlgorithmIdentifierOwned;
use x509_cert::Certificate;
use x509_cert::ext::pkix::BasicConstraints;

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const ECDSA_WITH_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");

/// Who signed, by the certificates that the file carries: anybody can make certificates, so the reader compares.
#[derive(Debug)]
pub struct Signer {
    /// The certificate's subject.
    pub subject: String,
    /// SHA-256 of the signer's certificate.
    pub certificate: Hash,
    /// SHA-256 of the root that its chain leads to.
    pub root: Hash,
}

/// RFC 5035, with the default hash algorithm.
#[derive(Sequence)]
struct SigningCertificateV2<'a> {
    certs: SequenceOf<EssCertIdV2<'a>, 1>,
}

#[derive(Clone, Sequence)]
struct EssCertIdV2<'a> {
    hash: OctetStringRef<'a>,
}

/// Checks a value, padded with zeros, against the hash of what it covers.
pub(super) fn verify(padded: &[u8], digest: &Hash) -> Result<Signer, String> {
    let data = signed_data(padded)?;
    let signer = only_signer(&data)?;
    let attributes = signer.signed_attrs.as_ref().ok_or("it has no signed attributes")?;
    if attribute(attributes, CONTENT_TYPE)?
        .decode_as::<ObjectIdentifier>()
        .ok()
        != Some(DATA)
    {
        return Err("it is a signature over something else".to_owned());
    }
    if attribute(attributes, MESSAGE_DIGEST)?.value() != digest.as_bytes() {
        return Err("the file was changed after it was signed".to_owned());
    }
    let certificates = certificates(&data)?;
    let leaf = certificates
        .iter()
        .find(|certificate| names(signer, certificate))
        .ok_or("the signer's certificate is not in the file")?;
    let fingerprint = fingerprint(leaf)?;
    if !bound(attributes, &fingerprint)? {
        return Err("it was made for another certificate".to_owned());
    }
    // RFC 5652, 5.4: what is signed is the attributes as an explicit SET OF.
    check(leaf, &attributes.to_der().map_err(text)?, signer.signature.as_bytes())
        .map_err(|problem| format!("the signature is not by the certificate in the file: {problem}"))?;
    Ok(Signer {
        subject: leaf.tbs_certificate.subject.to_string(),
        certificate: fingerprint,
        root: root(leaf, &certificates)?,
    })
}

/// The one canonical spelling of a SignedData, then zeros up to the room that was kept.
fn signed_data(padded: &[u8]) -> Result<SignedData, String> {
    let header = SliceReader::new(padded)
        .and_then(|reader| reader.peek_header())
        .map_err(text)?;
    let length = header
        .encoded_len()
        .and_then(|head| head + header.length)
        .and_then(usize::try_from)
        .map_err(text)?;
    let (value, padding) = padded.split_at_checked(length).ok_or("it is cut off")?;
    if padding.iter().any(|byte| *byte != 0) {
        return Err("something stands behind the signature's value".to_owned());
    }
    let info = ContentInfo::from_der(value).map_err(text)?;
    let data: SignedData = info.content.decode_as().map_err(text)?;
    let again = ContentInfo {
        content_type: SIGNED_DATA,
        content: Any::encode_from(&data).map_err(text)?,
    };
    if again.to_der().map_err(text)? != value {
        return Err("it is not in the one form that DER allows".to_owned());
    }
    let plain = data.version == CmsVersion::V1
        && data.encap_content_info.econtent_type == DATA
        && data.encap_content_info.econtent.is_none()
        && data.crls.is_none()
        && data.digest_algorithms.len() == 1
        && data.digest_algorithms.iter().all(|algorithm| is(algorithm, SHA_256));
    if plain {
        Ok(data)
    } else {
        Err("it is of a kind that this program does not judge; ask a PDF reader".to_owned())
    }
}

fn only_signer(data: &SignedData) -> Result<&SignerInfo, String> {
    let mut signers = data.signer_infos.0.iter();
    let (Some(signer), None) = (signers.next(), signers.next()) else {
        return Err("it has not exactly one signer".to_owned());
    };
    let plain = signer.version == CmsVersion::V1
        && is(&signer.digest_alg, SHA_256)
        && is(&signer.signature_algorithm, ECDSA_WITH_SHA_256)
        && signer.unsigned_attrs.is_none();
    if plain {
        Ok(signer)
    } else {
        Err("it is of a kind that this program does not judge; ask a PDF reader".to_owned())
    }
}

fn is(algorithm: &AlgorithmIdentifierOwned, oid: ObjectIdentifier) -> bool {
    algorithm.oid == oid && algorithm.parameters.is_none()
}

/// The only value of the only attribute of this kind.
fn attribute(attributes: &SignedAttributes, oid: ObjectIdentifier) -> Result<&Any, String> {
    let mut found = attributes.iter().filter(|attribute| attribute.oid == oid);
    match (found.next(), found.next()) {
        (Some(attribute), None) if attribute.values.len() == 1 => attribute.values.get(0),
        _ => None,
    }
    .ok_or_else(|| format!("the signed attribute {oid} is not there exactly once"))
}

fn certificates(data: &SignedData) -> Result<Vec<Certificate>, String> {
    let set = data.certificates.as_ref().ok_or("it carries no certificate")?;
    set.0
        .iter()
        .map(|choice| match choice {
            CertificateChoices::Certificate(certificate) => Ok(certificate.clone()),
            CertificateChoices::Other(_) => Err("it carries something else than certificates".to_owned()),
        })
        .collect()
}

fn names(signer: &SignerInfo, certificate: &Certificate) -> bool {
    match &signer.sid {
        SignerIdentifier::IssuerAndSerialNumber(named) => {
            named.issuer == certificate.tbs_certificate.issuer
                && named.serial_number == certificate.tbs_certificate.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(_) => false,
    }
}

/// Is the signature bound to this very certificate?
fn bound(attributes: &SignedAttributes, fingerprint: &Hash) -> Result<bool, String> {
    let value = attribute(attributes, SIGNING_CERTIFICATE_V2)?.to_der().map_err(text)?;
    let named = SigningCertificateV2::from_der(&value).map_err(text)?;
    Ok(named
        .certs
        .get(0)
        .is_some_and(|id| id.hash.as_bytes() == fingerprint.as_bytes()))
}

/// Climbs from the signer's certificate to a root, over every certificate that the file carries; the root's fingerprint.
fn root(leaf: &Certificate, certificates: &[Certificate]) -> Result<Hash, String> {
    let mut current = leaf;
    for step in 1..=certificates.len() {
        let body = &current.tbs_certificate;
        let issuer = certificates
            .iter()
            .find(|certificate| certificate.tbs_certificate.subject == body.issuer)
            .ok_or("the certificates in the file do not lead to a root")?;
        let plain = is(&current.signature_algorithm, ECDSA_WITH_SHA_256) && is(&body.signature, ECDSA_WITH_SHA_256);
        let value = current.signature.as_bytes().filter(|_| plain);
        value
            .ok_or_else(|| "of a kind that this program does not judge".to_owned())
            .and_then(|value| check(issuer, &body.to_der().map_err(text)?, value))
            .map_err(|problem| format!("the certificate {} is not by its issuer: {problem}", body.subject))?;
        if issuer == current {
            return if step == certificates.len() {
                fingerprint(current)
            } else {
                Err("it carries certificates that do not belong to the signer".to_owned())
            };
        }
        let authority = issuer.tbs_certificate.get::<BasicConstraints>().map_err(text)?;
        if !authority.is_some_and(|(_, constraints)| constraints.ca) {
            return Err(format!(
                "the certificate {} may not sign others",
                issuer.tbs_certificate.subject
            ));
        }
        current = issuer;
    }
    Err("the certificates in the file do not lead to a root".to_owned())
}

fn check(certificate: &Certificate, message: &[u8], signature: &[u8]) -> Result<(), String> {
    let key = certificate
        .tbs_certificate
        .subject_public_key_info
        .to_der()
        .map_err(text)?;
    let key = VerifyingKey::from_public_key_der(&key).map_err(|_other| "its key is not ECDSA P-256".to_owned())?;
    let signature = DerSignature::try_from(signature).map_err(|_form| "it is malformed".to_owned())?;
    key.verify(message, &signature)
        .map_err(|_broken| "it does not verify".to_owned())
}

fn fingerprint(certificate: &Certificate) -> Result<Hash, String> {
    Ok(Hash::of(&[&certificate.to_der().map_err(text)?]))
}

fn text(error: der::Error) -> String {
    format!("it cannot be read: {error}")
}
