//! How often a backup is made by itself, and how many of those are kept. The workspace's setting; the runtime looks at it.

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::store::Store;
use crate::table::settings;

/// The setting's name.
const SETTING: &str = "backup_schedule";
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// How often.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// Only when somebody asks.
    #[default]
    Off,
    /// 24 hours after the last one.
    Day,
    /// Seven days after the last one.
    Week,
}

/// When backups are made by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupSchedule {
    /// How often.
    pub every: Every,
    /// How many of those that the schedule made are kept; the oldest go.
    pub keep: u32,
}

impl Default for BackupSchedule {
    /// Off; seven.
    fn default() -> Self {
        Self {
            every: Every::Off,
            keep: 7,
        }
    }
}

impl BackupSchedule {
    /// Whether one is due, after the last scheduled one. A clock that was set back must not put it off for ever: a backup
    /// from the future counts as none.
    pub fn is_due(self, last_at_ms: Option<i64>, now_ms: i64) -> bool {
        let apart_ms = match self.every {
            Every::Off => return false,
            Every::Day => DAY_MS,
            Every::Week => 7 * DAY_MS,
        };
        last_at_ms.is_none_or(|last| last > now_ms || now_ms - last >= apart_ms)
    }
}

impl Store {
    /// What was set, or the default.
    pub async fn backup_schedule(&self) -> Result<BackupSchedule, Error> {
        self.read(|conn| match settings::get(conn, SETTING)? {
            None => Ok(BackupSchedule::default()),
            Some(text) => serde_json::from_str(&text).map_err(|error| Error::Internal {
                what: format!("the setting `{SETTING}` cannot be read: {error}"),
            }),
        })
        .await
    }

    /// Takes effect within a minute.
    pub async fn set_backup_schedule(&self, schedule: BackupSchedule) -> Result<(), Error> {
        let text = serde_json::to_string(&schedule).map_err(|error| Error::Internal {
            what: format!("the setting `{SETTING}` cannot be written: {error}"),
        })?;
        self.write("set the backup schedule", move |tx| {
            settings::set(tx, SETTING, &text)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_due_after_its_time_and_at_once_when_the_clock_went_back() {
        let daily = BackupSchedule {
            every: Every::Day,
            keep: 7,
        };
        let now = 40 * DAY_MS;
        assert!(daily.is_due(None, now));
        assert!(!daily.is_due(Some(now - DAY_MS + 1), now));
        assert!(daily.is_due(Some(now - DAY_MS), now));
        assert!(daily.is_due(Some(now + 1), now));
        let weekly = BackupSchedule {
            every: Every::Week,
            ..daily
        };
        assert!(!weekly.is_due(Some(now - 6 * DAY_MS), now));
        assert!(weekly.is_due(Some(now - 7 * DAY_MS), now));
        assert!(!BackupSchedule::default().is_due(None, now));
    }
}
