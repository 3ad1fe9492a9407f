//! Standard Webhooks 1.0.0, symmetric (`v1`): HMAC-SHA256 over `<id>.<seconds>.<body>`, base64.
//!
//! Asymmetric signatures (`v1a`) are skipped like any version that is not known here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::header::{optional, required};
use crate::scheme::{Headers, Scheme};
use crate::{Failure, SignInput, VerifyInput, mac, timestamp};

pub(crate) const SCHEME: Scheme = Scheme {
    name: "standard-webhooks",
    headers: &[ID, TIMESTAMP, SIGNATURE],
    sign,
    verify,
};

const ID: &str = "webhook-id";
const TIMESTAMP: &str = "webhook-timestamp";
const SIGNATURE: &str = "webhook-signature";
const EXPECTED_ID: &str = "an id without `.`";
const EXPECTED_TIMESTAMP: &str = "Unix seconds";
const EXPECTED_SIGNATURE: &str = "`v1,<base64>`, several separated by spaces";
const PREFIX: &str = "whsec_";
/// How many signatures of one header are looked at: more are no rotation.
const SIGNATURES_MAX: usize = 16;

fn sign(input: &SignInput<'_>) -> Result<Headers, Failure> {
    let key = key(input.secret)?;
    if !is_id(input.id) {
        return Err(Failure::MissingContext {
            what: "a message id without `.`",
        });
    }
    let seconds = input.timestamp_ms.div_euclid(1000).to_string();
    let mac = expected(&key, input.id, &seconds, input.body)?;
    Ok(vec![
        (ID.to_owned(), input.id.to_owned()),
        (TIMESTAMP.to_owned(), seconds),
        (SIGNATURE.to_owned(), format!("v1,{}", STANDARD.encode(mac))),
    ])
}

fn verify(input: &VerifyInput<'_>) -> Result<(), Failure> {
    let id = either(input, ID, "svix-id", EXPECTED_ID)?;
    let digits = either(input, TIMESTAMP, "svix-timestamp", EXPECTED_TIMESTAMP)?;
    let signatures = either(input, SIGNATURE, "svix-signature", EXPECTED_SIGNATURE)?;
    if !is_id(id) {
        return Err(malformed(ID, EXPECTED_ID));
    }
    let seconds = timestamp::parse(digits).ok_or(malformed(TIMESTAMP, EXPECTED_TIMESTAMP))?;
    let given = decode(signatures)?;
    let expected = expected(&key(input.secret)?, id, digits, input.body)?;
    if !mac::any_equals(&expected, &given) {
        return Err(Failure::Mismatch);
    }
    timestamp::check(i128::from(seconds) * 1000, input.now_ms, input.tolerance_ms)
}

/// The header, or where it is not there the same one under its older name.
fn either<'a>(
    input: &VerifyInput<'a>,
    header: &'static str,
    older: &'static str,
    expected: &'static str,
) -> Result<&'a str, Failure> {
    match optional(input, header, expected)? {
        Some(value) => Ok(value),
        None => required(input, older, expected).map_err(|failure| match failure {
            Failure::MissingHeader { .. } => Failure::MissingHeader { header },
            other => other,
        }),
    }
}

fn decode(signatures: &str) -> Result<Vec<Vec<u8>>, Failure> {
    let mut given = Vec::new();
    for one in signatures.split(' ').take(SIGNATURES_MAX) {
        let (version, text) = one
            .split_once(',')
            .ok_or(malformed(SIGNATURE, EXPECTED_SIGNATURE))?;
        if version != "v1" {
            continue;
        }
        let bytes = STANDARD.decode(text).ok().filter(|bytes| bytes.len() == 32);
        given.push(bytes.ok_or(Failure::BadEncoding {
            header: SIGNATURE,
            encoding: "base64 of 32 bytes",
        })?);
    }
    if given.is_empty() {
        return Err(malformed(SIGNATURE, EXPECTED_SIGNATURE));
    }
    Ok(given)
}

fn expected(key: &[u8], id: &str, seconds: &str, body: &[u8]) -> Result<[u8; 32], Failure> {
    mac::sha256(key, &[id.as_bytes(), b".", seconds.as_bytes(), b".", body])
}

fn key(secret: &str) -> Result<Vec<u8>, Failure> {
    let text = secret.strip_prefix(PREFIX).unwrap_or(secret);
    STANDARD.decode(text).map_err(|_| Failure::BadSecret {
        reason: "it is not `whsec_` followed by base64",
    })
}

fn is_id(id: &str) -> bool {
    !id.is_empty() && !id.contains('.')
}

fn malformed(header: &'static str, expected: &'static str) -> Failure {
    Failure::MalformedHeader { header, expected }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    fn verify_signature(signature: &str, names: [&str; 3]) -> Result<(), Failure> {
        let headers = [
            (names[0], "msg_1"),
            (names[1], "1000"),
            (names[2], signature),
        ];
        verify(&VerifyInput {
            secret: SECRET,
            method: "POST",
            url: "",
            headers: &headers,
            body: b"{}",
            now_ms: 1_000_000,
            tolerance_ms: 0,
        })
    }

    fn signature() -> String {
        let input = SignInput {
            secret: SECRET,
            method: "POST",
            url: "",
            body: b"{}",
            timestamp_ms: 1_000_999,
            id: "msg_1",
        };
        sign(&input).expect("it can be signed")[2].1.clone()
    }

    #[test]
    fn one_of_several_signatures_is_enough_and_other_versions_are_skipped() {
        let names = [ID, TIMESTAMP, SIGNATURE];
        let other = STANDARD.encode([7; 32]);
        assert_eq!(
            verify_signature(&format!("v1a,x v1,{other} {}", signature()), names),
            Ok(())
        );
        assert_eq!(
            verify_signature(&format!("v1,{other}"), names),
            Err(Failure::Mismatch)
        );
        assert_eq!(
            verify_signature("v1a,x v2,y", names).map_err(|failure| failure.code()),
            Err("malformed_header")
        );
    }

    #[test]
    fn a_signature_with_nothing_after_its_version_never_matches() {
        let failure = verify_signature("v1,", [ID, TIMESTAMP, SIGNATURE]);
        assert_eq!(
            failure.map_err(|failure| failure.code()),
            Err("bad_encoding")
        );
    }

    #[test]
    fn the_older_names_of_the_headers_count() {
        let names = ["Svix-Id", "SVIX-TIMESTAMP", "svix-signature"];
        assert_eq!(verify_signature(&signature(), names), Ok(()));
    }

    #[test]
    fn a_secret_that_is_no_base64_is_bad() {
        assert_eq!(
            key("whsec_not base64").map_err(|failure| failure.code()),
            Err("bad_secret")
        );
    }
}
