//! The timetable against a slow reading of the rules: every minute of the world's clocks, one after the other.
//!
//! Shares with the timetable only the offsets of the zones: patterns are read by hand, gaps and repeated hours are
//! seen by watching the clock.

use jiff::civil::DateTime;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, ToSpan as _};

use super::Timetable;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
/// The clock is watched so long before a stretch, so that a repeated hour is known as one.
const WATCHED_BEFORE_MS: i64 = 4 * HOUR_MS;

/// Both hemispheres, gaps of half an hour and of three, midnight gaps, odd offsets, zones that stopped changing.
const ZONES: [&str; 20] = [
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Lisbon",
    "America/New_York",
    "America/St_Johns",
    "America/Los_Angeles",
    "America/Havana",
    "America/Santiago",
    "America/Asuncion",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Beirut",
    "Asia/Gaza",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Africa/Cairo",
    "Antarctica/Troll",
    "Pacific/Auckland",
];

/// Patterns as text and as sets: minutes, hours, days, months, weekdays (Sunday is 0).
struct Pattern {
    text: &'static str,
    fits: fn(DateTime) -> bool,
}

const PATTERNS: [Pattern; 6] = [
    Pattern {
        text: "30 2 * * *",
        fits: |at| at.minute() == 30 && at.hour() == 2,
    },
    Pattern {
        text: "*/20 * * * *",
        fits: |at| at.minute() % 20 == 0,
    },
    Pattern {
        text: "0 0-3 * * *",
        fits: |at| at.minute() == 0 && at.hour() <= 3,
    },
    Pattern {
        text: "5 1,2 * * 0",
        fits: |at| {
            at.minute() == 5
                && [1, 2].contains(&at.hour())
                && at.weekday().to_sunday_zero_offset() == 0
        },
    },
    Pattern {
        text: "0 0 1 * *",
        fits: |at| at.minute() == 0 && at.hour() == 0 && at.day() == 1,
    },
    Pattern {
        text: "15 23 * 3,10 1-5",
        fits: |at| {
            at.minute() == 15
                && at.hour() == 23
                && [3, 10].contains(&at.month())
                && (1..=5).contains(&at.weekday().to_sunday_zero_offset())
        },
    },
];

/// The times of each pattern in a stretch, minute by minute.
fn watch(zone: &TimeZone, from_ms: i64, until_ms: i64) -> Vec<Vec<i64>> {
    let mut found = vec![Vec::new(); PATTERNS.len()];
    let local =
        |at_ms: i64| zone.to_datetime(Timestamp::from_millisecond(at_ms).expect("in range"));
    let mut shown_until = local(from_ms - WATCHED_BEFORE_MS);
    let mut at_ms = from_ms - WATCHED_BEFORE_MS;
    while at_ms < until_ms {
        at_ms += MINUTE_MS;
        let now = local(at_ms);
        let mut shown = shown_until.checked_add(1.minute()).expect("in range");
        // Minutes that were skipped are shown now, all at once; a minute that was shown before is nothing new.
        while shown <= now {
            for (times, pattern) in found.iter_mut().zip(&PATTERNS) {
                if at_ms > from_ms && (pattern.fits)(shown) && times.last() != Some(&at_ms) {
                    times.push(at_ms);
                }
            }
            shown = shown.checked_add(1.minute()).expect("in range");
        }
        shown_until = shown_until.max(now);
    }
    found
}

fn compare(name: &str, from_ms: i64, until_ms: i64) {
    let zone = TimeZoneDatabase::bundled().get(name).expect("a zone");
    let expected = watch(&zone, from_ms, until_ms);
    for (pattern, expected) in PATTERNS.iter().zip(expected) {
        let timetable = Timetable::new(pattern.text, name).expect("a timetable");
        let mut times = Vec::new();
        let mut at_ms = from_ms;
        while let Some(next_ms) = timetable
            .next_after_ms(at_ms)
            .filter(|next| *next <= until_ms)
        {
            assert_eq!(
                timetable.last_until_ms(next_ms),
                Some(next_ms),
                "{} in {name}",
                pattern.text
            );
            times.push(next_ms);
            at_ms = next_ms;
        }
        assert_eq!(times, expected, "{} in {name} from {from_ms}", pattern.text);
    }
}

fn begin_ms() -> i64 {
    "2026-01-01T00:00:00Z"
        .parse::<Timestamp>()
        .expect("a time")
        .as_millisecond()
}

#[test]
fn around_every_change_of_the_clocks_the_timetable_is_what_watching_them_gives() {
    let (begin_ms, end_ms) = (begin_ms(), begin_ms() + 2 * 365 * DAY_MS);
    let begin = Timestamp::from_millisecond(begin_ms).expect("in range");
    let mut changes = 0;
    for name in ZONES {
        let zone = TimeZoneDatabase::bundled().get(name).expect("a zone");
        let moments = zone
            .following(begin)
            .map(|change| change.timestamp().as_millisecond());
        for at_ms in moments.take_while(|at_ms| *at_ms < end_ms) {
            changes += 1;
            compare(name, at_ms - 3 * HOUR_MS, at_ms + 5 * HOUR_MS);
        }
    }
    assert!(changes >= 40, "only {changes} changes were looked at");
}

#[test]
#[ignore = "watches twenty zones for two years, minute by minute"]
fn over_two_years_the_timetable_is_what_watching_the_clocks_gives() {
    for name in ZONES {
        compare(name, begin_ms(), begin_ms() + 2 * 365 * DAY_MS);
    }
}
