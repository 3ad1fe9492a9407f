//! Whether the caller knows the endpoint's shared key.
//!
//! Keys are compared by their SHA-256 in constant time: neither the place of the first wrong character nor the
//! length of the right key can be measured.

use std::borrow::Cow;

use hookloom_model::document::Auth;
use hookloom_sensitive::Sensitive;
use percent_encoding::percent_decode;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::credentials::Facts;
use crate::refusal::{Denied, Refusal};

/// The query parameter that carries the key.
const PARAMETER: &str = "key";

/// Whether the request carries the expected key, or the one before it while a rotation lasts.
pub(crate) fn check(auth: &Auth, facts: Facts<'_>) -> Result<(), Refusal> {
    let Auth::SharedKey {
        secret,
        header,
        previous,
    } = auth
    else {
        return Ok(());
    };
    let expected = facts.secrets.with_previous(secret, previous.as_ref());
    let expected = expected.map_err(|error| error.refusal(Denied::SharedKey))?;
    let place = || match header {
        Some(name) => format!("the header `{name}`"),
        None => format!("`?{PARAMETER}=`"),
    };
    let head = &facts.request.head;
    let candidates = match header {
        Some(name) => head
            .headers
            .get(name)
            .map(|value| vec![value.as_bytes().into()]),
        None => head.uri.query().and_then(in_query),
    };
    let Some(candidates) = candidates else {
        return Err(Refusal::KeyMissing { place: place() });
    };
    match candidates
        .iter()
        .fold(false, |fits, given| fits | is_one_of(given, &expected))
    {
        true => Ok(()),
        false => Err(Refusal::WrongKey { place: place() }),
    }
}

/// Whether the name of a query parameter, as it was sent, is the key's. Case is ignored so that a mistyped
/// name does not put a key on record.
pub(crate) fn is_key_parameter(name: &str) -> bool {
    let mut decoded = percent_decode(name.as_bytes());
    let mut wanted = PARAMETER.bytes();
    loop {
        match (decoded.next(), wanted.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if a.eq_ignore_ascii_case(&b) => {}
            _ => return false,
        }
    }
}

/// The key in a query, in every way that it can be meant: a `+` is itself, or a space.
fn in_query(query: &str) -> Option<Vec<Cow<'_, [u8]>>> {
    let value = query.split('&').find_map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name: Cow<'_, [u8]> = percent_decode(name.as_bytes()).into();
        (*name == *PARAMETER.as_bytes()).then_some(value)
    })?;
    let mut candidates: Vec<Cow<'_, [u8]>> = vec![percent_decode(value.as_bytes()).into()];
    if value.contains('+') {
        let spaced = value.replace('+', " ");
        candidates.push(
            percent_decode(spaced.as_bytes())
                .collect::<Vec<u8>>()
                .into(),
        );
    }
    Some(candidates)
}

/// Whether what was given is one of the expected values.
pub(crate) fn is_one_of(given: &[u8], expected: &[&Sensitive<String>]) -> bool {
    let given = Sha256::digest(given);
    let mut equal = subtle::Choice::from(0);
    for expected in expected {
        equal |= Sha256::digest(expected.expose().as_bytes()).ct_eq(&given);
    }
    equal.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(query: &str) -> Option<Vec<String>> {
        let candidates = in_query(query)?;
        Some(
            candidates
                .iter()
                .map(|c| String::from_utf8_lossy(c).into_owned())
                .collect(),
        )
    }

    #[test]
    fn the_key_is_found_however_it_is_encoded() {
        assert_eq!(found("a=1&key=s3cret"), Some(vec!["s3cret".into()]));
        assert_eq!(found("k%65y=s%33cret"), Some(vec!["s3cret".into()]));
        assert_eq!(found("key=a+b"), Some(vec!["a+b".into(), "a b".into()]));
        assert_eq!(found("key="), Some(vec![String::new()]));
        assert_eq!(found("monkey=1&keys=2"), None);
    }

    #[test]
    fn every_spelling_of_the_parameter_counts_as_the_key_when_it_is_hidden() {
        for name in ["key", "KEY", "k%65y", "%4bey"] {
            assert!(is_key_parameter(name), "{name}");
        }
        for name in ["ke", "keys", "", "monkey"] {
            assert!(!is_key_parameter(name), "{name}");
        }
    }

    #[test]
    fn keys_are_equal_only_as_a_whole() {
        let expected = Sensitive::new("s3cret-key".to_owned());
        assert!(is_one_of(b"s3cret-key", &[&expected]));
        for other in ["", "s3cret-ke", "s3cret-key ", "S3cret-key"] {
            assert!(!is_one_of(other.as_bytes(), &[&expected]), "{other}");
        }
    }
}
