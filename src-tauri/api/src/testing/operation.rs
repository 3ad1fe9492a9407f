//! What whoever keeps it running asks: whether it lives, whether it is ready, its numbers; and how refused calls end.

use axum::body::Body;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::Value;

use super::{HOST, OWNER_TOKEN, TestApi};

fn request(method: &str, path: &str, token: Option<&str>, body: &'static str) -> Request<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", HOST)
        .header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    request.body(Body::from(body)).expect("a request")
}

async fn text(api: &TestApi, path: &str, token: Option<&str>) -> (StatusCode, String) {
    let answer = api.raw_over_tcp(request("GET", path, token, "")).await;
    let status = answer.status();
    let body = answer.into_body().collect().await.expect("a body");
    let text = String::from_utf8(body.to_bytes().to_vec()).expect("text");
    (status, text)
}

#[tokio::test]
async fn whether_it_lives_and_is_ready_is_told_without_a_token_and_why_not_with_one() {
    let api = TestApi::new().await;
    let (status, body) = text(&api, "/healthz", None).await;
    assert_eq!(
        (status.as_u16(), body.as_str()),
        (200, r#"{"status": "alive"}"#)
    );
    let (status, body) = text(&api, "/readyz", None).await;
    assert_eq!(
        (status.as_u16(), body.as_str()),
        (200, r#"{"status": "ready"}"#)
    );
    let ready = api.get("/readiness").await.ok();
    assert_eq!(ready["state"], "ready", "{ready:#}");
    assert_eq!(ready["problem"], Value::Null);
    assert_eq!(ready["vault"]["state"], "ready");

    api.state.stopping.cancel();
    let (status, body) = text(&api, "/readyz", None).await;
    assert_eq!(
        (status.as_u16(), body.as_str()),
        (503, r#"{"status": "draining"}"#)
    );
    let (status, _) = text(&api, "/healthz", None).await;
    assert_eq!(status, 200, "it lives until it ends");
    assert_eq!(api.get("/readiness").await.ok()["state"], "draining");
    // Pages of other sites learn not even that.
    let foreign = Request::builder()
        .uri("/readyz")
        .header("host", "evil.example")
        .body(Body::empty());
    let answer = api.raw_over_tcp(foreign.expect("a request")).await;
    assert_eq!(answer.status(), 421);
}

#[tokio::test]
async fn numbers_are_for_those_who_may_read() {
    let api = TestApi::new().await;
    assert_eq!(text(&api, "/api/v1/metrics", None).await.0, 401);
    let (status, found) = text(&api, "/api/v1/metrics", Some(OWNER_TOKEN)).await;
    assert_eq!(status, 200);
    assert!(found.contains("\nhookloom_ready 1\n"), "{found}");
    assert!(
        found.contains("\nhookloom_jobs_open{status=\"running\"} 0\n"),
        "{found}"
    );
}

#[tokio::test]
async fn a_call_that_is_refused_unread_says_that_the_connection_ends() {
    let api = TestApi::new().await;
    let closes = async |token, path| {
        let answer = api
            .raw_over_tcp(request("POST", path, token, r#"{"name": "x"}"#))
            .await;
        let close = answer.headers().get(header::CONNECTION);
        (
            answer.status().as_u16(),
            close.is_some_and(|it| it == "close"),
        )
    };
    assert_eq!(closes(None, "/api/v1/tokens").await, (401, true));
    assert_eq!(
        closes(Some("hkl_wrong"), "/api/v1/tokens").await,
        (401, true)
    );
    assert_eq!(
        closes(Some(OWNER_TOKEN), "/api/v1/unknown").await,
        (404, true)
    );
    // Read to its end, whatever comes of it.
    let (status, is_closed) = closes(Some(OWNER_TOKEN), "/api/v1/flows/validate").await;
    assert!(!is_closed, "{status}");
    let answer = api
        .raw_over_tcp(request("GET", "/api/v1/tokens", None, ""))
        .await;
    assert_eq!(answer.status(), 401);
    assert!(
        !answer.headers().contains_key(header::CONNECTION),
        "nothing is unread"
    );
}
