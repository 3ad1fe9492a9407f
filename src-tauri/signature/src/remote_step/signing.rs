//! Signing and verifying a payload, and the form of a key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::stringify;
use crate::encoding::Encoding;
use crate::mac::Hash;
use crate::{Failure, mac};

/// What a key begins with; 32 letters and digits follow.
pub const KEY_PREFIX: &str = "wsk_";
/// Letters and digits of a key.
pub const KEY_CHARS: usize = 32;
/// The name that the signature has in the message.
const FIELD: &str = "signature";

/// The signature of a payload: hex, lower case.
pub fn sign(payload: &Value, key: &str) -> Result<String, Failure> {
    if key.is_empty() {
        return Err(Failure::BadSecret {
            reason: "it is empty",
        });
    }
    let mut hash = Sha256::new();
    hash.update(stringify(payload));
    hash.update(key);
    Ok(hex::encode(hash.finalize()))
}

/// Whether a payload was signed with the key.
pub fn verify(payload: &Value, key: &str, signature: &str) -> Result<(), Failure> {
    let given = Encoding::Hex.decode(signature, Hash::Sha256.bytes(), FIELD)?;
    let expected = hex::decode(sign(payload, key)?).map_err(|_| Failure::Mismatch)?;
    if mac::any_equals(&expected, &[given]) {
        Ok(())
    } else {
        Err(Failure::Mismatch)
    }
}

/// Whether a key has the form of a generated one. Others work as well.
pub fn is_key(key: &str) -> bool {
    let rest = key.strip_prefix(KEY_PREFIX).unwrap_or_default();
    rest.len() == KEY_CHARS && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The same key as a secret of Standard Webhooks.
pub fn standard_webhooks_secret(key: &str) -> String {
    format!("whsec_{}", STANDARD.encode(key))
}
