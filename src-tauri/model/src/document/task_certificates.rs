//! Certificates of a webhook task: whom its destination may be signed by, and what the task shows of itself.
//!
//! Whether a certificate can be read is found when it is used; here it is only told from what is none.

use super::names::{NameKind, read_name};
use super::reading::Reading;
use super::walk::{Node, Object};

/// The longest text of certificates.
pub const CERTIFICATES_CHARS_MAX: usize = 100_000;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// A certificate that a task shows, and the secret that holds its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCertificate {
    /// PEM, with the certificates that lead to the authority behind it.
    pub certificate: String,
    /// The name of the secret with the private key in PEM.
    pub secret: String,
}

/// Reads `ca_certificate`. The outer none: not sound.
pub(super) fn read_authorities(
    task: &Object<'_>,
    validate_ssl: bool,
    reading: &mut Reading,
) -> Option<Option<String>> {
    let Some(node) = task.get("ca_certificate") else {
        return Some(None);
    };
    if !validate_ssl {
        let message =
            "`ca_certificate` says who is believed, and \"validate_ssl\": false believes everybody";
        reading
            .report
            .warning_at("no_effect", &node.place, message)
            .hint("take `validate_ssl` out");
    }
    read_pem(&node, reading).map(Some)
}

/// Reads `client_certificate`. The outer none: not sound.
pub(super) fn read_client(
    task: &Object<'_>,
    reading: &mut Reading,
) -> Option<Option<ClientCertificate>> {
    let Some(node) = task.get("client_certificate") else {
        return Some(None);
    };
    let report = &mut reading.report;
    let object = node.object(report)?;
    object.check_keys(
        "`client_certificate`",
        &["certificate", "secret"],
        &[],
        report,
    );
    let secret = object
        .required("secret", "it names the secret with the private key", report)
        .and_then(|node| read_name(&node, NameKind::Expression, "a secret", report));
    let certificate = object
        .required("certificate", "it is the certificate in PEM", report)
        .and_then(|node| read_pem(&node, reading));
    Some(Some(ClientCertificate {
        certificate: certificate?,
        secret: secret?.to_owned(),
    }))
}

fn read_pem(node: &Node<'_>, reading: &mut Reading) -> Option<String> {
    let report = &mut reading.report;
    let text = node.short_text(CERTIFICATES_CHARS_MAX, report)?;
    if text.contains("PRIVATE KEY-----") {
        report
            .error(
                "bad_certificate",
                node,
                "a private key does not belong into a document",
            )
            .hint("store it as a secret, and name that with `secret` of `client_certificate`");
        return None;
    }
    let begins = text.matches(BEGIN).count();
    if begins == 0 || begins != text.matches(END).count() {
        report
            .error("bad_certificate", node, "this is no certificate in PEM")
            .hint(format!("it begins with `{BEGIN}` and ends with `{END}`"));
        return None;
    }
    Some(text.to_owned())
}
