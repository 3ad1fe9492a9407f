//! How a request's path and headers are stored and shown: keys, tokens and credentials are `••••`.
//!
//! Values of known secrets are masked on top of that by the one who calls.

use std::borrow::Cow;

use hookloom_model::document::Endpoint;
use hookloom_sensitive::MASK;
use http::{HeaderMap, HeaderName, Uri};

use crate::key::is_key_parameter;

/// What stands before a token in a path.
const TOKEN_ROOT: &str = "/hook/";

/// Path and query with the token and the value of every `key` masked, right or wrong.
pub(crate) fn path(uri: &Uri) -> String {
    let mut shown = match uri.path().strip_prefix(TOKEN_ROOT) {
        Some(_) => format!("{TOKEN_ROOT}{MASK}"),
        None => uri.path().to_owned(),
    };
    if let Some(query) = uri.query() {
        shown.reserve(query.len() + 1);
        for (position, pair) in query.split('&').enumerate() {
            shown.push(if position == 0 { '?' } else { '&' });
            match pair.split_once('=') {
                Some((name, _)) if is_key_parameter(name) => {
                    shown.push_str(name);
                    shown.push('=');
                    shown.push_str(MASK);
                }
                _ => shown.push_str(pair),
            }
        }
    }
    shown
}

/// Lower-case names and values in the order received; credentials are masked.
pub(crate) fn headers(headers: &HeaderMap, endpoint: &Endpoint) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            let shown = match is_credential(name, endpoint) || is_key_header(name, endpoint) {
                true => MASK.to_owned(),
                false => text(value.as_bytes()).into_owned(),
            };
            (name.as_str().to_owned(), shown)
        })
        .collect()
}

/// The credential headers as a JSON object, repeated ones joined; none if there are none. The endpoint's own
/// key is left out: it is a secret of ours, and a job has no use for it.
pub(crate) fn credentials(
    headers: &HeaderMap,
    endpoint: &Endpoint,
) -> Option<serde_json::Map<String, serde_json::Value>> {
    let mut credentials = serde_json::Map::new();
    for name in headers.keys() {
        if is_credential(name, endpoint) && !is_key_header(name, endpoint) {
            let values: Vec<_> = headers
                .get_all(name)
                .iter()
                .map(|value| text(value.as_bytes()))
                .collect();
            credentials.insert(name.as_str().to_owned(), values.join(", ").into());
        }
    }
    (!credentials.is_empty()).then_some(credentials)
}

/// Header bytes that are no UTF-8 read as Latin-1.
pub(crate) fn text(value: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(value) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(value.iter().copied().map(char::from).collect()),
    }
}

fn is_credential(name: &HeaderName, endpoint: &Endpoint) -> bool {
    endpoint.is_credential_header(name.as_str())
}

/// Whether a header holds nothing but a secret of the endpoint. A token is no secret of ours: a job may want it.
fn is_key_header(name: &HeaderName, endpoint: &Endpoint) -> bool {
    endpoint.is_key_header(name.as_str())
}

#[cfg(test)]
mod tests {
    use hookloom_model::document::Auth;
    use http::HeaderValue;

    use super::*;
    use crate::tests::fixtures::live_endpoint;

    #[test]
    fn a_key_is_hidden_wherever_it_stands_in_the_query() {
        let shown = |uri: &'static str| path(&Uri::from_static(uri));
        assert_eq!(shown("/in?key=abc"), "/in?key=••••");
        assert_eq!(
            shown("/in?a=1&k%65y=abc=d&b=2&KEY=x"),
            "/in?a=1&k%65y=••••&b=2&KEY=••••"
        );
        assert_eq!(shown("/in?key"), "/in?key");
        assert_eq!(shown("/in?monkey=abc&&="), "/in?monkey=abc&&=");
        assert_eq!(shown("/in?"), "/in?");
        assert_eq!(shown("/hook/abc?key=a&b=c"), "/hook/••••?key=••••&b=c");
    }

    #[test]
    fn credentials_are_hidden_and_kept_apart() {
        let mut live = live_endpoint("orders");
        live.endpoint.credential_headers = vec!["x-shop-token".into()];
        live.endpoint.auth = Auth::SharedKey {
            secret: "orders_key".into(),
            header: Some("X-Api-Key".into()),
            previous: None,
        };
        let mut received = HeaderMap::new();
        for (name, value) in [
            ("authorization", "Bearer abc"),
            ("cookie", "a=1"),
            ("cookie", "b=2"),
            ("x-api-key", "the shared key"),
            ("x-shop-token", "shop"),
            ("x-event", "created"),
        ] {
            received.append(name, HeaderValue::from_static(value));
        }
        let shown = headers(&received, &live.endpoint);
        let hidden: Vec<_> = shown.iter().filter(|(_, value)| value == MASK).collect();
        assert_eq!(hidden.len(), 5, "{shown:?}");
        assert!(shown.contains(&("x-event".into(), "created".into())));

        let kept = credentials(&received, &live.endpoint).expect("there are some");
        let kept = serde_json::Value::Object(kept).to_string();
        let expected =
            r#"{"authorization":"Bearer abc","cookie":"a=1, b=2","x-shop-token":"shop"}"#;
        assert_eq!(kept, expected);
    }

    #[test]
    fn header_bytes_that_are_no_utf_8_read_as_latin_1() {
        assert_eq!(text(b"caf\xe9"), "café");
        assert_eq!(text("café".as_bytes()), "café");
    }
}
