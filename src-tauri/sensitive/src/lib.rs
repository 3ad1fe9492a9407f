//! Secret values that cannot be shown by accident, sealing at rest, and the masker that finds them in every encoding.
//!
//! No I/O: where keys and values come from is the business of `secrets`.

mod automaton;
mod credentials;
mod encodings;
mod masker;
#[cfg(test)]
mod properties;
mod seal;
mod value;
mod views;

pub use credentials::{CREDENTIAL_HEADERS, credential_parts};
pub use masker::{MASK, Masker, SHORT_VALUE_CHARS};
pub use seal::{SealError, SealKey};
pub use value::Sensitive;
