//! Finds secret values, in every encoding, in text and JSON, and puts `••••` there.

/// What stands where a secret stood.
pub const MASK: &str = "••••";

/// Knows a set of secret values and masks them.
#[derive(Debug, Default)]
pub struct Masker {}
