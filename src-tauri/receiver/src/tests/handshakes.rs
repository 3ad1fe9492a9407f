//! Handshakes, each over a socket: what the provider asks, what it gets, and what is on record.

use hookloom_model::Verdict;
use hookloom_model::document::{Auth, Handshake, SignatureAuth};
use hookloom_signature::{Scheme, SchemeChoice, SignInput, sign};

use super::client::Reply;
use super::started::{KEY, NOW_MS, Started, post};

const PATH: &str = "/api/webhook/local/intake";

async fn answering(handshake: Handshake) -> Started {
    let started = Started::with(|live| live.endpoint.handshake = Some(handshake)).await;
    started.secrets.set("hand", "verify-me");
    started
}

fn secret() -> String {
    "hand".to_owned()
}

/// An endpoint whose bodies are signed, with the handshake that its scheme implies.
async fn signed(scheme: &str, handshake: Handshake) -> Started {
    let started = Started::with(|live| {
        live.endpoint.handshake = Some(handshake);
        live.endpoint.auth = Auth::Signature(SignatureAuth {
            scheme: SchemeChoice::Named(Scheme::named(scheme).expect("a scheme")),
            secret: "hand".to_owned(),
            tolerance_ms: 300_000,
            previous: None,
        });
    })
    .await;
    started.secrets.set("hand", "verify-me");
    started
}

fn signature(scheme: &str, secret: &str, body: &str) -> String {
    let input = SignInput {
        secret,
        method: "POST",
        url: "",
        body: body.as_bytes(),
        timestamp_ms: NOW_MS,
        id: "",
    };
    let headers = sign(Scheme::named(scheme).expect("a scheme"), &input).expect("it signs");
    let lines = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"));
    format!(
        "content-type: application/json\r\n{}",
        lines.collect::<String>()
    )
}

async fn get(started: &Started, query: &str, headers: &str) -> Reply {
    let request = format!(
        "GET {PATH}{query} HTTP/1.1\r\nhost: hook.example\r\n{headers}connection: close\r\n\r\n"
    );
    started.send(request).await
}

/// The handshake is on record, and nothing else happened.
#[track_caller]
fn is_on_record(started: &Started, name: &str) {
    let record = started.rejected();
    assert_eq!((record.verdict, record.status), (Verdict::Accepted, 200));
    let reason = record.reason.expect("a reason");
    assert_eq!(reason.code, "handshake");
    assert!(reason.message.contains(name), "{}", reason.message);
    assert!(started.inbox.arrivals.lock().is_empty(), "no job began");
    assert!(started.started_jobs.lock().is_empty());
    started.inbox.rejected.lock().clear();
}

#[track_caller]
fn is_text(reply: &Reply, text: &str) {
    assert_eq!((reply.status, reply.body.as_str()), (200, text));
    assert_eq!(
        reply.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    assert!(reply.header("x-request-id").is_some());
}

const SLACK: &str = r#"{"token":"Jhj5dZrVaK7ZwHHjRyZWjbDl","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P","type":"url_verification"}"#;

#[tokio::test]
async fn slack_gets_the_challenge_of_a_signed_body_back() {
    let started = signed("slack", Handshake::Slack).await;
    let reply = started
        .send(post("", &signature("slack", "verify-me", SLACK), SLACK))
        .await;
    is_text(
        &reply,
        "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P",
    );
    is_on_record(&started, "slack");
    let forged = started
        .send(post("", &signature("slack", "guess", SLACK), SLACK))
        .await;
    forged.is(401, "{\"error\": \"Invalid signature\"}");
    assert_eq!(started.reason(), "invalid_signature");
    started.inbox.rejected.lock().clear();
    let event = r#"{"type":"event_callback"}"#;
    let reply = started
        .send(post("", &signature("slack", "verify-me", event), event))
        .await;
    assert_eq!(reply.status, 200);
    assert_eq!(
        started.inbox.arrivals.lock().len(),
        1,
        "an event begins a job"
    );
    let none = r#"{"type":"url_verification"}"#;
    let reply = started
        .send(post("", &signature("slack", "verify-me", none), none))
        .await;
    reply.is(400, "{\"error\": \"Invalid request format\"}");
}

#[tokio::test]
async fn zoom_gets_its_token_signed() {
    let started = signed("zoom", Handshake::Zoom { secret: secret() }).await;
    let body = r#"{"payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"},"event_ts":1654503849680,"event":"endpoint.url_validation"}"#;
    let reply = started
        .send(post("", &signature("zoom", "verify-me", body), body))
        .await;
    // printf %s qgg8vlvZRS6UYooatFL8Aw | openssl dgst -sha256 -hmac verify-me
    reply.is(200, r#"{"plainToken":"qgg8vlvZRS6UYooatFL8Aw","encryptedToken":"a7c65ab42ad8bf6f08c27827f816b380a9205fd71e82d1f3e5347ff182518c00"}"#);
    is_on_record(&started, "zoom");
    started
        .send(post("", "content-type: application/json\r\n", body))
        .await
        .is(401, "{\"error\": \"Invalid signature\"}");
}

#[tokio::test]
async fn discord_gets_a_pong_for_a_signed_ping() {
    let started = signed("discord", Handshake::Discord).await;
    let pair = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\
                03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";
    started.secrets.set("hand", pair);
    let ping = r#"{"id":"1","type":1}"#;
    let reply = started
        .send(post("", &signature("discord", pair, ping), ping))
        .await;
    reply.is(200, r#"{"type":1}"#);
    is_on_record(&started, "discord");
    let headers = signature("discord", pair, ping);
    let forged = started
        .send(post("", &headers, r#"{"id":"2","type":1}"#))
        .await;
    forged.is(401, "{\"error\": \"Invalid signature\"}");
}

#[tokio::test]
async fn event_grid_gets_its_code_back_where_the_caller_is_let_in() {
    let started = answering(Handshake::EventGrid).await;
    let body = r#"[{"id":"1","eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","data":{"validationCode":"0000-1111"}}]"#;
    started
        .post(body)
        .await
        .is(200, r#"{"validationResponse":"0000-1111"}"#);
    is_on_record(&started, "event_grid");
    let json = "content-type: application/json\r\n";
    let stranger = started.send(post("wrong", json, body)).await;
    stranger.is(401, "{\"error\": \"Invalid shared key\"}");
    let event = started
        .send(post(KEY, json, r#"[{"eventType":"Other"}]"#))
        .await;
    assert!(event.body.contains("job_id"), "{}", event.body);
}

#[tokio::test]
async fn meta_gets_its_challenge_back_for_the_verify_token_alone() {
    let started = answering(Handshake::HubChallenge { secret: secret() }).await;
    let query = |token: &str| {
        format!("?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={token}")
    };
    is_text(&get(&started, &query("verify-me"), "").await, "1158201444");
    let path = started.rejected().path;
    assert!(
        !path.contains("verify-me") && path.contains("1158201444"),
        "{path}"
    );
    is_on_record(&started, "hub.challenge");
    for wrong in ["verify-m", ""] {
        get(&started, &query(wrong), "")
            .await
            .is(401, "{\"error\": \"Invalid credentials\"}");
        assert_eq!(started.reason(), "wrong_credentials");
        started.inbox.rejected.lock().clear();
    }
    let plain = get(&started, "?hub.challenge=1", "").await;
    plain.is(405, "{\"error\": \"Method not allowed\"}");
    started.inbox.rejected.lock().clear();
    started.secrets.remove("hand");
    get(&started, &query("verify-me"), "")
        .await
        .is(401, "{\"error\": \"Invalid credentials\"}");
    assert_eq!(started.reason(), "secret_missing");
    started.secrets.lock();
    assert_eq!(get(&started, &query("verify-me"), "").await.status, 503);
}

#[tokio::test]
async fn x_gets_its_token_signed() {
    let started = answering(Handshake::X { secret: secret() }).await;
    let reply = get(&started, "?crc_token=challenge", "").await;
    // printf %s challenge | openssl dgst -sha256 -hmac verify-me -binary | base64
    reply.is(
        200,
        r#"{"response_token":"sha256=fpj9NO3Uva5DEfysPts36KlnsqO827yfwdjKK8wf33A="}"#,
    );
    is_on_record(&started, "x");
}

#[tokio::test]
async fn microsoft_graph_gets_its_token_decoded() {
    let started = answering(Handshake::MicrosoftGraph).await;
    let token = "validationToken=Validation%3a+Testing+client%3cb%3e";
    let request = format!(
        "POST {PATH}?{token} HTTP/1.1\r\nhost: hook.example\r\ncontent-type: text/plain\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    );
    is_text(
        &started.send(request).await,
        "Validation: Testing client<b>",
    );
    is_on_record(&started, "microsoft_graph");
}

#[tokio::test]
async fn dropbox_and_okta_get_their_challenges_back() {
    let started = answering(Handshake::Dropbox).await;
    is_text(&get(&started, "?challenge=abc%20d", "").await, "abc d");
    is_on_record(&started, "dropbox");
    get(&started, "", "")
        .await
        .is(405, "{\"error\": \"Method not allowed\"}");
    let long = "a".repeat(4_097);
    get(&started, &format!("?challenge={long}"), "")
        .await
        .is(400, "{\"error\": \"Invalid request format\"}");

    let started = answering(Handshake::Okta).await;
    let reply = get(
        &started,
        "",
        "x-okta-verification-challenge: my \"challenge\r\n",
    )
    .await;
    reply.is(200, r#"{"verification":"my \"challenge"}"#);
    is_on_record(&started, "okta");
}

#[tokio::test]
async fn asana_s_first_secret_is_kept_and_nobody_changes_it_later() {
    let started = answering(Handshake::Asana {
        secret: "asana".to_owned(),
    })
    .await;
    let shake = |secret: &str| post("", &format!("x-hook-secret: {secret}\r\n"), "");
    let reply = started
        .send(shake("b537207f20cbfa02357cf448134da559"))
        .await;
    assert_eq!(
        (reply.status, reply.header("x-hook-secret")),
        (200, Some("b537207f20cbfa02357cf448134da559"))
    );
    let record = format!("{:?}", started.rejected());
    assert!(!record.contains("b537207f"), "{record}");
    is_on_record(&started, "asana");
    let again = started
        .send(shake("b537207f20cbfa02357cf448134da559"))
        .await;
    assert_eq!(again.status, 200);
    is_on_record(&started, "asana");
    let other = started.send(shake("0000000000000000")).await;
    other.is(401, "{\"error\": \"Invalid credentials\"}");
    assert!(
        started
            .rejected()
            .reason
            .expect("why")
            .message
            .contains("another secret")
    );
}

#[tokio::test]
async fn a_sender_of_cloud_events_is_told_how_much_it_may_send() {
    let ask = |headers: &str| {
        format!(
            "OPTIONS {PATH} HTTP/1.1\r\nhost: hook.example\r\n{headers}connection: close\r\n\r\n"
        )
    };
    let origin = "webhook-request-origin: eventemitter.example.com\r\n";
    let started = Started::with(|live| {
        live.endpoint.handshake = Some(Handshake::CloudEvents {
            origins: vec!["eventemitter.example.com".into()],
        });
        live.endpoint.requests_per_minute_max = Some(120);
    })
    .await;
    let reply = started
        .send(ask(&format!("{origin}webhook-request-rate: 1000\r\n")))
        .await;
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.header("webhook-allowed-origin"),
        Some("eventemitter.example.com")
    );
    assert_eq!(reply.header("webhook-allowed-rate"), Some("120"));
    assert_eq!(reply.header("allow"), Some("POST"));
    is_on_record(&started, "cloudevents");
    let reply = started.send(ask(origin)).await;
    assert_eq!(
        reply.header("webhook-allowed-rate"),
        None,
        "none was asked for"
    );
    is_on_record(&started, "cloudevents");
    let other = started
        .send(ask("webhook-request-origin: evil.example\r\n"))
        .await;
    other.is(403, "{\"error\": \"Origin not allowed\"}");
    started.inbox.rejected.lock().clear();
    started
        .send(ask(""))
        .await
        .is(405, "{\"error\": \"Method not allowed\"}");
}

#[tokio::test]
async fn an_endpoint_without_a_handshake_answers_none() {
    let started = Started::new().await;
    get(
        &started,
        "?challenge=abc&crc_token=abc",
        "x-okta-verification-challenge: a\r\n",
    )
    .await
    .is(405, "{\"error\": \"Method not allowed\"}");
    started.inbox.rejected.lock().clear();
    let reply = started.post(SLACK).await;
    assert!(reply.body.contains("job_id"), "{}", reply.body);
}
