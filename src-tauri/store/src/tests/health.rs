//! What is told of a database that is well, and of one that is not.

use std::fs;
use std::io::{Seek as _, SeekFrom, Write as _};

use super::support::*;
use crate::{Store, StoreOptions};

#[tokio::test]
async fn a_database_that_is_well_has_its_format_its_sizes_and_no_problems() {
    let test = Fixture::new().await;
    let health = test.store.examine().await.expect("it is read");
    assert!(health.problems.is_empty() && health.is_whole, "{health:?}");
    assert_eq!(health.format, health.format_known);
    assert!(health.file_bytes > 0, "{health:?}");
    assert_eq!(health.newest_at_ms, None);
}

#[tokio::test]
async fn pages_that_were_overwritten_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path(), StoreOptions::default()).expect("a store");
    let path = store.path().to_owned();
    store
        .put_setting("public_url", &"x".repeat(40_000))
        .await
        .expect("it is written");
    drop(store);
    let bytes = fs::metadata(&path).expect("a file").len();
    let mut file = fs::OpenOptions::new()
        .write(true)
        .open(&path)
        .expect("it opens");
    // The last pages: they have the setting, and nothing that opening needs.
    file.seek(SeekFrom::Start(bytes - 16_384)).expect("a place");
    file.write_all(&[0xa5; 16_384]).expect("garbage");
    drop(file);
    let store =
        Store::open(folder.path(), StoreOptions::default()).expect("its beginning is whole");
    let health = store.examine().await.expect("it is read");
    assert!(!health.problems.is_empty(), "{health:?}");
}
