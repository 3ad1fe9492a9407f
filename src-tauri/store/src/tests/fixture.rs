//! The stored databases of releases, as SQL text: written by `cargo xtask fixture-database`, and never changed once their
//! release is out.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use hookloom_engine::ports::{Inbox as _, Journal as _, KnownSecrets as _};
use hookloom_model::Verdict;
use hookloom_model::request::StoredFile;
use hookloom_model::{FileId, RequestId};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::support::{Fixture, NOW_MS, arrival, new_delivery, open, random, whole_life};
use crate::Retention;
use crate::connect::DATABASE_FILE;
use crate::files::FILES_FOLDER;

/// The fixture of the release that is being made. After it is out, the next format gets a file of its own.
const PRESENT: &str = "database-format-1.sql";
const WRITE: &str = "HOOKLOOM_WRITE_FIXTURE";
/// The bytes of the file that came with a request.
const FILE_BYTES: &[u8] = b"number,sum\n1,10\n";

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/fixtures")
        .join(PRESENT)
}

/// A data folder with the stored database.
pub(super) fn unpacked() -> TempDir {
    let sql = fs::read_to_string(path()).expect("`cargo xtask fixture-database` writes it");
    let folder = tempfile::tempdir().expect("a folder");
    let conn = Connection::open(folder.path().join(DATABASE_FILE)).expect("a new file");
    conn.pragma_update(None, "auto_vacuum", "incremental")
        .expect("a new file");
    conn.execute_batch(&sql).expect("it is SQL");
    let files = folder.path().join(FILES_FOLDER);
    fs::create_dir(&files).expect("a folder");
    fs::write(files.join(file_id().to_string()), FILE_BYTES).expect("a file");
    folder
}

fn file_id() -> FileId {
    FileId::new(NOW_MS, random(1))
}

/// A little of everything that lasts.
async fn lived() -> Fixture {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    let job_id = fixture.job(1).await;
    let ended = whole_life(job_id, vec![new_delivery(1, "tell")]);
    store.commit(ended).await.expect("the job is there");
    fixture.job(2).await;
    let mut held = arrival(fixture.flow_id, 3);
    held.start = None;
    if let Some(record) = &mut held.record {
        record.verdict = Verdict::Held;
        record.files = vec![StoredFile {
            id: file_id(),
            field: Some("sheet".to_owned()),
            name: Some("sheet.csv".to_owned()),
            content_type: "text/csv".to_owned(),
            byte_count: FILE_BYTES.len() as u64,
            sha256: hex::encode(Sha256::digest(FILE_BYTES)),
        }];
    }
    store.accept(held).await.expect("there is room");
    store.remember("api_key", NOW_MS).await.expect("a name");
    store
        .put_variable(None, "region", serde_json::json!("eu"), NOW_MS)
        .await
        .expect("a name");
    store
        .set_retention(Retention::default())
        .await
        .expect("there is room");
    store.put_setting("look", "{}").await.expect("a name");
    fixture
}

/// The whole database as SQL, the same each time for the same content.
fn dump(conn: &Connection) -> String {
    let mut sql = String::from("-- Written by `cargo xtask fixture-database`.\nBEGIN;\n");
    let mut schema = conn
        .prepare(
            "SELECT name, sql, type FROM sqlite_schema WHERE sql IS NOT NULL
             AND name NOT LIKE 'sqlite_%' ORDER BY type = 'index', rowid",
        )
        .expect("every database has one");
    let schema: Vec<(String, String, String)> = schema
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .and_then(Iterator::collect)
        .expect("it can be read");
    for (_, statement, _) in &schema {
        writeln!(sql, "{statement};").expect("memory");
    }
    let tables = schema.iter().filter(|(_, _, kind)| kind == "table");
    let tables = tables.map(|(name, ..)| name.as_str());
    for table in tables.chain(["sqlite_sequence"]) {
        let prepare = |order: &str| {
            let prepared = conn.prepare(&format!("SELECT * FROM {table} ORDER BY {order}"));
            prepared.expect("it has as many columns")
        };
        let columns = prepare("1").column_count();
        let mut statement = prepare(if columns > 1 { "1, 2" } else { "1" });
        let mut rows = statement.query([]).expect("it can be read");
        while let Some(row) = rows.next().expect("it can be read") {
            let values: Vec<String> = (0..columns)
                .map(|column| literal(row.get_ref(column).expect("it is there")))
                .collect();
            writeln!(sql, "INSERT INTO {table} VALUES ({});", values.join(", ")).expect("memory");
        }
    }
    for mark in ["application_id", "user_version"] {
        let value: i64 = conn
            .pragma_query_value(None, mark, |row| row.get(0))
            .expect("every database has one");
        writeln!(sql, "PRAGMA {mark} = {value};").expect("memory");
    }
    sql + "COMMIT;\n"
}

fn literal(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => format!("{number:?}"),
        ValueRef::Text(text) => {
            format!("'{}'", String::from_utf8_lossy(text).replace('\'', "''"))
        }
        ValueRef::Blob(bytes) => format!("X'{}'", hex::encode(bytes)),
    }
}

/// Names and shapes of everything.
fn shape(conn: &Connection) -> Vec<String> {
    let mut statement = conn
        .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
        .expect("every database has one");
    let rows = statement
        .query_map([], |row| row.get::<_, String>(0))
        .expect("it can be read");
    let mut shape: Vec<String> = rows.collect::<Result<_, _>>().expect("it can be read");
    shape.sort();
    shape
}

#[tokio::test]
async fn the_stored_database_is_the_one_that_this_release_makes() {
    let lived = lived().await;
    let database = lived.folder.path().join(DATABASE_FILE);
    let (folder, store) = (lived.folder, lived.store);
    drop(store);
    let made = Connection::open(database).expect("it is there");
    if std::env::var_os(WRITE).is_some() {
        fs::write(path(), dump(&made)).expect("it can be written");
    }
    let stored = unpacked();
    let opened = Connection::open(stored.path().join(DATABASE_FILE)).expect("it is there");
    assert_eq!(
        shape(&opened),
        shape(&made),
        "a table changed before its release was out: run `cargo xtask fixture-database`"
    );
    drop((made, folder));
}

#[tokio::test]
async fn the_stored_database_of_each_release_opens_with_all_that_is_in_it() {
    let folder = unpacked();
    let store = open(folder.path());
    let flow = store.flow("orders").await.expect("it was published");
    assert!(flow.version.is_some());
    let counts = store.counts();
    assert_eq!((counts.jobs, counts.requests, counts.deliveries), (2, 3, 1));
    let request = RequestId::new(NOW_MS, random(3));
    let files = store.request(request).await.expect("it came").record.files;
    assert_eq!(files.len(), 1);
    assert!(
        folder
            .path()
            .join(FILES_FOLDER)
            .join(file_id().to_string())
            .exists()
    );
    let variables = store.variable_rows().await.expect("it opens");
    assert_eq!(variables.rows.len(), 1);
}
