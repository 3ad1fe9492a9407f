//! `X-Webhook-Signature: t=<ms>,sha256=<hex>` over `<t>.<body>`, or over `<t>.<url>` where the method has no body.

use url::Url;

use crate::encoding::Encoding;
use crate::header::{Pairs, required};
use crate::mac::Hash;
use crate::scheme::{Headers, Rule, Scheme};
use crate::{Failure, SignInput, VerifyInput, mac, timestamp};

pub(crate) const SCHEME: Scheme = Scheme {
    name: "x-webhook-signature",
    headers: &[HEADER],
    is_timed: true,
    rule: Rule::Own {
        sign,
        verify,
        content: Some(signed_content),
    },
};

const PAIRS: Pairs = Pairs {
    separator: ',',
    time: "t",
    signature: "sha256",
    only_known: true,
};

const HEADER: &str = "X-Webhook-Signature";
const EXPECTED: &str = "`t=<Unix milliseconds>,sha256=<hex>`";

fn sign(input: &SignInput<'_>) -> Result<Headers, Failure> {
    let timestamp = input.timestamp_ms.to_string();
    let mac = expected(
        input.secret,
        input.method,
        input.url,
        input.body,
        &timestamp,
    )?;
    let value = PAIRS.write(&timestamp, &Encoding::Hex.encode(&mac));
    Ok(vec![(HEADER.to_owned(), value)])
}

fn signed_content(input: &SignInput<'_>) -> Result<Vec<u8>, Failure> {
    let timestamp = input.timestamp_ms.to_string();
    content(input.method, input.url, input.body, &timestamp)
}

fn verify(input: &VerifyInput<'_>) -> Result<(), Failure> {
    let malformed = Failure::malformed(HEADER, EXPECTED);
    let value = required(input, HEADER, EXPECTED)?;
    let parts = PAIRS.read(value, &malformed)?;
    let signed_at_ms = timestamp::parse(parts.timestamp).ok_or(malformed)?;
    let given = parts
        .signatures
        .iter()
        .map(|text| Encoding::Hex.decode(text, Hash::Sha256.bytes(), HEADER))
        .collect::<Result<Vec<_>, _>>()?;
    let expected = expected(
        input.secret,
        input.method,
        input.url,
        input.body,
        parts.timestamp,
    )?;
    if !mac::any_equals(&expected, &given) {
        return Err(Failure::Mismatch);
    }
    timestamp::check(signed_at_ms.into(), input.now_ms, input.tolerance_ms)
}

fn expected(
    secret: &str,
    method: &str,
    url: &str,
    body: &[u8],
    timestamp: &str,
) -> Result<Vec<u8>, Failure> {
    mac::sha256(
        secret.as_bytes(),
        &[&content(method, url, body, timestamp)?],
    )
}

fn content(method: &str, url: &str, body: &[u8], timestamp: &str) -> Result<Vec<u8>, Failure> {
    match method {
        "POST" | "PUT" | "PATCH" => Ok([timestamp.as_bytes(), b".", body].concat()),
        "GET" | "HEAD" | "DELETE" => {
            let url = signed_url(url)?;
            Ok([timestamp.as_bytes(), b".", url.as_bytes()].concat())
        }
        _ => Err(Failure::MissingContext {
            what: "a method that the scheme knows (POST, PUT, PATCH, GET, HEAD, DELETE)",
        }),
    }
}

/// The URL as both sides can know it: as WHATWG serialises it, without user, password, fragment and default port.
fn signed_url(url: &str) -> Result<String, Failure> {
    let unknown = Failure::MissingContext {
        what: "the absolute URL that was called (http or https)",
    };
    let mut url = Url::parse(url).map_err(|_| unknown.clone())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(unknown);
    }
    url.set_fragment(None);
    // These fail only for URLs without a host, and http and https have one.
    url.set_username("").map_err(|()| unknown.clone())?;
    url.set_password(None).map_err(|()| unknown)?;
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_signed_as_whatwg_writes_it_without_what_is_private() {
        for (written, signed) in [
            ("https://Example.COM:443", "https://example.com/"),
            (
                "http://user:pw@example.com:80/a?b=1#c",
                "http://example.com/a?b=1",
            ),
            (
                "https://example.com:8443/a/../b c?q=ä",
                "https://example.com:8443/b%20c?q=%C3%A4",
            ),
            ("http://[0:0::1]:80/", "http://[::1]/"),
        ] {
            assert_eq!(signed_url(written).as_deref(), Ok(signed), "{written}");
        }
    }

    #[test]
    fn a_url_that_is_not_absolute_is_missing_context() {
        for url in [
            "",
            "/hook",
            "example.com",
            "ftp://example.com/",
            "mailto:a@b.example",
        ] {
            assert!(
                matches!(signed_url(url), Err(Failure::MissingContext { .. })),
                "{url}"
            );
        }
    }

    #[test]
    fn a_method_without_a_rule_is_refused_rather_than_half_signed() {
        let body = expected("mySecret", "QUERY", "https://example.com/", b"test", "1");
        assert!(matches!(body, Err(Failure::MissingContext { .. })));
    }
}
