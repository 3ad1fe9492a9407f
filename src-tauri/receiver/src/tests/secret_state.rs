//! Secret state never gets to disk in clear, whatever becomes of its request.

use std::sync::atomic::Ordering;

use hookloom_model::FlowState;
use hookloom_model::journal::Event;
use hookloom_model::request::secret_state_context;
use sha2::{Digest, Sha256};

use super::ports::{Mood, job_key};
use super::started::{KEY, Started, post};

const BODY: &str = r#"{"order":7,"_secretStatePut":{"card":"4111-1111-1111","pin":1234567},"echo":"4111-1111-1111"}"#;

#[tokio::test]
async fn it_is_taken_out_and_sealed_with_a_key_of_its_job() {
    let started = Started::new().await;
    assert_eq!(started.post(BODY).await.status, 200);
    let record = started.recorded();
    assert_eq!(
        String::from_utf8_lossy(&record.body),
        r#"{"order":7,"echo":"••••"}"#
    );
    assert_eq!(record.body_bytes, BODY.len() as u64);
    assert_eq!(record.body_sha256, Some(hex::encode(Sha256::digest(BODY))));

    let arrivals = started.inbox.arrivals.lock();
    let start = arrivals[0].start.as_ref().expect("a job");
    let sealed = start.secret_state.as_ref().expect("sealed state");
    let opened = job_key()
        .open(sealed, &secret_state_context(record.id))
        .expect("opens");
    let opened: serde_json::Value = serde_json::from_slice(opened.expose()).expect("JSON");
    assert_eq!(
        opened,
        serde_json::json!({"card": "4111-1111-1111", "pin": 1_234_567})
    );
    let Event::JobQueued { secret_state, .. } = &start.queued else {
        panic!("another event")
    };
    assert_eq!(secret_state, &["card", "pin"]);
    assert!(
        started.job_keys.alive.lock().contains(&record.id),
        "the key lives with its job"
    );
}

#[tokio::test]
async fn escapes_and_older_names_do_not_hide_it() {
    for body in [
        r#"{"__secretStatePut":{"card":"4111-1111-1111"}}"#,
        r#"{"_secretState\u0050ut":{"card":"4111-1111-1111"}}"#,
        r#"{"\u005fsecretStatePut":{"card":"4111-1111-1111"}}"#,
    ] {
        for content_type in ["application/json", "", "application/x-www-form-urlencoded"] {
            let started = Started::new().await;
            let headers = match content_type {
                "" => String::new(),
                given => format!("content-type: {given}\r\n"),
            };
            assert_eq!(started.send(post(KEY, &headers, body)).await.status, 200);
            let record = started.recorded();
            assert_eq!(
                String::from_utf8_lossy(&record.body),
                "{}",
                "{content_type}: {body}"
            );
            assert!(
                started.inbox.arrivals.lock()[0]
                    .start
                    .as_ref()
                    .expect("a job")
                    .secret_state
                    .is_some()
            );
        }
    }
}

#[tokio::test]
async fn more_secret_state_than_a_job_can_have_is_refused_and_not_kept() {
    let filler = "4111-1111-1111".repeat(hookloom_engine::SECRET_STATE_BYTES_MAX / 14 + 1);
    let body = format!(r#"{{"order":7,"_secretStatePut":{{"card":"{filler}"}}}}"#);
    let started = Started::new().await;
    started
        .post(&body)
        .await
        .is(400, "{\"error\": \"Invalid request format\"}");
    let record = started.rejected();
    assert!(record.body.is_empty(), "the body is on record");
    let reason = record.reason.expect("a reason").message;
    assert!(reason.contains("secret_state_bytes_max"), "{reason}");
}

#[tokio::test]
async fn a_rejected_body_that_may_hold_it_is_not_kept() {
    for body in [
        r#"{"_secretStatePut": {"card": "4111-1111-1111"}"#,
        r#"{"_secretStatePut": "4111-1111-1111"}"#,
        r#"{"a": 4111-1111-1111, "_secretState\u0050ut"#,
    ] {
        let started = Started::new().await;
        started
            .post(body)
            .await
            .is(400, "{\"error\": \"Invalid request format\"}");
        let record = started.rejected();
        assert!(
            record.body.is_empty(),
            "{}",
            String::from_utf8_lossy(&record.body)
        );
        assert!(!format!("{record:?}").contains("4111-1111-1111"));
        assert_eq!(record.body_bytes, body.len() as u64);
    }
}

#[tokio::test]
async fn a_body_that_is_nearly_json_is_refused_and_not_kept_under_any_type() {
    let broken = r#"{"_secretStatePut": {"card": "4111-1111-1111"},}"#;
    let encoded = "%7B%22_secretStatePut%22%3A%7B%22card%22%3A%224111-1111-1111%22%7D%7D";
    let form = "content-type: application/x-www-form-urlencoded\r\n";
    let text = "content-type: text/plain\r\n";
    let whole = broken.replace("},}", "}}");
    for (headers, body) in [
        (form, broken),
        ("", broken),
        (text, broken),
        (text, whole.as_str()),
        (form, encoded),
    ] {
        let started = Started::new().await;
        let reply = started.send(post(KEY, headers, body)).await;
        reply.is(400, "{\"error\": \"Invalid request format\"}");
        assert_eq!(started.reason(), "malformed");
        assert!(started.rejected().body.is_empty(), "{headers}{body}");
        assert!(started.inbox.arrivals.lock().is_empty());
    }
    let started = Started::new().await;
    let talk = post(KEY, text, "`_secretStatePut` is a key of Hookloom");
    assert_eq!(
        started.send(talk).await.status,
        200,
        "text about it is text"
    );
}

#[tokio::test]
async fn no_key_outlives_a_job_that_did_not_begin() {
    for mood in [Mood::Full, Mood::Fails] {
        let started = Started::new().await;
        started.inbox.set_mood(mood);
        started.post(BODY).await;
        assert_eq!(started.job_keys.made.lock().len(), 1);
        // After a failure of an unknown kind the job may have begun all the same.
        let is_kept = !started.job_keys.alive.lock().is_empty();
        assert_eq!(is_kept, mood == Mood::Fails, "{mood:?}");
        let record = started.rejected();
        assert!(!format!("{record:?}{}", String::from_utf8_lossy(&record.body)).contains("4111"));
    }
    let started = Started::new().await;
    let request = post(KEY, "idempotency-key: 1\r\n", BODY);
    started.send(&request).await;
    started.send(&request).await;
    assert_eq!(started.job_keys.made.lock().len(), 2);
    assert_eq!(
        started.job_keys.alive.lock().len(),
        1,
        "the repeat's key is gone"
    );
}

#[tokio::test]
async fn a_held_request_leaves_it_out() {
    let started = Started::with(|live| live.state = FlowState::Off).await;
    started.post(BODY).await.is(
        200,
        "{\"status\": \"recorded\", \"workflow_started\": false}",
    );
    assert!(started.job_keys.made.lock().is_empty());
    let record = started.recorded();
    assert!(!String::from_utf8_lossy(&record.body).contains("4111"));
    let reason = record.reason.expect("a replay must ask for it again");
    assert_eq!(reason.code, hookloom_engine::SECRET_STATE_DROPPED);
    assert!(reason.message.contains("(card, pin)"), "{}", reason.message);
}

#[tokio::test]
async fn without_a_key_the_request_is_not_taken() {
    let started = Started::new().await;
    started.job_keys.is_broken.store(true, Ordering::SeqCst);
    started
        .post(BODY)
        .await
        .is(503, "{\"error\": \"Service unavailable\"}");
    assert_eq!(started.reason(), "secret_unavailable");
    assert!(started.inbox.arrivals.lock().is_empty());
}

#[tokio::test]
async fn its_values_are_masked_in_headers_and_path_too() {
    let started = Started::new().await;
    let request = post(
        KEY,
        "content-type: application/json\r\nx-card: 4111-1111-1111\r\n",
        BODY,
    )
    .replace("?key=", "?card=4111-1111-1111&key=");
    started.send(request).await;
    let record = started.recorded();
    assert!(
        !format!("{record:?}").contains("4111-1111-1111"),
        "{record:?}"
    );
}

#[tokio::test]
async fn plain_state_is_only_a_field_of_the_body() {
    let started = Started::new().await;
    let body = r#"{"_statePut":{"a":1},"b":2}"#;
    started.post(body).await;
    assert_eq!(String::from_utf8_lossy(&started.recorded().body), body);
    started
        .post(r#"{"_secretStatePut":{"card":"4111-1111-1111"},"_statePut":{"a":1}}"#)
        .await;
    assert_eq!(
        String::from_utf8_lossy(&started.recorded().body),
        r#"{"_statePut":{"a":1}}"#
    );
}

#[tokio::test]
async fn a_save_that_failed_in_an_unknown_way_keeps_the_key_and_has_the_executor_look() {
    let started = Started::new().await;
    started.inbox.set_mood(Mood::Fails);
    assert_eq!(started.post(BODY).await.status, 500);
    assert_eq!(
        started.job_keys.alive.lock().len(),
        1,
        "the job may be on disk"
    );
    assert_eq!(started.looks.load(Ordering::SeqCst), 1);

    started.inbox.set_mood(Mood::Full);
    assert_eq!(started.post(BODY).await.status, 503);
    assert_eq!(
        started.job_keys.alive.lock().len(),
        1,
        "this one is surely not there, and its key is gone"
    );
    assert_eq!(started.looks.load(Ordering::SeqCst), 1);
}
