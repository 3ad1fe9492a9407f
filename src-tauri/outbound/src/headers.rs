//! Headers of ours, checked before anything is sent.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::percent_decode_str;
use url::Url;

/// Headers that describe the connection or the framing of the body. The client sets them; a second opinion is
/// how requests are smuggled.
const OURS: [&str; 9] = [
    "connection",
    "content-length",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// A header that cannot be sent. Holds no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadHeader {
    #[error("The header name `{name}` has characters that HTTP does not allow; correct it")]
    Name { name: String },
    #[error(
        "The value of the header `{name}` has characters that HTTP does not allow, such as a line \
         break; take them out"
    )]
    Value { name: String },
    #[error("The header `{name}` is set by Hookloom for each connection; take it out")]
    Ours { name: String },
}

/// The headers in their order, repeated names kept.
pub(crate) fn checked(headers: &[(String, String)]) -> Result<HeaderMap, BadHeader> {
    let mut checked = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let bad_name = || BadHeader::Name {
            name: name.chars().take(64).collect(),
        };
        let parsed = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad_name())?;
        if OURS.contains(&parsed.as_str()) {
            return Err(BadHeader::Ours { name: name.clone() });
        }
        let value = HeaderValue::from_bytes(value.as_bytes())
            .map_err(|_| BadHeader::Value { name: name.clone() })?;
        checked.append(parsed, value);
    }
    Ok(checked)
}

/// Takes name and password out of a URL: they are sent as a header, unless the request has one of its own.
pub(crate) fn take_credentials(url: &mut Url, headers: &mut HeaderMap) {
    if url.username().is_empty() && url.password().is_none() {
        return;
    }
    let decoded = |part: &str| percent_decode_str(part).collect::<Vec<u8>>();
    let (name, password) = (
        decoded(url.username()),
        decoded(url.password().unwrap_or_default()),
    );
    let credentials = BASE64.encode([name.as_slice(), b":", &password].concat());
    // Only URLs without a host refuse to lose these, and those cannot be called.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    if let Ok(mut value) = HeaderValue::try_from(format!("Basic {credentials}")) {
        value.set_sensitive(true);
        headers.entry(AUTHORIZATION).or_insert(value);
    }
}

/// Headers of an answer: lower-case names and values in the order received; what is no UTF-8 reads as Latin-1.
pub(crate) fn shown(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes())))
        .collect()
}

fn text(value: &[u8]) -> String {
    match std::str::from_utf8(value) {
        Ok(text) => text.to_owned(),
        Err(_) => value.iter().copied().map(char::from).collect(),
    }
}
