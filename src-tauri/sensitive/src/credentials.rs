//! What is secret in the value of a credential header.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Headers that are credentials at every endpoint. Lower case.
pub const CREDENTIAL_HEADERS: [&str; 4] = ["authorization", "cookie", "x-api-key", "x-hook-secret"];

/// A part of fewer characters is a word that stands in other places too.
const PART_CHARS_MIN: usize = 8;

/// The parts of a credential header's value that a receiver takes out and may hand back alone: the token behind a
/// scheme (`Bearer …`), the password of `Basic …`. The value itself is not among them.
pub fn credential_parts(value: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let Some((scheme, token)) = value.trim().split_once(' ') else {
        return parts;
    };
    let token = token.trim();
    let is_scheme = scheme
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !is_scheme || token.contains(char::is_whitespace) {
        // Not `scheme token`: cookies, parameters, several values, free text.
        return parts;
    }
    parts.push(token.to_owned());
    if scheme.eq_ignore_ascii_case("basic") {
        let decoded = STANDARD
            .decode(token)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some((_, password)) = decoded.as_deref().and_then(|text| text.split_once(':')) {
            parts.push(password.to_owned());
        }
    }
    parts.retain(|part| part.chars().count() >= PART_CHARS_MIN);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_taken_from_behind_its_scheme() {
        assert_eq!(
            credential_parts("Bearer top-secret-token"),
            ["top-secret-token"]
        );
        assert_eq!(
            credential_parts("token  top-secret-token "),
            ["top-secret-token"]
        );
    }

    #[test]
    fn a_password_is_taken_from_basic_credentials() {
        let header = format!("Basic {}", STANDARD.encode("user:pass:word-1"));
        assert_eq!(credential_parts(&header)[1..], ["pass:word-1"]);
    }

    #[test]
    fn what_is_no_scheme_and_token_or_too_short_has_no_parts() {
        for value in [
            "",
            "abc",
            "Bearer abc",
            "a=1; session=abcdefghij",
            "Basic !!",
            "one two three-four",
        ] {
            assert!(credential_parts(value).is_empty(), "{value}");
        }
    }
}
