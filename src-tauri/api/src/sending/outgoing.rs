//! A request on its way to our own receiver: what is sent, and what of it may be shown.

use bytes::Bytes;
use hookloom_engine::ports::OutgoingRequest;
use hookloom_engine::record::body_text;
use hookloom_model::document::Endpoint;
use hookloom_sensitive::MASK;
use http::Method;
use url::Url;

use crate::masked::Masked;
use crate::parts::{Header, SentRequest};

/// The query parameter that carries a shared key.
const KEY: &str = "key";
/// What stands before a token in a path.
const TOKEN_ROOT: &str = "/hook/";
/// An answer is read up to here.
const ANSWER_BYTES_MAX: u64 = 1024 * 1024;
/// Shorter than the time that an operation has.
const TIMEOUT_MS: i64 = 50_000;
/// A body is shown up to here.
const BODY_SHOWN_BYTES_MAX: usize = 64 * 1024;

/// A request. It holds credentials: it has no `Debug`.
pub(super) struct Outgoing {
    pub method: Method,
    pub url: Url,
    headers: Vec<(String, String)>,
    /// Names of headers that are shown masked, lower case.
    hidden: Vec<String>,
    pub body: Bytes,
}

impl Outgoing {
    pub fn new(method: Method, url: Url, body: Bytes) -> Self {
        Self {
            method,
            url,
            headers: Vec::new(),
            hidden: Vec::new(),
            body,
        }
    }

    /// A header beside those of the same name.
    pub fn push_header(&mut self, name: String, value: String) {
        self.headers.push((name, value));
    }

    /// A header in place of those of the same name.
    pub fn set_header(&mut self, name: &str, value: &str) {
        let name = name.to_ascii_lowercase();
        self.headers
            .retain(|(known, _)| !known.eq_ignore_ascii_case(&name));
        self.headers.push((name, value.to_owned()));
    }

    /// The same, and nobody gets to see it.
    pub fn set_secret_header(&mut self, name: &str, value: &str) {
        self.hidden.push(name.to_ascii_lowercase());
        self.set_header(name, value);
    }

    pub fn has_header(&self, name: &str) -> bool {
        let mut names = self.headers.iter().map(|(name, _)| name);
        names.any(|known| known.eq_ignore_ascii_case(name))
    }

    /// The shared key, in place of any that is there.
    pub fn set_key(&mut self, key: &str) {
        let others: Vec<(String, String)> = self
            .url
            .query_pairs()
            .filter(|(name, _)| !is_key(name))
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        let mut query = self.url.query_pairs_mut();
        query.clear().extend_pairs(others).append_pair(KEY, key);
    }

    /// For the one HTTP client.
    pub fn to_send(&self) -> OutgoingRequest {
        OutgoingRequest {
            method: self.method.clone(),
            url: self.url.clone(),
            headers: self.headers.clone(),
            body: self.body.clone(),
            timeout_ms: TIMEOUT_MS,
            validate_ssl: true,
            host_from_request: false,
            inner_destinations: Default::default(),
            answer_bytes_max: ANSWER_BYTES_MAX,
            redirects: None,
            certificates: None,
        }
    }

    /// What was sent, without what lets somebody in.
    pub fn shown(&self, endpoint: &Endpoint, masked: &Masked) -> SentRequest {
        let is_hidden = |name: &str| {
            endpoint.is_credential_header(name)
                || endpoint.is_key_header(name)
                || self
                    .hidden
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(name))
        };
        let headers = self.headers.iter().map(|(name, value)| Header {
            name: name.clone(),
            value: match is_hidden(name) {
                true => MASK.to_owned(),
                false => masked.text(value.clone()),
            },
        });
        let (body, is_cut) = body_text(&self.body);
        let mut body = masked.text(body);
        let body_truncated = is_cut || body.len() > BODY_SHOWN_BYTES_MAX;
        body.truncate(body.floor_char_boundary(BODY_SHOWN_BYTES_MAX));
        SentRequest {
            method: self.method.to_string(),
            url: masked.text(shown_url(&self.url)),
            headers: headers.collect(),
            body,
            body_truncated,
        }
    }
}

/// Whether a query parameter is the shared key, however it is written.
pub(super) fn is_key(name: &str) -> bool {
    name.eq_ignore_ascii_case(KEY)
}

/// A URL with its token and every key masked.
fn shown_url(url: &Url) -> String {
    let origin = url.origin().ascii_serialization();
    let path = match url.path().strip_prefix(TOKEN_ROOT) {
        Some(_) => format!("{TOKEN_ROOT}{MASK}"),
        None => url.path().to_owned(),
    };
    let mut shown = format!("{origin}{path}");
    for (position, pair) in url
        .query()
        .iter()
        .flat_map(|query| query.split('&'))
        .enumerate()
    {
        shown.push(if position == 0 { '?' } else { '&' });
        let name = url::form_urlencoded::parse(pair.as_bytes()).next();
        match (name, pair.split_once('=')) {
            (Some((name, _)), Some((written, _))) if is_key(&name) => {
                shown.push_str(written);
                shown.push('=');
                shown.push_str(MASK);
            }
            _ => shown.push_str(pair),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outgoing(url: &str) -> Outgoing {
        let url = Url::parse(url).expect("a URL");
        Outgoing::new(Method::POST, url, Bytes::new())
    }

    #[test]
    fn the_key_takes_the_place_of_every_other_one_and_is_never_shown() {
        let mut request = outgoing("http://127.0.0.1:1/in?a=1&k%65y=old&KEY=older&b=2");
        request.set_key("s3cret key");
        assert_eq!(
            request.url.as_str(),
            "http://127.0.0.1:1/in?a=1&b=2&key=s3cret+key"
        );
        assert_eq!(
            shown_url(&request.url),
            "http://127.0.0.1:1/in?a=1&b=2&key=••••"
        );
    }

    #[test]
    fn a_token_in_a_path_is_not_shown() {
        let request = outgoing("http://127.0.0.1:1/hook/tok?b=2");
        assert_eq!(shown_url(&request.url), "http://127.0.0.1:1/hook/••••?b=2");
    }

    #[test]
    fn a_header_that_is_set_is_there_once_in_any_case() {
        let mut request = outgoing("http://127.0.0.1:1/");
        request.push_header("X-Hub-Signature-256".into(), "old".into());
        request.set_header("x-hub-signature-256", "new");
        let headers = request.to_send().headers;
        assert_eq!(
            headers,
            [("x-hub-signature-256".to_owned(), "new".to_owned())]
        );
    }
}
