//! Signature schemes, both ways: sign, verify, explain.
//!
//! No I/O and no clock: secrets, bytes and times are passed in. Adding a scheme is a row in `family`, or,
//! where it is more than an HMAC in a header, one file below `schemes` and one line in `scheme.rs`. One that somebody
//! describes is `custom`.

mod challenge;
mod choice;
mod custom;
mod ed25519;
mod encoding;
mod failure;
mod family;
mod header;
mod input;
mod mac;
#[cfg(test)]
mod mutations;
pub mod remote_step;
mod scheme;
mod schemes;
mod timestamp;
#[cfg(test)]
mod vectors;

pub use challenge::{crc_token, is_token, zoom_token};
pub use choice::SchemeChoice;
pub use custom::{CUSTOM_KEYS, CustomProblem, CustomScheme};
pub use failure::Failure;
pub use input::{SignInput, VerifyInput};
pub use scheme::{DEFAULT_SCHEME, SCHEMES, Scheme, UnknownScheme, sign, signed_content, verify};
pub use timestamp::TOLERANCE_MS;
