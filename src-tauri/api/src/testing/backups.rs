//! Backups by the API: made, listed, scheduled, deleted, made ready to be restored.

use serde_json::{Value, json};

use super::TestApi;

/// Makes one and waits for its end.
async fn made(api: &TestApi) -> Value {
    let begun = api.post("/backups", json!(null)).await;
    assert_eq!(begun.status, 202, "{:#}", begun.body);
    ended(api).await
}

async fn ended(api: &TestApi) -> Value {
    loop {
        let shown = api.get("/backups").await.ok();
        if shown["running"].is_null() {
            return shown;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_backup_is_made_listed_and_deleted() {
    let api = TestApi::new().await;
    let none = api.get("/backups").await.ok();
    assert_eq!(none["items"], json!([]));
    assert_eq!(none["schedule"], json!({"every": "off", "keep": 7}));
    api.put("/secrets/api_key", json!({"value": "a long enough value"}))
        .await
        .ok();
    let shown = made(&api).await;
    assert_eq!(shown["last_failure"], json!(null));
    let backup = &shown["items"][0];
    assert_eq!(backup["reason"], "manual");
    assert_eq!(backup["problem"], json!(null));
    assert_eq!(backup["contents"]["secrets_needed"], json!(["api_key"]));
    let text = shown.to_string();
    assert!(!text.contains("a long enough value"), "{text}");
    let name = backup["name"].as_str().expect("a name");
    let path = format!("/backups/{name}");
    let left = api.call("DELETE", &path, None).await.ok();
    assert_eq!(left["items"], json!([]));
    api.call("DELETE", &path, None)
        .await
        .refused(404, "backup_not_found");
}

#[tokio::test]
async fn a_schedule_is_set_and_one_that_keeps_nothing_is_refused() {
    let api = TestApi::new().await;
    let daily = json!({"every": "day", "keep": 3});
    let set = api.put("/backups/schedule", daily.clone()).await.ok();
    assert_eq!(set["schedule"], daily);
    for keep in [0, 366] {
        api.put("/backups/schedule", json!({"every": "day", "keep": keep}))
            .await
            .refused(422, "value_invalid");
    }
}

#[tokio::test]
async fn a_restore_is_made_ready_told_and_given_up() {
    let api = TestApi::new().await;
    let shown = made(&api).await;
    let name = shown["items"][0]["name"].as_str().expect("a name");
    let path = format!("/backups/{name}/restore");
    let begun = api.post(&path, json!(null)).await;
    assert_eq!(begun.status, 202, "{:#}", begun.body);
    let ready = ended(&api).await;
    let aside = ready["waiting_restore"]["aside"].as_str().expect("a name");
    assert!(aside.starts_with("before-restore-"), "{aside}");
    let given_up = api.call("DELETE", "/backups/restore", None).await.ok();
    assert_eq!(given_up["waiting_restore"], json!(null));
    api.post("/backups/none.hookloom/restore", json!(null))
        .await
        .refused(404, "backup_not_found");
}

#[tokio::test]
async fn the_doctor_says_when_the_last_backup_was_and_whether_it_is_whole() {
    let api = TestApi::new().await;
    let found = async || {
        let found = api.get("/doctor").await.ok();
        let findings = found["findings"].as_array().expect("a list").clone();
        let mut of_backup = findings.into_iter().filter(|it| it["area"] == "backup");
        of_backup.next().expect("one")
    };
    assert_eq!(found().await["state"], "notice");
    let shown = made(&api).await;
    let fine = found().await;
    assert_eq!(fine["state"], "fine", "{fine:#}");
    assert!(
        fine["what"]
            .as_str()
            .is_some_and(|it| it.contains("is whole")),
        "{fine:#}"
    );
    let name = shown["items"][0]["name"].as_str().expect("a name");
    let path = api.store.backups_folder().join(name);
    let mut bytes = std::fs::read(&path).expect("it is there");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).expect("it can be written");
    let damaged = found().await;
    assert_eq!(damaged["state"], "wrong", "{damaged:#}");
    assert!(
        damaged["why"]
            .as_str()
            .is_some_and(|it| it.contains("damaged")),
        "{damaged:#}"
    );
}
