//! Signing in from the browser, scopes, and tokens that are revoked.

use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use super::{HOST, TestApi};

fn call(method: &str, path: &str, token: Option<&str>, body: Option<Value>) -> Request<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", HOST);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if body.is_some() {
        request = request.header("content-type", "application/json");
    }
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    request.body(body).expect("a request")
}

async fn status_with(api: &TestApi, token: &str) -> StatusCode {
    api.over_tcp(call("GET", "/api/v1/status", Some(token), None))
        .await
        .status
}

#[tokio::test]
async fn the_code_of_the_link_signs_in_once_and_the_session_ends_when_it_is_not_used() {
    let api = TestApi::new().await;
    let code = api.state.one_time_code().expect("a code").expose().clone();
    let sign_in = |code: &str| call("POST", "/api/v1/session", None, Some(json!({"code": code})));
    api.over_tcp(sign_in("guess"))
        .await
        .refused(401, "code_unknown");
    let session = api.over_tcp(sign_in(&code)).await.ok();
    let token = session["token"].as_str().expect("a token").to_owned();
    api.over_tcp(sign_in(&code))
        .await
        .refused(401, "code_unknown");
    assert_eq!(status_with(&api, &token).await, StatusCode::OK);
    api.clock.pass_ms(11 * 60 * 60 * 1_000);
    assert_eq!(status_with(&api, &token).await, StatusCode::OK);
    api.clock.pass_ms(12 * 60 * 60 * 1_000);
    assert_eq!(status_with(&api, &token).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn who_is_nobody_yet_cannot_send_more_than_a_code() {
    let api = TestApi::new().await;
    let body = json!({"code": "x".repeat(2_000)});
    api.over_tcp(call("POST", "/api/v1/session", None, Some(body)))
        .await
        .refused(413, "body_too_large");
}

#[tokio::test]
async fn a_revoked_token_opens_nothing_from_that_moment_on() {
    let api = TestApi::new().await;
    let made = api
        .post("/tokens", json!({"name": "ci", "scope": "read"}))
        .await
        .ok();
    let token = made["token"].as_str().expect("a token").to_owned();
    assert_eq!(status_with(&api, &token).await, StatusCode::OK);
    let used = api.get("/tokens").await.ok();
    assert!(used["items"][0]["last_used_at"].is_string(), "{used}");
    api.delete("/tokens/ci").await.ok();
    assert_eq!(status_with(&api, &token).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_job_says_whether_a_person_or_a_token_started_it() {
    let api = TestApi::new().await;
    let document = super::documents::order_intake();
    api.post(
        "/flows/import",
        json!({"document": document, "publish": true}),
    )
    .await
    .ok();
    let made = api
        .post("/tokens", json!({"name": "ci", "scope": "run"}))
        .await
        .ok();
    let token = made["token"].as_str().expect("a token").to_owned();
    let run = call(
        "POST",
        "/api/v1/flows/order_intake/run",
        Some(&token),
        Some(json!({})),
    );
    api.over_tcp(run).await.ok();
    let jobs = api.get("/jobs").await.ok();
    assert_eq!(jobs["items"][0]["trigger"], "api");
    assert_eq!(jobs["items"][0]["trigger_name"], "ci");
}

#[tokio::test]
async fn the_files_of_the_ui_need_no_token_and_may_not_be_framed() {
    let api = TestApi::new().await;
    for path in ["/", "/jobs/17"] {
        let answer = api.raw_over_tcp(call("GET", path, None, None)).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        let header = |name: &str| {
            answer
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
        };
        assert!(header("content-security-policy").contains("frame-ancestors 'none'"));
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(
            header("access-control-allow-origin"),
            "",
            "there is no CORS"
        );
    }
}

#[tokio::test]
async fn what_is_not_there_and_what_is_called_wrongly_is_answered_in_our_words() {
    let api = TestApi::new().await;
    api.get("/nowhere").await.refused(404, "route_not_found");
    api.call("PATCH", "/flows", None)
        .await
        .refused(405, "method_not_allowed");
    let bare = Request::builder()
        .method("POST")
        .uri("/api/v1/flows/validate")
        .header("host", HOST)
        .header("authorization", format!("Bearer {}", super::OWNER_TOKEN))
        .body(Body::from("{}"))
        .expect("a request");
    api.over_tcp(bare)
        .await
        .refused(415, "content_type_unsupported");
    let long = json!({"document": {"x": "y".repeat(crate::input::BODY_BYTES_MAX)}});
    api.post("/flows/validate", long)
        .await
        .refused(413, "body_too_large");
}
