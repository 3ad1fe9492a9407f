//! Pages that call an endpoint, and what their browsers ask beforehand.

use super::started::{KEY, Started, post};

const SHOP: &str = "https://shop.example";

async fn for_the_shop() -> Started {
    Started::with(|live| live.endpoint.allowed_origins = Some(vec![SHOP.into()])).await
}

fn from(origin: &str, key: &str) -> String {
    post(key, &format!("origin: {origin}\r\n"), "{}")
}

fn preflight(origin: &str, headers: &str) -> String {
    format!(
        "OPTIONS /api/webhook/local/intake HTTP/1.1\r\nhost: a\r\norigin: {origin}\r\naccess-control-request-method: POST\r\n{headers}\r\n"
    )
}

#[tokio::test]
async fn a_page_of_another_origin_is_refused_before_its_key_is_looked_at() {
    let started = for_the_shop().await;
    for origin in [
        "https://evil.example",
        "http://shop.example",
        "https://shop.example:444",
        "https://shop.example.evil",
        "null",
    ] {
        for key in [KEY, "wrong"] {
            let reply = started.send(from(origin, key)).await;
            reply.is(403, "{\"error\": \"Origin not allowed\"}");
            assert_eq!(reply.header("access-control-allow-origin"), None);
        }
    }
    let rejected = started.inbox.rejected.lock();
    let reason = rejected[0].reason.as_ref().expect("a reason");
    assert_eq!(reason.code, "origin");
    assert!(
        reason.message.contains("evil.example") && reason.message.contains(SHOP),
        "{}",
        reason.message
    );
}

#[tokio::test]
async fn a_page_that_may_call_can_read_every_answer() {
    let started = for_the_shop().await;
    for (key, status) in [(KEY, 200), ("wrong", 401)] {
        let reply = started.send(from(SHOP, key)).await;
        assert_eq!(reply.status, status);
        assert_eq!(reply.header("access-control-allow-origin"), Some(SHOP));
        assert_eq!(reply.header("vary"), Some("origin"));
        let exposed = reply.header("access-control-expose-headers").expect("some");
        assert!(exposed.contains("x-request-id"), "{exposed}");
    }
    let server = started.send(post(KEY, "", "{}")).await;
    assert_eq!(
        (server.status, server.header("access-control-allow-origin")),
        (200, None),
        "no page, no origin"
    );
}

#[tokio::test]
async fn a_browser_that_asks_beforehand_is_told_and_begins_nothing() {
    let started = for_the_shop().await;
    let asked = preflight(
        SHOP,
        "access-control-request-headers: content-type, idempotency-key\r\n",
    );
    let reply = started.send(asked).await;
    assert_eq!((reply.status, reply.body.as_str()), (204, ""));
    for (name, value) in [
        ("access-control-allow-origin", SHOP),
        ("access-control-allow-methods", "POST"),
        (
            "access-control-allow-headers",
            "content-type, idempotency-key",
        ),
        ("access-control-max-age", "600"),
        ("vary", "origin"),
    ] {
        assert_eq!(reply.header(name), Some(value), "{name}");
    }
    assert!(reply.header("x-request-id").is_some());
    let refused = started.send(preflight("https://evil.example", "")).await;
    refused.is(403, "{\"error\": \"Origin not allowed\"}");
    assert!(started.inbox.arrivals.lock().is_empty());
}

#[tokio::test]
async fn an_endpoint_for_every_page_names_the_one_that_calls() {
    let started =
        Started::with(|live| live.endpoint.allowed_origins = Some(vec!["*".into()])).await;
    let reply = started.send(from("https://any.example", KEY)).await;
    assert_eq!(
        reply.header("access-control-allow-origin"),
        Some("https://any.example")
    );
}

#[tokio::test]
async fn an_endpoint_without_the_setting_looks_at_no_origin() {
    let started = Started::new().await;
    let reply = started.send(from("https://any.example", KEY)).await;
    assert_eq!(
        (reply.status, reply.header("access-control-allow-origin")),
        (200, None)
    );
    let asked = started.send(preflight(SHOP, "")).await;
    asked.is(405, "{\"error\": \"Method not allowed\"}");
}
