//! The CAdES signature value: CMS SignedData without content (RFC 5652,
//! ETSI EN 319 122-1), ECDSA P-256 with SHA-256.

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedAttributes, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use der::asn1::{Any, ObjectIdentifier, OctetString, SetOfVec};
use der::{Decode, Encode, Sequence, Tag};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{DerSignature, SigningKey};
use sha2::{Digest, Sha256};
use spki::AlgorithmIdentifierOwned;
use x509_cert::Certificate;
use x509_cert::attr::Attribute;

use super::{SignError, SigningIdentity};

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const CMS_ALGORITHM_PROTECTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.52");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const ECDSA_WITH_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");

/// RFC 5035: binds the signature to this very certificate. SHA-256 is the
/// default of the hash algorithm and must then be absent in DER.
#[derive(Sequence)]
struct SigningCertificateV2 {
    certs: Vec<EssCertIdV2>,
}

#[derive(Sequence)]
struct EssCertIdV2 {
    hash: OctetString,
}

/// RFC 6211: protects the algorithm identifiers against substitution.
#[derive(Sequence)]
struct CmsAlgorithmProtection {
    digest: AlgorithmIdentifierOwned,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", constructed = "true")]
    signature: AlgorithmIdentifierOwned,
}

/// DER of a detached signature over content with this SHA-256. There is no
/// signing-time attribute: PAdES keeps the claimed time in `/M` only.
pub(super) fn detached_signature(digest: &[u8; 32], identity: &SigningIdentity) -> Result<Vec<u8>, SignError> {
    let leaf = identity.leaf();
    let signed_attributes = signed_attributes(digest, leaf)?;
    // RFC 5652, 5.4: what is signed is the attributes as an explicit SET OF.
    let signature: DerSignature = SigningKey::from(identity.key()).sign(&signed_attributes.to_der()?);

    let signer = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: leaf.tbs_certificate.issuer.clone(),
            serial_number: leaf.tbs_certificate.serial_number.clone(),
        }),
        digest_alg: algorithm(SHA_256),
        signed_attrs: Some(signed_attributes),
        signature_algorithm: algorithm(ECDSA_WITH_SHA_256),
        signature: OctetString::new(signature.as_bytes())?,
        // Level B-T puts the time-stamp token (1.2.840.113549.1.9.16.2.14) here.
        unsigned_attrs: None,
    };
    let certificates = identity.chain().iter().cloned().map(CertificateChoices::Certificate);
    let signed_data = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![algorithm(SHA_256)])?,
        encap_content_info: EncapsulatedContentInfo {
            econtent_type: DATA,
            econtent: None,
        },
        certificates: Some(CertificateSet(SetOfVec::try_from(certificates.collect::<Vec<_>>())?)),
        crls: None,
        signer_infos: SignerInfos(SetOfVec::try_from(vec![signer])?),
    };
    let content_info = ContentInfo {
        content_type: SIGNED_DATA,
        content: Any::encode_from(&signed_data)?,
    };
    Ok(content_info.to_der()?)
}

fn signed_attributes(digest: &[u8; 32], leaf: &Certificate) -> Result<SignedAttributes, SignError> {
    let certificate_hash = OctetString::new(Sha256::digest(leaf.to_der()?).as_slice())?;
    let attributes = vec![
        attribute(CONTENT_TYPE, Any::encode_from(&DATA)?)?,
        attribute(MESSAGE_DIGEST, Any::new(Tag::OctetString, digest.as_slice())?)?,
        attribute(
            SIGNING_CERTIFICATE_V2,
            Any::from_der(
                &SigningCertificateV2 {
                    certs: vec![EssCertIdV2 { hash: certificate_hash }],
                }
                .to_der()?,
            )?,
        )?,
        attribute(
            CMS_ALGORITHM_PROTECTION,
            Any::from_der(
                &CmsAlgorithmProtection {
                    digest: algorithm(SHA_256),
                    signature: algorithm(ECDSA_WITH_SHA_256),
                }
                .to_der()?,
            )?,
        )?,
    ];
    Ok(SetOfVec::try_from(attributes)?)
}

fn attribute(oid: ObjectIdentifier, value: Any) -> Result<Attribute, SignError> {
    Ok(Attribute {
        oid,
        values: SetOfVec::try_from(vec![value])?,
    })
}

/// Neither SHA-256 (RFC 5754) nor ECDSA with SHA-256 takes parameters.
fn algorithm(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: None }
}
