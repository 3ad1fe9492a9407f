//! `remote-step`: SHA-256 over a payload's JSON followed by a key. Legacy: it has no time and is no HMAC, so a recorded
//! message stays valid for ever; messages are signed by Standard Webhooks as well.
//!
//! The receiver parses the payload and writes it again before it hashes, so what counts are the bytes that JavaScript
//! writes, not those that were sent.

mod signing;
mod stringify;
#[cfg(test)]
mod tests;

pub use signing::{KEY_CHARS, KEY_PREFIX, is_key, sign, standard_webhooks_secret, verify};
pub use stringify::stringify;
