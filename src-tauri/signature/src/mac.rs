//! HMAC, and comparing it.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq;

use crate::Failure;

/// The hash of an HMAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash {
    /// Broken for collisions, which do not matter to an HMAC: a few senders still use it.
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    pub const fn bytes(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// The HMAC over parts that follow each other.
pub(crate) fn of(hash: Hash, key: &[u8], parts: &[&[u8]]) -> Result<Vec<u8>, Failure> {
    if key.is_empty() {
        // Everybody knows the empty key.
        return Err(Failure::BadSecret {
            reason: "it is empty",
        });
    }
    Ok(match hash {
        Hash::Sha1 => run::<Hmac<Sha1>>(key, parts),
        Hash::Sha256 => run::<Hmac<Sha256>>(key, parts),
        Hash::Sha384 => run::<Hmac<Sha384>>(key, parts),
        Hash::Sha512 => run::<Hmac<Sha512>>(key, parts),
    })
}

/// HMAC-SHA256 over parts that follow each other.
pub(crate) fn sha256(key: &[u8], parts: &[&[u8]]) -> Result<Vec<u8>, Failure> {
    of(Hash::Sha256, key, parts)
}

fn run<M: Mac + KeyInit>(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = <M as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
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
