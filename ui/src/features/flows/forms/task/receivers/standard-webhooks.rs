//! Verifies messages signed by Standard Webhooks.
//! Cargo.toml: hmac = "0.13", sha2 = "0.11", base64 = "0.23"

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const TOLERANCE_S: u64 = 5 * 60;

/// The values of webhook-id, webhook-timestamp and webhook-signature, and the raw body, before anything parses it.
/// Answer 401 if this is false. The same id again is the same message: handle it once.
pub fn is_genuine(secret: &str, id: &str, timestamp: &str, signatures: &str, body: &[u8]) -> bool {
    // What follows whsec_ is the key in base64.
    let encoded = secret.strip_prefix("whsec_").unwrap_or(secret);
    let (Ok(key), Ok(sent_s)) = (STANDARD.decode(encoded), timestamp.parse::<u64>()) else {
        return false;
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now_s = now.map_or(0, |since| since.as_secs());
    if id.is_empty() || now_s.abs_diff(sent_s) > TOLERANCE_S {
        return false;
    }
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key) else {
        return false;
    };
    for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
        mac.update(part);
    }
    // There may be several while a secret is exchanged, and newer versions beside v1.
    signatures
        .split(' ')
        .filter_map(|each| each.strip_prefix("v1,"))
        .filter_map(|text| STANDARD.decode(text).ok())
        // Takes the same time wherever the signatures differ.
        .any(|signature| mac.clone().verify_slice(&signature).is_ok())
}
