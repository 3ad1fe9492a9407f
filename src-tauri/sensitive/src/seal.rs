//! Sealing: authenticated encryption of small values at rest (XChaCha20-Poly1305, a fresh nonce for each).
//!
//! It does not stream, and it does not hide how long a value is.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};

use crate::Sensitive;

/// The layout of sealed bytes: this byte, 24 bytes of nonce, the ciphertext with its tag of 16 bytes.
const LAYOUT: u8 = 1;
const NONCE_BYTES: usize = 24;

/// A key that seals. 32 bytes.
#[derive(Clone, Debug)]
pub struct SealKey(Sensitive<[u8; SealKey::BYTES]>);

/// Sealed bytes that this key does not open: another key, another context, or damage.
#[derive(Debug, thiserror::Error)]
#[error("the sealed value cannot be opened: it was sealed with another key, or it is damaged")]
pub struct SealError;

impl SealKey {
    /// The length of a key.
    pub const BYTES: usize = 32;

    /// A new random key.
    ///
    /// # Panics
    /// When the operating system has no random bytes: no key made after that could be trusted.
    pub fn generate() -> Self {
        Self(Sensitive::new(random()))
    }

    /// Takes 32 bytes.
    pub fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(Sensitive::new(bytes))
    }

    /// Takes bytes that should be a key's; `None` when their number is another.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_bytes)
    }

    /// The key itself, for a vault. Every call is a place to look at in a review.
    pub fn expose(&self) -> &[u8; Self::BYTES] {
        self.0.expose()
    }

    /// Seals bytes. The context (what they are, whose they are) is not stored, but opening wants the same one,
    /// so that sealed bytes cannot be moved to another place.
    pub fn seal(&self, plain: &[u8], context: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE_BYTES] = random();
        let payload = Payload {
            msg: plain,
            aad: context,
        };
        let ciphertext = self
            .cipher()
            .encrypt(&XNonce::from(nonce), payload)
            .expect("encryption fails only above 256 GiB, and such a value does not fit in memory");
        let mut sealed = Vec::with_capacity(1 + NONCE_BYTES + ciphertext.len());
        sealed.push(LAYOUT);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&ciphertext);
        sealed
    }

    /// Opens what [`SealKey::seal`] made with the same key and context.
    pub fn open(&self, sealed: &[u8], context: &[u8]) -> Result<Sensitive<Vec<u8>>, SealError> {
        let (&layout, rest) = sealed.split_first().ok_or(SealError)?;
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(SealError)?;
        if layout != LAYOUT {
            return Err(SealError);
        }
        let payload = Payload {
            msg: ciphertext,
            aad: context,
        };
        self.cipher()
            .decrypt(&XNonce::from(*nonce), payload)
            .map(Sensitive::new)
            .map_err(|_| SealError)
    }

    /// Seals another key with this one.
    pub fn wrap_key(&self, key: &SealKey, context: &[u8]) -> Vec<u8> {
        self.seal(key.expose(), context)
    }

    /// Opens a key that [`SealKey::wrap_key`] sealed.
    pub fn unwrap_key(&self, wrapped: &[u8], context: &[u8]) -> Result<SealKey, SealError> {
        Self::from_slice(self.open(wrapped, context)?.expose()).ok_or(SealError)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&(*self.0.expose()).into())
    }
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .expect("the operating system gives random bytes; without them nothing can be sealed");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_sealed_opens_with_the_same_key_and_context(plain: Vec<u8>, context: Vec<u8>) {
            let key = SealKey::generate();
            let sealed = key.seal(&plain, &context);
            let opened = key.open(&sealed, &context).expect("it opens");
            prop_assert_eq!(opened.expose(), &plain);
        }

        #[test]
        fn one_changed_bit_anywhere_is_noticed(plain: Vec<u8>, at: prop::sample::Index, bit in 0..8u8) {
            let key = SealKey::generate();
            let mut sealed = key.seal(&plain, b"job 1");
            let at = at.index(sealed.len());
            sealed[at] ^= 1 << bit;
            prop_assert!(key.open(&sealed, b"job 1").is_err());
        }

        #[test]
        fn bytes_that_were_never_sealed_are_an_error(sealed: Vec<u8>) {
            prop_assert!(SealKey::from_bytes([1; 32]).open(&sealed, b"").is_err());
        }
    }

    #[test]
    fn another_key_or_context_does_not_open() {
        let key = SealKey::generate();
        let sealed = key.seal(b"value", b"job 1");
        assert!(SealKey::generate().open(&sealed, b"job 1").is_err());
        assert!(key.open(&sealed, b"job 2").is_err());
    }

    #[test]
    fn the_same_value_is_sealed_differently_each_time() {
        let key = SealKey::generate();
        assert_ne!(key.seal(b"value", b""), key.seal(b"value", b""));
    }

    #[test]
    fn a_wrapped_key_comes_back_whole() {
        let (outer, inner) = (SealKey::generate(), SealKey::generate());
        let wrapped = outer.wrap_key(&inner, b"mqr_1");
        let back = outer.unwrap_key(&wrapped, b"mqr_1").expect("it opens");
        assert_eq!(back.expose(), inner.expose());
        assert!(outer.unwrap_key(&wrapped, b"mqr_2").is_err());
    }
}
