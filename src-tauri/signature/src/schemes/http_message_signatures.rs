//! HTTP Message Signatures (RFC 9421) with `hmac-sha256` or `ed25519`, and `Content-Digest` (RFC 9530) for the body.
//!
//! The secret says which: a PEM is an ed25519 key (a public one verifies, a private one signs too), `whsec_` is followed by
//! base64 of a shared key, anything else is the shared key itself.
//!
//! A signature counts only if it has a time (`created`) and covers what matters: the digest of a body that is not empty,
//! else the target. Components with parameters, and those of answers, are not known here.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::pkcs8::{DecodePrivateKey, DecodePublicKey};
use ed25519_dalek::{SigningKey, VerifyingKey};
use sfv::{BareItem, Dictionary, FieldType as _, InnerList, ListEntry, Parser};
use sha2::{Digest, Sha256, Sha512};
use subtle::ConstantTimeEq;

use crate::header::required;
use crate::scheme::{Headers, Rule, Scheme};
use crate::{Failure, SignInput, VerifyInput, ed25519, mac, timestamp};

pub(crate) const SCHEME: Scheme = Scheme {
    name: "http-message-signatures",
    headers: &[CONTENT_DIGEST, SIGNATURE_INPUT, SIGNATURE],
    is_timed: true,
    rule: Rule::Own {
        sign,
        verify,
        content: None,
    },
};

const SIGNATURE_INPUT: &str = "Signature-Input";
const SIGNATURE: &str = "Signature";
const CONTENT_DIGEST: &str = "Content-Digest";
const EXPECTED_INPUT: &str = "a list of components with `created`, as in `sig1=(\"@method\" \"@target-uri\" \"content-digest\");created=1618884473`";
const EXPECTED_SIGNATURE: &str = "`<label>=:<base64>:`, with a label of `Signature-Input`";
const EXPECTED_DIGEST: &str = "`sha-256=:<base64>:` or `sha-512=:<base64>:`";
const LABEL: &str = "sig1";
/// How many signatures of one message are looked at: more are no rotation.
const SIGNATURES_MAX: usize = 16;
/// The largest number of a structured field.
const INTEGER_MAX: i64 = 999_999_999_999_999;

fn sign(input: &SignInput<'_>) -> Result<Headers, Failure> {
    let key = Key::of(input.secret)?;
    let created = input.timestamp_ms.div_euclid(1000);
    if created.abs() > INTEGER_MAX {
        return Err(Failure::MissingContext {
            what: "a time that a structured field can hold",
        });
    }
    let mut headers = Headers::new();
    let mut components = vec!["@method", "@target-uri"];
    if !input.body.is_empty() {
        let digest = STANDARD.encode(Sha256::digest(input.body));
        headers.push((CONTENT_DIGEST.to_owned(), format!("sha-256=:{digest}:")));
        components.push("content-digest");
    }
    let names: Vec<String> = components
        .iter()
        .map(|name| format!("\"{name}\""))
        .collect();
    let params = format!(
        "({});created={created};alg=\"{}\"",
        names.join(" "),
        key.algorithm()
    );
    let given: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let message = Message {
        method: input.method,
        url: input.url,
        headers: &given,
    };
    let signature = key.sign(&message.base(&components, &params)?)?;
    headers.push((SIGNATURE_INPUT.to_owned(), format!("{LABEL}={params}")));
    let signature = STANDARD.encode(signature);
    headers.push((SIGNATURE.to_owned(), format!("{LABEL}=:{signature}:")));
    Ok(headers)
}

fn verify(input: &VerifyInput<'_>) -> Result<(), Failure> {
    let described = required(input, SIGNATURE_INPUT, EXPECTED_INPUT)?;
    let signatures = required(input, SIGNATURE, EXPECTED_SIGNATURE)?;
    let key = Key::of(input.secret)?;
    let malformed = || Failure::malformed(SIGNATURE_INPUT, EXPECTED_INPUT);
    let described: Dictionary = Parser::new(described).parse().map_err(|_| malformed())?;
    let given: Dictionary = Parser::new(signatures)
        .parse()
        .map_err(|_| Failure::malformed(SIGNATURE, EXPECTED_SIGNATURE))?;
    let mut first = None;
    for (label, entry) in described.iter().take(SIGNATURES_MAX) {
        let ListEntry::InnerList(list) = entry else {
            return Err(malformed());
        };
        let Some(signature) = bytes_of(given.get(label), label.as_str(), signatures) else {
            first.get_or_insert(Failure::malformed(SIGNATURE, EXPECTED_SIGNATURE));
            continue;
        };
        match verify_one(input, &key, list, &signature) {
            Ok(()) => return Ok(()),
            Err(failure) => drop(first.get_or_insert(failure)),
        }
    }
    Err(first.unwrap_or_else(malformed))
}

fn verify_one(
    input: &VerifyInput<'_>,
    key: &Key,
    list: &InnerList,
    signature: &[u8],
) -> Result<(), Failure> {
    let malformed = || Failure::malformed(SIGNATURE_INPUT, EXPECTED_INPUT);
    let mut components = Vec::new();
    for item in &list.items {
        match &item.bare_item {
            BareItem::String(name) if item.params.is_empty() => components.push(name.as_str()),
            _ => return Err(malformed()),
        }
    }
    let number = |name: &str| list.params.get(name).and_then(BareItem::as_integer);
    let created = number("created").ok_or_else(malformed)?;
    let is_covered = match input.body.is_empty() {
        false => components.contains(&"content-digest"),
        true => ["@target-uri", "@request-target", "@path", "content-digest"]
            .iter()
            .any(|name| components.contains(name)),
    };
    let algorithm = list.params.get("alg").map(BareItem::as_string);
    let is_ours =
        algorithm.is_none_or(|given| given.is_some_and(|given| given.as_str() == key.algorithm()));
    if !is_covered || !is_ours {
        return Err(malformed());
    }
    let params = vec![ListEntry::InnerList(list.clone())];
    let params = params.serialize().ok_or_else(malformed)?;
    let message = Message {
        method: input.method,
        url: input.url,
        headers: input.headers,
    };
    let base = message.base(&components, &params)?;
    if components.contains(&"content-digest") {
        check_digest(input)?;
    }
    if !key.verify(&base, signature)? {
        return Err(Failure::Mismatch);
    }
    if let Some(expires) = number("expires") {
        let expired_ms = i128::from(input.now_ms) - i128::from(i64::from(expires)) * 1000;
        if expired_ms > 0 {
            return Err(Failure::Stale {
                age_ms: u64::try_from(expired_ms).unwrap_or(u64::MAX),
                tolerance_ms: 0,
            });
        }
    }
    let created_ms = i128::from(i64::from(created)) * 1000;
    timestamp::check(created_ms, input.now_ms, input.tolerance_ms)
}

/// A byte sequence, if it is written in the one way that its bytes are written: else a signature had several spellings.
fn bytes_of(entry: Option<&ListEntry>, name: &str, written: &str) -> Option<Vec<u8>> {
    let Some(ListEntry::Item(item)) = entry else {
        return None;
    };
    let bytes = item.bare_item.as_byte_sequence()?;
    let spelling = format!("{name}=:{}:", STANDARD.encode(bytes));
    written.contains(&spelling).then(|| bytes.to_vec())
}

/// Every digest that is known here has to be the body's, and one has to be known.
fn check_digest(input: &VerifyInput<'_>) -> Result<(), Failure> {
    let value = required(input, CONTENT_DIGEST, EXPECTED_DIGEST)?;
    let malformed = || Failure::malformed(CONTENT_DIGEST, EXPECTED_DIGEST);
    let digests: Dictionary = Parser::new(value).parse().map_err(|_| malformed())?;
    let mut known = 0;
    for (name, entry) in &digests {
        let ours = match name.as_str() {
            "sha-256" => Sha256::digest(input.body).to_vec(),
            "sha-512" => Sha512::digest(input.body).to_vec(),
            _ => continue,
        };
        let given = bytes_of(Some(entry), name.as_str(), value).ok_or_else(malformed)?;
        if !bool::from(given.ct_eq(&ours)) {
            return Err(Failure::Mismatch);
        }
        known += 1;
    }
    match known {
        0 => Err(malformed()),
        _ => Ok(()),
    }
}

/// What components are taken from.
struct Message<'a> {
    method: &'a str,
    url: &'a str,
    headers: &'a [(&'a str, &'a str)],
}

impl Message<'_> {
    /// What is signed: a line for each component, and one for what is said of them.
    fn base(&self, components: &[&str], params: &str) -> Result<Vec<u8>, Failure> {
        let mut base = String::new();
        for (place, name) in components.iter().enumerate() {
            if components[..place].contains(name) {
                return Err(Failure::malformed(SIGNATURE_INPUT, "each component once"));
            }
            let value = self.component(name)?;
            // Writing to a text cannot fail.
            let _ = writeln!(base, "\"{name}\": {value}");
        }
        let _ = write!(base, "\"@signature-params\": {params}");
        Ok(base.into_bytes())
    }

    fn component(&self, name: &str) -> Result<String, Failure> {
        if name.starts_with('@') {
            return self.derived(name);
        }
        let lines = self
            .headers
            .iter()
            .filter(|(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim());
        let mut lines: Vec<&str> = lines.collect();
        if name == "content-digest" {
            // As everywhere: two equal ones are one, and two different ones are refused where it is read.
            lines.dedup();
        }
        match lines.is_empty() || name.bytes().any(|b| b.is_ascii_uppercase()) {
            true => Err(Failure::missing(name.to_owned())),
            false => Ok(lines.join(", ")),
        }
    }

    fn derived(&self, name: &str) -> Result<String, Failure> {
        if name == "@method" {
            return Ok(self.method.to_owned());
        }
        let unknown = Failure::MissingContext {
            what: "the absolute URL that was called",
        };
        let (scheme, rest) = self.url.split_once("://").ok_or(unknown)?;
        let (authority, target) = match rest.find(['/', '?']) {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let path = if path.is_empty() { "/" } else { path };
        Ok(match name {
            "@target-uri" => self.url.to_owned(),
            "@scheme" => scheme.to_ascii_lowercase(),
            "@authority" => {
                let authority = authority.to_ascii_lowercase();
                let default = if scheme.eq_ignore_ascii_case("https") {
                    ":443"
                } else {
                    ":80"
                };
                authority
                    .strip_suffix(default)
                    .unwrap_or(&authority)
                    .to_owned()
            }
            "@path" => path.to_owned(),
            "@query" => format!("?{query}"),
            "@request-target" if target.contains('?') => format!("{path}?{query}"),
            "@request-target" => path.to_owned(),
            _ => return Err(Failure::malformed(SIGNATURE_INPUT, EXPECTED_INPUT)),
        })
    }
}

enum Key {
    Shared(Vec<u8>),
    /// The private key followed by the public one.
    Pair(Vec<u8>),
    Public(Vec<u8>),
}

impl Key {
    fn of(secret: &str) -> Result<Self, Failure> {
        let pem = secret.trim();
        if pem.starts_with("-----BEGIN PRIVATE KEY-----") {
            let key = SigningKey::from_pkcs8_pem(pem).map_err(|_| no_key())?;
            return Ok(Self::Pair(key.to_keypair_bytes().to_vec()));
        }
        if pem.starts_with("-----BEGIN") {
            let key = VerifyingKey::from_public_key_pem(pem).map_err(|_| no_key())?;
            return Ok(Self::Public(key.to_bytes().to_vec()));
        }
        Ok(Self::Shared(match secret.strip_prefix("whsec_") {
            Some(text) => STANDARD.decode(text).map_err(|_| Failure::BadSecret {
                reason: "it is not `whsec_` followed by base64",
            })?,
            None => secret.as_bytes().to_vec(),
        }))
    }

    fn algorithm(&self) -> &'static str {
        match self {
            Self::Shared(_) => "hmac-sha256",
            Self::Pair(_) | Self::Public(_) => "ed25519",
        }
    }

    fn sign(&self, base: &[u8]) -> Result<Vec<u8>, Failure> {
        match self {
            Self::Shared(key) => mac::sha256(key, &[base]),
            Self::Pair(pair) => Ok(ed25519::sign(pair, base)?.to_vec()),
            Self::Public(_) => Err(Failure::BadSecret {
                reason: "it is a public key, which verifies and cannot sign",
            }),
        }
    }

    fn verify(&self, base: &[u8], signature: &[u8]) -> Result<bool, Failure> {
        let given = [signature.to_vec()];
        match self {
            Self::Shared(key) => Ok(mac::any_equals(&mac::sha256(key, &[base])?, &given)),
            Self::Pair(key) | Self::Public(key) => ed25519::verify_any(key, base, &given),
        }
    }
}

fn no_key() -> Failure {
    Failure::BadSecret {
        reason: "it is no ed25519 key in PEM",
    }
}

#[cfg(test)]
#[path = "http_message_signatures/tests.rs"]
mod tests;
