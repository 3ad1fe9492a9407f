//! Opening a folder: new, newer, damaged, foreign, not writable.

use std::fs;
use std::path::Path;

use super::support::{Fixture, open};
use crate::connect::{APPLICATION_ID, DATABASE_FILE};
use crate::{Error, Store, StoreOptions};

fn refusal(folder: &Path) -> Error {
    Store::open(folder, StoreOptions::default())
        .err()
        .expect("opening should be refused")
}

/// Every file of the folder with its bytes.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|file| {
            let path = file.expect("it can be listed").path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            (name, fs::read(path).expect("it can be read"))
        })
        .collect();
    files.sort();
    files
}

#[test]
fn a_database_of_a_newer_release_is_refused_and_not_touched() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(DATABASE_FILE);
    let conn = rusqlite::Connection::open(&path).expect("a new file");
    conn.execute_batch(&format!(
        "CREATE TABLE later (x); PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 999;"
    ))
    .expect("plain SQL");
    drop(conn);
    let before = contents(folder.path());
    let error = refusal(folder.path());
    assert!(
        matches!(error, Error::NewerDatabase { found: 999, .. }),
        "{error:?}"
    );
    assert!(
        error.to_string().contains("999"),
        "it names the version: {error}"
    );
    assert_eq!(contents(folder.path()), before);
}

#[test]
fn a_newer_version_that_is_still_in_the_log_is_refused_too() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    drop(open(folder.path()));
    let path = folder.path().join(DATABASE_FILE);
    let conn = rusqlite::Connection::open(&path).expect("it is there");
    conn.execute_batch("PRAGMA wal_autocheckpoint = 0; PRAGMA user_version = 999;")
        .expect("plain SQL");
    // As after a crash: the log is not moved into the database.
    let crashed = tempfile::tempdir().expect("a temporary folder");
    for (name, bytes) in contents(folder.path()) {
        fs::write(crashed.path().join(name), bytes).expect("a copy");
    }
    let database = fs::read(crashed.path().join(DATABASE_FILE)).expect("the copy");
    let error = refusal(crashed.path());
    assert!(
        matches!(error, Error::NewerDatabase { found: 999, .. }),
        "{error:?}"
    );
    assert_eq!(
        fs::read(crashed.path().join(DATABASE_FILE)).expect("the copy"),
        database
    );
}

#[test]
fn a_database_of_another_program_is_refused() {
    for mark in ["PRAGMA user_version = 1;", "PRAGMA application_id = 7;", ""] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join(DATABASE_FILE);
        let conn = rusqlite::Connection::open(path).expect("a new file");
        conn.execute_batch(&format!("CREATE TABLE bookmarks (url); {mark}"))
            .expect("plain SQL");
        drop(conn);
        let before = contents(folder.path());
        let error = refusal(folder.path());
        assert!(matches!(error, Error::NotOurs { .. }), "{mark}: {error:?}");
        assert_eq!(contents(folder.path()), before, "{mark}");
    }
}

#[test]
fn a_file_that_is_no_database_is_refused_as_damaged() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join(DATABASE_FILE), vec![b'x'; 8192]).expect("a file");
    let before = contents(folder.path());
    let error = refusal(folder.path());
    assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
    assert_eq!(contents(folder.path()), before);
}

#[test]
fn a_new_database_whose_first_pages_were_cut_off_by_a_power_loss_is_begun_anew() {
    let (made, left) = (tempfile::tempdir(), tempfile::tempdir());
    let made = made.expect("a temporary folder");
    let left = left.expect("a temporary folder");
    let path = made.path().join(DATABASE_FILE);
    let conn = rusqlite::Connection::open(&path).expect("a new file");
    // More than fits into its cache, so that pages are in the file before the change is whole.
    conn.execute_batch(
        "PRAGMA cache_size = 2; BEGIN; CREATE TABLE t (x);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)
         INSERT INTO t SELECT randomblob(4000) FROM n;",
    )
    .expect("plain SQL");
    let journal = format!("{DATABASE_FILE}-journal");
    for name in [DATABASE_FILE, &journal] {
        let bytes = fs::copy(made.path().join(name), left.path().join(name));
        assert!(bytes.expect("it is there") > 0, "{name}");
    }
    let path = left.path().join(DATABASE_FILE);
    let mut torn = fs::read(&path).expect("it can be read");
    torn[..512].fill(0);
    fs::write(&path, &torn).expect("it can be written");
    drop(open(left.path()));
    // Without the journal it is a file that nobody can explain.
    fs::write(&path, &torn).expect("it can be written");
    let error = refusal(left.path());
    assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
}

#[tokio::test]
async fn a_database_that_was_cut_short_is_refused_as_damaged() {
    let fixture = Fixture::new().await;
    for n in 0..50 {
        fixture.job(n).await;
    }
    drop(fixture.store);
    let path = fixture.folder.path().join(DATABASE_FILE);
    let bytes = fs::read(&path).expect("it is there");
    fs::write(&path, &bytes[..bytes.len() / 2]).expect("half of it");
    let error = refusal(fixture.folder.path());
    assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
}

#[tokio::test]
async fn damage_within_the_file_is_an_error_of_the_read_and_no_panic() {
    let fixture = Fixture::new().await;
    for n in 0..200 {
        fixture.job(n).await;
    }
    drop(fixture.store);
    let path = fixture.folder.path().join(DATABASE_FILE);
    let mut bytes = fs::read(&path).expect("it is there");
    let page_bytes = 4096;
    // Every page but the first one, which has the schema.
    for page in bytes.chunks_mut(page_bytes).skip(1) {
        page[..8].fill(0xff);
    }
    fs::write(&path, &bytes).expect("it can be written");
    match Store::open(fixture.folder.path(), StoreOptions::default()) {
        Err(error) => assert!(matches!(error, Error::Damaged { .. }), "{error:?}"),
        Ok(store) => {
            let error = store.flows().await.expect_err("its pages are damaged");
            assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_made_is_named_with_the_reason() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("file");
    fs::write(&file, "").expect("a file");
    let error = refusal(&file.join("data"));
    assert!(
        matches!(error, Error::FolderNotWritable { .. }),
        "{error:?}"
    );
    assert!(
        error.to_string().contains("--data"),
        "it says what to do: {error}"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn the_files_belong_to_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let fixture = Fixture::new().await;
    fixture.job(1).await;
    for file in fs::read_dir(fixture.folder.path()).expect("the folder is there") {
        let file = file.expect("it can be listed");
        let mode = file.metadata().expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{:?}", file.file_name());
    }
}

#[tokio::test]
async fn a_lock_of_another_program_is_told_and_waited_for() {
    let fixture = Fixture::new().await;
    let path = fixture.folder.path().join(DATABASE_FILE);
    let other = rusqlite::Connection::open(path).expect("it is there");
    other
        .execute_batch("BEGIN IMMEDIATE")
        .expect("nobody writes");
    let error = fixture
        .store
        .put_setting("a", "1")
        .await
        .expect_err("it is locked");
    assert!(
        matches!(error, Error::Locked) && error.is_passing(),
        "{error:?}"
    );
    other.execute_batch("ROLLBACK").expect("it had begun");
    fixture
        .store
        .put_setting("a", "1")
        .await
        .expect("it is free");
}

#[tokio::test]
async fn what_was_written_is_there_after_closing_and_opening() {
    let fixture = Fixture::new().await;
    let job_id = fixture.job(1).await;
    let counts = fixture.store.counts();
    drop(fixture.store);
    let store = open(fixture.folder.path());
    assert_eq!(
        store.job(job_id).await.expect("it was saved").flow,
        "orders"
    );
    assert_eq!(store.counts(), counts);
    assert!(
        store.take_migration_backup().is_none(),
        "nothing was migrated"
    );
}

#[test]
fn every_connection_has_the_settings_that_durability_needs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    drop(open(folder.path()));
    let path = folder.path().join(DATABASE_FILE);
    let conn = crate::connect::open_writer(&path).expect("it is ours");
    let setting = |name: &str| -> String {
        conn.pragma_query_value(None, name, |row| {
            row.get_ref(0).map(|value| match value {
                rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                other => other.as_str().unwrap_or_default().to_owned(),
            })
        })
        .expect("a known setting")
    };
    for (name, value) in [
        ("journal_mode", "wal"),
        ("synchronous", "2"),
        ("foreign_keys", "1"),
        ("trusted_schema", "0"),
        ("cell_size_check", "1"),
        ("journal_size_limit", "67108864"),
        ("wal_autocheckpoint", "0"),
        ("secure_delete", "2"),
    ] {
        assert_eq!(setting(name), value, "{name}");
    }
}
