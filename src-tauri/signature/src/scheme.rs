//! The registry of schemes.

use std::sync::LazyLock;

use crate::family::{self, Family};
use crate::schemes::{
    discord, gitlab, http_message_signatures, sendgrid, standard_webhooks, twilio,
    x_webhook_signature,
};
use crate::{Failure, SignInput, VerifyInput};

/// A way to sign messages.
pub struct Scheme {
    /// Its name in flow documents.
    pub name: &'static str,
    /// The headers that carry it.
    pub headers: &'static [&'static str],
    /// Whether it signs a time: without one a recorded message stays valid for ever.
    pub is_timed: bool,
    pub(crate) rule: Rule,
}

/// How a scheme works.
pub(crate) enum Rule {
    /// An HMAC in a header: most schemes differ in a few words only.
    Family(Family),
    /// Anything else.
    Own {
        sign: fn(&SignInput<'_>) -> Result<Headers, Failure>,
        verify: fn(&VerifyInput<'_>) -> Result<(), Failure>,
        /// What is signed, where that is one text.
        content: Option<SignedContent>,
    },
}

/// Gives the bytes that a signature is over.
pub(crate) type SignedContent = fn(&SignInput<'_>) -> Result<Vec<u8>, Failure>;

/// Names and values in order.
pub type Headers = Vec<(String, String)>;

/// Every scheme: those that are more than a row of the table, then the table.
pub static SCHEMES: LazyLock<Vec<Scheme>> = LazyLock::new(|| {
    let own = [
        x_webhook_signature::SCHEME,
        standard_webhooks::SCHEME,
        gitlab::SCHEME,
        twilio::SCHEME,
        discord::SCHEME,
        sendgrid::SCHEME,
        http_message_signatures::SCHEME,
    ];
    own.into_iter().chain(family::rows()).collect()
});

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
    match &scheme.rule {
        Rule::Own { sign, .. } => sign(input),
        Rule::Family(family) => family.sign(input),
    }
}

/// The bytes that a signature is over, for whoever wants to see them; none where a scheme signs no one text, or where
/// the text cannot be made. Never a part of the secret.
pub fn signed_content(scheme: &Scheme, input: &SignInput<'_>) -> Option<Vec<u8>> {
    match &scheme.rule {
        Rule::Own { content, .. } => content.and_then(|content| content(input).ok()),
        Rule::Family(family) => family.signed_content(input).ok(),
    }
}

/// Whether a message was signed with the secret, over these bytes, not too long ago.
pub fn verify(scheme: &Scheme, input: &VerifyInput<'_>) -> Result<(), Failure> {
    match &scheme.rule {
        Rule::Own { verify, .. } => verify(input),
        Rule::Family(family) => family.verify(input),
    }
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
        for scheme in SCHEMES.iter() {
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
