//! The facts of a peer's certificate that are worth showing.

use hookloom_engine::ports::Certificate;
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

/// Reads a certificate in DER; none if it cannot be read (it was accepted unchecked then).
pub(crate) fn facts(der: &[u8], verified: bool) -> Option<Certificate> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let mut subject = certificate.subject().to_string();
    if subject.is_empty() {
        subject = alternative_names(&certificate).unwrap_or_default();
    }
    Some(Certificate {
        subject,
        issuer: certificate.issuer().to_string(),
        expires_at_ms: certificate
            .validity()
            .not_after
            .timestamp()
            .saturating_mul(1_000),
        verified,
    })
}

fn alternative_names(certificate: &X509Certificate<'_>) -> Option<String> {
    let names = certificate.subject_alternative_name().ok()??;
    let names = names
        .value
        .general_names
        .iter()
        .filter_map(|name| match name {
            GeneralName::DNSName(name) => Some(*name),
            _ => None,
        });
    Some(names.collect::<Vec<_>>().join(", "))
}
