//! The database: whether it is sound and of our format, and whether its newest records come from the future.

use hookloom_store::Health;

use super::finding::{Finding, FindingArea};
use crate::state::ApiState;

/// A log beyond this is not emptied: something reads for too long, or the disk is too slow.
const LOG_BYTES_NOTICE: u64 = 256 * 1024 * 1024;
/// Records that are newer than now by more say that the clock went back.
const FUTURE_MS_MAX: i64 = 60_000;

pub(super) async fn examine(state: &ApiState) -> Vec<Finding> {
    match state.store.examine().await {
        Ok(health) => judge(&health, state.clock.now_ms()),
        Err(error) => vec![
            Finding::wrong(FindingArea::Database, "The database cannot be read.")
                .why(format!("{error}."))
                .hint(
                    "Keep a copy of the data folder before anything else. Then look at its disk.",
                ),
        ],
    }
}

fn judge(health: &Health, now_ms: i64) -> Vec<Finding> {
    let Health {
        format,
        format_known,
        file_bytes,
        log_bytes,
        problems,
        is_whole,
        newest_at_ms,
    } = health;
    let mut findings = Vec::new();
    if let Some(first) = problems.first() {
        let more = problems.len() - 1;
        let and_more = if more == 0 {
            String::new()
        } else {
            format!(" and {more} more")
        };
        findings.push(
            Finding::wrong(FindingArea::Database, "The database is damaged.")
                .why(format!("SQLite found: {first}{and_more}."))
                .hint(
                    "Keep a copy of the data folder before anything else, then put back a backup.",
                ),
        );
    } else {
        let depth = if *is_whole {
            "it is sound"
        } else {
            "it is too large to be looked through whole in 5 s, and what was looked at is sound"
        };
        findings.push(Finding::fine(
            FindingArea::Database,
            format!(
                "Format {format} of {format_known}, {}; {depth}.",
                megabytes(*file_bytes)
            ),
        ));
    }
    if *log_bytes > LOG_BYTES_NOTICE {
        findings.push(
            Finding::notice(
                FindingArea::Database,
                format!("The write-ahead log has {}.", megabytes(*log_bytes)),
            )
            .why("It is emptied into the database all the time; something keeps it from that, such as a backup program that holds the file.")
            .hint("Stop what else has the data folder open, or start Hookloom again."),
        );
    }
    if let Some(ahead_ms) = newest_at_ms
        .map(|at_ms| at_ms - now_ms)
        .filter(|it| *it > FUTURE_MS_MAX)
    {
        findings.push(
            Finding::wrong(
                FindingArea::Clock,
                format!("The newest job is {} min in the future.", ahead_ms / 60_000),
            )
            .why("The clock of this computer was ahead when it came, or went back since. Schedules and retries wait for times that are wrong.")
            .hint("Set the clock, and let it be kept by a time service."),
        );
    }
    findings
}

fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
}

#[cfg(test)]
mod tests {
    use super::super::finding::FindingState;
    use super::*;

    fn health() -> Health {
        Health {
            format: 1,
            format_known: 1,
            file_bytes: 1_250_000,
            log_bytes: 0,
            problems: Vec::new(),
            is_whole: true,
            newest_at_ms: Some(1_000),
        }
    }

    fn states(health: &Health) -> Vec<(FindingArea, FindingState)> {
        let found = judge(health, 2_000);
        found.iter().map(|it| (it.area, it.state)).collect()
    }

    #[test]
    fn a_sound_database_is_fine_and_says_its_size() {
        assert_eq!(
            states(&health()),
            [(FindingArea::Database, FindingState::Fine)]
        );
        let found = judge(&health(), 2_000);
        assert!(found[0].what.contains("1.2 MB"), "{found:?}");
    }

    #[test]
    fn damage_and_records_from_the_future_are_wrong_and_a_long_log_is_worth_knowing() {
        let ill = Health {
            problems: vec!["row 3 missing from index x".into(), "page 7".into()],
            log_bytes: LOG_BYTES_NOTICE + 1,
            newest_at_ms: Some(2_000 + FUTURE_MS_MAX + 1),
            ..health()
        };
        assert_eq!(
            states(&ill),
            [
                (FindingArea::Database, FindingState::Wrong),
                (FindingArea::Database, FindingState::Notice),
                (FindingArea::Clock, FindingState::Wrong),
            ]
        );
        let found = judge(&ill, 2_000);
        let why = found[0].why.as_deref().unwrap_or_default();
        assert!(why.contains("row 3") && why.contains("1 more"), "{why}");
    }
}
