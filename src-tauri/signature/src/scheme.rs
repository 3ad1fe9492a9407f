//! The registry of schemes.

use crate::schemes::{github, standard_webhooks, stripe, x_webhook_signature};
use crate::{Failure, SignInput, VerifyInput};

/// A way to sign messages.
pub struct Scheme {
    /// Its name in flow documents.
    pub name: &'static str,
    /// The headers that carry it.
    pub headers: &'static [&'static str],
    pub(crate) sign: fn(&SignInput<'_>) -> Result<Headers, Failure>,
    pub(crate) verify: fn(&VerifyInput<'_>) -> Result<(), Failure>,
}

/// Names and values in order.
pub(crate) type Headers = Vec<(String, String)>;

/// Every scheme.
pub static SCHEMES: &[Scheme] = &[
    x_webhook_signature::SCHEME,
    standard_webhooks::SCHEME,
    github::SCHEME,
    stripe::SCHEME,
];

/// The scheme of a webhook task that names none.
pub const DEFAULT_SCHEME: &str = x_webhook_signature::SCHEME.name;

/// A name that no scheme has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no signature scheme `{name}`; known are {}", known())]
pub struct UnknownScheme {
    /// What was asked for.
    pub name: String,
}

/// The headers that sign a message.
pub fn sign(scheme: &Scheme, input: &SignInput<'_>) -> Result<Vec<(String, String)>, Failure> {
    (scheme.sign)(input)
}

/// Whether a message was signed with the secret, over these bytes, not too long ago.
pub fn verify(scheme: &Scheme, input: &VerifyInput<'_>) -> Result<(), Failure> {
    (scheme.verify)(input)
}

impl Scheme {
    /// The scheme of this name.
    pub fn named(name: &str) -> Result<&'static Scheme, UnknownScheme> {
        SCHEMES
            .iter()
            .find(|scheme| scheme.name == name)
            .ok_or_else(|| UnknownScheme {
                name: name.to_owned(),
            })
    }
}

impl std::fmt::Debug for Scheme {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

fn known() -> String {
    SCHEMES
        .iter()
        .map(|scheme| format!("`{}`", scheme.name))
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        for scheme in SCHEMES {
            assert_eq!(
                Scheme::named(scheme.name).map(|found| found.headers),
                Ok(scheme.headers)
            );
            assert_eq!(
                SCHEMES
                    .iter()
                    .filter(|other| other.name == scheme.name)
                    .count(),
                1
            );
        }
    }

    #[test]
    fn an_unknown_name_lists_the_known_ones() {
        let error = Scheme::named("x-webhook").expect_err("no such scheme");
        assert!(
            error
                .to_string()
                .contains("`x-webhook-signature`, `standard-webhooks`"),
            "{error}"
        );
    }
}
