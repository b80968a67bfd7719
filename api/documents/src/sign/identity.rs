//! The laboratory's signing key with its certificates.

use chrono::{DateTime, Datelike, Days, Utc};
use der::{Decode, DecodePem, Encode, EncodePem};
use p256::SecretKey;
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey, LineEnding};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, date_time_ymd,
};
use x509_cert::Certificate;
use zeroize::Zeroizing;

use super::SignError;

/// id-kp-documentSigning, RFC 9336.
const DOCUMENT_SIGNING: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 3, 36];
const ROOT_YEARS: i32 = 20;
const LEAF_YEARS: i32 = 10;

/// An ECDSA P-256 key, its certificate and the chain up to the root. The key is
/// wiped from memory when dropped; `Debug` does not show it.
pub struct SigningIdentity {
    key: SecretKey,
    leaf: Certificate,
    /// Leaf first, root last.
    chain: Vec<Certificate>,
}

impl std::fmt::Debug for SigningIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningIdentity({})", self.leaf.tbs_certificate.subject)
    }
}

impl SigningIdentity {
    /// Makes a private root and a leaf for document signing. The root's key
    /// signs this one leaf and is then forgotten: there is nothing to steal,
    /// and a new identity later means a new root. Valid from the day before
    /// `now` (clocks differ), the leaf for 10 years, the root for 20.
    ///
    /// # Errors
    /// [`SignError::Identity`] when the name cannot stand in a certificate.
    pub fn generate(laboratory: &str, now: DateTime<Utc>) -> Result<Self, SignError> {
        let root_key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(unusable)?;
        let mut root = parameters(&format!("{laboratory} document root"), laboratory, now, ROOT_YEARS)?;
        root.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        root.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let root_certificate = root.self_signed(&root_key).map_err(unusable)?;

        let leaf_key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(unusable)?;
        let mut leaf = parameters(laboratory, laboratory, now, LEAF_YEARS)?;
        leaf.is_ca = IsCa::ExplicitNoCa;
        leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
        leaf.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::EmailProtection,
            ExtendedKeyUsagePurpose::Other(DOCUMENT_SIGNING.to_vec()),
        ];
        leaf.use_authority_key_identifier_extension = true;
        let issuer = Issuer::from_params(&root, &root_key);
        let leaf_certificate = leaf.signed_by(&leaf_key, &issuer).map_err(unusable)?;

        let pkcs8 = Zeroizing::new(leaf_key.serialize_der());
        Self::from_der(&pkcs8, &[leaf_certificate.der(), root_certificate.der()])
    }

    /// From a PKCS#8 key and certificates in DER, leaf first, root last: the
    /// laboratory's own, e.g. from a qualified provider.
    ///
    /// # Errors
    /// [`SignError::Identity`] when something does not parse, is not P-256, or
    /// the first certificate is not for this key.
    pub fn from_der(pkcs8: &[u8], chain: &[&[u8]]) -> Result<Self, SignError> {
        let chain = chain
            .iter()
            .map(|der| Certificate::from_der(der))
            .collect::<Result<_, _>>();
        Self::assemble(
            SecretKey::from_pkcs8_der(pkcs8).map_err(unusable)?,
            chain.map_err(unusable)?,
        )
    }

    /// From PEM as [`to_pem`](Self::to_pem) writes it: one `PRIVATE KEY`, then
    /// `CERTIFICATE`s, leaf first.
    ///
    /// # Errors
    /// As [`from_der`](Self::from_der).
    pub fn from_pem(pem: &str) -> Result<Self, SignError> {
        let (key, certificates) = pem
            .split_once("-----BEGIN CERTIFICATE-----")
            .ok_or_else(|| SignError::Identity("no certificate".into()))?;
        let chain = certificates
            .split("-----BEGIN CERTIFICATE-----")
            .map(|rest| Certificate::from_pem(format!("-----BEGIN CERTIFICATE-----{}\n", rest.trim_end())))
            .collect::<Result<_, _>>();
        Self::assemble(
            SecretKey::from_pkcs8_pem(key.trim()).map_err(unusable)?,
            chain.map_err(unusable)?,
        )
    }

    fn assemble(key: SecretKey, chain: Vec<Certificate>) -> Result<Self, SignError> {
        let leaf = chain
            .first()
            .cloned()
            .ok_or_else(|| SignError::Identity("no certificate".into()))?;
        let certified = leaf
            .tbs_certificate
            .subject_public_key_info
            .to_der()
            .map_err(unusable)?;
        let own = key.public_key().to_public_key_der().map_err(unusable)?;
        if certified != own.as_bytes() {
            return Err(SignError::Identity("the certificate is for another key".into()));
        }
        Ok(Self { key, leaf, chain })
    }

    /// Private key and certificates as PEM. Secret: store it encrypted.
    ///
    /// # Errors
    /// [`SignError::Identity`] when encoding fails.
    pub fn to_pem(&self) -> Result<Zeroizing<String>, SignError> {
        let mut pem = self.key.to_pkcs8_pem(LineEnding::LF).map_err(unusable)?;
        for certificate in &self.chain {
            pem.push_str(&certificate.to_pem(LineEnding::LF).map_err(unusable)?);
        }
        Ok(pem)
    }

    /// The private key as PKCS#8 DER. Secret: store it encrypted.
    ///
    /// # Errors
    /// [`SignError::Identity`] when encoding fails.
    pub fn key_der(&self) -> Result<Zeroizing<Vec<u8>>, SignError> {
        Ok(self.key.to_pkcs8_der().map_err(unusable)?.to_bytes())
    }

    /// Certificates as DER, leaf first, root last.
    ///
    /// # Errors
    /// [`SignError::Identity`] when encoding fails.
    pub fn chain_der(&self) -> Result<Vec<Vec<u8>>, SignError> {
        self.chain.iter().map(|c| c.to_der().map_err(unusable)).collect()
    }

    /// The signer's certificate as DER; its SHA-256 is the key's fingerprint.
    ///
    /// # Errors
    /// [`SignError::Identity`] when encoding fails.
    pub fn leaf_der(&self) -> Result<Vec<u8>, SignError> {
        self.leaf.to_der().map_err(unusable)
    }

    /// The root as PEM: what a verifier is given as trust anchor.
    ///
    /// # Errors
    /// [`SignError::Identity`] when encoding fails.
    pub fn root_pem(&self) -> Result<String, SignError> {
        self.chain
            .last()
            .unwrap_or(&self.leaf)
            .to_pem(LineEnding::LF)
            .map_err(unusable)
    }

    /// The signer's certificate.
    pub fn leaf(&self) -> &Certificate {
        &self.leaf
    }

    pub(super) fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    pub(super) fn key(&self) -> &SecretKey {
        &self.key
    }
}

fn unusable(error: impl std::fmt::Display) -> SignError {
    SignError::Identity(error.to_string())
}

fn parameters(
    common_name: &str,
    organisation: &str,
    now: DateTime<Utc>,
    years: i32,
) -> Result<CertificateParams, SignError> {
    let out_of_range = || SignError::Identity(format!("date {now} does not fit a certificate"));
    let from = now
        .checked_sub_days(Days::new(1))
        .filter(|d| (1970..9000).contains(&d.year()));
    let from = from.ok_or_else(out_of_range)?;
    let day = |n: u32| u8::try_from(n).map_err(unusable);
    // X.520 allows 64 characters in these attributes, and validators insist.
    let short = |text: &str| text.chars().take(64).collect::<String>();
    let mut name = DistinguishedName::new();
    name.push(DnType::OrganizationName, short(organisation));
    name.push(DnType::CommonName, short(common_name));
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = name;
    parameters.not_before = date_time_ymd(from.year(), day(from.month())?, day(from.day())?);
    // The 28th exists in every month.
    parameters.not_after = date_time_ymd(from.year() + years, day(from.month())?, day(from.day().min(28))?);
    Ok(parameters)
}
