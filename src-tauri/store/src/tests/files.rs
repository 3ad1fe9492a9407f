//! Files: whole or not there, and never anybody's before their request is accepted.

use std::fs;
use std::path::PathBuf;

use bytes::Bytes;
use hookloom_engine::ports::{Accepted, FileError, Files, FinishedFile, Inbox};
use hookloom_model::FileId;
use hookloom_model::request::StoredFile;
use sha2::{Digest, Sha256};

use super::support::{Fixture, NOW_MS, open, random, request_id};
use crate::FILES_FOLDER;

fn id(n: u64) -> FileId {
    FileId::new(NOW_MS, random(n))
}

async fn write(fixture: &Fixture, n: u64, pieces: &[Bytes]) -> FinishedFile {
    let mut file = fixture.store.create(id(n)).await.expect("there is room");
    for piece in pieces {
        file.write(piece.clone()).await.expect("there is room");
    }
    file.finish().await.expect("there is room")
}

fn stored(finished: FinishedFile) -> StoredFile {
    StoredFile {
        id: finished.id,
        field: Some("upload".into()),
        name: Some("../../a.png".into()),
        content_type: "image/png".into(),
        byte_count: finished.byte_count,
        sha256: finished.sha256,
    }
}

fn names(fixture: &Fixture) -> Vec<PathBuf> {
    let folder = fixture.folder.path().join(FILES_FOLDER);
    let entries = fs::read_dir(folder).expect("the folder was made");
    entries.map(|it| it.expect("an entry").path()).collect()
}

async fn read(fixture: &Fixture, n: u64) -> Result<Vec<u8>, FileError> {
    let mut opened = fixture.store.open(id(n)).await?;
    let mut bytes = Vec::new();
    while let Some(piece) = opened.content.next().await? {
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

#[tokio::test]
async fn a_file_is_read_back_exactly_once_its_request_is_accepted() {
    let fixture = Fixture::new().await;
    let pieces = [vec![1; 300_000], Vec::new(), vec![2; 7]].map(Bytes::from);
    let finished = write(&fixture, 1, &pieces).await;
    let whole = pieces.concat();
    assert_eq!(finished.byte_count, 300_007);
    assert_eq!(finished.sha256, hex::encode(Sha256::digest(&whole)));
    assert!(matches!(
        read(&fixture, 1).await,
        Err(FileError::Missing { .. })
    ));

    let mut arrival = fixture.arrival(5);
    let file = stored(finished);
    arrival.record.as_mut().expect("a record").files = vec![file.clone()];
    fixture.store.accept(arrival).await.expect("there is room");
    assert_eq!(read(&fixture, 1).await.expect("it is there"), whole);
    let request = fixture.store.request(request_id(5)).await.expect("stored");
    assert_eq!(request.record.files, [file]);
}

#[tokio::test]
async fn a_file_that_nobody_finishes_or_wants_is_deleted() {
    let fixture = Fixture::new().await;
    let mut begun = fixture.store.create(id(1)).await.expect("there is room");
    begun
        .write(vec![0; 400_000].into())
        .await
        .expect("there is room");
    drop(begun);
    write(&fixture, 2, &[Bytes::from_static(b"x")]).await;
    fixture.store.discard(&[id(2), id(3)]);
    for _ in 0..1_000 {
        if names(&fixture).is_empty() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("{:?}", names(&fixture));
}

#[tokio::test]
async fn a_start_sweeps_what_belongs_to_no_request_and_nothing_else() {
    let fixture = Fixture::new().await;
    let kept = write(&fixture, 1, &[Bytes::from_static(b"kept")]).await;
    write(&fixture, 2, &[Bytes::from_static(b"orphan")]).await;
    let mut arrival = fixture.arrival(5);
    arrival.record.as_mut().expect("a record").files = vec![stored(kept)];
    fixture.store.accept(arrival).await.expect("there is room");
    let folder = fixture.folder.path().join(FILES_FOLDER);
    fs::write(folder.join(format!("{}.part", id(3))), b"half").expect("written");
    fs::write(folder.join("notes.txt"), b"a person's").expect("written");
    let Fixture { store, folder, .. } = fixture;
    drop(store);
    let store = open(folder.path());
    let names = fs::read_dir(folder.path().join(FILES_FOLDER)).expect("there");
    let mut names: Vec<_> = names
        .map(|it| {
            it.expect("an entry")
                .file_name()
                .into_string()
                .expect("UTF-8")
        })
        .collect();
    names.sort();
    assert_eq!(names, [id(1).to_string(), "notes.txt".to_owned()]);
    assert!(store.open(id(1)).await.is_ok());
}

#[tokio::test]
async fn a_repeat_brings_no_files() {
    let fixture = Fixture::new().await;
    for n in [1, 2] {
        let finished = write(&fixture, n, &[Bytes::from_static(b"x")]).await;
        let mut arrival = fixture.arrival(n);
        arrival.idempotency_key = Some("order-1".into());
        arrival.record.as_mut().expect("a record").files = vec![stored(finished)];
        let accepted = fixture.store.accept(arrival).await.expect("there is room");
        assert_eq!(matches!(accepted, Accepted::Duplicate { .. }), n == 2);
    }
    let repeat = fixture.store.request(request_id(2)).await.expect("stored");
    assert_eq!(repeat.record.files, []);
    assert!(fixture.store.open(id(2)).await.is_err());
}
