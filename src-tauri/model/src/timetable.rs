//! When a schedule is due: a cron pattern on the clocks of a time zone.
//!
//! Looks at no clock and at no file: the rules of time zones are part of the program. Runs nothing.
//!
//! A local time that the clocks skip is due once, when the gap ends; one that they show twice is due the first time.

use std::str::FromStr as _;

use croner::Cron;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};

/// The clocks of the world go back by less than this. Searching backwards begins so much later.
const FOLD_MS_MAX: i64 = 25 * 60 * 60 * 1000;

/// A cron pattern and the clocks that it is read on.
#[derive(Debug, Clone)]
pub struct Timetable {
    cron: Cron,
    zone: TimeZone,
}

/// Why there is no timetable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimetableError {
    /// The pattern has not five fields.
    #[error(
        "a cron pattern has five fields (minute, hour, day, month, weekday), and this one has {found}"
    )]
    Fields {
        /// How many it has.
        found: usize,
    },
    /// The pattern cannot be read.
    #[error("the cron pattern cannot be read: {reason}")]
    Pattern {
        /// Why not.
        reason: String,
    },
    /// No day fits.
    #[error("the cron pattern fits no day that ever comes")]
    Never,
    /// There is no such zone.
    #[error(
        "there is no time zone `{name}`; give its name in the IANA database, such as `Europe/Berlin` or `UTC`"
    )]
    Zone {
        /// What was given.
        name: String,
    },
}

impl Timetable {
    /// Reads a pattern of five fields and the IANA name of a zone.
    pub fn new(cron: &str, time_zone: &str) -> Result<Self, TimetableError> {
        let found = cron.split_whitespace().count();
        if found != 5 {
            return Err(TimetableError::Fields { found });
        }
        let cron = Cron::from_str(cron).map_err(|error| TimetableError::Pattern {
            reason: error.to_string(),
        })?;
        let zone = TimeZoneDatabase::bundled().get(time_zone);
        let zone = zone.map_err(|_| TimetableError::Zone {
            name: time_zone.chars().take(80).collect(),
        })?;
        // Any year does: what fits a day at all fits one within a few leap years.
        let begin = DateTime::constant(2024, 1, 1, 0, 0, 0, 0);
        if cron.find_next_occurrence(&begin, true).is_err() {
            return Err(TimetableError::Never);
        }
        Ok(Self { cron, zone })
    }

    /// The first time after this one, Unix milliseconds. None at the end of the calendar.
    pub fn next_after_ms(&self, after_ms: i64) -> Option<i64> {
        let mut local = self.local(after_ms)?;
        loop {
            local = self.cron.find_next_occurrence(&local, false).ok()?;
            let at_ms = self.moment_ms(local)?;
            // The second pass of an hour that comes twice is over already.
            if at_ms > after_ms {
                return Some(at_ms);
            }
        }
    }

    /// The last time that is not after this one, Unix milliseconds.
    pub fn last_until_ms(&self, until_ms: i64) -> Option<i64> {
        // In the second pass of a repeated hour, times that the clock shows later were in the first one.
        let margin_ms = if self.changed_within(until_ms, FOLD_MS_MAX)? {
            FOLD_MS_MAX
        } else {
            0
        };
        let mut local = self.local(until_ms.saturating_add(margin_ms))?;
        let mut inclusive = true;
        loop {
            local = self.cron.find_previous_occurrence(&local, inclusive).ok()?;
            inclusive = false;
            let at_ms = self.moment_ms(local)?;
            if at_ms <= until_ms {
                return Some(at_ms);
            }
        }
    }

    /// Whether the clocks changed so shortly before a moment.
    fn changed_within(&self, at_ms: i64, within_ms: i64) -> Option<bool> {
        let at = Timestamp::from_millisecond(at_ms.saturating_add(1)).ok()?;
        let change = self.zone.preceding(at).next();
        let since = at_ms.saturating_sub(within_ms);
        Some(change.is_some_and(|change| change.timestamp().as_millisecond() >= since))
    }

    fn local(&self, at_ms: i64) -> Option<DateTime> {
        let at = Timestamp::from_millisecond(at_ms).ok()?;
        Some(self.zone.to_datetime(at))
    }

    /// Later local times never come at earlier moments, so the order of the pattern is that of the moments.
    fn moment_ms(&self, local: DateTime) -> Option<i64> {
        let ambiguous = self.zone.to_ambiguous_timestamp(local);
        let at = match ambiguous.offset() {
            AmbiguousOffset::Gap { before, .. } => {
                let after_gap = before.to_timestamp(local).ok()?;
                let next = after_gap
                    .checked_add(jiff::Span::new().nanoseconds(1))
                    .ok()?;
                self.zone.preceding(next).next()?.timestamp()
            }
            AmbiguousOffset::Unambiguous { offset }
            | AmbiguousOffset::Fold { before: offset, .. } => offset.to_timestamp(local).ok()?,
        };
        Some(at.as_millisecond())
    }
}

#[cfg(test)]
mod oracle;

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(time: &str) -> i64 {
        time.parse::<Timestamp>().expect("a time").as_millisecond()
    }

    fn next(cron: &str, zone: &str, after: &str, count: usize) -> Vec<String> {
        let timetable = Timetable::new(cron, zone).expect("a timetable");
        let mut at_ms = ms(after);
        let mut times = Vec::new();
        for _ in 0..count {
            at_ms = timetable.next_after_ms(at_ms).expect("another time");
            times.push(
                Timestamp::from_millisecond(at_ms)
                    .expect("in range")
                    .to_string(),
            );
        }
        times
    }

    #[test]
    fn a_local_time_that_is_skipped_is_due_once_when_the_gap_ends() {
        assert_eq!(
            next("30 2 * * *", "Europe/Berlin", "2026-03-27T12:00:00Z", 3),
            [
                "2026-03-28T01:30:00Z",
                "2026-03-29T01:00:00Z",
                "2026-03-30T00:30:00Z"
            ]
        );
        // Four times are skipped, and the end of the gap is one of the pattern's own.
        assert_eq!(
            next("*/15 2-3 * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", 2),
            ["2026-03-29T01:00:00Z", "2026-03-29T01:15:00Z"]
        );
    }

    #[test]
    fn a_local_time_that_comes_twice_is_due_the_first_time() {
        assert_eq!(
            next("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2),
            ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]
        );
        assert_eq!(
            next("*/30 * * * *", "Europe/Berlin", "2026-10-25T00:10:00Z", 2),
            ["2026-10-25T00:30:00Z", "2026-10-25T02:00:00Z"]
        );
    }

    #[test]
    fn the_last_time_until_a_moment_is_found_also_within_an_hour_that_comes_twice() {
        let timetable = Timetable::new("30 2 * * *", "Europe/Berlin").expect("a timetable");
        let last = |until: &str| timetable.last_until_ms(ms(until));
        assert_eq!(
            last("2026-10-25T01:10:00Z"),
            Some(ms("2026-10-25T00:30:00Z"))
        );
        assert_eq!(
            last("2026-10-25T00:30:00Z"),
            Some(ms("2026-10-25T00:30:00Z"))
        );
        assert_eq!(
            last("2026-10-25T00:29:59Z"),
            Some(ms("2026-10-24T00:30:00Z"))
        );
        assert_eq!(
            last("2026-03-29T01:00:00Z"),
            Some(ms("2026-03-29T01:00:00Z"))
        );
    }

    #[test]
    fn what_is_no_timetable_is_refused_with_its_reason() {
        let refused =
            |cron: &str, zone: &str| Timetable::new(cron, zone).expect_err("no timetable");
        assert_eq!(
            refused("* * * *", "UTC"),
            TimetableError::Fields { found: 4 }
        );
        assert_eq!(
            refused("0 0 2 * * *", "UTC"),
            TimetableError::Fields { found: 6 }
        );
        assert_eq!(
            refused("@daily", "UTC"),
            TimetableError::Fields { found: 1 }
        );
        assert!(matches!(
            refused("61 * * * *", "UTC"),
            TimetableError::Pattern { .. }
        ));
        assert_eq!(refused("0 0 30 2 *", "UTC"), TimetableError::Never);
        assert!(
            refused("0 0 * * *", "Europe/Atlantis")
                .to_string()
                .contains("Europe/Atlantis")
        );
    }
}
