//! Reading headers strictly.

use crate::{Failure, VerifyInput};

/// How many signatures of one header are looked at: more are no rotation.
const SIGNATURES_MAX: usize = 16;

/// The value of a header that must be there. Two different ones are refused, two equal ones are one.
pub(crate) fn required<'a>(
    input: &VerifyInput<'a>,
    header: &'static str,
    expected: &'static str,
) -> Result<&'a str, Failure> {
    optional(input, header, expected)?.ok_or(Failure::MissingHeader { header })
}

/// The value of a header, if it is there.
pub(crate) fn optional<'a>(
    input: &VerifyInput<'a>,
    header: &'static str,
    expected: &'static str,
) -> Result<Option<&'a str>, Failure> {
    let mut values = input
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case(header))
        .map(|(_, value)| *value);
    let first = values.next();
    if values.any(|other| Some(other) != first) {
        return Err(Failure::MalformedHeader { header, expected });
    }
    Ok(first)
}

/// A header of comma-separated `name=value` pairs: one time, and any number of signatures.
pub(crate) struct TimedSignatures<'a> {
    /// The time's digits as they were written: they are part of what is signed.
    pub timestamp: &'a str,
    /// Values under the name of the signature.
    pub signatures: Vec<&'a str>,
}

/// Reads `t=…,name=…`. Other names are refused where `only_known`, else skipped.
pub(crate) fn timed_signatures<'a>(
    value: &'a str,
    name: &str,
    only_known: bool,
    malformed: &Failure,
) -> Result<TimedSignatures<'a>, Failure> {
    let mut timestamp = None;
    let mut signatures = Vec::new();
    for pair in value.split(',') {
        let (key, value) = pair.split_once('=').ok_or_else(|| malformed.clone())?;
        if key == "t" {
            if timestamp.replace(value).is_some() {
                return Err(malformed.clone());
            }
        } else if key == name && signatures.len() < SIGNATURES_MAX {
            signatures.push(value);
        } else if only_known || key.is_empty() || key == name {
            return Err(malformed.clone());
        }
    }
    match timestamp {
        Some(timestamp) if !signatures.is_empty() => Ok(TimedSignatures {
            timestamp,
            signatures,
        }),
        _ => Err(malformed.clone()),
    }
}
