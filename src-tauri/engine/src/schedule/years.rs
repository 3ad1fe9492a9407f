//! Schedules over two years in many zones: a machine that is awake, one that sleeps, and one whose clock is set.

use hookloom_model::Timetable;
use hookloom_model::document::Missed;

use super::due::{Due, look};
use crate::testing::{BEGIN_MS, SplitMix};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
const END_MS: i64 = BEGIN_MS + 2 * 365 * DAY_MS;

/// Both hemispheres, half hours, gaps at midnight, and one that never changes.
const ZONES: [&str; 10] = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",
    "America/Santiago",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Antarctica/Troll",
    "Pacific/Auckland",
];
const CRONS: [&str; 2] = ["30 2 * * *", "0 */3 * * *"];

/// What became of a schedule.
#[derive(Default)]
struct Course {
    begun: Vec<i64>,
    missed: u64,
    done_until_ms: i64,
}

impl Course {
    fn new() -> Self {
        Self {
            done_until_ms: BEGIN_MS,
            ..Self::default()
        }
    }

    /// Looks until nothing is due, and gives when something will be.
    fn look(&mut self, timetable: &Timetable, policy: Missed, now_ms: i64) -> i64 {
        loop {
            match look(timetable, policy, self.done_until_ms, now_ms) {
                Due::Later { next_ms } => return next_ms.expect("these never end"),
                Due::Start { due_at_ms, missed } => {
                    self.begun.push(due_at_ms);
                    self.missed += missed;
                    self.done_until_ms = due_at_ms;
                }
                Due::Pass { until_ms, missed } => {
                    self.missed += missed;
                    self.done_until_ms = until_ms;
                }
                Due::Rewind => panic!("the clock never goes back that far"),
            }
        }
    }
}

/// Every time up to a moment, as the timetable gives one after the other.
fn times(timetable: &Timetable, until_ms: i64) -> Vec<i64> {
    let next = |at_ms: &i64| timetable.next_after_ms(*at_ms);
    let all = std::iter::successors(timetable.next_after_ms(BEGIN_MS), next);
    all.take_while(|at_ms| *at_ms <= until_ms).collect()
}

fn each(check: impl Fn(&str, &Timetable, &mut SplitMix)) {
    for (seed, zone) in (0..).zip(ZONES) {
        for cron in CRONS {
            let timetable = Timetable::new(cron, zone).expect("a timetable");
            check(
                &format!("{cron} in {zone}"),
                &timetable,
                &mut SplitMix::new(seed),
            );
        }
    }
}

#[test]
fn a_machine_that_is_awake_begins_a_job_for_every_time_and_misses_none() {
    each(|what, timetable, random| {
        let mut course = Course::new();
        let mut now_ms = BEGIN_MS;
        while now_ms < END_MS {
            let next_ms = course.look(timetable, Missed::Skip, now_ms);
            // A little late, as every timer is.
            now_ms = next_ms + random.below(2_000) as i64;
        }
        assert_eq!(course.missed, 0, "{what}");
        assert_eq!(
            course.begun,
            times(timetable, course.done_until_ms),
            "{what}"
        );
    });
}

/// Two years of a machine that sleeps and whose clock is set back; `remember` changes what it knows after each look.
fn restless(
    timetable: &Timetable,
    policy: Missed,
    random: &mut SplitMix,
    remember: fn(&mut Course, i64),
) -> Course {
    let mut course = Course::new();
    let mut now_ms = BEGIN_MS;
    while now_ms < END_MS {
        let next_ms = course.look(timetable, policy, now_ms);
        remember(&mut course, now_ms);
        now_ms = match random.below(12) {
            0 => now_ms + random.below(5) as i64 * DAY_MS + random.below(3_600_000) as i64,
            1 => now_ms - random.below(3) as i64 * HOUR_MS,
            2 => now_ms + random.below(10) as i64 * HOUR_MS,
            _ => next_ms + random.below(1_000) as i64,
        };
    }
    course
}

/// Each time begins a job or is missed, once.
fn judged(course: &Course, timetable: &Timetable) -> Result<(), &'static str> {
    let all = times(timetable, course.done_until_ms);
    let counted = course.begun.len() as u64 + course.missed;
    match () {
        () if !course.begun.is_sorted_by(|one, next| one < next) => Err("twice"),
        () if !course.begun.iter().all(|at_ms| all.contains(at_ms)) => Err("not due"),
        () if counted != all.len() as u64 => Err("not begun or missed, each once"),
        () => Ok(()),
    }
}

#[test]
fn a_machine_that_sleeps_or_whose_clock_is_set_back_doubles_nothing_and_counts_what_it_missed() {
    for policy in [Missed::Skip, Missed::RunOnce] {
        each(|what, timetable, random| {
            let course = restless(timetable, policy, random, |_, _| {});
            assert!(course.missed > 20, "{what}: it slept");
            assert_eq!(judged(&course, timetable), Ok(()), "{what}");
        });
    }
}

/// The controls: a machine that believes its clock, and one that forgets what it missed.
#[test]
fn a_machine_that_knows_only_what_its_clock_shows_and_one_that_forgets_are_noticed() {
    let timetable = Timetable::new("0 */3 * * *", "Europe/Berlin").expect("a timetable");
    let course = |remember: fn(&mut Course, i64)| {
        let mut random = SplitMix::new(1);
        restless(&timetable, Missed::Skip, &mut random, remember)
    };
    let believing = course(|course, now_ms| course.done_until_ms = now_ms);
    assert_eq!(judged(&believing, &timetable), Err("twice"));
    let forgetting = course(|course, _| course.missed = 0);
    let noticed = Err("not begun or missed, each once");
    assert_eq!(judged(&forgetting, &timetable), noticed);
}
