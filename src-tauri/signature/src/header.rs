//! Reading headers strictly.

use crate::{Failure, VerifyInput};

/// How many signatures of one header are looked at: more are no rotation.
const SIGNATURES_MAX: usize = 16;

/// The value of a header that must be there. Two different ones are refused, two equal ones are one.
pub(crate) fn required<'a>(
    input: &VerifyInput<'a>,
    header: &str,
    expected: &str,
) -> Result<&'a str, Failure> {
    optional(input, header, expected)?.ok_or_else(|| Failure::missing(header.to_owned()))
}

/// The value of a header, if it is there.
pub(crate) fn optional<'a>(
    input: &VerifyInput<'a>,
    header: &str,
    expected: &str,
) -> Result<Option<&'a str>, Failure> {
    let mut values = input
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case(header))
        .map(|(_, value)| *value);
    let first = values.next();
    if values.any(|other| Some(other) != first) {
        return Err(Failure::malformed(header.to_owned(), expected.to_owned()));
    }
    Ok(first)
}

/// A header of `name=value` pairs: one time, and any number of signatures.
pub(crate) struct TimedSignatures<'a> {
    /// The time's digits as they were written: they are part of what is signed.
    pub timestamp: &'a str,
    /// Values under the name of the signature.
    pub signatures: Vec<&'a str>,
}

/// How such a header is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pairs {
    /// Between two pairs.
    pub separator: char,
    /// The name of the time.
    pub time: &'static str,
    /// The name of a signature.
    pub signature: &'static str,
    /// Whether other names are refused; else they are skipped.
    pub only_known: bool,
}

impl Pairs {
    /// The header's value.
    pub fn write(&self, timestamp: &str, signature: &str) -> String {
        let Self {
            separator,
            time,
            signature: name,
            ..
        } = self;
        format!("{time}={timestamp}{separator}{name}={signature}")
    }

    /// Reads the header's value.
    pub fn read<'a>(
        &self,
        value: &'a str,
        malformed: &Failure,
    ) -> Result<TimedSignatures<'a>, Failure> {
        let mut timestamp = None;
        let mut signatures = Vec::new();
        for pair in value.split(self.separator) {
            let (name, value) = pair.split_once('=').ok_or_else(|| malformed.clone())?;
            if name == self.time {
                if timestamp.replace(value).is_some() {
                    return Err(malformed.clone());
                }
            } else if name == self.signature && signatures.len() < SIGNATURES_MAX {
                signatures.push(value);
            } else if self.only_known || name.is_empty() || name == self.signature {
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
}

/// Reads a list of signatures, each behind a mark: `v1=<…>,v1=<…>`. Those with another mark are skipped.
pub(crate) fn marked_signatures<'a>(
    value: &'a str,
    mark: &str,
    malformed: &Failure,
) -> Result<Vec<&'a str>, Failure> {
    let signatures: Vec<&str> = value
        .split(',')
        .filter_map(|one| one.strip_prefix(mark))
        .collect();
    if signatures.is_empty() || signatures.len() > SIGNATURES_MAX {
        return Err(malformed.clone());
    }
    Ok(signatures)
}
