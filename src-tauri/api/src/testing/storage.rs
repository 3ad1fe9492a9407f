//! What the history takes, and how long it is kept.

use serde_json::json;

use super::TestApi;

#[tokio::test]
async fn the_retention_is_shown_and_set() {
    let api = TestApi::new().await;
    let storage = api.get("/storage").await.ok();
    assert_eq!(
        storage["retention"],
        json!({"days": 30, "bytes_max": 5_000_000_000_u64})
    );
    assert!(storage["database_bytes"].as_u64() > Some(0), "{storage}");
    assert_eq!(storage["jobs_count"], 0);
    assert_eq!(storage["oldest_at"], json!(null));
    let kept = json!({"days": null, "bytes_max": 20_000_000});
    let set = api
        .call("PUT", "/storage/retention", Some(kept.clone()))
        .await
        .ok();
    assert_eq!(set["retention"], kept);
    assert_eq!(api.get("/storage").await.ok()["retention"], kept);
}

#[tokio::test]
async fn a_retention_that_would_delete_everything_is_refused() {
    let api = TestApi::new().await;
    for wrong in [
        json!({"days": 0, "bytes_max": null}),
        json!({"days": 3651, "bytes_max": null}),
        json!({"days": 30, "bytes_max": 5}),
    ] {
        let refused = api.call("PUT", "/storage/retention", Some(wrong)).await;
        refused.refused(422, "value_invalid");
    }
}
