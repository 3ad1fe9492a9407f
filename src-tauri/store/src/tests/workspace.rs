//! Secrets by name, variables, access tokens.

use hookloom_engine::ports::{Journal, KnownSecrets};
use serde_json::json;

use super::support::{Fixture, NOW_MS};
use crate::{Error, TokenScope};

#[tokio::test]
async fn variables_are_seen_by_jobs_as_soon_as_they_are_set() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    assert!(Journal::variables(store).await.expect("none").is_empty());
    store
        .put_variable(None, "shop", json!({"url": "x"}), NOW_MS)
        .await
        .expect("there is room");
    assert_eq!(
        Journal::variables(store).await.expect("one")["shop"],
        json!({"url": "x"})
    );
    store
        .put_variable(None, "shop", json!(7), NOW_MS)
        .await
        .expect("there is room");
    assert_eq!(
        Journal::variables(store).await.expect("one")["shop"],
        json!(7)
    );
    assert!(
        store
            .delete_variable(None, "shop")
            .await
            .expect("it was there")
    );
    assert!(!store.delete_variable(None, "shop").await.expect("no error"));
    assert!(Journal::variables(store).await.expect("none").is_empty());
}

#[tokio::test]
async fn the_active_sets_values_win_over_those_for_every_environment() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    let put = async |set: Option<&str>, name: &str, value: i64| {
        let set = set.map(str::to_owned);
        let put = store.put_variable(set, name, json!(value), NOW_MS);
        put.await.expect("there is room");
    };
    put(None, "shop", 1).await;
    put(None, "other", 2).await;
    put(Some("staging"), "shop", 3).await;
    put(Some("staging"), "only", 4).await;
    put(Some("local"), "shop", 5).await;
    let seen = async || json!(Journal::variables(store).await.expect("variables"));
    assert_eq!(seen().await, json!({"shop": 1, "other": 2}));
    for (set, expected) in [
        (Some("staging"), json!({"shop": 3, "other": 2, "only": 4})),
        (Some("local"), json!({"shop": 5, "other": 2})),
        (None, json!({"shop": 1, "other": 2})),
    ] {
        let activated = store.activate_variables(set.map(str::to_owned));
        activated.await.expect("there is room");
        assert_eq!(seen().await, expected, "{set:?}");
    }
    let gone = store.delete_variable(Some("local".to_owned()), "shop");
    assert!(gone.await.expect("it was there"));
    let rows = store.variable_rows().await.expect("rows");
    let names: Vec<_> = rows
        .rows
        .iter()
        .map(|row| (row.name.as_str(), row.set.as_deref()))
        .collect();
    assert_eq!(
        names,
        [
            ("only", Some("staging")),
            ("other", None),
            ("shop", None),
            ("shop", Some("staging"))
        ]
    );
}

#[tokio::test]
async fn a_secrets_name_counts_how_often_it_was_set() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    store
        .remember("slack", NOW_MS)
        .await
        .expect("there is room");
    store
        .remember("slack", NOW_MS + 1)
        .await
        .expect("there is room");
    let known = store.list().await.expect("a list");
    assert_eq!(
        (
            known[0].created_at_ms,
            known[0].updated_at_ms,
            known[0].version
        ),
        (NOW_MS, NOW_MS + 1, 2)
    );
    assert!(store.forget("slack").await.expect("no error"));
    assert!(!store.forget("slack").await.expect("no error"));
}

#[tokio::test]
async fn a_token_is_found_by_its_hash_and_its_use_is_noted_to_the_minute() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    store
        .put_token("ci", [7; 32], TokenScope::Run, NOW_MS)
        .await
        .expect("a new name");
    let taken = store
        .put_token("ci", [8; 32], TokenScope::Run, NOW_MS)
        .await;
    assert!(matches!(taken, Err(Error::NameTaken { .. })), "{taken:?}");
    assert_eq!(
        store
            .token_by_sha256([8; 32], NOW_MS)
            .await
            .expect("no error"),
        None
    );
    for at_ms in [NOW_MS, NOW_MS + 59_999] {
        let token = store
            .token_by_sha256([7; 32], at_ms)
            .await
            .expect("no error");
        assert_eq!(token.expect("it is there").scope, TokenScope::Run);
    }
    assert_eq!(
        store.tokens().await.expect("one")[0].last_used_at_ms,
        Some(NOW_MS)
    );
    assert!(store.delete_token("ci").await.expect("it was there"));
    assert_eq!(
        store
            .token_by_sha256([7; 32], NOW_MS)
            .await
            .expect("no error"),
        None
    );
}

#[tokio::test]
async fn a_setting_is_what_was_set_last() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    assert_eq!(store.setting("public_url").await.expect("none"), None);
    for value in ["\"a\"", "\"b\""] {
        store
            .put_setting("public_url", value)
            .await
            .expect("there is room");
    }
    assert_eq!(
        store.setting("public_url").await.expect("one").as_deref(),
        Some("\"b\"")
    );
}
