//! Backups: whole while everything goes on, and nothing where one could not be made.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use hookloom_engine::ports::{Accepted, Files as _, Inbox as _, KnownSecrets as _};
use hookloom_model::FileId;
use hookloom_model::request::StoredFile;

use super::support::{Fixture, NOW_MS, arrival, open, random};
use crate::{
    BackupOrder, BackupReason, Error, Manifest, check_backup, finish_restore, kept_backups,
    stage_restore,
};

pub(super) fn by_hand() -> BackupOrder {
    BackupOrder {
        reason: BackupReason::Manual,
        keep: None,
        now_ms: NOW_MS,
    }
}

/// A request with a file, held.
pub(super) async fn with_file(fixture: &Fixture, n: u64, content: &[u8]) -> FileId {
    let id = FileId::new(NOW_MS, random(n));
    let mut file = fixture.store.create(id).await.expect("there is room");
    file.write(Bytes::copy_from_slice(content))
        .await
        .expect("there is room");
    let finished = file.finish().await.expect("there is room");
    let mut with_it = arrival(fixture.flow_id, n);
    if let Some(record) = &mut with_it.record {
        record.files = vec![StoredFile {
            id,
            field: None,
            name: None,
            content_type: "text/plain".to_owned(),
            byte_count: finished.byte_count,
            sha256: finished.sha256,
        }];
    }
    fixture.store.accept(with_it).await.expect("there is room");
    id
}

fn manifest(of: &crate::KeptBackup) -> &Manifest {
    of.manifest.as_ref().expect("it is whole")
}

fn left_in(folder: &Path) -> usize {
    fs::read_dir(folder).map_or(0, Iterator::count)
}

/// The longest that one of them waited, while the other thing went on.
struct Load {
    is_over: AtomicBool,
    accepted: AtomicU64,
    slowest_us: AtomicU64,
}

impl Load {
    async fn accept(&self, fixture: &Fixture, first: u64) {
        for n in first.. {
            if self.is_over.load(Ordering::Relaxed) {
                return;
            }
            let begun = Instant::now();
            let accepted = fixture.store.accept(fixture.arrival(n)).await;
            assert!(matches!(accepted, Ok(Accepted::Started { .. })));
            let waited = u64::try_from(begun.elapsed().as_micros()).expect("not for ages");
            self.slowest_us.fetch_max(waited, Ordering::Relaxed);
            self.accepted.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_is_whole_and_requests_are_accepted_meanwhile() {
    let fixture = Arc::new(Fixture::new().await);
    // Some megabytes, so that the copy takes many pieces.
    for n in 0..60 {
        let mut large = fixture.arrival(1_000_000 + n);
        if let Some(record) = &mut large.record {
            record.body = vec![b'x'; 60_000];
        }
        fixture.store.accept(large).await.expect("there is room");
    }
    let load = Arc::new(Load {
        is_over: AtomicBool::new(false),
        accepted: AtomicU64::new(0),
        slowest_us: AtomicU64::new(0),
    });
    let senders: Vec<_> = (0..8)
        .map(|sender| {
            let (load, fixture) = (Arc::clone(&load), Arc::clone(&fixture));
            tokio::spawn(async move { load.accept(&fixture, sender * 100_000).await })
        })
        .collect();
    while load.accepted.load(Ordering::Relaxed) < 50 {
        tokio::task::yield_now().await;
    }
    let before = fixture.store.counts().requests;
    let usual = Duration::from_micros(load.slowest_us.swap(0, Ordering::Relaxed));
    let (begun, already) = (Instant::now(), load.accepted.load(Ordering::Relaxed));
    let made = fixture.backed_up().await;
    let (took, meanwhile) = (
        begun.elapsed(),
        load.accepted.load(Ordering::Relaxed) - already,
    );
    load.is_over.store(true, Ordering::Relaxed);
    for sender in senders {
        sender.await.expect("none failed");
    }
    let slowest = Duration::from_micros(load.slowest_us.load(Ordering::Relaxed));
    assert!(meanwhile > 20, "{meanwhile} in {took:?}");
    assert!(
        slowest < Duration::from_millis(1_500),
        "{slowest:?}, and before it {usual:?}: {meanwhile} in {took:?}"
    );
    // Everything that was answered before it began is in it, each request with its job.
    let counts = manifest(&made).counts;
    let after = fixture.store.counts().requests;
    let range = u64::try_from(before).expect("no fewer")..=u64::try_from(after).expect("no fewer");
    assert!(range.contains(&counts.requests), "{counts:?}, {range:?}");
    assert_eq!(counts.requests, counts.jobs);
    let elsewhere = tempfile::tempdir().expect("a folder");
    stage_restore(elsewhere.path(), &made.path, NOW_MS).expect("it is whole");
    finish_restore(elsewhere.path()).expect("there is room");
    let restored = open(elsewhere.path()).counts();
    assert_eq!(u64::try_from(restored.jobs), Ok(counts.jobs));
}

#[tokio::test]
async fn a_backup_says_what_it_holds_and_what_it_does_not() {
    let fixture = Fixture::new().await;
    fixture.job(1).await;
    with_file(&fixture, 2, b"a file").await;
    fixture
        .store
        .remember("api_key", NOW_MS)
        .await
        .expect("a name");
    let made = fixture.backed_up().await;
    let said = manifest(&made);
    assert_eq!(said.made_at_ms, NOW_MS);
    assert_eq!(said.secrets_needed, ["api_key"]);
    assert!(said.not_inside.iter().any(|it| it.contains("secrets")));
    let counts = (said.counts.flows, said.counts.requests, said.counts.files);
    assert_eq!(counts, (1, 2, 1));
    assert_eq!(said.parts.len(), 2);
    assert_eq!(said.parts[1].bytes, 6);
    assert_eq!(&check_backup(&made.path).expect("it is whole"), said);
    // Nothing else is left in its folder.
    let folder = made.path.parent().expect("it is in one");
    assert_eq!(left_in(folder), 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| {
            fs::metadata(path)
                .expect("it is there")
                .permissions()
                .mode()
        };
        assert_eq!(mode(&made.path) & 0o777, 0o600);
        assert_eq!(mode(folder) & 0o777, 0o700);
    }
}

#[tokio::test]
async fn a_file_that_is_gone_or_damaged_is_named_and_the_rest_is_backed_up() {
    let fixture = Fixture::new().await;
    let ids = [
        with_file(&fixture, 1, b"whole").await,
        with_file(&fixture, 2, b"gone").await,
        with_file(&fixture, 3, b"other bytes").await,
    ];
    let files = fixture.folder.path().join(crate::FILES_FOLDER);
    fs::remove_file(files.join(ids[1].to_string())).expect("it is there");
    fs::write(files.join(ids[2].to_string()), b"OTHER bytes").expect("it is there");
    let made = fixture.backed_up().await;
    let said = manifest(&made);
    let mut missing = vec![format!("files/{}", ids[1]), format!("files/{}", ids[2])];
    missing.sort();
    assert_eq!(said.files_missing, missing);
    assert_eq!(said.parts.len(), 2);
}

#[tokio::test]
async fn no_file_goes_while_a_backup_may_need_it() {
    let fixture = Fixture::new().await;
    let id = with_file(&fixture, 1, b"needed").await;
    let path = fixture
        .folder
        .path()
        .join(crate::FILES_FOLDER)
        .join(id.to_string());
    fixture.store.backups().hold_files();
    fixture.store.unlink_files(&[id]);
    assert!(path.exists());
    let made = fixture.backed_up().await;
    assert_eq!(manifest(&made).parts.len(), 2);
    assert_eq!(fixture.store.backups().release_files(), [id]);
}

#[tokio::test]
async fn any_damage_of_a_backup_is_found() {
    let fixture = Fixture::new().await;
    fixture.job(1).await;
    with_file(&fixture, 2, b"a file").await;
    let made = fixture.backed_up().await;
    let whole = fs::read(&made.path).expect("it is there");
    let damaged = fixture.folder.path().join("damaged.hookloom");
    let step = (whole.len() / 60).max(1);
    for at in (0..whole.len()).step_by(step) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        fs::write(&damaged, &bytes).expect("it can be written");
        let error = check_backup(&damaged).expect_err("it is not what it was");
        assert!(
            matches!(
                error,
                Error::BackupDamaged { .. } | Error::NotABackup { .. }
            ),
            "byte {at}: {error:?}"
        );
        fs::write(&damaged, &whole[..at]).expect("it can be written");
        let error = check_backup(&damaged).expect_err("it is cut off");
        assert!(
            matches!(
                error,
                Error::BackupDamaged { .. } | Error::NotABackup { .. }
            ),
            "cut at {at}: {error:?}"
        );
    }
}

#[tokio::test]
async fn a_damaged_database_makes_no_backup_and_leaves_the_last_one() {
    let fixture = Fixture::new().await;
    for n in 0..60 {
        fixture.job(n).await;
    }
    fixture.store.back_up(by_hand()).await.expect("it is sound");
    drop(fixture.store);
    let path = fixture.folder.path().join(crate::DATABASE_FILE);
    let mut bytes = fs::read(&path).expect("it is there");
    let conn = rusqlite::Connection::open(&path).expect("it is there");
    // Of a table that opening does not look at.
    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'views'";
    let page: usize = conn.query_row(sql, [], |row| row.get(0)).expect("a page");
    conn.close().expect("nothing is under way");
    bytes[(page - 1) * 4096..page * 4096 - 4000].fill(0xff);
    fs::write(&path, &bytes).expect("it can be written");
    let store = open(fixture.folder.path());
    let error = store.back_up(by_hand()).await.expect_err("it is damaged");
    assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
    assert!(store.backup_failure().is_some_and(|(at, _)| at == NOW_MS));
    assert_eq!(
        kept_backups(fixture.folder.path()).expect("a folder").len(),
        1
    );
    assert_eq!(left_in(&fixture.folder.path().join("backups")), 1);
}

#[cfg(unix)]
#[tokio::test]
async fn a_disk_that_fills_up_during_a_backup_leaves_no_half_of_it_and_stops_nothing() {
    use super::disk::{Fault, Watch};
    use super::support::folder_in_memory;
    let folder = folder_in_memory();
    let store = open(folder.path());
    store
        .create_flow("orders", super::support::DOCUMENT, NOW_MS)
        .await
        .expect("a new name");
    let shelf = folder.path().join("backups");
    let watch = Watch::new(&shelf);
    let mut refused = 0;
    for from in (0..).step_by(7) {
        watch.tap.plan(Some(Fault::Full {
            from: watch.tap.calls() + from,
        }));
        let made = store.back_up(by_hand()).await;
        store
            .put_setting("a", "1")
            .await
            .expect("there is room where the database is");
        let Err(error) = made else { break };
        assert!(matches!(error, Error::NoRoom { .. }), "{error:?}");
        assert!(error.to_string().contains("MB are needed"), "{error}");
        assert_eq!(left_in(&shelf), 0);
        refused += 1;
    }
    assert!(refused > 3, "{refused} were refused");
    watch.tap.plan(None);
    store.back_up(by_hand()).await.expect("there is room");
    assert!(store.backup_failure().is_none());
}

#[tokio::test]
async fn a_backup_that_is_cut_off_by_the_end_leaves_nothing() {
    let fixture = Fixture::new().await;
    let store = fixture.store.clone();
    let making = tokio::spawn(async move { store.back_up(by_hand()).await });
    while fixture.store.backup_progress().is_none() && !making.is_finished() {
        tokio::task::yield_now().await;
    }
    fixture.store.end_backups().await;
    let made = making.await.expect("no panic");
    let shelf = fixture.folder.path().join("backups");
    match made {
        Err(error) => {
            assert!(matches!(error, Error::Stopped), "{error:?}");
            assert_eq!(left_in(&shelf), 0);
        }
        // It was faster than the end.
        Ok(_) => assert_eq!(left_in(&shelf), 1),
    }
    let error = fixture.store.back_up(by_hand()).await.expect_err("it ends");
    assert!(matches!(error, Error::Stopped), "{error:?}");
}

#[tokio::test]
async fn as_many_of_the_schedule_are_kept_as_it_says_and_none_made_by_hand_goes() {
    let fixture = Fixture::new().await;
    let scheduled = BackupOrder {
        reason: BackupReason::Scheduled,
        keep: Some(2),
        now_ms: NOW_MS,
    };
    fixture.backed_up().await;
    for _ in 0..4 {
        fixture
            .store
            .back_up(scheduled)
            .await
            .expect("there is room");
    }
    let kept = fixture.store.kept_backups().await.expect("a folder");
    let reasons: Vec<_> = kept.iter().map(|it| it.reason()).collect();
    let (manual, scheduled) = (Some(BackupReason::Manual), Some(BackupReason::Scheduled));
    assert_eq!(reasons, [scheduled, scheduled, manual]);
    assert!(kept[0].name.contains("000005"), "{}", kept[0].name);
    fixture
        .store
        .delete_backup(&kept[2].name)
        .await
        .expect("it is there");
    assert_eq!(
        fixture.store.kept_backups().await.expect("a folder").len(),
        2
    );
}

#[tokio::test]
async fn what_a_killed_backup_left_is_no_backup_and_goes_at_the_next_opening() {
    let fixture = Fixture::new().await;
    let made = fixture.backed_up().await;
    let folder = fixture.folder;
    drop(fixture.store);
    let shelf = folder.path().join("backups");
    let whole = fs::read(&made.path).expect("it is there");
    fs::write(shelf.join(".unfinished-archive"), &whole[..whole.len() / 2]).expect("a file");
    fs::write(shelf.join(".unfinished-hookloom.db"), "half").expect("a file");
    assert_eq!(kept_backups(folder.path()).expect("a folder").len(), 1);
    drop(open(folder.path()));
    assert_eq!(left_in(&shelf), 1);
}
