//! What bodies become: values, fields, and files that are gone when their request is not accepted.

use std::sync::Arc;

use async_compression::tokio::bufread::{
    BrotliEncoder, DeflateEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder,
};
use hookloom_engine::endpoints::LiveEndpoint;
use hookloom_model::body::{BodySchema, recorded};
use serde_json::json;
use tokio::io::AsyncReadExt;

use super::client::Reply;
use super::started::{KEY, Started};
use crate::Limits;

const MALFORMED: &str = "{\"error\": \"Invalid request format\"}";
const LARGE: &str = "{\"error\": \"Request too large\"}";

async fn send(started: &Started, headers: &str, body: &[u8]) -> Reply {
    let head = format!(
        "POST /api/webhook/local/intake?key={KEY} HTTP/1.1\r\nhost: hook.example\r\n{headers}content-length: {}\r\n\r\n",
        body.len()
    );
    started.send([head.as_bytes(), body].concat()).await
}

#[track_caller]
fn no_files(started: &Started) {
    assert_eq!(started.files.count(), 0);
}

fn form(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (head, data) in parts {
        body.extend(format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n").bytes());
        body.extend_from_slice(data);
        body.extend(b"\r\n");
    }
    body.extend(b"--b--\r\n");
    body
}

const FORM: &str = "content-type: multipart/form-data; boundary=b\r\n";

#[tokio::test]
async fn a_form_gives_fields_and_files() {
    let started = Started::new().await;
    let body = form(&[
        ("name=\"note\"", "grüße".as_bytes()),
        ("name=\"tag\"", b"1"),
        ("name=\"tag\"", b"2"),
        (
            "name=\"pic\"; filename=\"a.png\"\r\nContent-Type: image/png",
            &[0, 255, 13, 10],
        ),
        ("name=\"none\"; filename=\"\"", b""),
    ]);
    assert_eq!(send(&started, FORM, &body).await.status, 200);
    let record = started.recorded();
    let [file] = record.files.as_slice() else {
        panic!("{:?}", record.files)
    };
    assert_eq!(started.files.bytes(file.id), Some(vec![0, 255, 13, 10]));
    assert_eq!(record.body_bytes, body.len() as u64);
    let value = recorded(&record).expect("it was read");
    let expected = json!({
        "note": "grüße",
        "tag": ["1", "2"],
        "pic": {"file_id": file.id, "content_type": "image/png", "byte_count": 4, "name": "a.png", "sha256": file.sha256},
    });
    assert_eq!(value, expected);
    assert!(file.id.to_string().starts_with("fil_"));
}

#[tokio::test]
async fn bytes_become_a_file_and_text_stays_text() {
    let started = Started::new().await;
    for (headers, body) in [
        ("content-type: image/png\r\n", &b"\x89PNG"[..]),
        ("", &b"\xff\x00"[..]),
        (
            "content-type: application/octet-stream\r\n",
            &b"{\"a\": \xff}"[..],
        ),
    ] {
        assert_eq!(send(&started, headers, body).await.status, 200, "{headers}");
        let record = started.recorded();
        let value = recorded(&record).expect("it was read");
        assert_eq!(value["byte_count"], body.len(), "{value}");
        assert_eq!(
            started.files.bytes(record.files[0].id).as_deref(),
            Some(body)
        );
        assert_eq!(record.body, b"");
    }
    for (body, value) in [
        ("{\"a\": 1}", json!({"a": 1})),
        ("héllo", json!("héllo")),
        ("", json!("")),
    ] {
        assert_eq!(send(&started, "", body.as_bytes()).await.status, 200);
        let record = started.recorded();
        assert_eq!(
            (recorded(&record).expect("it was read"), record.files),
            (value, vec![])
        );
    }
}

#[tokio::test]
async fn a_request_that_is_not_accepted_leaves_no_file() {
    let body = form(&[("name=\"pic\"; filename=\"a.png\"", b"data")]);
    let limited = Started::with(|live| live.endpoint.requests_per_minute_max = Some(1)).await;
    assert_eq!(send(&limited, "", b"{}").await.status, 200);
    assert_eq!(send(&limited, FORM, &body).await.status, 429);
    no_files(&limited);

    let started = Started::with(|live| live.endpoint.body_bytes_max = 200).await;
    for (body, status, answer) in [
        (&body[..body.len() - 4], 400, MALFORMED),
        (
            &form(&[("name=\"a\"; filename=\"b\"", &[7; 300])]),
            413,
            LARGE,
        ),
        (
            &form(&[("name=\"_secretStatePut\"", b"{}")]),
            400,
            MALFORMED,
        ),
    ] {
        send(&started, FORM, body).await.is(status, answer);
        no_files(&started);
    }
    let state = b"{\"_secretStatePut\": {\"a\": \"b\"},, \xff";
    send(&started, "", state).await.is(400, MALFORMED);
    no_files(&started);
    assert!(
        started
            .inbox
            .rejected
            .lock()
            .iter()
            .all(|it| it.body.is_empty() && it.files.is_empty())
    );

    let keyed = Started::new().await;
    for count in [1, 1] {
        let headers = format!("{FORM}idempotency-key: k\r\n");
        assert_eq!(send(&keyed, &headers, &body).await.status, 200);
        assert_eq!(keyed.files.count(), count, "a repeat brings no file");
    }
}

#[tokio::test]
async fn a_form_of_a_hundred_thousand_parts_is_refused() {
    let started = Started::new().await;
    let parts = vec![("name=\"a\"", &b"1"[..]); 100_000];
    send(&started, FORM, &form(&parts)).await.is(400, MALFORMED);
    let reason = started.rejected().reason.expect("a reason").message;
    assert!(reason.contains("form_parts_max"), "{reason}");
    let files = vec![("name=\"a\"; filename=\"b\"", &b"1"[..]); 101];
    started.inbox.rejected.lock().clear();
    send(&started, FORM, &form(&files)).await.is(400, MALFORMED);
    no_files(&started);
}

async fn encoded(coding: &str, plain: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let read = match coding {
        "gzip" => GzipEncoder::new(plain).read_to_end(&mut out).await,
        "deflate" => ZlibEncoder::new(plain).read_to_end(&mut out).await,
        "raw deflate" => DeflateEncoder::new(plain).read_to_end(&mut out).await,
        "br" => BrotliEncoder::new(plain).read_to_end(&mut out).await,
        _ => ZstdEncoder::new(plain).read_to_end(&mut out).await,
    };
    read.expect("it can be compressed");
    out
}

#[tokio::test]
async fn compressed_bodies_are_read_and_a_bomb_is_not() {
    let started = Started::new().await;
    let plain = format!("{{\"text\": \"{}\"}}", "grüße ".repeat(200));
    for coding in ["gzip", "deflate", "raw deflate", "br", "zstd"] {
        let name = coding.trim_start_matches("raw ");
        let headers = format!("content-type: application/json\r\ncontent-encoding: {name}\r\n");
        let body = encoded(coding, plain.as_bytes()).await;
        assert_eq!(
            send(&started, &headers, &body).await.status,
            200,
            "{coding}"
        );
        let record = started.recorded();
        assert_eq!(record.body, plain.as_bytes(), "{coding}");
        assert_eq!(record.body_bytes, plain.len() as u64);

        started.inbox.rejected.lock().clear();
        let cut = &body[..body.len() - 3];
        let reply = send(&started, &headers, cut).await;
        assert_eq!(reply.status, 400, "{coding} cut short");
        let zeros = encoded(coding, &vec![b' '; 9_000_000]).await;
        send(&started, &headers, &zeros).await.is(413, LARGE);
        assert_eq!(
            started
                .inbox
                .rejected
                .lock()
                .last()
                .and_then(|it| it.reason.clone())
                .map(|it| it.code)
                .as_deref(),
            Some("compression_ratio")
        );
    }
    let small = Started::with(|live| live.endpoint.body_bytes_max = 100).await;
    let body = encoded("gzip", &[b'1'; 101]).await;
    send(&small, "content-encoding: gzip\r\n", &body)
        .await
        .is(413, LARGE);
    assert_eq!(small.reason(), "too_large");
    send(&small, "content-encoding: compress\r\n", b"x")
        .await
        .is(415, "{\"error\": \"Unsupported content type\"}");
}

/// Each mechanism alone keeps a bomb out; the control is a receiver without any, which takes all of it.
#[tokio::test]
async fn each_limit_alone_keeps_a_bomb_out_and_without_limits_it_is_taken() {
    const PLAIN_BYTES: usize = 3_000_000;
    let without = Limits {
        body_ratio_max: u64::MAX,
        bodies_held_bytes_max: u64::MAX,
        ..Limits::default()
    };
    let ratio = Limits {
        body_ratio_max: 100,
        ..without.clone()
    };
    let held = Limits {
        bodies_held_bytes_max: PLAIN_BYTES as u64 / 2,
        ..without.clone()
    };
    let unavailable = (503, Some("bodies_held"));
    let bomb = encoded("gzip", &vec![b' '; PLAIN_BYTES]).await;
    for (limits, body_bytes_max, expected) in [
        (ratio, u64::MAX, (413, Some("compression_ratio"))),
        (without.clone(), 1_000_000, (413, Some("too_large"))),
        (held, u64::MAX, unavailable),
        (without, u64::MAX, (200, None)),
    ] {
        let change = |live: &mut LiveEndpoint| live.endpoint.body_bytes_max = body_bytes_max;
        let started = Started::with_limits(limits, change).await;
        let headers = "content-type: text/plain\r\ncontent-encoding: gzip\r\n";
        let status = send(&started, headers, &bomb).await.status;
        let refused = started.inbox.rejected.lock().last().cloned();
        let code = refused.and_then(|it| it.reason).map(|it| it.code);
        assert_eq!((status, code.as_deref()), expected);
        if status == 200 {
            assert_eq!(started.recorded().body_bytes, PLAIN_BYTES as u64);
        }
    }
}

#[tokio::test]
async fn a_body_against_the_endpoints_schema_is_refused() {
    let started = Started::with(|live| {
        let schema = json!({"type": "object", "required": ["total"], "properties": {"total": {"type": "integer"}}});
        live.endpoint.schema = Some(Arc::new(BodySchema::new(&schema).expect("a schema")));
    })
    .await;
    let json = "content-type: application/json\r\n";
    assert_eq!(send(&started, json, b"{\"total\": 1}").await.status, 200);
    send(&started, json, b"{\"total\": \"1\"}")
        .await
        .is(400, MALFORMED);
    assert_eq!(started.reason(), "schema");
    let reason = started.rejected().reason.expect("a reason").message;
    assert!(reason.contains("`/total`"), "{reason}");
    assert_eq!(started.inbox.arrivals.lock().len(), 1);
}
