//! What went wrong with an exchange, as a kind and a sentence for a person. No sentence holds a query, a header
//! or a body: those may be secret.

use std::error::Error;
use std::io;

use hookloom_engine::ports::{HttpError, HttpErrorKind, Timings};
use rustls::CertificateError;
use url::Url;

use crate::guard::Refused;
use crate::headers::BadHeader;
use crate::read::ReadError;
use crate::resolve::NotFound;

/// A failure before its times are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub kind: HttpErrorKind,
    pub message: String,
}

impl Failure {
    pub fn new(kind: HttpErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    pub fn timeout(target: &str, timeout_ms: i64) -> Self {
        Self::new(
            HttpErrorKind::Timeout,
            format!(
                "`{target}` did not answer within {timeout_ms} ms (timeout_ms); give it more time or \
                 look at the server"
            ),
        )
    }

    /// A failure of the client, from the chain of its causes.
    pub fn of_client(error: &reqwest::Error, target: &str) -> Self {
        let mut cause: Option<&(dyn Error + 'static)> = error.source();
        while let Some(error) = cause {
            if let Some(known) = of_cause(error, target) {
                return known;
            }
            cause = error.source();
        }
        if error.is_builder() {
            return Self::new(
                HttpErrorKind::Invalid,
                "The request cannot be sent: its URL or a header is not valid",
            );
        }
        if error.is_connect() {
            return Self::new(
                HttpErrorKind::Connect,
                format!("No connection to `{target}`; check the host and the port"),
            );
        }
        Self::new(
            HttpErrorKind::Interrupted,
            format!("The connection to `{target}` broke before the end of its answer"),
        )
    }

    pub fn of_read(error: &ReadError, target: &str) -> Self {
        match error {
            ReadError::TooLarge { .. } => {
                Self::new(HttpErrorKind::TooLarge, format!("`{target}`: {error}"))
            }
            ReadError::Undecodable { .. } => {
                Self::new(HttpErrorKind::Interrupted, format!("`{target}`: {error}"))
            }
            ReadError::Broken(error) => Self::of_client(error, target),
        }
    }

    pub fn with(self, mut timings: Timings) -> HttpError {
        if self.is_before_the_request() {
            timings.answer_ms = None;
        }
        HttpError {
            kind: self.kind,
            message: self.message,
            timings,
        }
    }
}

impl Failure {
    fn is_before_the_request(&self) -> bool {
        use HttpErrorKind as K;
        matches!(
            self.kind,
            K::Invalid | K::Refused | K::Dns | K::Connect | K::Tls
        )
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::new(HttpErrorKind::Refused, refused.to_string())
    }
}

impl From<BadHeader> for Failure {
    fn from(bad: BadHeader) -> Self {
        Self::new(HttpErrorKind::Invalid, bad.to_string())
    }
}

/// `host:port` of a URL: what messages name.
pub(crate) fn target_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

fn of_cause(cause: &(dyn Error + 'static), target: &str) -> Option<Failure> {
    if let Some(refused) = cause.downcast_ref::<Refused>() {
        return Some(refused.clone().into());
    }
    if let Some(NotFound { name, .. }) = cause.downcast_ref::<NotFound>() {
        return Some(Failure::new(
            HttpErrorKind::Dns,
            format!("The name `{name}` has no address; check its spelling and the network"),
        ));
    }
    if let Some(error) = cause.downcast_ref::<rustls::Error>() {
        return Some(of_tls(error, target));
    }
    if let Some(error) = cause.downcast_ref::<hyper::Error>()
        && error.is_parse()
    {
        return Some(Failure::new(
            HttpErrorKind::Interrupted,
            format!(
                "`{target}` answered with something that is no HTTP; check the port and the scheme"
            ),
        ));
    }
    let error = cause.downcast_ref::<io::Error>()?;
    // An I/O error that wraps another one hides it from the chain.
    if let Some(inner) = error.get_ref()
        && let Some(known) = of_cause(inner, target)
    {
        return Some(known);
    }
    of_io(error.kind(), target)
}

fn of_io(kind: io::ErrorKind, target: &str) -> Option<Failure> {
    let sentence = match kind {
        io::ErrorKind::ConnectionRefused => format!(
            "`{target}` refused the connection; check that the server runs and that the port is right"
        ),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            format!("There is no way to `{target}`; check the network")
        }
        io::ErrorKind::TimedOut => {
            format!("`{target}` did not take the connection; check the network")
        }
        io::ErrorKind::PermissionDenied => {
            format!("The system does not allow a connection to `{target}`; look at its firewall")
        }
        _ => return None,
    };
    Some(Failure::new(HttpErrorKind::Connect, sentence))
}

fn of_tls(error: &rustls::Error, target: &str) -> Failure {
    let why = match error {
        rustls::Error::InvalidCertificate(error) => certificate_sentence(error),
        rustls::Error::InvalidMessage(_) => {
            "it does not speak TLS; check the port, or use http:// instead".to_owned()
        }
        rustls::Error::AlertReceived(alert) => format!("it ended the handshake ({alert:?})"),
        other => format!("the handshake failed ({other})"),
    };
    Failure::new(
        HttpErrorKind::Tls,
        format!("No secure connection to `{target}`: {why}"),
    )
}

fn certificate_sentence(error: &CertificateError) -> String {
    use CertificateError as C;
    match error {
        C::Expired | C::ExpiredContext { .. } => {
            "its certificate has expired; it has to be renewed there"
        }
        C::NotValidYet | C::NotValidYetContext { .. } => {
            "its certificate is not valid yet; compare the clocks of both machines"
        }
        C::UnknownIssuer => {
            "its certificate is not signed by an authority that this system trusts; add the \
             authority to the system's store, or, for a call of a flow, switch off its validate_ssl"
        }
        C::NotValidForName | C::NotValidForNameContext { .. } => {
            "its certificate was made for another name; check the host in the URL"
        }
        C::Revoked => "its certificate was revoked; do not send anything there",
        _ => "its certificate is not valid",
    }
    .to_owned()
}
