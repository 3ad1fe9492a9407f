//! The format of the database, step by step. Each migration is one transaction; a verified backup is made before the
//! first one that changes an existing database, and without it nothing is changed.
//!
//! Does not know how a backup is made.

use std::path::{Path, PathBuf};

use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::wal::CheckpointMode;
use rusqlite::{Batch, Connection, Transaction, TransactionBehavior};

use crate::backup;
use crate::connect::APPLICATION_ID;
use crate::error::Error;
use crate::table;

/// One step of the format. Released ones never change.
pub(crate) struct Migration {
    /// The format after it.
    pub(crate) version: i64,
    /// The SQL of each table that it makes or changes.
    pub(crate) sql: &'static [&'static str],
}

/// The first one makes a database. Those after it bring one of an earlier release further; so far there are none,
/// because nothing but format 1 was ever released.
pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    sql: table::FORMAT_1,
}];

/// The format that this release writes.
pub(crate) const NEWEST: i64 = MIGRATIONS[MIGRATIONS.len() - 1].version;

/// How a database is brought further.
pub(crate) struct Upgrade<'a> {
    /// The data folder, where the backup goes.
    pub(crate) data: &'a Path,
    /// The time, for the backup.
    pub(crate) now_ms: i64,
    /// The room on the disk, if it says so.
    pub(crate) free_bytes: Option<u64>,
    pub(crate) migrations: &'a [Migration],
    /// Told after every statement, and after every commit: tests look at the disk there.
    pub(crate) after_statement: &'a mut dyn FnMut(),
}

/// Brings the database to [`NEWEST`]. Gives the backup, if one was made.
pub(crate) fn run(
    conn: &mut Connection,
    data: &Path,
    now_ms: i64,
) -> Result<Option<PathBuf>, Error> {
    let upgrade = Upgrade {
        data,
        now_ms,
        free_bytes: backup::free_bytes(data),
        migrations: MIGRATIONS,
        after_statement: &mut || {},
    };
    upgrade.run(conn)
}

impl Upgrade<'_> {
    pub(crate) fn run(self, conn: &mut Connection) -> Result<Option<PathBuf>, Error> {
        let found: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let todo = self.migrations.iter().filter(|it| it.version > found);
        let Some(needed) = todo.clone().map(|it| it.version).max() else {
            return Ok(None);
        };
        let backup = match found {
            0 => None,
            _ => Some(
                backup::back_up_before(conn, self.data, self.now_ms, self.free_bytes).map_err(
                    |why| Error::MigrationRefused {
                        found,
                        needed,
                        why: Box::new(why),
                    },
                )?,
            ),
        };
        for migration in todo {
            let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            apply(&tx, migration, self.after_statement)?;
            tx.commit()?;
            (self.after_statement)();
        }
        // The marks must stand in the file itself: a release that refuses it looks there first.
        conn.wal_checkpoint_v2(Some("main"), CheckpointMode::TRUNCATE)?;
        (self.after_statement)();
        Ok(backup)
    }
}

fn apply(
    tx: &Transaction<'_>,
    migration: &Migration,
    after_statement: &mut dyn FnMut(),
) -> Result<(), Error> {
    for sql in migration.sql {
        let mut statements = Batch::new(tx, sql);
        while let Some(mut statement) = statements.next()? {
            statement.raw_execute()?;
            after_statement();
        }
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", migration.version)?;
    after_statement();
    Ok(())
}
