//! How the database is, for a person: its format, its sizes, and what SQLite finds when it looks at it. Mends nothing.

use std::fs;

use rusqlite::Connection;

use crate::error::Error;
use crate::migrations;
use crate::store::Store;
use crate::table::jobs;

/// So many problems are told.
const PROBLEMS_MAX: u32 = 10;

/// How the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// The format of the file.
    pub format: i64,
    /// The format that this release writes.
    pub format_known: i64,
    /// Of the database's file.
    pub file_bytes: u64,
    /// Of the write-ahead log.
    pub log_bytes: u64,
    /// What SQLite found; empty if nothing.
    pub problems: Vec<String>,
    /// Whether everything was looked at. A large database is not, in the time that a read may take.
    pub is_whole: bool,
    /// When the newest of the last jobs was queued.
    pub newest_at_ms: Option<i64>,
}

impl Store {
    /// Looks at the database, as long as a read may take.
    ///
    /// # Errors
    /// It cannot be read at all. Damage that is found is no error but told.
    pub async fn examine(&self) -> Result<Health, Error> {
        let (format, newest_at_ms) = self
            .read(|conn| {
                let format = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
                Ok((format, jobs::newest_queued_at(conn)?))
            })
            .await?;
        let (problems, is_whole) = match self.read(quick_check).await {
            Ok(problems) => (problems, true),
            Err(Error::ReadTooLong { .. }) => (Vec::new(), false),
            Err(damaged @ Error::Damaged { .. }) => (vec![damaged.to_string()], true),
            Err(error) => return Err(error),
        };
        let (file_bytes, log_bytes) = self.file_bytes();
        Ok(Health {
            format,
            format_known: migrations::NEWEST,
            file_bytes,
            log_bytes,
            problems,
            is_whole,
            newest_at_ms,
        })
    }

    /// What the database and its write-ahead log take on the disk.
    pub(crate) fn file_bytes(&self) -> (u64, u64) {
        let bytes_of = |suffix: &str| {
            let mut file = self.path().as_os_str().to_owned();
            file.push(suffix);
            // Without a log there are no bytes of it.
            fs::metadata(file).map_or(0, |it| it.len())
        };
        (bytes_of(""), bytes_of("-wal"))
    }
}

/// Every page and the order of rows, without holding indexes against their tables, which takes many times as long.
fn quick_check(conn: &Connection) -> Result<Vec<String>, Error> {
    let mut statement = conn.prepare(&format!("PRAGMA quick_check({PROBLEMS_MAX})"))?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut problems = Vec::new();
    for row in rows {
        problems.push(row?);
    }
    problems.retain(|problem| problem != "ok");
    Ok(problems)
}
