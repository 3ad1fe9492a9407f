//! Times in headers: strict to read, and compared without overflow.

use crate::Failure;

/// How far a message's time may be from now where nothing else is set: five minutes, both ways.
pub const TOLERANCE_MS: i64 = 300_000;

/// How a scheme writes times.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Seconds,
    Milliseconds,
    Rfc3339,
    /// Written as Unix seconds. Read as these, as milliseconds, or as a date: its documentation does not say which.
    AnyForm,
}

impl Unit {
    pub const fn expected(self) -> &'static str {
        match self {
            Self::Seconds => "Unix seconds",
            Self::Milliseconds => "Unix milliseconds",
            Self::AnyForm => "a time: Unix seconds or milliseconds, or a date",
            Self::Rfc3339 => "a time such as `2026-11-22T10:00:00Z`",
        }
    }

    pub fn write(self, at_ms: i64) -> Result<String, Failure> {
        match self {
            Self::Seconds | Self::AnyForm => Ok(at_ms.div_euclid(1000).to_string()),
            Self::Milliseconds => Ok(at_ms.to_string()),
            Self::Rfc3339 => match jiff::Timestamp::from_millisecond(at_ms) {
                Ok(time) => Ok(format!("{time:.3}")),
                Err(_) => Err(Failure::MissingContext {
                    what: "a time that can be written as a date",
                }),
            },
        }
    }

    /// Unix milliseconds.
    pub fn read(self, text: &str) -> Option<i128> {
        match self {
            Self::Seconds => parse(text).map(|seconds| i128::from(seconds) * 1000),
            Self::Milliseconds => parse(text).map(i128::from),
            Self::Rfc3339 => {
                let time = text.parse::<jiff::Timestamp>().ok()?;
                Some(time.as_millisecond().into())
            }
            Self::AnyForm => read_any(text),
        }
    }
}

/// Numbers from here on are milliseconds: as seconds they would be of the year 5138 and later.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

fn read_any(text: &str) -> Option<i128> {
    if let Some(number) = parse(text) {
        let unit_ms = if number < MILLISECONDS_FROM { 1000 } else { 1 };
        return Some(i128::from(number) * unit_ms);
    }
    let time = Unit::Rfc3339.read(text);
    time.or_else(|| {
        let date = jiff::fmt::rfc2822::parse(text).ok()?;
        Some(date.timestamp().as_millisecond().into())
    })
}

/// The digits of a time in a header. ASCII digits alone, no sign, no space; what does not fit in an `i64` is none.
pub(crate) fn parse(digits: &str) -> Option<i64> {
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

/// Whether a genuine message is of now.
pub(crate) fn check(signed_at_ms: i128, now_ms: i64, tolerance_ms: i64) -> Result<(), Failure> {
    let age_ms = i128::from(now_ms) - signed_at_ms;
    let distance_ms = u64::try_from(age_ms.unsigned_abs()).unwrap_or(u64::MAX);
    if age_ms > i128::from(tolerance_ms) {
        return Err(Failure::Stale {
            age_ms: distance_ms,
            tolerance_ms,
        });
    }
    if -age_ms > i128::from(tolerance_ms) {
        return Err(Failure::FromTheFuture {
            ahead_ms: distance_ms,
            tolerance_ms,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_plain_digits_are_a_time() {
        assert_eq!(parse("1568818215724"), Some(1_568_818_215_724));
        assert_eq!(parse("9223372036854775807"), Some(i64::MAX));
        for wrong in [
            "",
            "-1",
            "+1",
            " 1",
            "1 ",
            "1.0",
            "1e3",
            "٣",
            "9223372036854775808",
            "0x10",
        ] {
            assert_eq!(parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_time_of_any_form_is_the_same_time() {
        for text in [
            "1795306812",
            "1795306812000",
            "2026-11-22T00:20:12Z",
            "Sun, 22 Nov 2026 00:20:12 GMT",
        ] {
            assert_eq!(Unit::AnyForm.read(text), Some(1_795_306_812_000), "{text}");
        }
        for wrong in ["", "-1", "yesterday", "2026-11-22"] {
            assert_eq!(Unit::AnyForm.read(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_time_panics_and_the_tolerance_holds_both_ways(signed: i64, now: i64, tolerance in 0..=i64::MAX) {
            let near = (i128::from(now) - i128::from(signed)).unsigned_abs() <= tolerance.unsigned_abs().into();
            prop_assert_eq!(check(signed.into(), now, tolerance).is_ok(), near);
            let _ = check(i128::from(signed) * 1000, now, tolerance);
        }
    }
}
