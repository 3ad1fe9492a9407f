//! The way back: the same history, nothing deleted, and no harm wherever it is cut off.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use hookloom_engine::ports::{Files as _, KnownSecrets as _};
use hookloom_model::JobId;

use super::backing_up::with_file;
use super::support::{Fixture, NOW_MS, open};
use crate::backup::finish_step_by_step;
use crate::{
    DATABASE_FILE, Error, FILES_FOLDER, cancel_restore, check_backup, finish_restore,
    stage_restore, waiting_restore,
};

/// Every file of a folder with its bytes, those of the backups apart.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("a folder").flatten() {
            let path = entry.path();
            match path.is_dir() {
                true if path.ends_with("backups") => {}
                true => folders.push(path),
                false => {
                    let bytes = fs::read(&path).expect("a file");
                    found.push((path, bytes));
                }
            }
        }
    }
    found.sort();
    found
}

async fn restored_text(store: &crate::Store, id: hookloom_model::FileId) -> Vec<u8> {
    let mut opened = store.open(id).await.expect("it was restored");
    let mut text = Vec::new();
    while let Some(piece) = opened.content.next().await.expect("it can be read") {
        text.extend_from_slice(&piece);
    }
    text
}

#[tokio::test]
async fn a_backup_brings_the_same_history_to_another_folder() {
    let fixture = Fixture::new().await;
    let job_id = fixture.job(1).await;
    let file = with_file(&fixture, 2, b"a file").await;
    fixture
        .store
        .remember("api_key", NOW_MS)
        .await
        .expect("a name");
    let made = fixture.backed_up().await;
    let elsewhere = tempfile::tempdir().expect("a folder");
    stage_restore(elsewhere.path(), &made.path, NOW_MS).expect("it is whole");
    let done = finish_restore(elsewhere.path()).expect("there is room");
    assert!(done.is_some());
    let store = open(elsewhere.path());
    assert_eq!(
        store.job(job_id).await.expect("it came along").flow,
        "orders"
    );
    assert_eq!(store.counts(), fixture.store.counts());
    assert_eq!(restored_text(&store, file).await, b"a file");
    assert_eq!(store.list().await.expect("names").len(), 1);
    // It is done once.
    assert_eq!(
        finish_restore(elsewhere.path()).expect("nothing to do"),
        None
    );
}

#[tokio::test]
async fn the_present_data_are_moved_aside_and_numbers_go_on_after_them() {
    let fixture = Fixture::new().await;
    fixture.job(1).await;
    let made = fixture.backed_up().await;
    let newest = fixture.job(2).await;
    with_file(&fixture, 3, b"later").await;
    let newest = JobId(newest.0 + 1);
    fixture
        .store
        .stage_restore(&made.name, NOW_MS)
        .await
        .expect("it is whole");
    let waiting = waiting_restore(fixture.folder.path()).expect("it can be read");
    assert_eq!(waiting.map(|it| it.made_at_ms), Some(NOW_MS));
    let folder = fixture.folder;
    drop(fixture.store);
    let keys = folder.path().join("keys");
    fs::create_dir(&keys).expect("a folder");
    fs::write(keys.join("one"), "wrapped").expect("a file");
    fs::write(folder.path().join("vault.json"), "{}").expect("a file");
    let done = finish_restore(folder.path()).expect("there is room");
    let done = done.expect("one waited");
    assert!(folder.path().join("vault.json").exists(), "the vault stays");
    assert!(done.aside.join("keys/one").exists() && !keys.exists());
    let store = open(folder.path());
    assert_eq!(store.counts().jobs, 1);
    let flow_id = store.flow("orders").await.expect("it is there").id;
    let again = Fixture {
        store,
        folder,
        flow_id,
    };
    assert_eq!(again.job(9).await, JobId(newest.0 + 1), "no number twice");
    drop(again.store);
    // What was moved aside is whole.
    let before = open(&done.aside);
    assert_eq!(before.counts().jobs, 3);
    assert!(
        fs::read_dir(done.aside.join(FILES_FOLDER))
            .expect("a folder")
            .count()
            == 1
    );
}

#[tokio::test]
async fn a_restore_that_is_killed_after_any_step_goes_on_at_the_next_opening() {
    let fixture = Fixture::new().await;
    fixture.job(1).await;
    let made = fixture.backed_up().await;
    fixture.job(2).await;
    with_file(&fixture, 3, b"later").await;
    let mut steps = 0;
    for killed_after in 0.. {
        let data = tempfile::tempdir().expect("a folder");
        for (path, bytes) in contents(fixture.folder.path()) {
            let to = path
                .strip_prefix(fixture.folder.path())
                .expect("it is below");
            let to = data.path().join(to);
            fs::create_dir_all(to.parent().expect("it has one")).expect("a folder");
            fs::write(to, bytes).expect("a file");
        }
        stage_restore(data.path(), &made.path, NOW_MS).expect("it is whole");
        let mut left = killed_after;
        let ended = finish_step_by_step(data.path(), &mut |_| {
            left -= 1;
            match left {
                -1 => Err(Error::Stopped),
                _ => Ok(()),
            }
        });
        let was_killed = ended.is_err();
        finish_restore(data.path()).expect("it goes on");
        let store = open(data.path());
        assert_eq!(store.counts().jobs, 1, "killed after step {killed_after}");
        drop(store);
        let aside = fs::read_dir(data.path()).expect("a folder").flatten();
        let aside = aside.map(|it| it.path()).find(|it| {
            let name = it.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("before-restore-")
        });
        let aside = aside.unwrap_or_else(|| panic!("step {killed_after}: it was deleted"));
        assert_eq!(open(&aside).counts().jobs, 3, "step {killed_after}");
        assert!(!data.path().join("restore").exists());
        if !was_killed {
            break;
        }
        steps += 1;
    }
    assert_eq!(steps, 6 + 2 + 2 + 1, "every step was one");
}

#[tokio::test]
async fn what_cannot_be_restored_is_refused_before_anything_is_touched() {
    let fixture = Fixture::new().await;
    fixture.job(1).await;
    let made = fixture.backed_up().await;
    let folder = fixture.folder;
    drop(fixture.store);
    let whole = fs::read(&made.path).expect("it is there");
    let beside = tempfile::tempdir().expect("a folder");
    let bad = |bytes: &[u8]| {
        let path = beside.path().join("bad.hookloom");
        fs::write(&path, bytes).expect("it can be written");
        path
    };
    let before = contents(folder.path());
    let refuse = |path: &Path| {
        let error = stage_restore(folder.path(), path, NOW_MS).expect_err("it is bad");
        assert_eq!(contents(folder.path()), before, "{error}");
        assert_eq!(waiting_restore(folder.path()).expect("none"), None);
        assert!(!folder.path().join("restore").exists());
        error
    };
    let none = refuse(&bad(b"my shopping list"));
    assert!(matches!(none, Error::NotABackup { .. }), "{none:?}");
    let mut flipped = whole.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    let damaged = refuse(&bad(&flipped));
    assert!(
        matches!(damaged, Error::BackupDamaged { .. }),
        "{damaged:?}"
    );
    let half = refuse(&bad(&whole[..whole.len() / 2]));
    assert!(matches!(half, Error::BackupDamaged { .. }), "{half:?}");
    let gone = refuse(&beside.path().join("gone.hookloom"));
    assert!(matches!(gone, Error::BackupFailed { .. }), "{gone:?}");
    for (now, later) in [
        ("\"format\": 1,", "\"format\": 9,"),
        ("\"database_format\": 1,", "\"database_format\": 7,"),
    ] {
        let newer = refuse(&bad(&with_other_text(&whole, now, later)));
        assert!(matches!(newer, Error::NewerBackup { .. }), "{newer:?}");
        let said = newer.to_string();
        assert!(said.contains('9') || said.contains('7'), "{said}");
    }
    // A file that says to lie elsewhere.
    let climbing = with_other_text(
        &whole,
        "\"name\": \"hookloom.db\"",
        "\"name\": \"../evil.txt\"",
    );
    let climbing = with_other_text(&climbing, "hookloom.db\0", "../evil.txt\0");
    refuse(&bad(&climbing));
    assert!(!folder.path().join("restore/evil.txt").exists());
}

/// The backup with a piece of its text exchanged.
fn with_other_text(backup: &[u8], now: &str, later: &str) -> Vec<u8> {
    let mut tar = Vec::new();
    let mut decoder = zstd::Decoder::new(backup).expect("memory");
    decoder.read_to_end(&mut tar).expect("it is whole");
    let at = tar.windows(now.len()).position(|it| it == now.as_bytes());
    let at = at.unwrap_or_else(|| panic!("{now} is in it"));
    tar.splice(at..at + now.len(), later.bytes());
    zstd::encode_all(tar.as_slice(), 1).expect("memory")
}

#[tokio::test]
async fn a_restore_that_waits_can_be_given_up() {
    let fixture = Fixture::new().await;
    fixture.job(1).await;
    let made = fixture.backed_up().await;
    fixture.job(2).await;
    fixture
        .store
        .stage_restore(&made.name, NOW_MS)
        .await
        .expect("it is whole");
    cancel_restore(fixture.folder.path()).expect("nothing was moved");
    drop(fixture.store);
    assert_eq!(
        finish_restore(fixture.folder.path()).expect("nothing to do"),
        None
    );
    assert_eq!(open(fixture.folder.path()).counts().jobs, 2);
    assert!(fixture.folder.path().join(DATABASE_FILE).exists());
    check_backup(&made.path).expect("it is still whole");
}
