//! Backups: when the last one was made, whether it is whole, and whether the schedule does what it should.

use hookloom_store::{BackupSchedule, Every, KeptBackup};

use super::finding::{Finding, FindingArea};
use crate::error::Error;
use crate::failures::sentence;
use crate::state::ApiState;

/// A backup beyond this is not read whole here: it takes too long for a look.
const CHECKED_BYTES_MAX: u64 = 200_000_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// A schedule that is late by more has failed.
const LATE_MS: i64 = 2 * 60 * 60 * 1_000;

pub(super) async fn examine(state: &ApiState) -> Result<Vec<Finding>, Error> {
    let kept = match state.store.kept_backups().await {
        Ok(kept) => kept,
        Err(error) => {
            return Ok(vec![
                Finding::wrong(FindingArea::Backup, "The backups cannot be read.")
                    .why(sentence(&error)),
            ]);
        }
    };
    let now_ms = state.clock.now_ms();
    let mut findings = match kept.first() {
        None => vec![none_made()],
        Some(last) => vec![of_last(state, last, now_ms).await],
    };
    let schedule = state.store.backup_schedule().await?;
    findings.extend(of_schedule(schedule, &kept, now_ms));
    if let Some((_, error)) = state.store.backup_failure() {
        findings.push(
            Finding::wrong(
                FindingArea::Backup,
                "The last try at a backup or a restore failed.",
            )
            .why(sentence(&error)),
        );
    }
    Ok(findings)
}

fn none_made() -> Finding {
    Finding::notice(FindingArea::Backup, "No backup was ever made.")
        .hint("Make one: `hookloom backup`. Or let it be done daily: `hookloom backup schedule --every day`.")
}

async fn of_last(state: &ApiState, last: &KeptBackup, now_ms: i64) -> Finding {
    let damaged = |why: String| {
        Finding::wrong(
            FindingArea::Backup,
            format!("The last backup, {}, cannot be restored.", last.name),
        )
        .why(why)
        .hint("Make another one: `hookloom backup`. Then delete that one.")
    };
    let manifest = match &last.manifest {
        Ok(manifest) => manifest,
        Err(error) => return damaged(sentence(error)),
    };
    let age = age(now_ms - manifest.made_at_ms);
    if last.bytes > CHECKED_BYTES_MAX {
        return Finding::fine(
            FindingArea::Backup,
            format!("The last backup was made {age}. It was whole then, and is too large to be read again here."),
        )
        .hint("`hookloom restore --dry-run FILE` reads it again.");
    }
    match state.store.check_kept_backup(&last.name).await {
        Ok(_) => Finding::fine(
            FindingArea::Backup,
            format!("The last backup was made {age}, and is whole."),
        ),
        Err(error) => damaged(sentence(&error)),
    }
}

fn of_schedule(schedule: BackupSchedule, kept: &[KeptBackup], now_ms: i64) -> Option<Finding> {
    let apart_ms = match schedule.every {
        Every::Off => return None,
        Every::Day => DAY_MS,
        Every::Week => 7 * DAY_MS,
    };
    let made = kept.iter().filter_map(|it| it.manifest.as_ref().ok());
    let newest = made.map(|it| it.made_at_ms).max()?;
    (now_ms - newest > apart_ms + LATE_MS).then(|| {
        Finding::wrong(
            FindingArea::Backup,
            "The backup that the schedule wants is late.",
        )
        .why("Hookloom did not run when it was due, or making it fails.")
        .hint("It is made within a minute after the start; the log says why if not.")
    })
}

fn age(age_ms: i64) -> String {
    let minutes = age_ms / 60_000;
    match minutes {
        ..0 => "in the future, by this computer's clock".to_owned(),
        0 => "a moment ago".to_owned(),
        1..=119 => format!("{minutes} min ago"),
        120..=2879 => format!("{} hours ago", minutes / 60),
        _ => format!("{} days ago", minutes / 1_440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_said_in_the_unit_that_fits() {
        assert_eq!(age(-1), "a moment ago");
        assert_eq!(age(-60_000), "in the future, by this computer's clock");
        assert_eq!(age(59_999), "a moment ago");
        assert_eq!(age(60_000), "1 min ago");
        assert_eq!(age(3 * 3_600_000), "3 hours ago");
        assert_eq!(age(49 * 3_600_000), "2 days ago");
    }
}
