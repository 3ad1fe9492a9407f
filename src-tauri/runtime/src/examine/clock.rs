//! The clock: whether it agrees with the disk's, whether a time service keeps it, and whether it jumped since the start.

use std::time::{Duration, SystemTime};

use hookloom_api::{Finding, FindingArea};

/// Signatures allow five minutes; a clock that is off by this much is worth knowing.
const SKEW_MS_NOTICE: i64 = 2_000;
/// Off by this much, schedules and signatures fail.
const SKEW_MS_WRONG: i64 = 60_000;
/// A time service sets a clock right by less than this.
const JUMP_MS_NOTICE: i64 = 5_000;

/// When this process began, by both clocks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClockStart {
    wall: SystemTime,
    /// Time since the computer began, its sleep included; none where the system does not say.
    since_boot: Option<Duration>,
}

/// What was seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// How far the disk's time is ahead of ours.
    pub disk_ahead_ms: Option<i64>,
    /// How far the clock moved beyond the time that passed.
    pub jumped_ms: Option<i64>,
    /// Whether a time service keeps it.
    pub is_synchronised: Option<bool>,
}

impl ClockStart {
    /// Now.
    pub fn now() -> Self {
        Self {
            wall: SystemTime::now(),
            since_boot: since_boot(),
        }
    }
}

pub(super) fn look(written_at: Option<SystemTime>, start: Option<ClockStart>) -> Seen {
    let now = ClockStart::now();
    let jumped_ms = start.and_then(|start| {
        let passed = now.since_boot?.checked_sub(start.since_boot?)?;
        Some(apart_ms(now.wall, start.wall) - i64::try_from(passed.as_millis()).ok()?)
    });
    Seen {
        disk_ahead_ms: written_at.map(|at| apart_ms(at, now.wall)),
        jumped_ms,
        is_synchronised: is_synchronised(),
    }
}

pub(super) fn judge(seen: Seen) -> Vec<Finding> {
    let mut findings = Vec::new();
    let skew_ms = seen.disk_ahead_ms.unwrap_or(0);
    if skew_ms.abs() > SKEW_MS_NOTICE {
        let what = format!(
            "Files get a time that is {} s {} this computer's clock.",
            skew_ms.abs() / 1_000,
            if skew_ms > 0 { "ahead of" } else { "behind" }
        );
        let finding = if skew_ms.abs() > SKEW_MS_WRONG {
            Finding::wrong(FindingArea::Clock, what)
        } else {
            Finding::notice(FindingArea::Clock, what)
        };
        findings.push(
            finding
                .why(
                    "The data folder lies on another computer, and one of the two clocks is wrong.",
                )
                .hint("Let both clocks be kept by a time service."),
        );
    }
    if let Some(jumped_ms) = seen.jumped_ms.filter(|it| it.abs() > JUMP_MS_NOTICE) {
        let what = format!(
            "The clock went {} by {} s since Hookloom began.",
            if jumped_ms > 0 { "forward" } else { "back" },
            jumped_ms.abs() / 1_000
        );
        findings.push(
            Finding::notice(FindingArea::Clock, what)
                .why("Somebody or a time service set it. Waits and schedules go by the new time.")
                .hint("Nothing, if the clock is right now."),
        );
    }
    if seen.is_synchronised == Some(false) {
        findings.push(
            Finding::notice(FindingArea::Clock, "No time service keeps the clock.")
                .why("It drifts. Receivers refuse signatures whose time is minutes off.")
                .hint("Switch one on, for example with `timedatectl set-ntp true`."),
        );
    }
    if findings.is_empty() {
        let kept = match seen.is_synchronised {
            Some(true) => ", and a time service keeps it",
            _ => "",
        };
        findings.push(Finding::fine(
            FindingArea::Clock,
            format!("The clock agrees with the disk's{kept}."),
        ));
    }
    findings
}

fn apart_ms(one: SystemTime, other: SystemTime) -> i64 {
    let whole = |apart: Duration| i64::try_from(apart.as_millis()).unwrap_or(i64::MAX);
    match one.duration_since(other) {
        Ok(ahead) => whole(ahead),
        Err(behind) => -whole(behind.duration()),
    }
}

#[cfg(target_os = "linux")]
fn since_boot() -> Option<Duration> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let whole = Duration::from_secs(u64::try_from(time.tv_sec).ok()?);
    Some(whole + Duration::from_nanos(u64::try_from(time.tv_nsec).ok()?))
}

#[cfg(not(target_os = "linux"))]
fn since_boot() -> Option<Duration> {
    None
}

/// Whether the kernel says that a time service keeps its clock; none if it does not say.
#[cfg(target_os = "linux")]
fn is_synchronised() -> Option<bool> {
    // SAFETY: the structure is plain numbers, for which zero is a value. Without modes the call only reads, and writes
    // into nothing but this structure, which lives until it returns.
    #[expect(unsafe_code, reason = "no safe crate asks the kernel about its clock")]
    let said = unsafe {
        let mut asked: libc::timex = std::mem::zeroed();
        libc::adjtimex(&raw mut asked)
    };
    match said {
        -1 => None,
        libc::TIME_ERROR => Some(false),
        _ => Some(true),
    }
}

#[cfg(not(target_os = "linux"))]
fn is_synchronised() -> Option<bool> {
    None
}

#[cfg(test)]
mod tests {
    use hookloom_api::FindingState::{self, Fine, Notice, Wrong};

    use super::*;

    fn states(seen: Seen) -> Vec<FindingState> {
        judge(seen).iter().map(|it| it.state).collect()
    }

    #[test]
    fn a_clock_that_agrees_is_fine_and_one_that_is_far_off_is_wrong() {
        let skew = |ms| Seen {
            disk_ahead_ms: Some(ms),
            ..Seen::default()
        };
        assert_eq!(states(Seen::default()), [Fine]);
        assert_eq!(states(skew(-1_999)), [Fine]);
        assert_eq!(states(skew(-3_000)), [Notice]);
        assert_eq!(states(skew(61_000)), [Wrong]);
        assert!(judge(skew(61_000))[0].what.contains("61 s ahead"));
        assert!(judge(skew(-61_000))[0].what.contains("61 s behind"));
    }

    #[test]
    fn a_jump_and_a_clock_that_nobody_keeps_are_worth_knowing() {
        let seen = Seen {
            disk_ahead_ms: Some(0),
            jumped_ms: Some(-3_600_000),
            is_synchronised: Some(false),
        };
        assert_eq!(states(seen), [Notice, Notice]);
        assert!(judge(seen)[0].what.contains("back by 3600 s"));
    }

    #[test]
    fn this_clock_did_not_jump_within_a_moment() {
        let seen = look(Some(SystemTime::now()), Some(ClockStart::now()));
        assert!(
            seen.jumped_ms.is_none_or(|it| it.abs() < JUMP_MS_NOTICE),
            "{seen:?}"
        );
        assert!(
            seen.disk_ahead_ms
                .is_some_and(|it| it.abs() < SKEW_MS_NOTICE),
            "{seen:?}"
        );
    }
}
