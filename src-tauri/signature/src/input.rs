//! What signing and verifying need to know.

/// A message to sign. It holds a secret: it has no `Debug`.
#[derive(Clone, Copy)]
pub struct SignInput<'a> {
    /// The secret as it is stored, with any prefix.
    pub secret: &'a str,
    /// GET, POST, …
    pub method: &'a str,
    /// Absolute.
    pub url: &'a str,
    /// The exact bytes.
    pub body: &'a [u8],
    /// When the attempt begins, Unix milliseconds.
    pub timestamp_ms: i64,
    /// The message's id: the same over all attempts.
    pub id: &'a str,
}

/// A message that came in. It holds a secret: it has no `Debug`.
#[derive(Clone, Copy)]
pub struct VerifyInput<'a> {
    /// The secret as it is stored, with any prefix.
    pub secret: &'a str,
    /// GET, POST, …
    pub method: &'a str,
    /// Absolute, as the sender knows it; empty where that is not known.
    pub url: &'a str,
    /// Names in any case, values as received; a repeated header is here as often as it came.
    pub headers: &'a [(&'a str, &'a str)],
    /// The exact bytes.
    pub body: &'a [u8],
    /// Now, Unix milliseconds.
    pub now_ms: i64,
    /// How far the message's time may be from now, both ways; usually [`crate::TOLERANCE_MS`].
    pub tolerance_ms: i64,
}
