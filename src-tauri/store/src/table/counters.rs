//! How many rows the large tables have. Counting a million rows takes longer than a start may take, so each
//! batch adds its difference in its own transaction.

use rusqlite::Connection;

use crate::error::Error;

pub(crate) const SQL: &str = "
CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counters (name, value)
VALUES ('requests', 0), ('jobs', 0), ('deliveries', 0), ('deliveries_failed', 0);
";

/// Numbers of rows, or how much a write changes them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Recorded requests.
    pub requests: i64,
    /// Jobs.
    pub jobs: i64,
    /// Deliveries.
    pub deliveries: i64,
    /// Deliveries that failed for good.
    pub deliveries_failed: i64,
}

impl Counts {
    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            requests: self.requests + other.requests,
            jobs: self.jobs + other.jobs,
            deliveries: self.deliveries + other.deliveries,
            deliveries_failed: self.deliveries_failed + other.deliveries_failed,
        }
    }

    fn named(self) -> [(&'static str, i64); 4] {
        let Self {
            requests,
            jobs,
            deliveries,
            deliveries_failed,
        } = self;
        [
            ("requests", requests),
            ("jobs", jobs),
            ("deliveries", deliveries),
            ("deliveries_failed", deliveries_failed),
        ]
    }
}

pub(crate) fn read(conn: &Connection) -> Result<Counts, Error> {
    let mut counts = Counts::default();
    let mut statement = conn.prepare_cached("SELECT name, value FROM counters")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let value = row.get(1)?;
        match row.get_ref(0)?.as_str().unwrap_or_default() {
            "requests" => counts.requests = value,
            "jobs" => counts.jobs = value,
            "deliveries" => counts.deliveries = value,
            "deliveries_failed" => counts.deliveries_failed = value,
            _ => {}
        }
    }
    Ok(counts)
}

pub(crate) fn add(conn: &Connection, difference: Counts) -> Result<(), Error> {
    let mut statement =
        conn.prepare_cached("UPDATE counters SET value = value + ?2 WHERE name = ?1")?;
    for (name, value) in difference.named() {
        if value != 0 {
            statement.execute((name, value))?;
        }
    }
    Ok(())
}
