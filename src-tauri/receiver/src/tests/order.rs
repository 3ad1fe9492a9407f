//! The first row that fits answers: each request here fits several.

use hookloom_model::FlowState;

use super::credentials::{signature, signed_headers};
use super::ports::Mood;
use super::started::{KEY, NOW_MS, Started, post};
use crate::{Limits, REASON_CODES};

/// An endpoint where a request can be refused for many reasons at once.
async fn strict(source_requests_per_minute_max: u32) -> Started {
    let limits = Limits {
        limits_loopback: true,
        source_requests_per_minute_max,
        ..Limits::default()
    };
    Started::with_limits(limits, |live| {
        live.endpoint.content_types = Some(vec!["application/json".into()]);
        live.endpoint.body_bytes_max = 10;
        live.endpoint.requests_per_minute_max = Some(1);
        live.state = FlowState::Paused;
    })
    .await
}

#[tokio::test]
async fn every_check_comes_before_those_that_stand_below_it() {
    const JSON: &str = "content-type: application/json\r\n";
    const LONG: &str = "{ this is too long";
    let started = strict(7).await;
    // Takes the endpoint's only token.
    started.send(post(KEY, JSON, "{}")).await.is(
        200,
        "{\"status\": \"recorded\", \"workflow_started\": false}",
    );

    let everything_wrong = post("wrong", "", LONG).replacen("POST", "GET", 1);
    assert_eq!(started.send(everything_wrong).await.status, 405);
    assert_eq!(started.send(post("wrong", "", LONG)).await.status, 401);
    assert_eq!(started.send(post(KEY, "", LONG)).await.status, 415);
    assert_eq!(started.send(post(KEY, JSON, LONG)).await.status, 413);
    assert_eq!(
        started.send(post(KEY, JSON, "{")).await.status,
        429,
        "the endpoint's limit"
    );
    for _ in 0..2 {
        started.send(post(KEY, JSON, "{")).await;
    }
    let reply = started.send(post("wrong", "", LONG)).await;
    assert_eq!(reply.status, 429, "the source's limit comes before the key");
    let wrong_method = post("wrong", "", LONG).replacen("POST", "GET", 1);
    assert_eq!(
        started.send(wrong_method.clone()).await.status,
        405,
        "and after the method"
    );
    let unknown = wrong_method.replace("/intake", "/unknown");
    assert_eq!(started.send(unknown.clone()).await.status, 404);
    started.secrets.lock();
    assert_eq!(
        started.send(wrong_method).await.status,
        503,
        "a locked keychain before the method"
    );
    assert_eq!(started.send(&unknown).await.status, 404);
    started.inbox.set_mood(Mood::Closed);
    assert_eq!(
        started.send(unknown).await.status,
        503,
        "a full disk before the path"
    );

    let codes = reasons(&started);
    let in_order = [
        "method_not_allowed",
        "wrong_key",
        "content_type",
        "too_large",
        "endpoint_rate_limit",
    ];
    assert_eq!(codes[..5], in_order);
    let place = |code: &str| REASON_CODES.iter().position(|known| *known == code);
    let places: Vec<_> = in_order
        .iter()
        .map(|code| place(code).expect("a known code"))
        .collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(codes.iter().all(|code| place(code).is_some()), "{codes:?}");
}

#[tokio::test]
async fn the_limit_of_a_source_comes_before_its_origin_and_that_before_its_key() {
    let limits = Limits {
        limits_loopback: true,
        source_requests_per_minute_max: 2,
        ..Limits::default()
    };
    let started = Started::with_limits(limits, |live| {
        live.endpoint.allowed_origins = Some(vec!["https://shop.example".into()]);
    })
    .await;
    let stranger = post("wrong", "origin: https://evil.example\r\n", "{}");
    for _ in 0..2 {
        let reply = started.send(&stranger).await;
        reply.is(403, "{\"error\": \"Origin not allowed\"}");
    }
    let reply = started.send(&stranger).await;
    reply.is(429, "{\"error\": \"Too many requests\"}");
    assert_eq!(reasons(&started), ["origin", "origin", "source_rate_limit"]);
}

#[tokio::test]
async fn a_stranger_is_told_so_before_the_endpoints_limit_and_takes_nothing_of_it() {
    const BODY: &str = "{\"a\": 1}";
    const UNSIGNED: &str = "{\"error\": \"Invalid signature\"}";
    let started = Started::with(|live| {
        live.endpoint.auth = signature("github");
        live.endpoint.requests_per_minute_max = Some(1);
    })
    .await;
    started.secrets.set("a", "the first secret");
    let headers = signed_headers("github", "the first secret", BODY, NOW_MS);
    let genuine = post("", &headers, BODY);
    let forged = post("", &headers, "{\"a\": 2}");
    for _ in 0..3 {
        started.send(&forged).await.is(401, UNSIGNED);
    }
    assert_eq!(started.send(&genuine).await.status, 200);
    started.send(&forged).await.is(401, UNSIGNED);
    let reply = started.send(&genuine).await;
    reply.is(429, "{\"error\": \"Too many requests\"}");
    assert_eq!(
        reasons(&started),
        [
            "invalid_signature",
            "invalid_signature",
            "invalid_signature",
            "invalid_signature",
            "endpoint_rate_limit"
        ]
    );
}

/// The codes of all that was refused, in order.
fn reasons(started: &Started) -> Vec<String> {
    let rejected = started.inbox.rejected.lock();
    let reasons = rejected.iter().filter_map(|record| record.reason.as_ref());
    reasons.map(|reason| reason.code.clone()).collect()
}

#[tokio::test]
async fn a_wrong_key_leaves_the_body_unread() {
    let started = Started::new().await;
    // The body never comes; the answer does.
    let head = "POST /api/webhook/local/intake?key=wrong HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000\r\n\r\n";
    let reply = started.send(head).await;
    reply.is(401, "{\"error\": \"Invalid shared key\"}");
    let record = started.rejected();
    assert_eq!(
        (record.body_bytes, record.body_sha256, record.body.len()),
        (0, None, 0)
    );
}

#[tokio::test]
async fn a_refused_sender_that_is_still_sending_gets_its_answer() {
    let started = Started::new().await;
    for _ in 0..20 {
        let request = post("wrong", "", &"x".repeat(600_000));
        let reply = started.send(request).await;
        reply.is(401, "{\"error\": \"Invalid shared key\"}");
    }
}
