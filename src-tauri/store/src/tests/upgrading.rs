//! A database of an earlier format is brought further: after a backup, whole or not at all, and killed wherever.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::fixture;
use super::support::NOW_MS;
use crate::backup::{BackupReason, check_backup, kept_backups};
use crate::connect::{self, DATABASE_FILE};
use crate::error::Error;
use crate::migrations::{MIGRATIONS, Migration, NEWEST, Upgrade};

/// What later releases may do: new tables, moved rows, another shape, other indexes.
const LATER: &[Migration] = &[
    Migration {
        version: NEWEST + 1,
        sql: &[
            "CREATE TABLE notes (n INTEGER PRIMARY KEY, about TEXT NOT NULL, text TEXT NOT NULL) STRICT;
             INSERT INTO notes (about, text) SELECT name, value FROM settings ORDER BY name;
             DELETE FROM settings;",
            "ALTER TABLE jobs ADD COLUMN note TEXT;
             UPDATE jobs SET note = 'job ' || id;",
        ],
    },
    Migration {
        version: NEWEST + 2,
        sql: &[
            "CREATE TABLE notes_2 (about TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
             INSERT INTO notes_2 SELECT about, text FROM notes;
             DROP TABLE notes;
             ALTER TABLE notes_2 RENAME TO notes;
             CREATE INDEX notes_by_text ON notes (text);",
        ],
    },
];

const BROKEN: &[Migration] = &[Migration {
    version: NEWEST + 1,
    sql: &[
        "DELETE FROM settings;",
        "INSERT INTO no_such_table VALUES (1);",
    ],
}];

fn upgrade(
    conn: &mut Connection,
    data: &Path,
    migrations: &[Migration],
    mut after_statement: impl FnMut(),
) -> Result<Option<PathBuf>, Error> {
    let upgrade = Upgrade {
        data,
        now_ms: NOW_MS,
        free_bytes: None,
        migrations,
        after_statement: &mut after_statement,
    };
    upgrade.run(conn)
}

/// The database of the present release, as it was stored.
fn stored() -> (tempfile::TempDir, Connection) {
    let folder = fixture::unpacked();
    let conn = connect::open_writer(&folder.path().join(DATABASE_FILE)).expect("it is ours");
    // Little memory, so that pages reach the log before the commit.
    conn.pragma_update(None, "cache_size", 4).expect("a number");
    (folder, conn)
}

fn version(conn: &Connection) -> i64 {
    let version = conn.pragma_query_value(None, "user_version", |row| row.get(0));
    version.expect("every database has one")
}

fn number(conn: &Connection, sql: &str) -> i64 {
    let number = conn.query_row(sql, [], |row| row.get(0));
    number.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// Everything of the database, whatever its format: what it held before is there, once.
fn assert_whole(conn: &Connection, before: &Before, place: &str) {
    let found: String = conn
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .expect("it can be read");
    assert_eq!(found, "ok", "{place}");
    let format = version(conn);
    let settings = match format - NEWEST {
        0 => number(conn, "SELECT COUNT(*) FROM settings"),
        1 | 2 => number(conn, "SELECT COUNT(*) FROM notes"),
        _ => panic!("{place}: format {format}"),
    };
    let jobs = number(conn, "SELECT COUNT(*) FROM jobs");
    assert_eq!((settings, jobs), (before.settings, before.jobs), "{place}");
}

struct Before {
    settings: i64,
    jobs: i64,
}

impl Before {
    fn of(conn: &Connection) -> Self {
        let before = Self {
            settings: number(conn, "SELECT COUNT(*) FROM settings"),
            jobs: number(conn, "SELECT COUNT(*) FROM jobs"),
        };
        assert!(before.settings > 0 && before.jobs > 0, "there is something");
        before
    }
}

/// What a process that is killed now leaves on the disk.
fn left_behind(data: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in [DATABASE_FILE, "hookloom.db-wal"] {
        let from = data.join(name);
        if from.exists() {
            fs::copy(&from, folder.path().join(name)).expect("a copy");
        }
    }
    folder
}

#[test]
fn the_database_of_each_release_is_brought_to_the_newest_format_after_a_backup() {
    let (folder, mut conn) = stored();
    let before = Before::of(&conn);
    let backup = upgrade(&mut conn, folder.path(), LATER, || {}).expect("plain SQL");
    assert_eq!(version(&conn), NEWEST + 2);
    assert_whole(&conn, &before, "after it");
    let manifest = check_backup(&backup.expect("one was made")).expect("it is whole");
    assert_eq!(manifest.database_format, NEWEST);
    assert_eq!(manifest.reason, BackupReason::Upgrade);
    assert_eq!(i64::try_from(manifest.counts.jobs), Ok(before.jobs));
    let again = upgrade(&mut conn, folder.path(), LATER, || {}).expect("nothing to do");
    assert_eq!(again, None);
}

#[test]
fn killed_after_any_statement_the_database_is_whole_and_the_next_start_goes_on() {
    let (folder, mut conn) = stored();
    let before = Before::of(&conn);
    let mut left = Vec::new();
    upgrade(&mut conn, folder.path(), LATER, || {
        left.push(left_behind(folder.path()));
    })
    .expect("plain SQL");
    // Each statement, both marks, both commits, the end.
    assert_eq!(left.len(), 10 + 2 + 2 + 1);
    let mut formats = Vec::new();
    for (number, left) in left.iter().enumerate() {
        let place = format!("killed after statement {number}");
        let mut conn = Connection::open(left.path().join(DATABASE_FILE)).expect("it opens");
        formats.push(version(&conn) - NEWEST);
        assert_whole(&conn, &before, &place);
        upgrade(&mut conn, left.path(), LATER, || {}).expect("it goes on");
        assert_eq!(version(&conn), NEWEST + 2, "{place}");
        assert_whole(&conn, &before, &format!("{place}, and opened again"));
    }
    assert!(formats.is_sorted(), "{formats:?}");
    for format in 0..=2 {
        assert!(formats.contains(&format), "{formats:?}");
    }
}

#[test]
fn a_migration_that_fails_changes_nothing_and_keeps_the_backup() {
    let (folder, mut conn) = stored();
    let before = Before::of(&conn);
    upgrade(&mut conn, folder.path(), BROKEN, || {}).expect_err("its second statement fails");
    assert_eq!(version(&conn), NEWEST);
    assert_whole(&conn, &before, "after it");
    assert_eq!(kept_backups(folder.path()).expect("a folder").len(), 1);
}

#[test]
fn the_last_three_backups_before_an_upgrade_are_kept() {
    let (folder, mut conn) = stored();
    for _ in 0..5 {
        upgrade(&mut conn, folder.path(), BROKEN, || {}).expect_err("it fails");
    }
    let kept = kept_backups(folder.path()).expect("a folder");
    let names: Vec<&str> = kept.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(names[0].contains("000005"), "the newest: {names:?}");
}

#[test]
fn without_room_for_the_backup_nothing_is_migrated_and_it_says_how_much_is_needed() {
    let (folder, mut conn) = stored();
    let before = Before::of(&conn);
    let upgrade = Upgrade {
        data: folder.path(),
        now_ms: NOW_MS,
        free_bytes: Some(1_000_000),
        migrations: LATER,
        after_statement: &mut || panic!("nothing may run"),
    };
    let refused = upgrade.run(&mut conn).expect_err("there is no room");
    let Error::MigrationRefused { why, .. } = &refused else {
        panic!("{refused:?}");
    };
    assert!(matches!(**why, Error::NoRoom { .. }), "{why:?}");
    let said = refused.to_string();
    assert!(said.contains("MB are needed and 1 MB are free"), "{said}");
    assert_eq!(version(&conn), NEWEST);
    assert_whole(&conn, &before, "after it");
}

#[test]
fn a_new_database_needs_no_backup() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(DATABASE_FILE);
    connect::create_private(folder.path(), &path).expect("a writable folder");
    let mut conn = connect::open_writer(&path).expect("a new file");
    let made = upgrade(&mut conn, folder.path(), MIGRATIONS, || {}).expect("plain SQL");
    assert_eq!((made, version(&conn)), (None, NEWEST));
}
