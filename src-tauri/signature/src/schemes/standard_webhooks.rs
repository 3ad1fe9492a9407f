//! Standard Webhooks 1.0.0 over `<id>.<seconds>.<body>`, in base64: HMAC-SHA256 (`v1`), or ed25519 (`v1a`).
//!
//! The secret's prefix says which: `whsec_` is a shared secret, `whsk_` a pair of keys, `whpk_` a public key. Signatures
//! of the other kind, and of versions that are not known here, are skipped.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::header::{optional, required};
use crate::scheme::{Headers, Rule, Scheme};
use crate::{Failure, SignInput, VerifyInput, ed25519, mac, timestamp};

pub(crate) const SCHEME: Scheme = Scheme {
    name: "standard-webhooks",
    headers: &[ID, TIMESTAMP, SIGNATURE],
    is_timed: true,
    rule: Rule::Own {
        sign,
        verify,
        content: Some(signed_content),
    },
};

const ID: &str = "webhook-id";
const TIMESTAMP: &str = "webhook-timestamp";
const SIGNATURE: &str = "webhook-signature";
const EXPECTED_ID: &str = "an id without `.`";
const EXPECTED_TIMESTAMP: &str = "Unix seconds";
const EXPECTED_SIGNATURE: &str = "`v1,<base64>`, or `v1a,<base64>` where the secret is a public key; several separated by spaces";
const PAIR_PREFIX: &str = "whsk_";
const PUBLIC_PREFIX: &str = "whpk_";
const PREFIX: &str = "whsec_";
/// How many signatures of one header are looked at: more are no rotation.
const SIGNATURES_MAX: usize = 16;

/// What a secret is.
enum Key {
    Shared(Vec<u8>),
    Pair(Vec<u8>),
    Public(Vec<u8>),
}

fn sign(input: &SignInput<'_>) -> Result<Headers, Failure> {
    let key = key(input.secret)?;
    if !is_id(input.id) {
        return Err(Failure::MissingContext {
            what: "a message id without `.`",
        });
    }
    let seconds = input.timestamp_ms.div_euclid(1000).to_string();
    let content = content(input.id, &seconds, input.body);
    let (version, signature) = match &key {
        Key::Shared(key) => ("v1", mac::sha256(key, &content)?),
        Key::Pair(pair) => ("v1a", ed25519::sign(pair, &content.concat())?.to_vec()),
        Key::Public(_) => {
            return Err(Failure::BadSecret {
                reason: "it is a public key (`whpk_`), which verifies and cannot sign",
            });
        }
    };
    Ok(vec![
        (ID.to_owned(), input.id.to_owned()),
        (TIMESTAMP.to_owned(), seconds),
        (
            SIGNATURE.to_owned(),
            format!("{version},{}", STANDARD.encode(signature)),
        ),
    ])
}

fn signed_content(input: &SignInput<'_>) -> Result<Vec<u8>, Failure> {
    let seconds = input.timestamp_ms.div_euclid(1000).to_string();
    Ok(content(input.id, &seconds, input.body).concat())
}

fn verify(input: &VerifyInput<'_>) -> Result<(), Failure> {
    let id = either(input, ID, "svix-id", EXPECTED_ID)?;
    let digits = either(input, TIMESTAMP, "svix-timestamp", EXPECTED_TIMESTAMP)?;
    let signatures = either(input, SIGNATURE, "svix-signature", EXPECTED_SIGNATURE)?;
    if !is_id(id) {
        return Err(malformed(ID, EXPECTED_ID));
    }
    let seconds = timestamp::parse(digits).ok_or(malformed(TIMESTAMP, EXPECTED_TIMESTAMP))?;
    let key = key(input.secret)?;
    let content = content(id, digits, input.body);
    let fits = match &key {
        Key::Shared(key) => {
            let given = decode(signatures, "v1", 32)?;
            mac::any_equals(&mac::sha256(key, &content)?, &given)
        }
        Key::Pair(key) | Key::Public(key) => {
            let given = decode(signatures, "v1a", ed25519::SIGNATURE_BYTES)?;
            ed25519::verify_any(key, &content.concat(), &given)?
        }
    };
    if !fits {
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
            Failure::MissingHeader { .. } => Failure::missing(header),
            other => other,
        }),
    }
}

/// The signatures of one version.
fn decode(signatures: &str, wanted: &str, length: usize) -> Result<Vec<Vec<u8>>, Failure> {
    let mut given = Vec::new();
    for one in signatures.split(' ').take(SIGNATURES_MAX) {
        let (version, text) = one
            .split_once(',')
            .ok_or(malformed(SIGNATURE, EXPECTED_SIGNATURE))?;
        if version != wanted {
            continue;
        }
        let bytes = STANDARD
            .decode(text)
            .ok()
            .filter(|bytes| bytes.len() == length);
        given.push(bytes.ok_or(Failure::BadEncoding {
            header: SIGNATURE.into(),
            encoding: "base64 of its length",
        })?);
    }
    if given.is_empty() {
        return Err(malformed(SIGNATURE, EXPECTED_SIGNATURE));
    }
    Ok(given)
}

fn content<'a>(id: &'a str, seconds: &'a str, body: &'a [u8]) -> [&'a [u8]; 5] {
    [id.as_bytes(), b".", seconds.as_bytes(), b".", body]
}

fn key(secret: &str) -> Result<Key, Failure> {
    let decode = |text: &str, length: Option<usize>, reason: &'static str| {
        let bytes = STANDARD.decode(text).ok();
        bytes
            .filter(|bytes| length.is_none_or(|length| bytes.len() == length))
            .ok_or(Failure::BadSecret { reason })
    };
    if let Some(text) = secret.strip_prefix(PAIR_PREFIX) {
        let reason = "it is not `whsk_` followed by base64 of 64 bytes";
        return decode(text, Some(ed25519::PAIR_BYTES), reason).map(Key::Pair);
    }
    if let Some(text) = secret.strip_prefix(PUBLIC_PREFIX) {
        let reason = "it is not `whpk_` followed by base64 of 32 bytes";
        return decode(text, Some(ed25519::PUBLIC_BYTES), reason).map(Key::Public);
    }
    let text = secret.strip_prefix(PREFIX).unwrap_or(secret);
    let reason = "it is not `whsec_` followed by base64";
    decode(text, None, reason).map(Key::Shared)
}

fn is_id(id: &str) -> bool {
    !id.is_empty() && !id.contains('.')
}

fn malformed(header: &'static str, expected: &'static str) -> Failure {
    Failure::malformed(header, expected)
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
        for secret in ["whsec_not base64", "whsk_AAAA", "whpk_AAAA"] {
            let code = key(secret).map(|_| ()).map_err(|failure| failure.code());
            assert_eq!(code, Err("bad_secret"), "{secret}");
        }
    }
}
