//! The scheme of an endpoint or a task: one of the registry, or one that somebody described.

use std::sync::Arc;

use crate::custom::CustomScheme;
use crate::scheme::Headers;
use crate::{Failure, Scheme, SignInput, VerifyInput, sign, verify};

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
