//! A repeat gets what the first one got.

use hookloom_model::FlowState;

use super::ports::Keyed;
use super::started::{KEY, Started, post};

const JSON: &str = "content-type: application/json\r\n";

#[tokio::test]
async fn a_repeat_is_answered_as_the_first() {
    let started = Started::new().await;
    let request = post(KEY, "idempotency-key: order-1\r\n", "{}");
    let first = started.send(&request).await;
    let again = started.send(&request).await;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!(again.header("x-request-id"), first.header("x-request-id"));
    assert_eq!(again.header("content-type"), first.header("content-type"));
    assert_eq!(first.header("idempotent-replayed"), None);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(started.started_jobs.lock().len(), 1);
}

#[tokio::test]
async fn a_repeat_of_a_held_request_is_answered_as_held() {
    let started = Started::with(|live| live.state = FlowState::Off).await;
    let request = post(KEY, "webhook-id: msg_1\r\n", "{}");
    started.send(&request).await;
    let again = started.send(&request).await;
    again.is(
        200,
        "{\"status\": \"recorded\", \"workflow_started\": false}",
    );
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
}

#[tokio::test]
async fn the_first_header_that_is_there_counts() {
    let started = Started::new().await;
    let key = |headers: &'static str| {
        let started = &started;
        async move {
            started.inbox.arrivals.lock().clear();
            assert_eq!(
                started.send(post(KEY, headers, "{}")).await.status,
                200,
                "{headers}"
            );
            started.inbox.arrivals.lock()[0].key()
        }
    };
    assert_eq!(key("").await, None);
    assert_eq!(key("x-github-delivery: c\r\n").await.as_deref(), Some("c"));
    assert_eq!(
        key("x-github-delivery: c2\r\nwebhook-id: b\r\n")
            .await
            .as_deref(),
        Some("b")
    );
    let all = "x-github-delivery: c3\r\nwebhook-id: b2\r\nIdempotency-Key: a\r\n";
    assert_eq!(key(all).await.as_deref(), Some("a"));
    let empty = "Idempotency-Key:\r\nwebhook-id: b3\r\n";
    assert_eq!(key(empty).await.as_deref(), Some("b3"));
    assert_eq!(
        key("Idempotency-Key: caf\u{e9}\r\n").await.as_deref(),
        Some("café")
    );
}

#[tokio::test]
async fn the_endpoints_own_template_comes_first() {
    let started = Started::with(|live| {
        live.endpoint.idempotency_key =
            Some("{{trigger.body.order.id}}-{{trigger.headers[\"x-shop\"]}}".into());
    })
    .await;
    let headers = "content-type: application/json\r\nx-shop: eu\r\nidempotency-key: other\r\n";
    started
        .send(post(KEY, headers, "{\"order\": {\"id\": 7}}"))
        .await;
    started.send(post(KEY, headers, "{\"order\": {}}")).await;
    let arrivals = started.inbox.arrivals.lock();
    let keys: Vec<_> = arrivals.iter().map(Keyed::key).collect();
    assert_eq!(
        keys,
        [Some("7-eu".to_owned()), Some("other".to_owned())],
        "what is not there falls back to the headers"
    );
}

#[tokio::test]
async fn a_template_sees_query_and_method() {
    let started = Started::with(|live| {
        live.endpoint.idempotency_key = Some("{{trigger.method}} {{trigger.query.id}}".into());
    })
    .await;
    let request = post(KEY, JSON, "{}").replace("?key=", "?id=9&key=");
    started.send(request).await;
    let arrivals = started.inbox.arrivals.lock();
    let expected = "POST 9";
    assert_eq!(arrivals[0].key().as_deref(), Some(expected));
}

#[tokio::test]
async fn a_template_sees_the_memory_of_its_endpoint() {
    let started = Started::with(|live| {
        live.endpoint.header_memory = Some("heads".into());
        live.endpoint.body_memory = Some("order".into());
        live.endpoint.query_memory = Some("asked".into());
        live.endpoint.idempotency_key =
            Some("{{order.id}} {{heads[\"x-shop\"]}} {{asked.n}}".into());
    })
    .await;
    let headers = "content-type: application/json\r\nx-shop: eu\r\n";
    let request = post(KEY, headers, "{\"id\": 7}").replace("?key=", "?n=9&key=");
    started.send(request).await;
    let arrivals = started.inbox.arrivals.lock();
    assert_eq!(arrivals[0].key().as_deref(), Some("7 eu 9"));
}

#[tokio::test]
async fn requests_whose_key_is_masked_are_no_repeats_of_each_other() {
    let started = Started::with(|live| {
        live.endpoint.idempotency_key = Some("{{trigger.body.card}}".into());
    })
    .await;
    let body = |card: &str| format!(r#"{{"card":"{card}","_secretStatePut":{{"card":"{card}"}}}}"#);
    for card in ["4111-1111-1111", "4222-2222-2222", "4111-1111-1111"] {
        assert_eq!(started.post(&body(card)).await.status, 200);
    }
    assert_eq!(started.started_jobs.lock().len(), 2, "one for each card");
    let arrivals = started.inbox.arrivals.lock();
    let key = arrivals[0].key().expect("a key");
    assert!(key.starts_with("sha256:"), "{key}");
}

#[tokio::test]
async fn a_key_that_is_too_long_is_refused() {
    let started = Started::new().await;
    let longest = format!("idempotency-key: {}\r\n", "k".repeat(255));
    assert_eq!(started.send(post(KEY, &longest, "{}")).await.status, 200);
    let longer = format!("idempotency-key: {}\r\n", "k".repeat(256));
    let reply = started.send(post(KEY, &longer, "{}")).await;
    reply.is(400, "{\"error\": \"Invalid request format\"}");
    assert_eq!(started.reason(), "idempotency_key");
    let reason = started.rejected().reason.expect("a reason").message;
    assert!(reason.contains("idempotency_key_bytes_max"), "{reason}");
}

#[tokio::test]
async fn a_key_that_holds_a_secret_is_kept_as_its_hash() {
    let started = Started::new().await;
    let headers = format!("idempotency-key: {KEY}-1\r\n");
    for _ in 0..2 {
        started.send(post(KEY, &headers, "{}")).await;
    }
    let arrivals = started.inbox.arrivals.lock();
    assert_eq!(arrivals.len(), 1, "the second one is a repeat");
    let key = arrivals[0].key().expect("a key");
    assert!(key.starts_with("sha256:") && !key.contains(KEY), "{key}");
}
