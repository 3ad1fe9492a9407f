//! Keys in a header: `api_key`, `bearer` and `basic`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hookloom_model::document::Auth;
use hookloom_sensitive::Sensitive;
use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::credentials::{Facts, challenges};
use crate::key::is_one_of;
use crate::refusal::{Denied, Refusal};

/// Whether the header has the secret in the kind's own form.
pub(crate) fn check(auth: &Auth, facts: Facts<'_>) -> Result<(), Refusal> {
    let denied = || Denied::Credentials(challenges(auth));
    let missing = |what: String| Refusal::CredentialsMissing {
        what,
        denied: denied(),
    };
    let Some((secret, previous)) = auth.secret() else {
        return Err(missing("a key".into()));
    };
    let expected = facts.secrets.with_previous(secret, previous);
    let expected = expected.map_err(|error| error.refusal(denied()))?;
    let headers = &facts.request.head.headers;
    let (place, fits) = match auth {
        Auth::ApiKey { header, .. } => {
            let place = format!("the header `{header}`");
            let given = only(headers, header).ok_or_else(|| missing(place.clone()))?;
            (place, is_one_of(given, &expected))
        }
        Auth::Bearer { .. } => {
            let place = "`Authorization: Bearer`".to_owned();
            let given = with_scheme(headers, "bearer").ok_or_else(|| missing(place.clone()))?;
            (place, is_one_of(given, &expected))
        }
        Auth::Basic { username, .. } => {
            let place = "`Authorization: Basic`".to_owned();
            let given = with_scheme(headers, "basic").ok_or_else(|| missing(place.clone()))?;
            (place, is_basic(given, username, &expected))
        }
        _ => return Err(missing("a key".into())),
    };
    match fits {
        true => Ok(()),
        false => Err(Refusal::WrongCredentials {
            reason: format!("What {place} holds is wrong"),
            denied: denied(),
        }),
    }
}

/// The value of a header that is there once: of two nobody knows which one counts.
pub(crate) fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a [u8]> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    match values.next() {
        None => Some(value.as_bytes()),
        Some(_) => None,
    }
}

/// What follows the scheme in `Authorization`.
pub(crate) fn with_scheme<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a [u8]> {
    let value = only(headers, AUTHORIZATION.as_str())?;
    let (given, rest) = value.split_at_checked(scheme.len())?;
    let rest = rest.strip_prefix(b" ")?;
    given
        .eq_ignore_ascii_case(scheme.as_bytes())
        .then(|| rest.trim_ascii())
}

fn is_basic(given: &[u8], username: &str, passwords: &[&Sensitive<String>]) -> bool {
    let Ok(decoded) = STANDARD.decode(given) else {
        return false;
    };
    let Some(at) = decoded.iter().position(|byte| *byte == b':') else {
        return false;
    };
    let username = Sensitive::new(username.to_owned());
    // Both are compared, whatever the first one gives.
    is_one_of(&decoded[..at], &[&username]) & is_one_of(&decoded[at + 1..], passwords)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn authorization(value: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, HeaderValue::from_static(value));
        headers
    }

    #[test]
    fn the_scheme_may_be_in_any_case_and_ends_at_a_space() {
        for value in ["Bearer abc", "bearer abc", "BEARER  abc "] {
            let headers = authorization(value);
            assert_eq!(
                with_scheme(&headers, "bearer"),
                Some(b"abc".as_slice()),
                "{value}"
            );
        }
        for value in ["Bearerabc", "Bearer", "Basic abc", "abc", ""] {
            assert_eq!(
                with_scheme(&authorization(value), "bearer"),
                None,
                "{value}"
            );
        }
    }

    #[test]
    fn two_headers_of_one_name_are_none() {
        let mut headers = authorization("Bearer abc");
        headers.append(AUTHORIZATION, HeaderValue::from_static("Bearer abc"));
        assert_eq!(with_scheme(&headers, "bearer"), None);
    }

    #[test]
    fn a_basic_password_may_have_colons_and_a_user_name_not() {
        let password = Sensitive::new("a:b".to_owned());
        let is = |text: &str| is_basic(STANDARD.encode(text).as_bytes(), "shop", &[&password]);
        assert!(is("shop:a:b"));
        for wrong in ["shop:a", "shop", "shop:", "Shop:a:b", ":a:b", ""] {
            assert!(!is(wrong), "{wrong}");
        }
        assert!(!is_basic(b"no base64!", "shop", &[&password]));
    }
}
