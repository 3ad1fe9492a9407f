//! Verifies messages signed with X-Webhook-Signature.
//! Cargo.toml: hmac = "0.13", sha2 = "0.11", hex = "0.4"

use std::time::{SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const TOLERANCE_MS: u128 = 5 * 60 * 1000;

/// `header` is the value of X-Webhook-Signature. `content` is the raw body, before anything parses it;
/// for GET and DELETE it is the absolute URL that the sender called. Answer 401 if this is false.
pub fn is_genuine(secret: &str, header: &str, content: &[u8]) -> bool {
    let Some((time, signature)) = header
        .strip_prefix("t=")
        .and_then(|rest| rest.split_once(",sha256="))
    else {
        return false;
    };
    let (Ok(sent_ms), Ok(signature)) = (time.parse::<u64>(), hex::decode(signature)) else {
        return false;
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now_ms = now.map_or(0, |since| since.as_millis());
    if now_ms.abs_diff(u128::from(sent_ms)) > TOLERANCE_MS {
        return false;
    }
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return false;
    };
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(content);
    // Takes the same time wherever the signatures differ.
    mac.verify_slice(&signature).is_ok()
}
