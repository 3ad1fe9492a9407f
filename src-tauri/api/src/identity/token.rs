//! Bearer tokens: 256 random bits. Only their SHA-256 is kept and compared.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hookloom_sensitive::Sensitive;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::error::Error;

/// What tokens begin with, so that one that was leaked is recognised.
const PREFIX: &str = "hkl_";
/// Longer headers are no tokens of ours.
const TOKEN_BYTES_MAX: usize = 512;

/// The SHA-256 of a token.
#[derive(Debug, Clone, Copy)]
pub struct TokenHash(pub(crate) [u8; 32]);

impl TokenHash {
    /// The hash of a token.
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    /// Compares in a time that does not depend on where the two differ.
    pub fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

/// A new token: `hkl_` and 256 random bits.
pub fn new_token() -> Result<Sensitive<String>, Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(Sensitive::new(format!(
        "{PREFIX}{}",
        URL_SAFE_NO_PAD.encode(bytes)
    )))
}

/// The token of an `Authorization` header, if that is a bearer's.
pub(super) fn of_header(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    let token = token.trim_matches(' ');
    let fits = !token.is_empty()
        && token.len() <= TOKEN_BYTES_MAX
        && token.bytes().all(|byte| byte.is_ascii_graphic());
    (scheme.eq_ignore_ascii_case("bearer") && fits).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_bearer_header_holds_a_token() {
        assert_eq!(of_header("Bearer abc"), Some("abc"));
        assert_eq!(of_header("bearer  abc"), Some("abc"));
        for header in [
            "Basic abc",
            "Bearer",
            "Bearer ",
            "Bearer a b",
            "abc",
            "",
            "Bearer a\tb",
        ] {
            assert_eq!(of_header(header), None, "{header:?}");
        }
        assert_eq!(
            of_header(&format!("Bearer {}", "a".repeat(TOKEN_BYTES_MAX + 1))),
            None
        );
    }

    #[test]
    fn two_tokens_differ() {
        let one = new_token().expect("the system has randomness");
        let other = new_token().expect("the system has randomness");
        assert!(one.expose().starts_with(PREFIX));
        assert!(!TokenHash::of(one.expose()).is(&TokenHash::of(other.expose())));
        assert!(TokenHash::of(one.expose()).is(&TokenHash::of(one.expose())));
    }
}
