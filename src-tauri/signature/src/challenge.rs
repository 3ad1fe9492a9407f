//! What a provider wants to see before it sends anything: that we know the secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::{Failure, mac};

/// Zoom's `encryptedToken`: hex HMAC-SHA256 of its `plainToken`.
pub fn zoom_token(secret: &str, plain_token: &str) -> Result<String, Failure> {
    mac::sha256(secret.as_bytes(), &[plain_token.as_bytes()]).map(hex::encode)
}

/// X's `response_token`: `sha256=` and base64 HMAC-SHA256 of its `crc_token`.
pub fn crc_token(secret: &str, token: &str) -> Result<String, Failure> {
    let mac = mac::sha256(secret.as_bytes(), &[token.as_bytes()])?;
    Ok(format!("sha256={}", STANDARD.encode(mac)))
}

/// Whether a token is the secret. How long it takes tells nothing of where they differ.
pub fn is_token(secret: &str, given: &str) -> bool {
    let of = |text: &str| mac::sha256(b"verify token", &[text.as_bytes()]);
    match (of(secret), of(given)) {
        (Ok(secret_mac), Ok(given)) => !secret.is_empty() && mac::any_equals(&secret_mac, &[given]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_signed_as_the_providers_want_them() {
        // printf %s qgg8vlvZRS6UYooatFL8Aw | openssl dgst -sha256 -hmac secret
        assert_eq!(
            zoom_token("secret", "qgg8vlvZRS6UYooatFL8Aw").as_deref(),
            Ok("72cef096bfd47c0b8664df30d07721641e4abd7e885ba432204260db477a9a3e")
        );
        // The same with -binary | base64
        assert_eq!(
            crc_token("secret", "challenge").as_deref(),
            Ok("sha256=oeUF6Wxqoezggrue+wbIDxKRPSF6esKwizR2MHh9HaA=")
        );
        assert!(zoom_token("", "token").is_err());
    }

    #[test]
    fn a_token_is_the_secret_or_it_is_not() {
        assert!(is_token("verify-me", "verify-me"));
        for (secret, given) in [("verify-me", "verify-m"), ("verify-me", ""), ("", "")] {
            assert!(!is_token(secret, given), "{secret} {given}");
        }
    }
}
