//! Why a message could not be verified, or signed.

use std::borrow::Cow;

/// Why a signature does not count. Shows no secret, no body and no signature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The header is not there.
    #[error("the header `{header}` is missing")]
    MissingHeader {
        /// Its name.
        header: Cow<'static, str>,
    },
    /// The header is there, but not in its form; or it came twice with different values.
    #[error("the header `{header}` is malformed: expected {expected}")]
    MalformedHeader {
        /// Its name.
        header: Cow<'static, str>,
        /// Its form.
        expected: Cow<'static, str>,
    },
    /// The signature is no hex or base64 of the right length.
    #[error("the signature in `{header}` is not {encoding}")]
    BadEncoding {
        /// The header's name.
        header: Cow<'static, str>,
        /// What it should be.
        encoding: &'static str,
    },
    /// The signature belongs to another secret or to other bytes.
    #[error("the signature does not match")]
    Mismatch,
    /// The message is genuine and too old.
    #[error("the message was signed {age_ms} ms ago, and {tolerance_ms} ms are allowed")]
    Stale {
        /// How old.
        age_ms: u64,
        /// How old it may be.
        tolerance_ms: i64,
    },
    /// The message is genuine and its time has not come.
    #[error("the message was signed {ahead_ms} ms from now, and {tolerance_ms} ms are allowed")]
    FromTheFuture {
        /// How far ahead.
        ahead_ms: u64,
        /// How far it may be.
        tolerance_ms: i64,
    },
    /// The secret is none that the scheme can use.
    #[error("the secret cannot be used: {reason}")]
    BadSecret {
        /// Why not.
        reason: &'static str,
    },
    /// The scheme signs something that is not known here.
    #[error("{what} is needed and not known")]
    MissingContext {
        /// What it is.
        what: &'static str,
    },
}

impl Failure {
    pub(crate) fn missing(header: impl Into<Cow<'static, str>>) -> Self {
        Self::MissingHeader {
            header: header.into(),
        }
    }

    pub(crate) fn malformed(
        header: impl Into<Cow<'static, str>>,
        expected: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::MalformedHeader {
            header: header.into(),
            expected: expected.into(),
        }
    }

    /// The stable name in records and in the API.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MissingHeader { .. } => "missing_header",
            Self::MalformedHeader { .. } => "malformed_header",
            Self::BadEncoding { .. } => "bad_encoding",
            Self::Mismatch => "mismatch",
            Self::Stale { .. } => "stale",
            Self::FromTheFuture { .. } => "from_the_future",
            Self::BadSecret { .. } => "bad_secret",
            Self::MissingContext { .. } => "missing_context",
        }
    }

    /// What happened, why, and what to do.
    pub fn explain(&self) -> String {
        let advice = match self {
            Self::MissingHeader { .. } => {
                "Either the sender does not sign, or it uses another scheme, or something on the way removed the header. \
                 Compare the scheme with the sender's documentation."
            }
            Self::MalformedHeader { .. } => {
                "Either the sender uses another scheme, or something on the way changed or repeated the header."
            }
            Self::BadEncoding { .. } => {
                "The signature was cut, or it is written in another encoding. Compare it with the sender's documentation."
            }
            Self::Mismatch => {
                "Either the secret is not the sender's (look for white space, a missing prefix, or an older one), or the \
                 signed bytes changed on the way (a body that was parsed and written again, another URL)."
            }
            Self::Stale { .. } => {
                "Either the message was sent again by somebody who recorded it, or it waited long, or a clock is wrong. \
                 Check the clocks of both machines."
            }
            Self::FromTheFuture { .. } => {
                "A clock is wrong, or the sender writes seconds where milliseconds belong, or the other way round."
            }
            Self::BadSecret { .. } => {
                "Copy the secret again from the place where the sender shows it, with its prefix, and set it anew."
            }
            Self::MissingContext { .. } => "Set it where the endpoint or the task is configured.",
        };
        let text = self.to_string();
        let mut letters = text.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        format!(
            "{}{}. {advice}",
            first.map(String::from).unwrap_or_default(),
            letters.as_str()
        )
    }
}
