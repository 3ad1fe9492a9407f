//! Ed25519, strictly: what verifies here verifies everywhere.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use crate::Failure;

pub(crate) const SIGNATURE_BYTES: usize = 64;
/// The private key followed by the public one.
pub(crate) const PAIR_BYTES: usize = 64;
pub(crate) const PUBLIC_BYTES: usize = 32;

/// Signs with a pair of keys.
pub(crate) fn sign(pair: &[u8], message: &[u8]) -> Result<[u8; SIGNATURE_BYTES], Failure> {
    Ok(signing_key(pair)?.sign(message).to_bytes())
}

/// Whether one of several signatures was made with the private key that belongs to this one: a public key, or a pair.
pub(crate) fn verify_any(key: &[u8], message: &[u8], given: &[Vec<u8>]) -> Result<bool, Failure> {
    let key = match key.len() {
        PAIR_BYTES => signing_key(key)?.verifying_key(),
        _ => {
            let key = key.try_into().map_err(|_| unfit())?;
            VerifyingKey::from_bytes(key).map_err(|_| unfit())?
        }
    };
    Ok(given.iter().any(|signature| {
        Signature::from_slice(signature)
            .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok())
    }))
}

fn signing_key(pair: &[u8]) -> Result<SigningKey, Failure> {
    let pair = pair.try_into().map_err(|_| unfit())?;
    // It refuses a pair whose halves do not belong together.
    SigningKey::from_keypair_bytes(pair).map_err(|_| unfit())
}

fn unfit() -> Failure {
    Failure::BadSecret {
        reason: "it is no ed25519 key of the right kind: a public key verifies, a pair signs",
    }
}
