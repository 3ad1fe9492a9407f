//! `X-Gitlab-Token`: the secret itself. It signs nothing, so whoever sees one message can make others.

use crate::header::required;
use crate::scheme::{Headers, Rule, Scheme};
use crate::{Failure, SignInput, VerifyInput, mac};

pub(crate) const SCHEME: Scheme = Scheme {
    name: "gitlab",
    headers: &[HEADER],
    is_timed: false,
    rule: Rule::Own {
        sign,
        verify,
        content: None,
    },
};

const HEADER: &str = "X-Gitlab-Token";

fn sign(input: &SignInput<'_>) -> Result<Headers, Failure> {
    // The check is that of any key: an empty one is refused.
    mac::sha256(input.secret.as_bytes(), &[])?;
    Ok(vec![(HEADER.to_owned(), input.secret.to_owned())])
}

fn verify(input: &VerifyInput<'_>) -> Result<(), Failure> {
    let given = required(input, HEADER, "the token")?;
    // Compared by their hash: neither length nor content can be measured.
    let of = |token: &str| mac::sha256(b"gitlab token", &[token.as_bytes()]);
    mac::sha256(input.secret.as_bytes(), &[])?;
    match mac::any_equals(&of(input.secret)?, &[of(given)?]) {
        true => Ok(()),
        false => Err(Failure::Mismatch),
    }
}
