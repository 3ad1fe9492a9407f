//! `X-Twilio-Signature`: base64 of an HMAC-SHA1 over the URL, followed by the names and values of the form, sorted.
//!
//! Where the URL has the parameter `bodySHA256` the body is no form: its hash is in the URL, and the URL alone is signed.

use percent_encoding::percent_decode;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::encoding::Encoding;
use crate::header::required;
use crate::mac::{self, Hash};
use crate::scheme::{Headers, Rule, Scheme};
use crate::{Failure, SignInput, VerifyInput};

pub(crate) const SCHEME: Scheme = Scheme {
    name: "twilio",
    headers: &[HEADER],
    is_timed: false,
    rule: Rule::Own {
        sign,
        verify,
        content: None,
    },
};

const HEADER: &str = "X-Twilio-Signature";
const BODY_HASH: &str = "bodySHA256=";

fn sign(input: &SignInput<'_>) -> Result<Headers, Failure> {
    let mac = expected(input.secret, input.url, input.body)?;
    Ok(vec![(HEADER.to_owned(), Encoding::Base64.encode(&mac))])
}

fn verify(input: &VerifyInput<'_>) -> Result<(), Failure> {
    let value = required(input, HEADER, "<base64>")?;
    let given = Encoding::Base64.decode(value, Hash::Sha1.bytes(), HEADER)?;
    match mac::any_equals(&expected(input.secret, input.url, input.body)?, &[given]) {
        true => Ok(()),
        false => Err(Failure::Mismatch),
    }
}

fn expected(secret: &str, url: &str, body: &[u8]) -> Result<Vec<u8>, Failure> {
    if url.is_empty() {
        return Err(Failure::MissingContext {
            what: "the absolute URL that was called",
        });
    }
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let mut signed = url.as_bytes().to_vec();
    match query
        .split('&')
        .find_map(|pair| pair.strip_prefix(BODY_HASH))
    {
        Some(hash) => {
            let ours = hex::encode(Sha256::digest(body));
            if !bool::from(ours.as_bytes().ct_eq(hash.as_bytes())) {
                return Err(Failure::Mismatch);
            }
        }
        None => {
            for (name, value) in fields(body) {
                signed.extend(name);
                signed.extend(value);
            }
        }
    }
    mac::of(Hash::Sha1, secret.as_bytes(), &[&signed])
}

/// Names and values as bytes, sorted.
fn fields(body: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let decode = |part: &[u8]| {
        let spaced: Vec<u8> = part
            .iter()
            .map(|byte| if *byte == b'+' { b' ' } else { *byte })
            .collect();
        percent_decode(&spaced).collect::<Vec<u8>>()
    };
    let pairs = body.split(|byte| *byte == b'&');
    let mut fields: Vec<_> = pairs
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let at = pair.iter().position(|byte| *byte == b'=');
            let (name, value) = match at {
                Some(at) => (&pair[..at], &pair[at + 1..]),
                None => (pair, &[][..]),
            };
            (decode(name), decode(value))
        })
        .collect();
    fields.sort();
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(url: &str, body: &[u8]) -> Result<String, Failure> {
        expected("12345", url, body).map(|mac| Encoding::Base64.encode(&mac))
    }

    #[test]
    fn the_order_of_the_fields_does_not_matter_and_their_values_do() {
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        let known = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
        let body = "To=%2B18005551212&Digits=1234&Caller=%2B14158675309&From=%2B14158675309&CallSid=CA1234567890ABCDE";
        assert_eq!(signature(url, body.as_bytes()).as_deref(), Ok(known));
        let other = body.replace("1234&", "1235&");
        assert_ne!(signature(url, other.as_bytes()).as_deref(), Ok(known));
        assert_ne!(
            signature(&url.replace("bar=2", "bar=3"), body.as_bytes()).as_deref(),
            Ok(known)
        );
    }

    #[test]
    fn a_body_that_is_no_form_is_held_to_the_hash_in_the_url() {
        let hash = hex::encode(Sha256::digest(b"{}"));
        let url = format!("https://mycompany.com/?bodySHA256={hash}");
        assert!(signature(&url, b"{}").is_ok());
        assert_eq!(signature(&url, b"{ }"), Err(Failure::Mismatch));
    }
}
