//! Tokens and old paths of endpoints, over versions, renames, moves and deletions.

use hookloom_engine::ports::{Accepted, Inbox as _};

use super::support::{Fixture, NOW_MS, arrival};
use crate::{Error, Store};

const AUTH: &str = r#""auth": {"kind": "shared_key", "secret": "k"}"#;

async fn publish(store: &Store, flow: &str, endpoints: &str) {
    let document = format!(r#"{{"name": "{flow}", "endpoints": [{endpoints}]}}"#);
    store
        .import_flow(flow, &document, NOW_MS)
        .await
        .expect("it is JSON");
    let found = store.flow(flow).await.expect("it is there");
    store
        .publish_flow(flow, &found.draft_etag, None, NOW_MS)
        .await
        .expect("nothing is in the way");
}

async fn aliases(store: &Store) -> Vec<(String, String)> {
    let rows = store.endpoint_aliases().await.expect("a read");
    let mut pairs: Vec<_> = rows
        .into_iter()
        .map(|row| (row.path, row.endpoint))
        .collect();
    pairs.sort();
    pairs
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(path, endpoint): &(&str, &str)| ((*path).to_owned(), (*endpoint).to_owned());
    expected.iter().map(owned).collect()
}

async fn tokens(store: &Store) -> Vec<(String, String)> {
    let rows = store.endpoint_tokens().await.expect("a read");
    rows.into_iter()
        .map(|row| (row.endpoint, row.name))
        .collect()
}

#[tokio::test]
async fn a_renamed_endpoint_keeps_its_tokens_and_its_old_paths() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    publish(
        store,
        "f",
        &format!(r#"{{"name": "a", "path": "/in/a/{{id}}", {AUTH}}}"#),
    )
    .await;
    store
        .put_endpoint_token("a", "shop", [1; 32], NOW_MS)
        .await
        .expect("a new name");
    publish(
        store,
        "f",
        &format!(r#"{{"name": "b", "path": "b/{{id}}", {AUTH}}}"#),
    )
    .await;
    let expected = pairs(&[
        ("/api/call/a", "b"),
        ("/api/webhook/local/f/a", "b"),
        ("/in/a/{id}", "b"),
    ]);
    assert_eq!(aliases(store).await, expected);
    assert_eq!(tokens(store).await, pairs(&[("b", "shop")]));
    // Once more: old paths follow.
    publish(
        store,
        "f",
        &format!(r#"{{"name": "c", "path": "b/{{id}}", {AUTH}}}"#),
    )
    .await;
    let led: Vec<String> = aliases(store).await.into_iter().map(|(_, to)| to).collect();
    assert!(led.iter().all(|to| to == "c"), "{led:?}");
    assert_eq!(led.len(), 5);
}

#[tokio::test]
async fn a_renamed_endpoint_keeps_the_keys_of_its_callers() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    publish(store, "f", &format!(r#"{{"name": "a", {AUTH}}}"#)).await;
    let flow_id = store.flow("f").await.expect("it is there").id;
    let sent = |n, endpoint: &str| {
        let mut sent = arrival(flow_id, n);
        sent.idempotency_key = Some("order-1".into());
        if let Some(record) = &mut sent.record {
            record.endpoint = endpoint.to_owned();
        }
        store.accept(sent)
    };
    let first = sent(1, "a").await.expect("there is room");
    assert!(matches!(first, Accepted::Started { .. }), "{first:?}");
    publish(store, "f", &format!(r#"{{"name": "b", {AUTH}}}"#)).await;
    let again = sent(2, "b").await.expect("there is room");
    assert!(matches!(again, Accepted::Duplicate { .. }), "{again:?}");
}

#[tokio::test]
async fn an_endpoint_with_other_callers_is_not_taken_for_the_old_one() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    publish(store, "f", &format!(r#"{{"name": "a", {AUTH}}}"#)).await;
    store
        .put_endpoint_token("a", "shop", [1; 32], NOW_MS)
        .await
        .expect("a new name");
    publish(
        store,
        "f",
        r#"{"name": "b", "mode": "sync", "auth": {"kind": "none"}}"#,
    )
    .await;
    assert_eq!(
        aliases(store).await,
        pairs(&[("/api/webhook/local/f/a", "a")]),
        "it leads nowhere until `a` is there again"
    );
    assert_eq!(tokens(store).await, pairs(&[("a", "shop")]));
}

#[tokio::test]
async fn a_moved_endpoint_keeps_its_path_in_the_old_flow_and_a_deleted_one_nothing() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    publish(store, "f", &format!(r#"{{"name": "a", {AUTH}}}"#)).await;
    store
        .put_endpoint_token("a", "shop", [1; 32], NOW_MS)
        .await
        .expect("a new name");
    publish(store, "f", "").await;
    publish(store, "g", &format!(r#"{{"name": "a", {AUTH}}}"#)).await;
    assert_eq!(
        aliases(store).await,
        pairs(&[("/api/webhook/local/f/a", "a")])
    );
    store.delete_flow("g", NOW_MS).await.expect("no job runs");
    assert_eq!(aliases(store).await, []);
    assert_eq!(tokens(store).await, []);
}

#[tokio::test]
async fn a_token_s_name_is_taken_until_it_is_revoked() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    let put = |sha256| store.put_endpoint_token("in", "shop", sha256, NOW_MS);
    put([1; 32]).await.expect("a new name");
    assert!(matches!(put([2; 32]).await, Err(Error::NameTaken { .. })));
    let revoke = || store.revoke_endpoint_token("in", "shop", NOW_MS);
    assert!(revoke().await.expect("a write"));
    assert!(!revoke().await.expect("a write"), "it is gone");
    put([2; 32]).await.expect("the name is free");
    assert_eq!(tokens(store).await.len(), 1);
}
