//! The format of the database, step by step. Each migration is one transaction; a verified backup is made
//! before the first one that changes an existing database.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::wal::CheckpointMode;
use rusqlite::{Connection, OpenFlags};

use crate::connect::{self, APPLICATION_ID};
use crate::error::Error;
use crate::table;

/// One step of the format. Released ones never change.
struct Migration {
    /// The format after it.
    version: i64,
    /// The SQL of each table that it makes or changes.
    sql: &'static [&'static str],
}

const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    sql: table::FORMAT_1,
}];

/// The format that this release writes.
pub(crate) const NEWEST: i64 = MIGRATIONS[MIGRATIONS.len() - 1].version;

/// Brings the database to [`NEWEST`]. Gives the backup, if one was made.
pub(crate) fn run(conn: &mut Connection, path: &Path) -> Result<Option<PathBuf>, Error> {
    run_all(conn, path, MIGRATIONS)
}

fn run_all(
    conn: &mut Connection,
    path: &Path,
    migrations: &[Migration],
) -> Result<Option<PathBuf>, Error> {
    let found: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let todo: Vec<_> = migrations.iter().filter(|m| m.version > found).collect();
    if todo.is_empty() {
        return Ok(None);
    }
    let backup = if found > 0 {
        Some(back_up(conn, path, found)?)
    } else {
        None
    };
    for migration in todo {
        let tx = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        for sql in migration.sql {
            tx.execute_batch(sql)?;
        }
        tx.pragma_update(None, "application_id", APPLICATION_ID)?;
        tx.pragma_update(None, "user_version", migration.version)?;
        tx.commit()?;
    }
    // The marks must stand in the file itself: a release that refuses it looks there first.
    conn.wal_checkpoint_v2(Some("main"), CheckpointMode::TRUNCATE)?;
    Ok(backup)
}

/// A whole copy of the database, checked before it counts.
fn back_up(conn: &Connection, path: &Path, found: i64) -> Result<PathBuf, Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let backup = (0..)
        .map(|n| match n {
            0 => folder.join(format!("hookloom-format-{found}.backup.db")),
            n => folder.join(format!("hookloom-format-{found}-{n}.backup.db")),
        })
        .find(|candidate| !candidate.exists())
        .unwrap_or_else(|| folder.join("hookloom.backup.db"));
    // VACUUM INTO accepts an empty file, and so the mode is ours.
    connect::create_private(folder, &backup)?;
    let target = backup.to_str().ok_or_else(|| Error::Internal {
        what: format!(
            "{} is no UTF-8, so no backup can be made there",
            backup.display()
        ),
    })?;
    let made = conn.execute("VACUUM INTO ?1", [target]);
    match made
        .map_err(Error::from)
        .and_then(|_| verify(&backup, found))
    {
        Ok(()) => Ok(backup),
        Err(error) => {
            // Half a backup only takes the room that is missing.
            drop(fs::remove_file(&backup));
            Err(error)
        }
    }
}

fn verify(backup: &Path, version: i64) -> Result<(), Error> {
    let copy = Connection::open_with_flags(backup, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let found: i64 = copy.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let check: String = copy.pragma_query_value(None, "quick_check", |row| row.get(0))?;
    if found != version || check != "ok" {
        return Err(Error::Damaged {
            what: format!("the backup before the migration is not whole: {check}"),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Migration = Migration {
        version: NEWEST + 1,
        sql: &["ALTER TABLE settings ADD COLUMN note TEXT;"],
    };
    const BROKEN: Migration = Migration {
        version: NEWEST + 2,
        sql: &[
            "DELETE FROM settings;",
            "INSERT INTO no_such_table VALUES (1);",
        ],
    };

    /// A database of this release with one setting.
    fn made(folder: &Path) -> (PathBuf, Connection) {
        let path = folder.join(connect::DATABASE_FILE);
        connect::create_private(folder, &path).expect("a writable folder");
        let mut conn = connect::open_writer(&path).expect("a new file");
        assert_eq!(
            run(&mut conn, &path).expect("plain SQL"),
            None,
            "nothing to back up"
        );
        conn.execute("INSERT INTO settings (name, value) VALUES ('a', '1')", [])
            .expect("the table is there");
        (path, conn)
    }

    fn version(conn: &Connection) -> i64 {
        conn.pragma_query_value(None, "user_version", |row| row.get(0))
            .expect("every database has one")
    }

    fn settings(conn: &Connection) -> i64 {
        conn.query_row("SELECT COUNT(*) FROM settings", [], |row| row.get(0))
            .expect("the table is there")
    }

    #[test]
    fn a_whole_backup_is_made_before_an_existing_database_changes() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (path, mut conn) = made(folder.path());
        let steps = [Migration { ..MIGRATIONS[0] }, SECOND];
        let backup = run_all(&mut conn, &path, &steps)
            .expect("plain SQL")
            .expect("an existing database is backed up");
        assert_eq!(version(&conn), SECOND.version);
        let copy = Connection::open(&backup).expect("it was made");
        assert_eq!((version(&copy), settings(&copy)), (NEWEST, 1));
        assert_eq!(
            run_all(&mut conn, &path, &steps).expect("nothing to do"),
            None
        );
    }

    #[test]
    fn a_migration_that_fails_changes_nothing_and_keeps_the_backup() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (path, mut conn) = made(folder.path());
        let steps = [Migration { ..MIGRATIONS[0] }, BROKEN];
        run_all(&mut conn, &path, &steps).expect_err("the second statement fails");
        assert_eq!((version(&conn), settings(&conn)), (NEWEST, 1));
        assert!(folder.path().join("hookloom-format-1.backup.db").exists());
    }
}
