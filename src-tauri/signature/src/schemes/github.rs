//! `X-Hub-Signature-256: sha256=<hex>`: HMAC-SHA256 over the body. It has no time, so a recorded message stays valid.

use crate::header::required;
use crate::scheme::{Headers, Scheme};
use crate::{Failure, SignInput, VerifyInput, mac};

pub(crate) const SCHEME: Scheme = Scheme {
    name: "github",
    headers: &[HEADER],
    sign,
    verify,
};

const HEADER: &str = "X-Hub-Signature-256";
const EXPECTED: &str = "`sha256=<hex>`";

fn sign(input: &SignInput<'_>) -> Result<Headers, Failure> {
    let mac = mac::sha256(input.secret.as_bytes(), &[input.body])?;
    Ok(vec![(
        HEADER.to_owned(),
        format!("sha256={}", hex::encode(mac)),
    )])
}

fn verify(input: &VerifyInput<'_>) -> Result<(), Failure> {
    let value = required(input, HEADER, EXPECTED)?;
    let text = value
        .strip_prefix("sha256=")
        .ok_or(Failure::MalformedHeader {
            header: HEADER,
            expected: EXPECTED,
        })?;
    let given = mac::hex_of_sha256(text, HEADER)?;
    let expected = mac::sha256(input.secret.as_bytes(), &[input.body])?;
    if mac::any_equals(&expected, &[given]) {
        Ok(())
    } else {
        Err(Failure::Mismatch)
    }
}
