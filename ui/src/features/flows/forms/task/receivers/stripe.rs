//! Verifies messages signed the way Stripe signs: Stripe-Signature.
//! Cargo.toml: hmac = "0.13", sha2 = "0.11", hex = "0.4"

use std::time::{SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const TOLERANCE_S: u64 = 5 * 60;

/// `header` is the value of Stripe-Signature: one time, and one signature or several of them while a secret is
/// exchanged. `body` is the raw body, before anything parses it. The key is the whole text of the secret, with its
/// whsec_ if it has one. Answer 401 if this is false.
pub fn is_genuine(secret: &str, header: &str, body: &[u8]) -> bool {
    let pairs = || header.split(',').filter_map(|pair| pair.split_once('='));
    let Some((_, time)) = pairs().find(|(name, _)| *name == "t") else {
        return false;
    };
    let Ok(sent_s) = time.parse::<u64>() else {
        return false;
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now_s = now.map_or(0, |since| since.as_secs());
    if now_s.abs_diff(sent_s) > TOLERANCE_S {
        return false;
    }
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return false;
    };
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    pairs()
        .filter(|(name, _)| *name == "v1")
        .filter_map(|(_, text)| hex::decode(text).ok())
        // Takes the same time wherever the signatures differ.
        .any(|signature| mac.clone().verify_slice(&signature).is_ok())
}
