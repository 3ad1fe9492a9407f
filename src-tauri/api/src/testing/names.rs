//! Secrets, variables, access tokens, and how things stand.

use hookloom_secrets::VaultError;
use serde_json::{Value, json};

use super::TestApi;
use super::documents::order_intake;

#[tokio::test]
async fn secrets_are_listed_by_name_with_where_they_are_used_and_never_shown() {
    let api = TestApi::new().await;
    let body = json!({"document": order_intake(), "publish": true});
    api.post("/flows/import", body).await.ok();
    api.put("/secrets/orders_key", json!({"value": "hunter2hunter2"}))
        .await
        .ok();
    let listed = api.get("/secrets").await.ok();
    assert!(!listed.to_string().contains("hunter2"));
    let states: Vec<_> = listed["items"]
        .as_array()
        .expect("secrets")
        .iter()
        .map(|it| {
            (
                it["name"].as_str().unwrap_or_default(),
                it["state"].as_str().unwrap_or_default(),
            )
        })
        .collect();
    assert_eq!(
        states,
        [
            ("orders_key", "stored"),
            ("shop_token", "missing"),
            ("slack_path", "missing"),
            ("slack_signing", "missing")
        ]
    );
    assert_eq!(
        listed["items"][0]["used_by"],
        json!([{"flow": "order_intake", "place": "/endpoints/0/auth/secret"}])
    );
    api.delete("/secrets/orders_key").await.ok();
    api.delete("/secrets/orders_key")
        .await
        .refused(404, "secret_not_found");
}

#[tokio::test]
async fn a_secret_with_a_bad_name_or_no_value_is_refused() {
    let api = TestApi::new().await;
    api.put("/secrets/no-dash", json!({"value": "x"}))
        .await
        .refused(422, "name_invalid");
    api.put("/secrets/empty", json!({"value": ""}))
        .await
        .refused(422, "value_invalid");
    let refused = api
        .put("/secrets/k", json!({"value": {"a": "hunter2hunter2"}}))
        .await;
    let body = refused.refused(400, "bad_request");
    assert!(!body.to_string().contains("hunter2"), "{body}");
    api.put("/secrets/k", json!({}))
        .await
        .refused(400, "bad_request");
}

#[tokio::test]
async fn a_locked_vault_is_a_state_that_is_shown_and_no_missing_secret() {
    let api = TestApi::new().await;
    let failure = VaultError::Locked {
        reason: "it wants a password".into(),
    };
    api.vault.fail_with(Some(failure));
    api.put("/secrets/k", json!({"value": "hunter2hunter2"}))
        .await
        .refused(503, "vault_unavailable");
    let status = api.get("/status").await.ok();
    assert_eq!(status["vault"]["state"], "locked", "{status:#}");
    assert!(status["vault"]["hint"].is_string());
}

#[tokio::test]
async fn variables_are_set_listed_and_deleted() {
    let api = TestApi::new().await;
    api.put(
        "/variables/shop_url",
        json!({"value": "https://shop.example"}),
    )
    .await
    .ok();
    api.put("/variables/limits", json!({"value": {"max": [1, null]}}))
        .await
        .ok();
    let listed = api.get("/variables").await.ok();
    assert_eq!(listed["items"][0]["name"], "limits");
    assert_eq!(listed["items"][0]["value"], json!({"max": [1, null]}));
    api.put("/variables/job", json!({"value": 1}))
        .await
        .refused(422, "name_invalid");
    api.delete("/variables/limits").await.ok();
    api.delete("/variables/limits")
        .await
        .refused(404, "variable_not_found");
}

#[tokio::test]
async fn a_token_is_shown_once_and_its_name_is_unique() {
    let api = TestApi::new().await;
    let made = api
        .post("/tokens", json!({"name": "ci", "scope": "run"}))
        .await;
    assert_eq!(made.status, 201);
    let token = made.ok()["token"].as_str().expect("a token").to_owned();
    let listed = api.get("/tokens").await.ok();
    assert_eq!(listed["items"][0]["scope"], "run");
    assert!(!listed.to_string().contains(&token));
    let twice = json!({"name": "ci", "scope": "read"});
    api.post("/tokens", twice).await.refused(409, "name_taken");
    api.post("/tokens", json!({"name": "", "scope": "read"}))
        .await
        .refused(422, "name_invalid");
    api.post("/tokens", json!({"name": "x", "scope": "root"}))
        .await
        .refused(400, "bad_request");
    for file in std::fs::read_dir(api.folder())
        .expect("the folder")
        .flatten()
    {
        let bytes = std::fs::read(file.path()).unwrap_or_default();
        let found = bytes
            .windows(token.len())
            .any(|part| part == token.as_bytes());
        assert!(!found, "the token is in {}", file.path().display());
    }
}

#[tokio::test]
async fn the_status_counts_what_there_is() {
    let api = TestApi::new().await;
    let body = json!({"document": order_intake(), "publish": true});
    api.post("/flows/import", body).await.ok();
    api.post("/flows/order_intake/run", json!({})).await.ok();
    api.put("/secrets/orders_key", json!({"value": "hunter2hunter2"}))
        .await
        .ok();
    let status = api.get("/status").await.ok();
    let counts = &status["counts"];
    assert_eq!(
        (
            &counts["flows"],
            &counts["endpoints"],
            &counts["jobs"],
            &counts["secrets"]
        ),
        (&json!(1), &json!(1), &json!(1), &json!(1)),
        "{counts}"
    );
    assert_eq!(status["workspace"], "local");
}

#[tokio::test]
async fn settings_of_the_network_are_changed_together_or_not_at_all() {
    let api = TestApi::new().await;
    let first = api.get("/settings").await.ok();
    assert_eq!(
        (&first["system_trust"], &first["proxy_url"]),
        (&true.into(), &Value::Null)
    );
    let change =
        json!({"public_url": "https://hooks.example", "proxy_url": "socks5://proxy.example"});
    let refused = api.call("PATCH", "/settings", Some(change)).await;
    refused.refused(422, "value_invalid");
    assert_eq!(api.get("/settings").await.ok(), first);
    let change = json!({"system_trust": false, "proxy_url": "http://me@proxy.example:3128",
        "proxy_password": "proxy_key", "proxy_bypass": "shop.example, 10.0.0.0/8"});
    let changed = api.call("PATCH", "/settings", Some(change)).await.ok();
    assert_eq!(changed["proxy_bypass"], "shop.example,10.0.0.0/8");
    let network = crate::network_settings(&api.store)
        .await
        .expect("it can be read");
    let proxy = network.proxy.expect("there is one");
    assert!(!network.system_trust);
    assert_eq!(proxy.password.as_deref(), Some("proxy_key"));
    let back = json!({"system_trust": null, "proxy_url": null, "proxy_password": null, "proxy_bypass": null});
    assert_eq!(api.call("PATCH", "/settings", Some(back)).await.ok(), first);
    let network = crate::network_settings(&api.store)
        .await
        .expect("it can be read");
    assert_eq!(network, Default::default());
}
