//! Who may call: the shared key, where it is looked for, and what happens without one.

use hookloom_model::document::Auth;

use super::started::{KEY, NOW_MS, Started, post};

#[tokio::test]
async fn a_locked_keychain_is_no_wrong_key() {
    let started = Started::new().await;
    started.secrets.lock();
    let reply = started.post("{}").await;
    reply.is(503, "{\"error\": \"Service unavailable\"}");
    assert_eq!(reply.header("retry-after"), Some("5"));
    assert_eq!(started.reason(), "secret_unavailable");
    let reason = started.rejected().reason.expect("a reason").message;
    assert!(reason.contains("unlock it"), "{reason}");
}

#[tokio::test]
async fn a_wrong_key_is_refused() {
    let started = Started::new().await;
    for (request, code) in [
        (post("wrong", "", ""), "wrong_key"),
        (post("", "", ""), "wrong_key"),
        (post("correct-horse-batter", "", ""), "wrong_key"),
        (post("correct-horse-battery2", "", ""), "wrong_key"),
        (post("Correct-horse-battery", "", ""), "wrong_key"),
        (post("wrong&key=correct-horse-battery", "", ""), "wrong_key"),
        (post(KEY, "", "").replace("?key=", "?Key="), "key_missing"),
        (post(KEY, "", "").replace("?key=", "?keys="), "key_missing"),
        (
            post(KEY, "key: correct-horse-battery\r\n", "").replace("?key=", "?a="),
            "key_missing",
        ),
    ] {
        started.inbox.rejected.lock().clear();
        let reply = started.send(&request).await;
        reply.is(401, "{\"error\": \"Invalid shared key\"}");
        assert_eq!(reply.header("www-authenticate"), None);
        assert_eq!(started.reason(), code, "{request}");
    }
    assert!(started.inbox.arrivals.lock().is_empty());
}

#[tokio::test]
async fn a_key_that_nobody_set_lets_nobody_in() {
    let started = Started::new().await;
    started.secrets.remove("orders_key");
    started
        .post("{}")
        .await
        .is(401, "{\"error\": \"Invalid shared key\"}");
    assert_eq!(started.reason(), "secret_missing");
    let reason = started.rejected().reason.expect("a reason").message;
    assert!(
        reason.contains("hookloom secret set orders_key"),
        "{reason}"
    );

    let empty = Started::new().await;
    empty.secrets.set("orders_key", "");
    empty
        .send(post("", "", ""))
        .await
        .is(401, "{\"error\": \"Invalid shared key\"}");
    assert_eq!(empty.reason(), "secret_missing");
}

#[tokio::test]
async fn a_key_may_be_encoded_as_urls_are() {
    let started = Started::new().await;
    for key in ["correct-horse-battery", "%63orrect%2dhorse%2Dbattery"] {
        assert_eq!(started.send(post(key, "", "")).await.status, 200, "{key}");
    }
    started.secrets.set("orders_key", "a+b c/d=&ü");
    for key in [
        "a+b%20c/d%3D%26%C3%BC",
        "a%2Bb%20c%2Fd=%26%c3%bc",
        // As forms write it: a space is a plus, and a plus is %2B.
        "a%2Bb+c%2Fd%3D%26%C3%BC",
    ] {
        assert_eq!(started.send(post(key, "", "")).await.status, 200, "{key}");
    }
    assert_eq!(
        started
            .send(post("a+b+c/d%3D%26%C3%BC", "", ""))
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn a_key_in_a_header_is_taken_from_there_alone() {
    let started = Started::with(|live| {
        live.endpoint.auth = Auth::SharedKey {
            secret: "orders_key".into(),
            header: Some("X-Shop-Key".into()),
            previous: None,
        };
    })
    .await;
    let in_header = post("wrong", "x-shop-key: correct-horse-battery\r\n", "");
    assert_eq!(started.send(in_header).await.status, 200);
    let in_query = started.send(post(KEY, "", "")).await;
    in_query.is(401, "{\"error\": \"Invalid shared key\"}");
    assert_eq!(started.reason(), "key_missing");
}

#[tokio::test]
async fn the_key_before_a_rotation_passes_until_its_time() {
    for (until_ms, status) in [(NOW_MS + 1, 200), (NOW_MS, 401)] {
        let started = Started::with(|live| {
            live.endpoint.auth = Auth::SharedKey {
                secret: "orders_key".into(),
                header: None,
                previous: Some(("old_key".into(), until_ms)),
            };
        })
        .await;
        assert_eq!(
            started.send(post("the-old-one", "", "")).await.status,
            401,
            "not set yet"
        );
        started.secrets.set("old_key", "the-old-one");
        assert_eq!(
            started.send(post("the-old-one", "", "")).await.status,
            status
        );
        assert_eq!(started.send(post(KEY, "", "")).await.status, 200);
        assert_eq!(started.send(post("wrong", "", "")).await.status, 401);
    }
}

#[tokio::test]
async fn an_open_endpoint_takes_anybody() {
    let started = Started::with(|live| live.endpoint.auth = Auth::None).await;
    assert_eq!(started.send(post("whatever", "", "")).await.status, 200);
}
