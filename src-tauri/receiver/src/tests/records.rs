//! What goes on record: everything but what is secret.

use hookloom_model::request::sealed_headers_context;
use hookloom_model::{FlowId, FlowState, Verdict};
use sha2::{Digest, Sha256};

use super::ports::workspace_key;
use super::started::{KEY, NOW_MS, Started, post};

const JSON: &str = "content-type: application/json\r\n";

#[tokio::test]
async fn an_accepted_request_is_recorded_as_it_came() {
    let started = Started::new().await;
    let body = "{ \"total\":  1.0, \"a\": 1, \"a\": 2 }";
    let request = post(
        KEY,
        "Content-Type: application/json\r\nX-Event: a\r\nx-event: b\r\n",
        body,
    )
    .replace("?key=", "?b=%20&key=");
    let reply = started.send(request).await;
    let record = started.recorded();
    assert_eq!(
        Some(record.id.to_string().as_str()),
        reply.header("x-request-id")
    );
    assert_eq!(record.at_ms, NOW_MS);
    assert_eq!(
        (record.endpoint.as_str(), record.flow_id),
        ("orders", FlowId(7))
    );
    assert_eq!(record.method, "POST");
    assert_eq!(record.path, "/api/webhook/local/intake?b=%20&key=••••");
    assert_eq!(record.remote_address, "127.0.0.1");
    assert!(record.headers.contains(&("x-event".into(), "a".into())));
    assert!(record.headers.contains(&("x-event".into(), "b".into())));
    assert_eq!(record.body, body.as_bytes(), "byte for byte");
    assert_eq!(record.body_bytes, body.len() as u64);
    assert_eq!(record.body_sha256, Some(hex::encode(Sha256::digest(body))));
    assert_eq!(
        (record.verdict, record.status, record.reason),
        (Verdict::Accepted, 200, None)
    );
    assert_eq!(record.sealed_headers, None);
}

#[tokio::test]
async fn credential_headers_are_sealed_and_shown_masked() {
    let started =
        Started::with(|live| live.endpoint.credential_headers = vec!["x-shop".into()]).await;
    let headers = "authorization: Bearer abc\r\ncookie: a=1\r\nx-shop: s1\r\nx-other: o\r\n";
    started.send(post(KEY, headers, "")).await;
    let record = started.recorded();
    for name in ["authorization", "cookie", "x-shop"] {
        assert!(
            record.headers.contains(&(name.into(), "••••".into())),
            "{name}"
        );
    }
    assert!(record.headers.contains(&("x-other".into(), "o".into())));
    let sealed = record.sealed_headers.expect("sealed headers");
    let context = sealed_headers_context(record.id);
    let opened = workspace_key().open(&sealed, &context).expect("opens");
    let opened = String::from_utf8_lossy(opened.expose()).into_owned();
    assert_eq!(
        opened,
        r#"{"authorization":"Bearer abc","cookie":"a=1","x-shop":"s1"}"#
    );
}

#[tokio::test]
async fn a_wrong_key_is_not_on_record_either() {
    let started = Started::new().await;
    started
        .send(post("guessed-key", "authorization: Bearer abc\r\n", "{}"))
        .await;
    let record = started.rejected();
    assert_eq!(record.path, "/api/webhook/local/intake?key=••••");
    assert!(
        record
            .headers
            .contains(&("authorization".into(), "••••".into()))
    );
    assert_eq!((record.verdict, record.status), (Verdict::Rejected, 401));
    assert_eq!(record.sealed_headers, None);
    assert!(!format!("{record:?}").contains("guessed-key"));
    let reason = record.reason.expect("a reason");
    assert_eq!(reason.message, "The shared key in `?key=` is wrong");
}

#[tokio::test]
async fn known_secrets_are_masked_wherever_they_are_sent() {
    let started = Started::new().await;
    started.secrets.set("shop_token", "tok-0123456789");
    let headers = format!("{JSON}x-echo: tok-0123456789\r\nreferer: http://a/?key={KEY}\r\n");
    let body = "{\"a\": \"tok-0123456789\", \"b\": {\"c\": [\"x tok-0123456789 y\"]}, \"n\": 1.50}";
    let request = post(KEY, &headers, body).replace("?key=", "?t=tok-0123456789&key=");
    assert_eq!(started.send(request).await.status, 200);
    let record = started.recorded();
    let shown = format!("{record:?}{}", String::from_utf8_lossy(&record.body));
    assert!(
        !shown.contains("tok-0123456789") && !shown.contains(KEY),
        "{shown}"
    );
    let stored: serde_json::Value = serde_json::from_slice(&record.body).expect("JSON still");
    assert_eq!(stored["a"], "••••");
    assert_eq!(stored["b"]["c"][0], "x •••• y");
    assert_eq!(
        record.body_sha256,
        Some(hex::encode(Sha256::digest(body))),
        "of the original"
    );
}

#[tokio::test]
async fn a_secret_that_only_the_text_shows_is_masked_too() {
    let started = Started::new().await;
    started.secrets.set("shop_token", "tok-0123456789");
    for (headers, body) in [
        (JSON, "{\"a\": \"tok-0123456789\", \"a\": 1}"),
        ("content-type: text/plain\r\n", "token=tok-0123456789"),
        (
            "content-type: application/x-www-form-urlencoded\r\n",
            "a=b&t=tok-0123456789",
        ),
    ] {
        assert_eq!(started.send(post(KEY, headers, body)).await.status, 200);
        let record = started.recorded();
        assert!(
            !String::from_utf8_lossy(&record.body).contains("tok-0123456789"),
            "{headers}"
        );
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_are_kept_exactly() {
    let started = Started::new().await;
    let mut request = post(KEY, "content-type: image/png\r\n", "xxxx").into_bytes();
    let body = [0x89, 0xff, 0x00, 0xfe];
    request.truncate(request.len() - 4);
    request.extend(body);
    assert_eq!(started.send(request).await.status, 200);
    let record = started.recorded();
    assert_eq!(
        started.files.bytes(record.files[0].id).as_deref(),
        Some(&body[..])
    );
}

#[tokio::test]
async fn a_malformed_body_is_kept_for_its_owner() {
    let started = Started::new().await;
    started.post("{\"total\": }").await;
    let record = started.rejected();
    assert_eq!(record.body, b"{\"total\": }");
    assert_eq!(record.body_bytes, 11);
    let reason = record.reason.expect("a reason");
    assert!(reason.message.contains("line 1"), "{}", reason.message);
}

#[tokio::test]
async fn a_large_head_of_a_rejected_request_is_cut() {
    let started = Started::new().await;
    let (long, longer) = ("ä".repeat(3_000), "b".repeat(20_000));
    let headers = format!("x-a: first\r\nx-b: {long}\r\nx-c: {longer}\r\nx-d: last\r\n");
    assert_eq!(started.send(post("wrong", &headers, "")).await.status, 401);
    let record = started.rejected();
    let value = |name: &str| {
        let mut headers = record.headers.iter();
        headers
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    };
    assert_eq!(value("x-a"), Some("first"));
    assert_eq!(value("x-b"), Some(long.as_str()), "it has room");
    let cut = value("x-c").expect("a part of it");
    assert!(cut.len() < 2_200 && cut.ends_with("b…"), "{cut}");
    assert_eq!(value("x-d"), None, "there is no room left");
    // A request that is taken is kept whole.
    assert_eq!(started.send(post(KEY, &headers, "")).await.status, 200);
    assert!(started.recorded().headers.contains(&("x-c".into(), longer)));
}

#[tokio::test]
async fn a_large_rejected_body_is_only_measured() {
    let started = Started::new().await;
    let body = format!("{{{}", " ".repeat(70_000));
    started.post(&body).await;
    let record = started.rejected();
    assert_eq!((record.body.len(), record.body_bytes), (0, 70_001));
    assert_eq!(record.body_sha256, Some(hex::encode(Sha256::digest(&body))));
}

#[tokio::test]
async fn a_large_body_is_read_like_a_small_one() {
    let started = Started::new().await;
    let filler = "x".repeat(200_000);
    for (body, status) in [
        (format!("{{\"a\":\"{filler}\",\"b\":\"{KEY}\"}}"), 200),
        (
            format!("{{\"a\":\"{filler}\",\"_secretStatePut\":{{\"c\":\"4111-1111\"}}}}"),
            200,
        ),
        (format!("{{\"a\":\"{filler}\""), 400),
    ] {
        assert_eq!(started.post(&body).await.status, status);
    }
    let arrivals = started.inbox.arrivals.lock();
    let bodies: Vec<_> = arrivals
        .iter()
        .map(|arrival| arrival.record.as_ref().expect("a record").body.clone())
        .map(|body| String::from_utf8(body).expect("text"))
        .collect();
    assert!(bodies[0].ends_with("\"b\":\"••••\"}"));
    assert_eq!(bodies[1], format!("{{\"a\":\"{filler}\"}}"));
}

#[tokio::test]
async fn a_held_request_is_recorded_as_held() {
    let started = Started::with(|live| live.state = FlowState::Paused).await;
    started.post("{\"a\": 1}").await;
    let record = started.recorded();
    assert_eq!((record.verdict, record.status), (Verdict::Held, 200));
    assert_eq!(record.body, b"{\"a\": 1}");
}
