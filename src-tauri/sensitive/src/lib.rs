//! Secret values that cannot be shown by accident, sealing at rest, and the masker that finds them in every encoding.
//!
//! No I/O: where keys and values come from is the business of `secrets`.

mod masker;
mod seal;
mod value;

pub use masker::{MASK, Masker};
pub use seal::{SealError, SealKey};
pub use value::Sensitive;
