//! `Stripe-Signature: t=<s>,v1=<hex>[,v1=<hex>]`: HMAC-SHA256 over `<t>.<body>`; the key is the secret's whole text.

use crate::header::{required, timed_signatures};
use crate::scheme::{Headers, Scheme};
use crate::{Failure, SignInput, VerifyInput, mac, timestamp};

pub(crate) const SCHEME: Scheme = Scheme {
    name: "stripe",
    headers: &[HEADER],
    sign,
    verify,
};

const HEADER: &str = "Stripe-Signature";
const EXPECTED: &str = "`t=<Unix seconds>,v1=<hex>`";

fn sign(input: &SignInput<'_>) -> Result<Headers, Failure> {
    let seconds = input.timestamp_ms.div_euclid(1000).to_string();
    let mac = expected(input.secret, &seconds, input.body)?;
    Ok(vec![(
        HEADER.to_owned(),
        format!("t={seconds},v1={}", hex::encode(mac)),
    )])
}

fn verify(input: &VerifyInput<'_>) -> Result<(), Failure> {
    let malformed = Failure::MalformedHeader {
        header: HEADER,
        expected: EXPECTED,
    };
    let value = required(input, HEADER, EXPECTED)?;
    // Signatures under other names (`v0` of test mode) are skipped.
    let parts = timed_signatures(value, "v1", false, &malformed)?;
    let seconds = timestamp::parse(parts.timestamp).ok_or(malformed)?;
    let given = parts
        .signatures
        .iter()
        .map(|text| mac::hex_of_sha256(text, HEADER))
        .collect::<Result<Vec<_>, _>>()?;
    if !mac::any_equals(
        &expected(input.secret, parts.timestamp, input.body)?,
        &given,
    ) {
        return Err(Failure::Mismatch);
    }
    timestamp::check(i128::from(seconds) * 1000, input.now_ms, input.tolerance_ms)
}

fn expected(secret: &str, seconds: &str, body: &[u8]) -> Result<[u8; 32], Failure> {
    mac::sha256(secret.as_bytes(), &[seconds.as_bytes(), b".", body])
}
