//! The way back where a database cannot be opened: the newest backup in the same folder. It is looked for and named here,
//! and put back by whoever a person tells to.

use std::path::{Path, PathBuf};

use hookloom_store::{Error as StoreError, kept_backups};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::error::Error;
use crate::folder::DataFolder;

/// A backup that this release can put back, as far as its head says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayBack {
    name: String,
    path: PathBuf,
    made_at_ms: i64,
    flows: u64,
    requests: u64,
    jobs: u64,
}

/// The same error, with the newest backup of the folder where putting one back would help.
pub(crate) fn looked_for(error: Error, folder: &DataFolder) -> Error {
    match error {
        Error::Database { source, .. } if would_help(&source) => Error::Database {
            way_back: newest(folder.path()).map(Box::new),
            source,
        },
        other => other,
    }
}

/// On a disk that is full or broken nothing would be better after it.
fn would_help(error: &StoreError) -> bool {
    match error {
        StoreError::Damaged { .. }
        | StoreError::NotOurs { .. }
        | StoreError::NewerDatabase { .. } => true,
        StoreError::MigrationRefused { why, .. } => would_help(why),
        _ => false,
    }
}

fn newest(data: &Path) -> Option<WayBack> {
    let kept = kept_backups(data).unwrap_or_else(|error| {
        tracing::warn!(%error, "nobody knows whether there is a backup");
        Vec::new()
    });
    kept.into_iter().find_map(|kept| {
        let manifest = kept.manifest.ok()?;
        Some(WayBack {
            name: kept.name,
            path: kept.path,
            made_at_ms: manifest.made_at_ms,
            flows: manifest.counts.flows,
            requests: manifest.counts.requests,
            jobs: manifest.counts.jobs,
        })
    })
}

impl WayBack {
    /// Where its file lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it is, and what putting it back would do, for somebody at a window.
    pub fn in_words(&self) -> String {
        format!(
            "The newest backup in this folder was made on {} and holds {}. Putting it back moves what is there now aside, \
             within the data folder, and deletes nothing. What came after it is not in it.",
            self.made(&TimeZone::system()),
            self.holds()
        )
    }

    /// What it is, and the command that puts it back.
    pub(crate) fn by_command(&self) -> String {
        format!(
            "The newest backup here was made on {} and holds {}: `hookloom restore {}` puts it back, moves what is there \
             now aside and deletes nothing.",
            self.made(&TimeZone::system()),
            self.holds(),
            self.name
        )
    }

    fn made(&self, zone: &TimeZone) -> String {
        let at = Timestamp::from_millisecond(self.made_at_ms).unwrap_or_default();
        let at = at.to_zoned(zone.clone());
        at.strftime("%Y-%m-%d at %H:%M").to_string()
    }

    fn holds(&self) -> String {
        let counted = |number: u64, what: &str| match number {
            1 => format!("1 {what}"),
            _ => format!("{number} {what}s"),
        };
        format!(
            "{}, {} and {}",
            counted(self.flows, "flow"),
            counted(self.requests, "request"),
            counted(self.jobs, "job")
        )
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use hookloom_store::{BackupOrder, BackupReason, Store, StoreOptions};

    use super::*;

    const MADE_AT_MS: i64 = 1_795_306_812_431;

    async fn backed_up() -> (tempfile::TempDir, DataFolder) {
        let place = tempfile::tempdir().expect("a folder");
        let store = Store::open(place.path(), StoreOptions::default()).expect("a new one");
        let order = BackupOrder {
            reason: BackupReason::Manual,
            keep: None,
            now_ms: MADE_AT_MS,
        };
        store.back_up(order).await.expect("there is room");
        drop(store);
        let folder = DataFolder::resolve(Some(place.path().to_owned())).expect("a folder");
        (place, folder)
    }

    fn damaged() -> Error {
        let what = "page 7".to_owned();
        StoreError::Damaged { what }.into()
    }

    #[tokio::test]
    async fn a_damaged_database_is_told_with_the_newest_backup_that_can_be_read() {
        let (place, folder) = backed_up().await;
        let newer = "hookloom-000009-2026-11-23-manual.hookloom";
        let newer = place.path().join("backups").join(newer);
        fs::write(newer, "half of something").expect("a file");
        let error = looked_for(damaged(), &folder);
        let hint = error.hint();
        let name = "hookloom-000001-2026-11-22-manual.hookloom";
        assert!(
            hint.contains(&format!("`hookloom restore {name}`")),
            "{hint}"
        );
        assert!(hint.contains("0 flows, 0 requests and 0 jobs"), "{hint}");
        assert!(hint.contains("Keep a copy of the folder"), "{hint}");
    }

    #[tokio::test]
    async fn nothing_is_offered_where_there_is_none_or_none_would_help() {
        let (_place, folder) = backed_up().await;
        let full = looked_for(StoreError::DiskFull.into(), &folder);
        assert!(!full.hint().contains("newest backup"), "{}", full.hint());
        let empty = tempfile::tempdir().expect("a folder");
        let empty = DataFolder::resolve(Some(empty.path().to_owned())).expect("a folder");
        let alone = looked_for(damaged(), &empty).hint();
        assert!(
            alone.contains("hookloom backup list") && !alone.contains("newest"),
            "{alone}"
        );
    }

    #[test]
    fn it_says_when_it_was_made_and_counts_in_words() {
        let way_back = WayBack {
            name: "a.hookloom".to_owned(),
            path: PathBuf::from("/a.hookloom"),
            made_at_ms: MADE_AT_MS,
            flows: 1,
            requests: 12,
            jobs: 1,
        };
        assert_eq!(way_back.made(&TimeZone::UTC), "2026-11-22 at 00:20");
        assert_eq!(way_back.holds(), "1 flow, 12 requests and 1 job");
    }
}
