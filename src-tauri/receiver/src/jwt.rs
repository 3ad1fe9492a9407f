//! Tokens that say who they are from and how long they are good.
//!
//! The algorithm is the endpoint's, never the token's: a token that names another one is refused before anything of
//! it is checked. Times are compared here, with the clock that is passed in.

use hookloom_model::document::{JwtAlgorithm, JwtAuth, JwtKey};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Map, Value};

use crate::credentials::{Facts, NoKey};
use crate::header_key::with_scheme;
use crate::refusal::{Denied, Refusal};

/// Clocks of the issuer and of this machine may differ by this much.
const CLOCK_SKEW_S: i64 = 60;
/// A longer token is refused unread.
const TOKEN_BYTES_MAX: usize = 16 * 1024;

/// Whether `Authorization` has a token that passes.
pub(crate) fn check(wanted: &JwtAuth, facts: Facts<'_>) -> Result<(), Refusal> {
    let denied = || Denied::Credentials(vec!["Bearer realm=\"hookloom\""]);
    let keys = keys_of(wanted, facts).map_err(|error| error.refusal(denied()))?;
    let token = with_scheme(&facts.request.head.headers, "bearer");
    let token = token.and_then(|token| std::str::from_utf8(token).ok());
    let token = token.ok_or_else(|| Refusal::CredentialsMissing {
        what: "`Authorization: Bearer`".into(),
        denied: denied(),
    })?;
    let now_s = facts.request.arrived.at_ms.div_euclid(1_000);
    let checked = claims_of(token, wanted.algorithm, &keys)
        .and_then(|claims| check_claims(&claims, wanted, now_s));
    checked.map_err(|error| Refusal::WrongCredentials {
        reason: format!("The token is refused: {error}"),
        denied: denied(),
    })
}

/// Why a token does not pass. Shows nothing of the token but the name of its algorithm.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum BadToken {
    #[error("it is longer than {TOKEN_BYTES_MAX} bytes (token_bytes_max)")]
    TooLong,
    #[error("it is no token of three parts")]
    NotThreeParts,
    #[error("it is signed by {given:?}, and {wanted:?} is wanted")]
    OtherAlgorithm { given: Algorithm, wanted: Algorithm },
    #[error("its signature does not match")]
    Signature,
    #[error("its `{claim}` is no time")]
    NoTime { claim: &'static str },
    #[error("it has no `exp`: it would be good for ever")]
    GoodForEver,
    #[error("it has expired")]
    Expired,
    #[error("its time has not come (`nbf`)")]
    NotYet,
    #[error("it is not from `{wanted}` (`iss`)")]
    OtherIssuer { wanted: String },
    #[error("it is not for `{wanted}` (`aud`)")]
    OtherAudience { wanted: String },
}

fn keys_of(wanted: &JwtAuth, facts: Facts<'_>) -> Result<Vec<DecodingKey>, NoKey> {
    let of = |text: &str, what: &str| {
        let pem = text.as_bytes();
        match wanted.algorithm {
            JwtAlgorithm::Hs256 => Ok(DecodingKey::from_secret(pem)),
            JwtAlgorithm::Es256 => DecodingKey::from_ec_pem(pem),
            JwtAlgorithm::EdDsa => DecodingKey::from_ed_pem(pem),
            JwtAlgorithm::Rs256 => DecodingKey::from_rsa_pem(pem),
        }
        // The error could show a part of what is meant to be secret.
        .map_err(|_| NoKey::NotPem {
            what: what.to_owned(),
        })
    };
    match &wanted.key {
        JwtKey::Public(pem) => Ok(vec![of(pem, "`public_key`")?]),
        JwtKey::Secret(name) => facts
            .secrets
            .with_previous(name, wanted.previous.as_ref())?
            .into_iter()
            .map(|value| of(value.expose(), &format!("the secret `{name}`")))
            .collect(),
    }
}

fn claims_of(
    token: &str,
    algorithm: JwtAlgorithm,
    keys: &[DecodingKey],
) -> Result<Map<String, Value>, BadToken> {
    if token.len() > TOKEN_BYTES_MAX {
        return Err(BadToken::TooLong);
    }
    let algorithm = match algorithm {
        JwtAlgorithm::Hs256 => Algorithm::HS256,
        JwtAlgorithm::Es256 => Algorithm::ES256,
        JwtAlgorithm::EdDsa => Algorithm::EdDSA,
        JwtAlgorithm::Rs256 => Algorithm::RS256,
    };
    let header = decode_header(token).map_err(|_| BadToken::NotThreeParts)?;
    if header.alg != algorithm {
        return Err(BadToken::OtherAlgorithm {
            given: header.alg,
            wanted: algorithm,
        });
    }
    let mut validation = Validation::new(algorithm);
    // What is left is ours to check, with our clock.
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    keys.iter()
        .find_map(|key| decode::<Map<String, Value>>(token, key, &validation).ok())
        .map(|decoded| decoded.claims)
        .ok_or(BadToken::Signature)
}

fn check_claims(claims: &Map<String, Value>, wanted: &JwtAuth, now_s: i64) -> Result<(), BadToken> {
    let time = |claim: &'static str| {
        let at_s = claims.get(claim).map(Value::as_f64);
        at_s.map(|at_s| at_s.ok_or(BadToken::NoTime { claim }))
            .transpose()
    };
    let (now, skew) = (now_s as f64, CLOCK_SKEW_S as f64);
    match time("exp")? {
        None => return Err(BadToken::GoodForEver),
        Some(at_s) if at_s + skew <= now => return Err(BadToken::Expired),
        Some(_) => {}
    }
    if time("nbf")?.is_some_and(|at_s| at_s - skew > now) {
        return Err(BadToken::NotYet);
    }
    if let Some(issuer) = &wanted.issuer
        && claims.get("iss").and_then(Value::as_str) != Some(issuer)
    {
        return Err(BadToken::OtherIssuer {
            wanted: issuer.clone(),
        });
    }
    if let Some(audience) = &wanted.audience {
        let is_for = match claims.get("aud") {
            Some(Value::String(one)) => one == audience,
            Some(Value::Array(several)) => several.iter().any(|one| one == audience.as_str()),
            _ => false,
        };
        if !is_for {
            return Err(BadToken::OtherAudience {
                wanted: audience.clone(),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW_S: i64 = 1_795_306_812;

    fn wanted() -> JwtAuth {
        JwtAuth {
            algorithm: JwtAlgorithm::Hs256,
            key: JwtKey::Secret("jwt".into()),
            issuer: Some("https://issuer.example".into()),
            audience: Some("orders".into()),
            previous: None,
        }
    }

    fn checked(change: Value) -> Result<(), BadToken> {
        let mut claims =
            json!({"iss": "https://issuer.example", "aud": ["other", "orders"], "exp": NOW_S + 10});
        for (name, value) in change.as_object().expect("claims") {
            match value.is_null() {
                true => drop(claims.as_object_mut().expect("claims").remove(name)),
                false => claims[name] = value.clone(),
            }
        }
        check_claims(claims.as_object().expect("claims"), &wanted(), NOW_S)
    }

    #[test]
    fn a_token_has_to_be_from_the_issuer_for_us_and_of_now() {
        for good in [
            json!({}),
            json!({"aud": "orders"}),
            json!({"exp": NOW_S - 59}),
            json!({"nbf": NOW_S + 60}),
            json!({"exp": NOW_S as f64 + 0.5}),
        ] {
            assert_eq!(checked(good.clone()), Ok(()), "{good}");
        }
        for bad in [
            json!({"exp": null}),
            json!({"exp": NOW_S - 60}),
            json!({"exp": (NOW_S + 10).to_string()}),
            json!({"nbf": NOW_S + 61}),
            json!({"nbf": "soon"}),
            json!({"iss": null}),
            json!({"iss": "https://issuer.example/"}),
            json!({"iss": ["https://issuer.example"]}),
            json!({"aud": null}),
            json!({"aud": "Orders"}),
            json!({"aud": []}),
        ] {
            assert!(checked(bad.clone()).is_err(), "{bad}");
        }
    }
}
