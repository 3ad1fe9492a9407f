//! `X-Signature-Ed25519: <hex>` over `<seconds><body>`, the time in `X-Signature-Timestamp`.
//!
//! The secret is the application's public key in hex. Signing wants the pair: private key, then public key.

use crate::encoding::Encoding;
use crate::header::required;
use crate::scheme::{Headers, Rule, Scheme};
use crate::timestamp::{self, Unit};
use crate::{Failure, SignInput, VerifyInput, ed25519};

pub(crate) const SCHEME: Scheme = Scheme {
    name: "discord",
    headers: &[TIMESTAMP, SIGNATURE],
    is_timed: true,
    rule: Rule::Own {
        sign,
        verify,
        content: Some(signed_content),
    },
};

const SIGNATURE: &str = "X-Signature-Ed25519";
const TIMESTAMP: &str = "X-Signature-Timestamp";

fn sign(input: &SignInput<'_>) -> Result<Headers, Failure> {
    let seconds = Unit::Seconds.write(input.timestamp_ms)?;
    let message = signed_content(input)?;
    let signature = ed25519::sign(&key(input.secret)?, &message)?;
    Ok(vec![
        (TIMESTAMP.to_owned(), seconds),
        (SIGNATURE.to_owned(), Encoding::Hex.encode(&signature)),
    ])
}

fn signed_content(input: &SignInput<'_>) -> Result<Vec<u8>, Failure> {
    let seconds = Unit::Seconds.write(input.timestamp_ms)?;
    Ok([seconds.as_bytes(), input.body].concat())
}

fn verify(input: &VerifyInput<'_>) -> Result<(), Failure> {
    let value = required(input, SIGNATURE, "<hex>")?;
    let seconds = required(input, TIMESTAMP, Unit::Seconds.expected())?;
    let signed_at_ms = Unit::Seconds
        .read(seconds)
        .ok_or_else(|| Failure::malformed(TIMESTAMP, Unit::Seconds.expected()))?;
    let given = Encoding::Hex.decode(value, ed25519::SIGNATURE_BYTES, SIGNATURE)?;
    let message = [seconds.as_bytes(), input.body].concat();
    if !ed25519::verify_any(&key(input.secret)?, &message, &[given])? {
        return Err(Failure::Mismatch);
    }
    timestamp::check(signed_at_ms, input.now_ms, input.tolerance_ms)
}

fn key(secret: &str) -> Result<Vec<u8>, Failure> {
    hex::decode(secret).map_err(|_| Failure::BadSecret {
        reason: "it is no ed25519 key in hexadecimal digits",
    })
}
