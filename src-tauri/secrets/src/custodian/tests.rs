//! The custodian over a vault in memory: values, states, the workspace's key and the keys of jobs.

mod coming_back;

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::AtomicUsize;
use std::time::Instant;

use hookloom_engine::ports::JobKeys as _;
use hookloom_model::RequestId;
use tempfile::TempDir;

use super::*;
use crate::memory::MemoryVault;
use crate::testing::{NOW_MS, Names, custodian, secret};
use crate::vault::VaultKind;

const BOUND_MS: u64 = 300;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn over(folder: &Path, memory: &MemoryVault, names: &Arc<Names>) -> Arc<Custodian> {
    custodian(
        folder,
        Box::new(memory.clone()),
        Arc::clone(names),
        BOUND_MS,
    )
}

async fn value(custodian: &Custodian, name: &str) -> Result<String, SecretError> {
    custodian
        .read(name)
        .await
        .map(|value| value.expose().clone())
}

#[tokio::test]
async fn a_secret_that_was_set_is_read_listed_masked_and_deleted() {
    let folder = folder();
    let custodian = over(folder.path(), &MemoryVault::default(), &Names::of(&[]));
    assert_eq!(custodian.refresh().await.state, Condition::Ready);
    custodian
        .set("shop_token", secret("tok-1234567"))
        .await
        .expect("it is set");
    custodian
        .set("pin", secret("12345"))
        .await
        .expect("it is set");
    assert_eq!(
        value(&custodian, "shop_token").await.expect("it is read"),
        "tok-1234567"
    );
    assert_eq!(custodian.masker().mask_str("a tok-1234567 b"), "a •••• b");
    let listed = custodian.list().await.expect("they are listed");
    assert_eq!(listed.len(), 2);
    assert!(listed[0].readable && !listed[0].short && listed[0].created_at_ms == NOW_MS);
    assert!(listed[1].readable && listed[1].short);
    assert!(custodian.delete("shop_token").await.expect("it is deleted"));
    assert!(
        !custodian
            .delete("shop_token")
            .await
            .expect("a second time is no error")
    );
    assert!(matches!(
        value(&custodian, "shop_token").await,
        Err(SecretError::Missing { .. })
    ));
    assert_eq!(
        custodian.masker().mask_str("tok-1234567"),
        "••••",
        "it stays masked"
    );
}

#[tokio::test]
async fn a_rotated_value_stays_masked_also_after_a_restart() {
    let folder = folder();
    let (memory, names) = (MemoryVault::default(), Names::of(&[]));
    let before = over(folder.path(), &memory, &names);
    for text in ["first-value", "second-value", "third-value", "third-value"] {
        before.set("key", secret(text)).await.expect("it is set");
    }
    let text = "first-value second-value third-value";
    assert_eq!(before.masker().mask_str(text), "•••• •••• ••••");
    let after = over(folder.path(), &memory, &names);
    after.refresh().await;
    assert_eq!(after.masker().mask_str(text), "•••• •••• ••••");
    assert_eq!(
        value(&after, "key").await.expect("it is read"),
        "third-value"
    );
}

#[tokio::test]
async fn a_new_value_counts_at_once_though_its_name_could_not_be_noted() {
    let folder = folder();
    let names = Names::of(&[]);
    let custodian = over(folder.path(), &MemoryVault::default(), &names);
    custodian
        .set("key", secret("first-value"))
        .await
        .expect("it is set");
    names.is_full.store(true, Ordering::SeqCst);
    let refused = custodian.set("key", secret("second-value")).await;
    assert!(refused.is_err(), "the caller may try again");
    assert_eq!(
        value(&custodian, "key").await.expect("it is read"),
        "second-value",
        "as after a restart"
    );
}

#[tokio::test]
async fn a_secret_that_nobody_set_is_missing() {
    let folder = folder();
    let custodian = over(folder.path(), &MemoryVault::default(), &Names::of(&[]));
    let error = value(&custodian, "nope").await.expect_err("there is none");
    assert!(
        error.to_string().contains("hookloom secret set nope"),
        "{error}"
    );
}

#[tokio::test]
async fn a_known_secret_that_reads_as_nothing_is_not_missing() {
    let folder = folder();
    let (memory, names) = (MemoryVault::default(), Names::of(&[]));
    over(folder.path(), &memory, &names)
        .set("key", secret("a-value"))
        .await
        .expect("it is set");
    let first = over(folder.path(), &memory, &names);
    first.refresh().await;
    // Locked without a display: everything reads as if it were not there.
    memory.pretend_empty(true);
    let custodian = over(folder.path(), &memory, &names);
    let state = custodian.refresh().await;
    assert_eq!(state.state, Condition::Locked, "{state:?}");
    assert!(!state.message.is_empty() && !state.hint.is_empty());
    let error = value(&custodian, "key")
        .await
        .expect_err("it cannot be read");
    assert!(matches!(error, SecretError::Unavailable { .. }), "{error}");
    let error = custodian
        .workspace_key()
        .await
        .expect_err("it is not made anew");
    assert!(matches!(error, SecretError::Unavailable { .. }), "{error}");
    memory.pretend_empty(false);
    assert_eq!(custodian.refresh().await.state, Condition::Ready);
    assert_eq!(
        value(&custodian, "key").await.expect("it is read"),
        "a-value"
    );
}

#[tokio::test]
async fn each_failure_of_the_vault_is_a_state_with_advice() {
    let folder = folder();
    let memory = MemoryVault::default();
    let custodian = over(folder.path(), &memory, &Names::of(&["key"]));
    let mut watch = custodian.watch();
    let reason = "a reason".to_owned();
    let failures = [
        (
            VaultError::Locked {
                reason: reason.clone(),
            },
            Condition::Locked,
        ),
        (VaultError::Absent { reason }, Condition::Absent),
    ];
    for (failure, condition) in failures {
        memory.fail_with(Some(failure));
        let error = value(&custodian, "key")
            .await
            .expect_err("it cannot be read");
        assert!(matches!(error, SecretError::Unavailable { .. }), "{error}");
        assert!(watch.has_changed().expect("it is watched"));
        let state = watch.borrow_and_update().clone();
        assert_eq!(state.state, condition);
        assert!(
            state.message.contains("a reason") && !state.hint.is_empty(),
            "{state:?}"
        );
        let error = custodian
            .set("key", secret("a-value"))
            .await
            .expect_err("it cannot be set");
        assert!(error.to_string().contains("a reason"), "{error}");
    }
    memory.fail_with(None);
    assert_eq!(custodian.refresh().await.state, Condition::Ready);
    assert!(custodian.state().message.is_empty());
}

#[tokio::test]
async fn what_is_in_memory_is_read_while_the_vault_is_locked() {
    let folder = folder();
    let memory = MemoryVault::default();
    let custodian = over(folder.path(), &memory, &Names::of(&[]));
    custodian
        .set("key", secret("a-value"))
        .await
        .expect("it is set");
    memory.fail_with(Some(VaultError::Locked {
        reason: "it was locked".to_owned(),
    }));
    assert_eq!(
        value(&custodian, "key").await.expect("it is remembered"),
        "a-value"
    );
}

#[tokio::test]
async fn a_vault_that_hangs_is_slow_within_the_bound_and_read_once_it_answers() {
    let folder = folder();
    let (memory, names) = (MemoryVault::default(), Names::of(&[]));
    over(folder.path(), &memory, &names)
        .set("key", secret("a-value"))
        .await
        .expect("it is set");
    let custodian = over(folder.path(), &memory, &names);
    let release = memory.hang();
    let began = Instant::now();
    assert_eq!(custodian.refresh().await.state, Condition::Slow);
    for _ in 0..20 {
        let error = value(&custodian, "key").await.expect_err("it hangs");
        assert!(matches!(error, SecretError::Unavailable { .. }), "{error}");
    }
    assert!(
        began.elapsed() < Duration::from_millis(BOUND_MS * 10),
        "{:?}",
        began.elapsed()
    );
    let mut watch = custodian.watch();
    drop(release);
    let ready = watch.wait_for(|state| state.state == Condition::Ready);
    tokio::time::timeout(Duration::from_secs(5), ready)
        .await
        .expect("it is asked again by itself")
        .expect("it is watched");
    assert_eq!(custodian.masker().mask_str("a-value"), "••••");
}

/// Counts how often a person is asked for the password.
struct Counting(MemoryVault, Arc<AtomicUsize>);

impl Vault for Counting {
    fn kind(&self) -> VaultKind {
        self.0.kind()
    }

    fn unlock(&mut self) -> Result<(), VaultError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.unlock()
    }

    fn get(&mut self, item: &str) -> Result<Option<Sensitive<Vec<u8>>>, VaultError> {
        self.0.get(item)
    }

    fn set(&mut self, item: &str, value: &[u8]) -> Result<(), VaultError> {
        self.0.set(item, value)
    }

    fn delete(&mut self, item: &str) -> Result<(), VaultError> {
        self.0.delete(item)
    }
}

#[tokio::test]
async fn a_person_who_closes_the_window_for_the_password_late_is_not_asked_again() {
    let (folder, memory, asked) = (folder(), MemoryVault::default(), Arc::default());
    let vault = Counting(memory.clone(), Arc::clone(&asked));
    let custodian = custodian(folder.path(), Box::new(vault), Names::of(&[]), BOUND_MS);
    let release = memory.hang();
    assert_eq!(custodian.refresh().await.state, Condition::Slow);
    memory.fail_with(Some(VaultError::Locked {
        reason: "the window was closed".to_owned(),
    }));
    let mut watch = custodian.watch();
    drop(release);
    let locked = watch.wait_for(|state| state.state == Condition::Locked);
    tokio::time::timeout(Duration::from_secs(5), locked)
        .await
        .expect("the state is told")
        .expect("it is watched");
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_first_read_after_a_lock_brings_the_others_back() {
    let folder = folder();
    let (memory, names) = (MemoryVault::default(), Names::of(&[]));
    let setter = over(folder.path(), &memory, &names);
    setter
        .set("one", secret("value-one"))
        .await
        .expect("it is set");
    setter
        .set("two", secret("value-two"))
        .await
        .expect("it is set");
    let custodian = over(folder.path(), &memory, &names);
    memory.fail_with(Some(VaultError::Locked {
        reason: "locked".to_owned(),
    }));
    custodian.refresh().await;
    memory.fail_with(None);
    value(&custodian, "one").await.expect("it is read");
    let mut tries = 0;
    while custodian.masker().mask_str("value-two") == "value-two" {
        tries += 1;
        assert!(tries < 500, "the second one was never read");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn names_and_values_that_cannot_be_are_refused_with_the_limit() {
    let folder = folder();
    let custodian = over(folder.path(), &MemoryVault::default(), &Names::of(&[]));
    for name in ["", "1a", "a-b", "a b", "ä", &"a".repeat(65), "../x"] {
        let error = custodian
            .set(name, secret("a-value"))
            .await
            .expect_err("refused");
        assert!(matches!(error, Error::BadName { .. }), "{name}: {error}");
    }
    custodian
        .set(&"a".repeat(64), secret("a-value"))
        .await
        .expect("64 are allowed");
    let empty = custodian.set("key", secret("")).await.expect_err("refused");
    assert!(matches!(empty, Error::Empty { .. }), "{empty}");
    let long = "x".repeat(SECRET_BYTES_MAX + 1);
    let long = custodian
        .set("key", secret(&long))
        .await
        .expect_err("refused")
        .to_string();
    assert!(
        long.contains("SECRET_BYTES_MAX") && long.contains("65536"),
        "{long}"
    );
}

#[tokio::test]
async fn the_workspace_key_is_made_once_and_another_one_is_noticed() {
    let folder = folder();
    let (memory, names) = (MemoryVault::default(), Names::of(&[]));
    let first = over(folder.path(), &memory, &names)
        .workspace_key()
        .await
        .expect("it is made");
    let again = over(folder.path(), &memory, &names)
        .workspace_key()
        .await
        .expect("it is read");
    assert_eq!(first.expose(), again.expose());
    let other = hex::encode(SealKey::generate().expose());
    memory
        .clone()
        .set("key/workspace", other.as_bytes())
        .expect("it is replaced");
    let error = over(folder.path(), &memory, &names)
        .workspace_key()
        .await
        .expect_err("noticed");
    assert!(matches!(error, SecretError::Damaged { .. }), "{error}");
}

#[tokio::test]
async fn a_job_key_lives_in_its_file_until_it_is_destroyed() {
    let folder = folder();
    let (memory, names) = (MemoryVault::default(), Names::of(&[]));
    let custodian = over(folder.path(), &memory, &names);
    let id = RequestId::new(NOW_MS, [1; 10]);
    let key = custodian.create(id).await.expect("it is made");
    let path = folder.path().join("keys").join(id.to_string());
    let bytes = std::fs::read(&path).expect("the file is there");
    assert!(
        !bytes.windows(32).any(|part| part == key.expose()),
        "it is wrapped"
    );
    let after = over(folder.path(), &memory, &names);
    assert_eq!(
        after
            .open(id)
            .await
            .expect("it opens after a restart")
            .expose(),
        key.expose()
    );
    after.destroy(id).await.expect("it is destroyed");
    after.destroy(id).await.expect("a second time is no error");
    assert!(!path.exists());
    let error = after.open(id).await.expect_err("it is gone");
    assert!(matches!(error, SecretError::Damaged { .. }), "{error}");
}

#[tokio::test]
async fn a_job_key_cannot_be_moved_to_another_call() {
    let folder = folder();
    let custodian = over(folder.path(), &MemoryVault::default(), &Names::of(&[]));
    let (one, other) = (
        RequestId::new(NOW_MS, [1; 10]),
        RequestId::new(NOW_MS, [2; 10]),
    );
    custodian.create(one).await.expect("it is made");
    let keys = folder.path().join("keys");
    std::fs::rename(keys.join(one.to_string()), keys.join(other.to_string())).expect("moved");
    assert!(matches!(
        custodian.open(other).await,
        Err(SecretError::Damaged { .. })
    ));
}

#[tokio::test]
async fn a_sweep_takes_orphans_and_half_written_files_and_nothing_else() {
    let folder = folder();
    let custodian = over(folder.path(), &MemoryVault::default(), &Names::of(&[]));
    assert_eq!(
        custodian
            .sweep_job_keys(HashSet::new())
            .await
            .expect("nothing there"),
        0
    );
    let (live, orphan) = (
        RequestId::new(NOW_MS, [1; 10]),
        RequestId::new(NOW_MS, [2; 10]),
    );
    for id in [live, orphan] {
        custodian.create(id).await.expect("it is made");
    }
    let keys = folder.path().join("keys");
    std::fs::write(keys.join(format!("{live}.unfinished")), b"half").expect("it is written");
    std::fs::write(keys.join("README"), b"not ours").expect("it is written");
    assert_eq!(
        custodian
            .sweep_job_keys(HashSet::from([live]))
            .await
            .expect("swept"),
        2
    );
    assert!(custodian.open(live).await.is_ok());
    assert!(custodian.open(orphan).await.is_err());
    assert!(keys.join("README").exists());
}

#[cfg(unix)]
#[tokio::test]
async fn files_and_folders_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    let custodian = over(folder.path(), &MemoryVault::default(), &Names::of(&[]));
    let id = RequestId::new(NOW_MS, [1; 10]);
    custodian.create(id).await.expect("it is made");
    let mode = |path: &Path| {
        std::fs::metadata(path)
            .expect("it is there")
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(mode(&folder.path().join("keys")), 0o700);
    assert_eq!(
        mode(&folder.path().join("keys").join(id.to_string())),
        0o600
    );
    assert_eq!(mode(&folder.path().join("vault.json")), 0o600);
}
