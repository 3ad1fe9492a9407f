//! The scheme of an endpoint or a task: one of the registry, or one that somebody described.

use std::sync::Arc;

use crate::custom::CustomScheme;
use crate::scheme::Headers;
use crate::{Failure, Scheme, SignInput, VerifyInput, sign, signed_content, verify};

/// A scheme that was chosen. Cheap to clone.
#[derive(Debug, Clone)]
pub enum SchemeChoice {
    /// One of the registry.
    Named(&'static Scheme),
    /// One that somebody described.
    Custom(Arc<CustomScheme>),
}

impl SchemeChoice {
    /// The name in records and in what people read.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Named(scheme) => scheme.name,
            Self::Custom(_) => "custom",
        }
    }

    /// Whether it signs a time: without one a recorded message stays valid for ever.
    pub fn is_timed(&self) -> bool {
        match self {
            Self::Named(scheme) => scheme.is_timed,
            Self::Custom(scheme) => scheme.is_timed(),
        }
    }

    /// The headers that sign a message.
    pub fn sign(&self, input: &SignInput<'_>) -> Result<Headers, Failure> {
        match self {
            Self::Named(scheme) => sign(scheme, input),
            Self::Custom(scheme) => scheme.sign(input),
        }
    }

    /// The bytes that a signature is over; none where the scheme signs no one text. Never a part of the secret.
    pub fn signed_content(&self, input: &SignInput<'_>) -> Option<Vec<u8>> {
        match self {
            Self::Named(scheme) => signed_content(scheme, input),
            Self::Custom(scheme) => scheme.signed_content(input).ok(),
        }
    }

    /// Whether a message was signed with the secret, over these bytes, not too long ago.
    pub fn verify(&self, input: &VerifyInput<'_>) -> Result<(), Failure> {
        match self {
            Self::Named(scheme) => verify(scheme, input),
            Self::Custom(scheme) => scheme.verify(input),
        }
    }
}

impl PartialEq for SchemeChoice {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Named(a), Self::Named(b)) => a.name == b.name,
            (Self::Custom(a), Self::Custom(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for SchemeChoice {}

#[cfg(test)]
mod tests {
    use super::*;

    /// What an HMAC in hexadecimal digits is over, found by making it again.
    #[test]
    fn the_content_that_is_shown_is_the_content_that_is_signed() {
        let input = SignInput {
            secret: "a-key-of-ours",
            method: "POST",
            url: "https://hooks.example/in?a=1",
            body: b"{\"n\": 1}",
            timestamp_ms: 1_795_306_812_345,
            id: "msg_1",
        };
        for (name, content) in [
            ("x-webhook-signature", "1795306812345.{\"n\": 1}"),
            ("standard-webhooks", "msg_1.1795306812.{\"n\": 1}"),
            ("github", "{\"n\": 1}"),
            ("slack", "v0:1795306812:{\"n\": 1}"),
            ("stripe", "1795306812.{\"n\": 1}"),
        ] {
            let scheme = Scheme::named(name).expect("it is implemented");
            let shown = SchemeChoice::Named(scheme).signed_content(&input);
            let shown = shown.map(|shown| String::from_utf8_lossy(&shown).into_owned());
            assert_eq!(shown.as_deref(), Some(content), "{name}");
        }
        let gitlab = SchemeChoice::Named(Scheme::named("gitlab").expect("it is implemented"));
        assert_eq!(gitlab.signed_content(&input), None, "a token signs nothing");
    }
}
