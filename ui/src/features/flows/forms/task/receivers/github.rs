//! Verifies messages signed the way GitHub signs: X-Hub-Signature-256.
//! Cargo.toml: hmac = "0.13", sha2 = "0.11", hex = "0.4"

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// `header` is the value of X-Hub-Signature-256, `body` the raw body, before anything parses it. Answer 401 if this
/// is false. No time is signed: whoever recorded a message can send it again, so remember what you have handled.
pub fn is_genuine(secret: &str, header: &str, body: &[u8]) -> bool {
    let Some(Ok(signature)) = header.strip_prefix("sha256=").map(hex::decode) else {
        return false;
    };
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return false;
    };
    mac.update(body);
    // Takes the same time wherever the signatures differ.
    mac.verify_slice(&signature).is_ok()
}
