//! Sealing: authenticated encryption of small values at rest (XChaCha20-Poly1305, a fresh nonce for each).

use crate::Sensitive;

/// A key that seals. 32 bytes.
#[derive(Clone, Debug)]
pub struct SealKey(Sensitive<Vec<u8>>);

/// Sealed bytes that this key does not open: another key, or damage.
#[derive(Debug, thiserror::Error)]
#[error("the sealed value cannot be opened: it was sealed with another key, or it is damaged")]
pub struct SealError;

impl SealKey {
    /// Takes 32 bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Sensitive::new(bytes.to_vec()))
    }
}
