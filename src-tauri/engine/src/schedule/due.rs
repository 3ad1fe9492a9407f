//! What a schedule does now: pure, no clock, no I/O.

use hookloom_model::Timetable;
use hookloom_model::document::Missed;

/// A time that is this long past was missed; one that is not is only late.
pub(crate) const LATE_MS_MAX: i64 = 60_000;
/// A schedule that is done for longer than this into the future saw a wrong clock.
const CLOCK_BACK_MS_MAX: i64 = 25 * 60 * 60 * 1_000;
/// Missed times are counted up to here.
const MISSED_COUNTED_MAX: u64 = 1_000;

/// What a schedule does now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    /// Nothing before this time; none if it is never due again.
    Later { next_ms: Option<i64> },
    /// A job begins for this time, and so many earlier ones were missed.
    Start { due_at_ms: i64, missed: u64 },
    /// Everything up to this time was missed and begins nothing.
    Pass { until_ms: i64, missed: u64 },
    /// The clock went back by much: times count from now on again.
    Rewind,
}

/// Looks at a schedule that is done until some time. Of several times that are due the last one counts.
pub(crate) fn look(timetable: &Timetable, missed: Missed, done_until_ms: i64, now_ms: i64) -> Due {
    if done_until_ms.saturating_sub(now_ms) > CLOCK_BACK_MS_MAX {
        return Due::Rewind;
    }
    let last = timetable.last_until_ms(now_ms);
    let Some(due_at_ms) = last.filter(|last_ms| *last_ms > done_until_ms) else {
        let next_ms = timetable.next_after_ms(now_ms.max(done_until_ms));
        return Due::Later { next_ms };
    };
    let earlier = count(timetable, done_until_ms, due_at_ms);
    let is_missed = now_ms - due_at_ms > LATE_MS_MAX;
    match missed {
        Missed::Skip if is_missed => Due::Pass {
            until_ms: due_at_ms,
            missed: earlier + 1,
        },
        Missed::Skip | Missed::RunOnce => Due::Start {
            due_at_ms,
            missed: earlier,
        },
    }
}

/// Times between two others.
fn count(timetable: &Timetable, after_ms: i64, before_ms: i64) -> u64 {
    let mut at_ms = after_ms;
    let mut count = 0;
    while let Some(next_ms) = timetable.next_after_ms(at_ms)
        && next_ms < before_ms
        && count < MISSED_COUNTED_MAX
    {
        count += 1;
        at_ms = next_ms;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE_MS: i64 = 60_000;
    const HOUR_MS: i64 = 60 * MINUTE_MS;
    /// A full hour.
    const NOW_MS: i64 = 1_795_305_600_000;

    fn hourly() -> Timetable {
        Timetable::new("0 * * * *", "UTC").expect("a timetable")
    }

    #[test]
    fn a_time_that_was_just_reached_begins_a_job_and_the_next_one_is_named_after_it() {
        let started = look(&hourly(), Missed::Skip, NOW_MS - HOUR_MS, NOW_MS + 5);
        assert_eq!(
            started,
            Due::Start {
                due_at_ms: NOW_MS,
                missed: 0
            }
        );
        let later = look(&hourly(), Missed::Skip, NOW_MS, NOW_MS + 5);
        assert_eq!(
            later,
            Due::Later {
                next_ms: Some(NOW_MS + HOUR_MS)
            }
        );
    }

    #[test]
    fn a_missed_time_is_passed_over_or_made_up_for_once() {
        let now_ms = NOW_MS + 10 * MINUTE_MS;
        let done_until_ms = NOW_MS - 3 * HOUR_MS;
        let skipped = look(&hourly(), Missed::Skip, done_until_ms, now_ms);
        assert_eq!(
            skipped,
            Due::Pass {
                until_ms: NOW_MS,
                missed: 3
            }
        );
        let once = look(&hourly(), Missed::RunOnce, done_until_ms, now_ms);
        assert_eq!(
            once,
            Due::Start {
                due_at_ms: NOW_MS,
                missed: 2
            }
        );
    }

    #[test]
    fn a_time_that_is_a_little_late_begins_its_job_and_those_before_it_were_missed() {
        let now_ms = NOW_MS + LATE_MS_MAX;
        let late = look(&hourly(), Missed::Skip, NOW_MS - 2 * HOUR_MS, now_ms);
        assert_eq!(
            late,
            Due::Start {
                due_at_ms: NOW_MS,
                missed: 1
            }
        );
    }

    #[test]
    fn a_clock_that_went_back_doubles_nothing_and_one_that_had_been_far_ahead_starts_over() {
        let back = look(&hourly(), Missed::RunOnce, NOW_MS, NOW_MS - 2 * HOUR_MS);
        assert_eq!(
            back,
            Due::Later {
                next_ms: Some(NOW_MS + HOUR_MS)
            }
        );
        let years = 4 * 365 * 24 * HOUR_MS;
        assert_eq!(
            look(&hourly(), Missed::Skip, NOW_MS + years, NOW_MS),
            Due::Rewind
        );
    }

    #[test]
    fn years_of_missed_minutes_are_counted_up_to_a_bound() {
        let minutes = Timetable::new("* * * * *", "UTC").expect("a timetable");
        let years = 4 * 365 * 24 * HOUR_MS;
        let passed = look(&minutes, Missed::Skip, NOW_MS - years, NOW_MS + 59_999);
        assert_eq!(
            passed,
            Due::Start {
                due_at_ms: NOW_MS,
                missed: MISSED_COUNTED_MAX
            }
        );
    }
}
