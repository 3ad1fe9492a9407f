//! What is wrong with a workspace.

use hookloom_secrets::VaultError;
use serde_json::{Value, json};

use super::TestApi;
use super::documents::order_intake;

/// Area and state of each finding.
async fn found(api: &TestApi) -> Vec<(String, String)> {
    let diagnosis = api.get("/doctor").await.ok();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let findings = diagnosis["findings"].as_array().expect("findings");
    let found: Vec<_> = findings
        .iter()
        .map(|it| (text(&it["area"]), text(&it["state"])))
        .collect();
    let is_wrong = found.iter().any(|(_, state)| state == "wrong");
    assert_eq!(diagnosis["is_healthy"], !is_wrong);
    found
}

fn has(found: &[(String, String)], area: &str, state: &str) -> bool {
    found.iter().any(|it| it.0 == area && it.1 == state)
}

#[tokio::test]
async fn a_new_workspace_is_healthy_and_every_area_was_looked_at() {
    let api = TestApi::new().await;
    let found = found(&api).await;
    for area in ["keychain", "database", "public_url"] {
        assert!(has(&found, area, "fine"), "{area}: {found:?}");
    }
    assert_eq!(found[0], ("disk".to_owned(), "notice".to_owned()));
}

#[tokio::test]
async fn a_locked_keychain_and_secrets_that_published_flows_miss_are_wrong() {
    let api = TestApi::new().await;
    let draft = json!({"document": order_intake()});
    api.post("/flows/import", draft).await.ok();
    assert!(
        has(&found(&api).await, "keychain", "notice"),
        "only a draft"
    );
    api.post("/flows/order_intake/publish", json!({}))
        .await
        .ok();
    assert!(has(&found(&api).await, "keychain", "wrong"));

    let api = TestApi::new().await;
    assert!(has(&found(&api).await, "keychain", "fine"));
    let locked = VaultError::Locked {
        reason: "nobody is logged in".into(),
    };
    api.vault.fail_with(Some(locked));
    api.put("/secrets/k", json!({"value": "hunter2hunter2"}))
        .await;
    assert!(has(&found(&api).await, "keychain", "wrong"));
}

#[tokio::test]
async fn a_clock_behind_the_newest_job_is_wrong() {
    let api = TestApi::new().await;
    let document = json!({"format": "hookloom.flow/1", "name": "empty", "steps": []});
    let import = json!({"document": document, "publish": true});
    api.post("/flows/import", import).await.ok();
    api.clock.pass_ms(600_000);
    api.post("/flows/empty/run", json!({})).await.ok();
    assert!(!has(&found(&api).await, "clock", "wrong"));
    api.clock.pass_ms(-600_000);
    assert!(has(&found(&api).await, "clock", "wrong"));
}
