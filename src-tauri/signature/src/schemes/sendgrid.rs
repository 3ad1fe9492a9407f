//! `X-Twilio-Email-Event-Webhook-Signature`: ECDSA over P-256 with SHA-256 of `<seconds><body>`, the time in a header of
//! its own.
//!
//! The secret is the verification key as the provider shows it: base64 of a public key's DER, or PEM. Signing wants the
//! private key (PKCS#8) in the same forms.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use p256::ecdsa::signature::{Signer, Verifier};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use p256::pkcs8::{DecodePrivateKey, DecodePublicKey};

use crate::header::required;
use crate::scheme::{Headers, Rule, Scheme};
use crate::timestamp::{self, Unit};
use crate::{Failure, SignInput, VerifyInput};

pub(crate) const SCHEME: Scheme = Scheme {
    name: "sendgrid",
    headers: &[TIMESTAMP, SIGNATURE],
    is_timed: true,
    rule: Rule::Own {
        sign,
        verify,
        content: Some(signed_content),
    },
};

const SIGNATURE: &str = "X-Twilio-Email-Event-Webhook-Signature";
const TIMESTAMP: &str = "X-Twilio-Email-Event-Webhook-Timestamp";

fn sign(input: &SignInput<'_>) -> Result<Headers, Failure> {
    let seconds = Unit::Seconds.write(input.timestamp_ms)?;
    let key = private_key(input.secret).ok_or(Failure::BadSecret {
        reason: "it is no private key of the curve P-256 (PKCS#8 in base64 or PEM), and only that signs",
    })?;
    let signature: Signature = key.sign(&signed_content(input)?);
    Ok(vec![
        (TIMESTAMP.to_owned(), seconds),
        (SIGNATURE.to_owned(), STANDARD.encode(signature.to_der())),
    ])
}

fn signed_content(input: &SignInput<'_>) -> Result<Vec<u8>, Failure> {
    let seconds = Unit::Seconds.write(input.timestamp_ms)?;
    Ok([seconds.as_bytes(), input.body].concat())
}

fn verify(input: &VerifyInput<'_>) -> Result<(), Failure> {
    let value = required(input, SIGNATURE, "<base64>")?;
    let seconds = required(input, TIMESTAMP, Unit::Seconds.expected())?;
    let signed_at_ms = Unit::Seconds
        .read(seconds)
        .ok_or_else(|| Failure::malformed(TIMESTAMP, Unit::Seconds.expected()))?;
    let given = STANDARD.decode(value).ok();
    let given = given.and_then(|der| Signature::from_der(&der).ok());
    let given = given.ok_or_else(|| Failure::BadEncoding {
        header: SIGNATURE.into(),
        encoding: "base64 of an ECDSA signature in DER",
    })?;
    let message = [seconds.as_bytes(), input.body].concat();
    public_key(input.secret)?
        .verify(&message, &given)
        .map_err(|_| Failure::Mismatch)?;
    timestamp::check(signed_at_ms, input.now_ms, input.tolerance_ms)
}

fn private_key(secret: &str) -> Option<SigningKey> {
    match secret.trim_start().starts_with("-----") {
        true => SigningKey::from_pkcs8_pem(secret.trim()).ok(),
        false => SigningKey::from_pkcs8_der(&STANDARD.decode(secret).ok()?).ok(),
    }
}

/// Who has the private key can verify as well.
fn public_key(secret: &str) -> Result<VerifyingKey, Failure> {
    if let Some(key) = private_key(secret) {
        return Ok(*key.verifying_key());
    }
    let key = match secret.trim_start().starts_with("-----") {
        true => VerifyingKey::from_public_key_pem(secret.trim()).ok(),
        false => STANDARD
            .decode(secret)
            .ok()
            .and_then(|der| VerifyingKey::from_public_key_der(&der).ok()),
    };
    key.ok_or(Failure::BadSecret {
        reason: "it is no public key of the curve P-256, in base64 as the provider shows it or in PEM",
    })
}
