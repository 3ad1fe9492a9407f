//! A vault that went away is found again.

use super::*;

#[tokio::test]
async fn a_vault_that_comes_back_is_found_without_asking_a_person() {
    let (folder, memory, asked) = (folder(), MemoryVault::default(), Arc::default());
    let setter = over(folder.path(), &memory, &Names::of(&[]));
    setter
        .set("key", secret("a-value"))
        .await
        .expect("it is set");
    let vault = Counting(memory.clone(), Arc::clone(&asked));
    let names = Names::of(&["key"]);
    let custodian = custodian(folder.path(), Box::new(vault), names, BOUND_MS);
    for gone in [
        VaultError::Absent {
            reason: "it ended".to_owned(),
        },
        VaultError::Locked {
            reason: "the screen was locked".to_owned(),
        },
    ] {
        memory.fail_with(Some(gone));
        custodian.refresh().await;
        let unlocks = asked.load(Ordering::SeqCst);
        custodian.look_again().await;
        assert_ne!(
            custodian.state().state,
            Condition::Ready,
            "it is still gone"
        );
        memory.fail_with(None);
        custodian.look_again().await;
        assert_eq!(custodian.state().state, Condition::Ready);
        assert_eq!(asked.load(Ordering::SeqCst), unlocks, "nobody was asked");
    }
    assert_eq!(custodian.masker().mask_str("a-value"), "••••");
}
