//! Every URL of an endpoint: tokens, the user's own path, its name alone, and paths that it had once.

use hookloom_engine::endpoints::{EndpointTable, TokenUrl};
use hookloom_model::document::{Mode, PathPattern};
use hookloom_model::request::Way;

use serde_json::json;
use sha2::{Digest, Sha256};

use super::fixtures::{live_endpoint, table_of};
use super::ports::Keyed;
use super::started::{KEY, NOW_MS, Started};
use crate::Limits;

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

fn to(method: &str, path: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{{}}"
    )
}

impl Started {
    fn change_table(&self, change: impl FnOnce(&mut EndpointTable)) {
        let mut table = EndpointTable::clone(&self.endpoints.load());
        change(&mut table);
        self.endpoints.store(table.into());
    }

    fn with_token(&self) {
        self.change_table(|table| {
            let hash = Sha256::digest(TOKEN.as_bytes()).into();
            table.insert_token(hash, "orders", |live| {
                TokenUrl::new(5, "shop system".into(), live, None)
            });
        });
    }
}

#[tokio::test]
async fn a_url_with_a_token_leads_to_its_endpoint_and_is_stored_by_its_name() {
    let started = Started::new().await;
    started.with_token();
    let right = to("POST", &format!("/hook/{TOKEN}?key={KEY}&a=1"));
    assert_eq!(started.send(&right).await.status, 200);
    let record = started.recorded();
    assert_eq!(record.path, "/hook/••••?key=••••&a=1");
    let name = "shop system".to_owned();
    assert_eq!(record.way, Some(Way::Token { name }));
    assert!(!format!("{record:?}").contains(TOKEN));
    started.send(&right).await;
    let noted = started.inbox.jobs.tokens_used.lock().clone();
    assert_eq!(noted, [(5, NOW_MS)], "once a minute at most");

    let wrong_key = to("POST", &format!("/hook/{TOKEN}?key=wrong"));
    assert_eq!(
        started.send(wrong_key).await.status,
        401,
        "its own check stays"
    );
    assert_eq!(started.rejected().path, "/hook/••••?key=••••");
}

#[tokio::test]
async fn an_unknown_token_is_an_unknown_path_and_on_no_record() {
    let started = Started::new().await;
    started.with_token();
    for token in [
        "",
        "0",
        &TOKEN.to_uppercase(),
        &TOKEN[1..],
        &format!("{TOKEN}/"),
        &format!("{TOKEN}/x"),
        "%30",
    ] {
        let reply = started
            .send(to("POST", &format!("/hook/{token}?key={KEY}")))
            .await;
        reply.is(404, "{\"error\": \"Not found\"}");
    }
    started.change_table(|table| *table = table_of([live_endpoint("orders")]));
    let revoked = started
        .send(to("POST", &format!("/hook/{TOKEN}?key={KEY}")))
        .await;
    revoked.is(404, "{\"error\": \"Not found\"}");
    assert!(started.inbox.rejected.lock().is_empty());
}

#[tokio::test]
async fn a_path_of_the_user_s_own_has_parameters_that_templates_see() {
    let started = Started::with(|live| {
        live.endpoint.path = PathPattern::parse("/in/orders/{orderId}").ok();
        live.endpoint.methods = vec!["PUT".into(), "POST".into()];
        live.endpoint.idempotency_key = Some("{{trigger.path.orderId}}".into());
    })
    .await;
    let put = to("PUT", &format!("/in/orders/a%20b?key={KEY}"));
    assert_eq!(started.send(&put).await.status, 200);
    assert_eq!(
        started.send(&put).await.header("idempotent-replayed"),
        Some("true")
    );
    let record = started.recorded();
    assert_eq!(record.path, "/in/orders/a%20b?key=••••");
    assert_eq!(json!(record.path_parameters()), json!({"orderId": "a b"}));
    assert_eq!(
        started.inbox.arrivals.lock()[0].key().as_deref(),
        Some("a b")
    );
    let other = started
        .send(to("PATCH", &format!("/in/orders/7?key={KEY}")))
        .await;
    other.is(405, "{\"error\": \"Method not allowed\"}");
    assert_eq!(other.header("allow"), Some("PUT, POST"));
    for path in [
        "/in/orders",
        "/in/orders/",
        "/in/orders/7/8",
        "/IN/orders/7",
    ] {
        assert_eq!(started.send(to("PUT", path)).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn paths_that_an_endpoint_had_once_still_lead_to_it() {
    let started = Started::new().await;
    started.change_table(|table| {
        table.insert_alias("/api/webhook/local/intake/old", "orders");
        table.insert_alias("/api/call/old", "orders");
        table.insert_old_path(&PathPattern::parse("was/{id}").expect("a path"), "orders");
    });
    for path in [
        "/api/webhook/local/intake/old",
        "/api/call/old",
        "/in/was/7",
    ] {
        let reply = started.send(to("POST", &format!("{path}?key={KEY}"))).await;
        assert_eq!(reply.status, 200, "{path}");
    }
}

#[tokio::test]
async fn a_call_by_name_brings_its_own_key_and_chooses_among_the_modes() {
    let started = Started::with(|live| {
        live.endpoint.modes_allowed = vec![Mode::Async, Mode::Sync];
        live.endpoint.sync_timeout_ms = 1;
    })
    .await;
    let call = |query: &str| to("POST", &format!("/api/call/orders?key={KEY}&{query}"));
    let status = async |query: &str| started.send(call(query)).await.status;
    assert_eq!(status("").await, 200);
    assert_eq!(status("apiCallType=ASYNC&correlationId=c").await, 200);
    assert_eq!(status("apiCallType=sync").await, 202);
    started
        .send(call("apiCallType=STREAM"))
        .await
        .is(400, "{\"error\": \"Invalid request format\"}");
    assert_eq!(started.reason(), "mode");
    let keyed = call("id=order-7");
    let first = started.send(&keyed).await;
    let again = started.send(&keyed).await;
    assert_eq!((again.status, &again.body), (200, &first.body));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    let by_flow = to(
        "POST",
        &format!("/api/webhook/local/intake?key={KEY}&id=order-7&apiCallType=STREAM"),
    );
    let elsewhere = started.send(by_flow).await;
    assert_eq!(
        (elsewhere.status, elsewhere.header("idempotent-replayed")),
        (200, None)
    );
}

#[tokio::test]
async fn a_key_in_the_head_comes_before_the_one_of_the_call() {
    let started = Started::new().await;
    let request = to("POST", &format!("/api/call/orders?key={KEY}&id=from-query"));
    let request = request.replace("host: a", "host: a\r\nidempotency-key: from-head");
    started.send(request).await;
    assert_eq!(
        started.inbox.arrivals.lock()[0].key().as_deref(),
        Some("from-head")
    );
}

#[tokio::test]
async fn an_endpoint_that_waits_is_refused_first_when_all_places_are_taken() {
    let limits = Limits {
        calls_waiting_max: 0,
        ..Limits::default()
    };
    let started = Started::with_limits(limits, |live| live.endpoint.mode = Mode::Sync).await;
    let wrong_method = to("DELETE", "/api/call/orders");
    started
        .send(wrong_method)
        .await
        .is(503, "{\"error\": \"Service unavailable\"}");
}
