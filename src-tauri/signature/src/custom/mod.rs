//! Schemes that somebody describes: an HMAC in a header, for senders that have no name in the registry.

mod pattern;
mod read;
mod rule;
#[cfg(test)]
mod tests;

pub use read::{CUSTOM_KEYS, CustomProblem};
pub use rule::CustomScheme;
