//! The timetable against a slow reading of the rules: every minute of the world's clocks, one after the other.
//!
//! Shares with the timetable only the offsets of the zones: patterns are read by hand, the calendar is counted by hand,
//! gaps and repeated hours are seen by watching the clock.

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::Timetable;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
const YEAR_MS: i64 = 365 * DAY_MS;
/// The clock is watched so long before a stretch, so that a repeated hour is known as one.
const WATCHED_BEFORE_MS: i64 = 4 * HOUR_MS;
/// How many years the long form watches.
const YEARS: &str = "HOOKLOOM_SOAK_COUNT";

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

/// What a clock on the wall shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Wall {
    minute: i64,
    hour: i64,
    day: i64,
    month: i64,
    /// Sunday is 0.
    weekday: i64,
}

impl Wall {
    /// After so many minutes of 1970; `date` is that of an earlier call, for most minutes have the same.
    fn at(minutes: i64, date: &mut Date) -> Self {
        let (days, of_day) = (minutes.div_euclid(1_440), minutes.rem_euclid(1_440));
        if date.days != days {
            *date = Date::at(days);
        }
        Self {
            minute: of_day % 60,
            hour: of_day / 60,
            day: date.day,
            month: date.month,
            weekday: date.weekday,
        }
    }
}

/// A day of the calendar.
#[derive(Debug, Clone, Copy)]
struct Date {
    /// Since the first of January 1970.
    days: i64,
    day: i64,
    month: i64,
    weekday: i64,
}

impl Date {
    /// Counts year by year and month by month. The first day was a Thursday.
    fn at(days: i64) -> Self {
        let (mut left, mut year, mut month) = (days, 1970, 1);
        while left >= 365 + leap_day(year) {
            left -= 365 + leap_day(year);
            year += 1;
        }
        while left >= days_of(month, year) {
            left -= days_of(month, year);
            month += 1;
        }
        Self {
            days,
            day: left + 1,
            month,
            weekday: (days + 4).rem_euclid(7),
        }
    }
}

fn leap_day(year: i64) -> i64 {
    i64::from(year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
}

fn days_of(month: i64, year: i64) -> i64 {
    match month {
        2 => 28 + leap_day(year),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A pattern as text and as what it means.
struct Pattern {
    text: &'static str,
    fits: fn(Wall) -> bool,
    /// Whether it comes so often that the short form looks at it only around changes of the clocks.
    is_dense: bool,
}

const PATTERNS: [Pattern; 6] = [
    Pattern {
        text: "30 2 * * *",
        fits: |at| at.minute == 30 && at.hour == 2,
        is_dense: false,
    },
    Pattern {
        text: "*/20 * * * *",
        fits: |at| at.minute % 20 == 0,
        is_dense: true,
    },
    Pattern {
        text: "0 0-3 * * *",
        fits: |at| at.minute == 0 && at.hour <= 3,
        is_dense: false,
    },
    Pattern {
        text: "5 1,2 * * 0",
        fits: |at| at.minute == 5 && [1, 2].contains(&at.hour) && at.weekday == 0,
        is_dense: false,
    },
    Pattern {
        text: "0 0 1 * *",
        fits: |at| at.minute == 0 && at.hour == 0 && at.day == 1,
        is_dense: false,
    },
    Pattern {
        text: "15 23 * 3,10 1-5",
        fits: |at| {
            at.minute == 15
                && at.hour == 23
                && [3, 10].contains(&at.month)
                && (1..=5).contains(&at.weekday)
        },
        is_dense: false,
    },
];

/// The minutes that a zone's clocks show, counted from 1970, at each full minute of the world.
struct Clocks<'a> {
    zone: &'a TimeZone,
    /// An hour in which the clocks do not change, and by how much they differ.
    steady: Option<(std::ops::Range<i64>, i64)>,
}

impl Clocks<'_> {
    fn offset_minutes(&self, at_ms: i64) -> i64 {
        let at = Timestamp::from_millisecond(at_ms).expect("in range");
        i64::from(self.zone.to_offset(at).seconds()) / 60
    }

    fn minutes(&mut self, at_ms: i64) -> i64 {
        let known = self.steady.as_ref();
        let known = known.filter(|(hour, _)| hour.contains(&at_ms));
        let offset = match known.map(|(_, offset)| *offset) {
            Some(offset) => offset,
            None => {
                let offset = self.offset_minutes(at_ms);
                let until_ms = at_ms + HOUR_MS;
                self.steady =
                    (self.offset_minutes(until_ms) == offset).then_some((at_ms..until_ms, offset));
                offset
            }
        };
        at_ms.div_euclid(MINUTE_MS) + offset
    }
}

/// The times of each pattern in a stretch, minute by minute.
fn watch(zone: &TimeZone, from_ms: i64, until_ms: i64) -> Vec<Vec<i64>> {
    let mut found = vec![Vec::new(); PATTERNS.len()];
    let mut clocks = Clocks { zone, steady: None };
    let mut at_ms = from_ms - WATCHED_BEFORE_MS;
    let mut shown_until = clocks.minutes(at_ms);
    let mut date = Date::at(0);
    while at_ms < until_ms {
        at_ms += MINUTE_MS;
        let now = clocks.minutes(at_ms);
        // Minutes that were skipped are shown now, all at once; a minute that was shown before is nothing new.
        for shown in shown_until + 1..=now {
            let wall = Wall::at(shown, &mut date);
            for (times, pattern) in found.iter_mut().zip(&PATTERNS) {
                if at_ms > from_ms && (pattern.fits)(wall) && times.last() != Some(&at_ms) {
                    times.push(at_ms);
                }
            }
        }
        shown_until = shown_until.max(now);
    }
    found
}

/// The times of a pattern in a stretch, as the timetable has them.
fn listed(pattern: &Pattern, name: &str, from_ms: i64, until_ms: i64) -> Vec<i64> {
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
    times
}

fn compare(name: &str, from_ms: i64, until_ms: i64, with_dense: bool) -> usize {
    let zone = TimeZoneDatabase::bundled().get(name).expect("a zone");
    let expected = watch(&zone, from_ms, until_ms);
    let mut compared = 0;
    for (pattern, expected) in PATTERNS.iter().zip(expected) {
        if pattern.is_dense && !with_dense {
            continue;
        }
        let times = listed(pattern, name, from_ms, until_ms);
        assert_eq!(times, expected, "{} in {name} from {from_ms}", pattern.text);
        compared += times.len();
    }
    compared
}

fn begin_ms() -> i64 {
    "2026-01-01T00:00:00Z"
        .parse::<Timestamp>()
        .expect("a time")
        .as_millisecond()
}

#[test]
fn around_every_change_of_the_clocks_the_timetable_is_what_watching_them_gives() {
    let (begin_ms, end_ms) = (begin_ms(), begin_ms() + 2 * YEAR_MS);
    let begin = Timestamp::from_millisecond(begin_ms).expect("in range");
    let mut changes = 0;
    for name in ZONES {
        let zone = TimeZoneDatabase::bundled().get(name).expect("a zone");
        let moments = zone
            .following(begin)
            .map(|change| change.timestamp().as_millisecond());
        for at_ms in moments.take_while(|at_ms| *at_ms < end_ms) {
            changes += 1;
            compare(name, at_ms - 3 * HOUR_MS, at_ms + 5 * HOUR_MS, true);
        }
    }
    assert!(changes >= 40, "only {changes} changes were looked at");
}

#[test]
fn over_years_the_timetable_of_every_zone_is_what_watching_the_clocks_gives() {
    let asked_for: Option<i64> = std::env::var(YEARS)
        .ok()
        .map(|years| years.parse().expect("years"));
    let years = asked_for.unwrap_or(2);
    let compare = |name| {
        compare(
            name,
            begin_ms(),
            begin_ms() + years * YEAR_MS,
            asked_for.is_some(),
        )
    };
    let compared: usize = std::thread::scope(|scope| {
        let halves = ZONES.chunks(ZONES.len() / 2);
        let halves = halves.map(|zones| {
            scope.spawn(move || zones.iter().map(|name| compare(name)).sum::<usize>())
        });
        let halves: Vec<_> = halves.collect();
        halves
            .into_iter()
            .map(|half| half.join().expect("no panic"))
            .sum()
    });
    assert!(compared > 50_000, "{compared}");
    if asked_for.is_some() {
        eprintln!("clocks: 20 zones, {years} years, {compared} times: 0 missed, 0 doubled");
    }
}

/// The control: a timetable whose clocks never change, as those of the zone stand when it begins, misses or doubles times
/// at each change; and one whose clock is a minute wrong does so everywhere.
#[test]
fn the_oracle_notices_clocks_that_do_not_change_and_clocks_that_are_wrong() {
    let name = "Europe/Berlin";
    let zone = TimeZoneDatabase::bundled().get(name).expect("a zone");
    let (begin_ms, end_ms) = (begin_ms(), begin_ms() + YEAR_MS);
    let begin = Timestamp::from_millisecond(begin_ms).expect("in range");
    let standing = TimeZone::fixed(zone.to_offset(begin));
    let changes = zone
        .following(begin)
        .map(|change| change.timestamp().as_millisecond());
    let mut looked_at = 0;
    for at_ms in changes.take_while(|at_ms| *at_ms < end_ms) {
        let (from_ms, until_ms) = (at_ms - 3 * HOUR_MS, at_ms + 5 * HOUR_MS);
        let watched = watch(&zone, from_ms, until_ms);
        let nightly = listed(&PATTERNS[2], name, from_ms, until_ms);
        assert_eq!(nightly, watched[2], "the clocks of the zone");
        assert_ne!(nightly, watch(&standing, from_ms, until_ms)[2]);
        let late: Vec<i64> = nightly.iter().map(|at_ms| at_ms + MINUTE_MS).collect();
        assert_ne!(late, watched[2]);
        looked_at += 1;
    }
    assert_eq!(looked_at, 2, "in spring and in autumn");
}

#[test]
fn the_calendar_of_the_oracle_is_the_one_on_the_wall() {
    let zone = TimeZone::UTC;
    let mut date = Date::at(0);
    for days in 0..60 * 365 {
        let at_ms = days * DAY_MS + (days * 7 % 1_440) * MINUTE_MS;
        let shown = zone.to_datetime(Timestamp::from_millisecond(at_ms).expect("in range"));
        let wall = Wall {
            minute: i64::from(shown.minute()),
            hour: i64::from(shown.hour()),
            day: i64::from(shown.day()),
            month: i64::from(shown.month()),
            weekday: i64::from(shown.weekday().to_sunday_zero_offset()),
        };
        assert_eq!(Wall::at(at_ms / MINUTE_MS, &mut date), wall);
    }
}
