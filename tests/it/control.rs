//! The control listener over real sockets: who may call, and what a session and a token may do.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{TestSender, Workspace, intake};

#[tokio::test(flavor = "multi_thread")]
async fn nobody_calls_without_a_token_from_another_host_or_from_another_page() {
    let workspace = Workspace::new();
    let app = workspace.serve();
    let sender = TestSender::new();
    let url = format!("{}/api/v1/status", app.control());
    assert_eq!(sender.api(&app, Method::GET, "/status").await.status, 200);
    let bearer = format!("Bearer {}", app.token());
    let status = async |headers: &[(&str, &str)]| {
        sender
            .send(Method::GET, &url, headers, Vec::new())
            .await
            .status
    };
    assert_eq!(status(&[]).await, 401);
    assert_eq!(status(&[("authorization", "Bearer hkl_guess")]).await, 401);
    assert_ne!(
        status(&[("authorization", &bearer), ("host", "evil.example")]).await,
        200
    );
    assert_eq!(
        status(&[
            ("authorization", &bearer),
            ("origin", "http://evil.example")
        ])
        .await,
        403
    );
    let in_query = format!("{url}?token={}", app.token());
    assert_eq!(
        sender
            .send(Method::GET, &in_query, &[], Vec::new())
            .await
            .status,
        401
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_may_do_what_its_scope_says_and_nothing_after_it_is_revoked() {
    let workspace = Workspace::new();
    let app = workspace.serve();
    workspace.set_secret("key", "intake-key-0123456789");
    workspace.publish(&intake("intake"));
    let sender = TestSender::new();
    let call = async |token: &str, method: Method, path: &str, body: Value| {
        let url = format!("{}/api/v1{path}", app.control());
        let bearer = format!("Bearer {token}");
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
        ];
        sender
            .send(method, &url, &headers, body.to_string().into_bytes())
            .await
            .status
    };
    for (scope, may) in [
        ("read", [true, false, false]),
        ("run", [true, true, false]),
        ("manage", [true; 3]),
    ] {
        let token = workspace.json(&["token", "create", scope, "--scope", scope]);
        let token = token["token"].as_str().expect("text").to_owned();
        let statuses = [
            call(&token, Method::GET, "/flows", json!({})).await,
            call(
                &token,
                Method::POST,
                "/flows/intake/run",
                json!({"input": {"n": 1}}),
            )
            .await,
            call(&token, Method::PUT, "/variables/v", json!({"value": 1})).await,
        ];
        for (status, may) in statuses.iter().zip(may) {
            assert_eq!((200..300).contains(status), may, "{scope}: {statuses:?}");
        }
        workspace.run(&["token", "revoke", scope]).ok();
        assert_eq!(call(&token, Method::GET, "/flows", json!({})).await, 401);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_signs_a_browser_in_once() {
    let workspace = Workspace::new();
    let app = workspace.serve();
    let sender = TestSender::new();
    let code = app.ui().split_once("#code=").expect("a code").1.to_owned();
    let session = async || {
        let url = format!("{}/api/v1/session", app.control());
        let headers = [("content-type", "application/json")];
        let body = json!({ "code": code }).to_string().into_bytes();
        sender.send(Method::POST, &url, &headers, body).await
    };
    let first = session().await;
    assert!((200..300).contains(&first.status), "{first:?}");
    let token = first.json()["token"].as_str().expect("text").to_owned();
    let url = format!("{}/api/v1/flows", app.control());
    let bearer = format!("Bearer {token}");
    let flows = sender
        .send(Method::GET, &url, &[("authorization", &bearer)], Vec::new())
        .await;
    assert_eq!(flows.status, 200);
    assert_eq!(session().await.status, 401, "a code is good for one use");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_workbench_there_is_no_link_and_no_page() {
    let workspace = Workspace::new();
    let app = crate::support::TestApp::start(&workspace, &["--no-ui"]);
    assert!(!app.ready().contains("#code="), "{}", app.ready());
    let page = TestSender::new()
        .send(Method::GET, app.control(), &[], Vec::new())
        .await;
    assert_eq!(page.status, 404, "{page:?}");
}
