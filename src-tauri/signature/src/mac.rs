//! HMAC, and comparing it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::Failure;

/// HMAC-SHA256 over parts that follow each other.
pub(crate) fn sha256(key: &[u8], parts: &[&[u8]]) -> Result<[u8; 32], Failure> {
    if key.is_empty() {
        // Everybody knows the empty key.
        return Err(Failure::BadSecret {
            reason: "it is empty",
        });
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    Ok(mac.finalize().into_bytes().into())
}

/// Whether one of several signatures is the expected one. How long it takes tells nothing about where they differ.
pub(crate) fn any_equals(expected: &[u8], given: &[Vec<u8>]) -> bool {
    given
        .iter()
        .fold(subtle::Choice::from(0), |found, one| {
            found | one.as_slice().ct_eq(expected)
        })
        .into()
}

/// Decodes lower-case hex of the right length; another length never matches.
pub(crate) fn hex_of_sha256(text: &str, header: &'static str) -> Result<Vec<u8>, Failure> {
    let bad = Failure::BadEncoding {
        header,
        encoding: "64 hexadecimal digits in lower case",
    };
    if text.len() != 64 || text.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(bad);
    }
    hex::decode(text).map_err(|_| bad)
}
