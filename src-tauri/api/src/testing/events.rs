//! Live updates.

use std::time::Duration;

use axum::body::Body;
use futures::StreamExt;
use http::Request;
use http_body_util::BodyExt;
use serde_json::json;

use super::conforms::check_component;
use super::documents::order_intake;
use super::{HOST, OWNER_TOKEN, TestApi};
use crate::events::events;

#[tokio::test]
async fn a_job_that_begins_is_told_with_its_row() {
    let api = TestApi::new().await;
    let body = json!({"document": order_intake(), "publish": true});
    api.post("/flows/import", body).await.ok();
    let mut events = events(&api.state);
    api.post("/flows/order_intake/run", json!({})).await.ok();
    let message = tokio::time::timeout(Duration::from_secs(5), events.next()).await;
    let message = message.expect("in time").expect("the stream goes on");
    let value = serde_json::to_value(&message).expect("it is JSON");
    check_component("EventMessage", &value);
    let tags: Vec<&str> = message.tags.iter().map(String::as_str).collect();
    assert!(
        tags.contains(&"jobs") && tags.contains(&"job:1"),
        "{tags:?}"
    );
    assert_eq!(value["rows"][0]["list"], "jobs");
    assert_eq!(value["rows"][0]["row"]["status"], "queued");
}

#[tokio::test]
async fn many_changes_come_in_few_messages() {
    let api = TestApi::new().await;
    let mut events = events(&api.state);
    let started = tokio::time::Instant::now();
    let counting = tokio::spawn(async move {
        let mut messages = 0_u32;
        while let Ok(Some(_)) =
            tokio::time::timeout(Duration::from_millis(400), events.next()).await
        {
            messages += 1;
        }
        messages
    });
    for n in 0..60 {
        api.put("/variables/counter", json!({"value": n}))
            .await
            .ok();
    }
    let writing_ms = u32::try_from(started.elapsed().as_millis()).expect("not that long");
    let messages = counting.await.expect("it counts");
    assert!(
        messages >= 1 && messages <= writing_ms / 100 + 2,
        "{messages} in {writing_ms} ms"
    );
}

#[tokio::test]
async fn the_stream_ends_when_the_process_stops() {
    let api = TestApi::new().await;
    let mut events = events(&api.state);
    api.state.stopping.cancel();
    let ended = tokio::time::timeout(Duration::from_secs(5), events.next()).await;
    assert!(ended.expect("in time").is_none());
}

#[tokio::test]
async fn a_token_that_is_revoked_ends_the_stream_that_it_opened() {
    let api = TestApi::new().await;
    let made = api
        .post("/tokens", json!({"name": "screen", "scope": "read"}))
        .await
        .ok();
    let request = Request::builder()
        .uri("/api/v1/events")
        .header("host", HOST)
        .header(
            "authorization",
            format!("Bearer {}", made["token"].as_str().expect("a token")),
        )
        .body(Body::empty())
        .expect("a request");
    let mut body = api.raw_over_tcp(request).await.into_body();
    api.delete("/tokens/screen").await.ok();
    let ended = async { while body.frame().await.is_some() {} };
    tokio::time::timeout(Duration::from_secs(5), ended)
        .await
        .expect("the stream ends");
}

#[tokio::test]
async fn over_http_a_change_is_a_server_sent_event() {
    let api = TestApi::new().await;
    let request = Request::builder()
        .uri("/api/v1/events")
        .header("host", HOST)
        .header("authorization", format!("Bearer {OWNER_TOKEN}"))
        .body(Body::empty())
        .expect("a request");
    let answer = api.raw_over_tcp(request).await;
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let mut body = answer.into_body();
    api.put("/variables/a", json!({"value": 1})).await.ok();
    let frame = tokio::time::timeout(Duration::from_secs(5), body.frame()).await;
    let frame = frame.expect("in time").expect("a frame").expect("no error");
    let text = String::from_utf8(frame.into_data().expect("data").to_vec()).expect("text");
    assert!(
        text.contains("event: change\n") && text.contains("\"variables\""),
        "{text}"
    );
}
