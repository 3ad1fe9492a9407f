//! Every row of the answers table, byte for byte.

use hookloom_model::FlowState;

use super::ports::Mood;
use super::started::{KEY, NOW_MS, Started, post};
use crate::Limits;

const UNAVAILABLE: &str = "{\"error\": \"Service unavailable\"}";

#[tokio::test]
async fn an_accepted_request_gets_its_job_and_its_id() {
    let started = Started::new().await;
    let reply = started.post("{\"total\": 1}").await;
    let id = reply.header("x-request-id").expect("an id").to_owned();
    let body = format!(
        "{{\"status\": \"accepted\", \"workflow_started\": true, \"job_id\": 17, \"request_id\": \"{id}\"}}"
    );
    reply.is(200, &body);
    assert_eq!(reply.header("idempotent-replayed"), None);
    assert_eq!(started.started_jobs.lock().len(), 1);
    let arrivals = started.inbox.arrivals.lock();
    let start = arrivals[0].start.as_ref().expect("a job");
    assert_eq!(
        (start.version, start.at_ms, start.request_id.to_string()),
        (3, NOW_MS, id)
    );
}

#[tokio::test]
async fn the_endpoint_can_be_called_by_its_name() {
    let started = Started::new().await;
    let request = post(KEY, "", "").replace("/intake?", "/intake/orders?");
    assert_eq!(started.send(request).await.status, 200);
}

#[tokio::test]
async fn older_clients_and_proxies_are_answered_too() {
    let started = Started::new().await;
    let old = post(KEY, "", "{}").replace("HTTP/1.1", "HTTP/1.0");
    let through_a_proxy = post(KEY, "", "{}").replace("POST /", "POST http://hook.example/");
    for request in [old, through_a_proxy] {
        assert_eq!(started.send(request).await.status, 200);
        assert_eq!(
            started.recorded().path,
            "/api/webhook/local/intake?key=••••"
        );
    }
}

#[tokio::test]
async fn while_nothing_can_be_saved_the_sender_is_asked_to_come_again() {
    for mood in [Mood::Closed, Mood::Full] {
        let started = Started::new().await;
        started.inbox.set_mood(mood);
        let reply = started.post("{}").await;
        reply.is(503, UNAVAILABLE);
        assert_eq!(reply.header("retry-after"), Some("5"));
        assert_eq!(started.reason(), "storage_unavailable");
    }
}

#[tokio::test]
async fn unknown_paths_are_all_the_same() {
    let started = Started::new().await;
    let mut bodies = std::collections::HashSet::new();
    for path in [
        "/",
        "/api",
        "/api/webhook/local",
        "/api/webhook/local/unknown",
        "/api/webhook/local/unknown?key=correct-horse-battery",
        "/api/webhook/other/intake",
        "/api/webhook/local/intake/unknown",
        "/api/webhook/local/intake/",
        "/api/webhook/local/intake/orders/",
        "/api/v1/jobs",
        "/v4/jobGroups",
        "/metrics",
        "/%ff%00",
        "/favicon.ico",
        "/hook/abc",
        "//api/webhook/local/intake",
        "/api/webhook/local//intake",
        "/API/webhook/local/intake",
        "/api/webhook/local/intake%00",
        "/api/webhook/local/../local/intake",
        "http://hook.example/api/webhook/local/unknown",
    ] {
        for method in ["GET", "POST", "DELETE", "OPTIONS", "BREW"] {
            let request = format!("{method} {path} HTTP/1.1\r\nhost: a\r\n\r\n");
            let reply = started.send(request).await;
            reply.is(404, "{\"error\": \"Not found\"}");
            let names: Vec<_> = reply
                .headers
                .iter()
                .map(|(name, _)| name.as_str())
                .collect();
            bodies.insert(names.join(" "));
        }
    }
    for line in ["OPTIONS *", "CONNECT hook.example:80"] {
        let reply = started
            .send(format!("{line} HTTP/1.1\r\nhost: a\r\n\r\n"))
            .await;
        assert_eq!(reply.status, 404, "{line}");
    }
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    assert!(
        started.inbox.rejected.lock().is_empty(),
        "no endpoint, no record"
    );
}

#[tokio::test]
async fn another_method_is_told_which_ones_are_taken() {
    let started =
        Started::with(|live| live.endpoint.methods = vec!["POST".into(), "PUT".into()]).await;
    for method in ["GET", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW", "post"] {
        let request = post(KEY, "", "").replacen("POST", method, 1);
        let reply = started.send(request).await;
        reply.is(405, "{\"error\": \"Method not allowed\"}");
        assert_eq!(reply.header("allow"), Some("POST, PUT"), "{method}");
    }
    let codes: Vec<_> = started
        .inbox
        .rejected
        .lock()
        .iter()
        .map(|record| record.reason.clone())
        .collect();
    assert!(
        codes
            .iter()
            .flatten()
            .all(|reason| reason.code == "method_not_allowed")
    );
}

#[tokio::test]
async fn head_gets_the_same_head_and_no_body() {
    let started = Started::new().await;
    let mut socket = tokio::net::TcpStream::connect(started.address)
        .await
        .expect("a connection");
    let request =
        b"HEAD /api/webhook/local/intake HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    tokio::io::AsyncWriteExt::write_all(&mut socket, request)
        .await
        .expect("sent");
    let mut reply = String::new();
    tokio::io::AsyncReadExt::read_to_string(&mut socket, &mut reply)
        .await
        .expect("an answer");
    assert!(
        reply.starts_with("HTTP/1.1 405 Method Not Allowed\r\n"),
        "{reply}"
    );
    assert!(
        reply.contains("allow: POST\r\n") && reply.ends_with("\r\n\r\n"),
        "{reply}"
    );
}

#[tokio::test]
async fn a_source_that_sends_too_much_is_told_when_to_come_again() {
    let limits = Limits {
        limits_loopback: true,
        source_requests_per_minute_max: 2,
        ..Limits::default()
    };
    let started = Started::with_limits(limits, |_| {}).await;
    for _ in 0..2 {
        assert_eq!(started.post("{}").await.status, 200);
    }
    let reply = started.post("{}").await;
    reply.is(429, "{\"error\": \"Too many requests\"}");
    assert_eq!(reply.header("retry-after"), Some("30"));
    assert_eq!(started.reason(), "source_rate_limit");
}

#[tokio::test]
async fn a_chain_of_jobs_that_call_one_another_ends() {
    let started = Started::new().await;
    for (depth, status) in [
        ("1", 200),
        ("15", 200),
        ("16", 508),
        ("4294967295", 508),
        ("x", 200),
    ] {
        let header = format!("x-hookloom-depth: {depth}\r\n");
        assert_eq!(
            started.send(post(KEY, &header, "{}")).await.status,
            status,
            "{depth}"
        );
        let stranger = started.send(post("wrong", &header, "{}")).await;
        assert_eq!(stranger.status, 401, "the key comes first");
    }
    let reply = started
        .send(post(KEY, "X-Hookloom-Depth: 16\r\n", "{}"))
        .await;
    reply.is(508, "{\"error\": \"Loop detected\"}");
}

#[tokio::test]
async fn a_content_type_that_is_not_taken_is_refused() {
    let started = Started::with(|live| {
        live.endpoint.content_types = Some(vec!["application/json".into(), "text/plain".into()]);
    })
    .await;
    for (headers, body, status) in [
        ("content-type: application/json\r\n", "{}", 200),
        (
            "content-type: Application/JSON; charset=utf-8\r\n",
            "{}",
            200,
        ),
        ("content-type: text/plain\r\n", "hello", 200),
        ("", "", 200),
        ("", "{}", 415),
        ("content-type: text/html\r\n", "{}", 415),
        ("content-type: application/jsonp\r\n", "{}", 415),
        ("content-type: \r\n", "{}", 415),
    ] {
        let reply = started.send(post(KEY, headers, body)).await;
        assert_eq!(reply.status, status, "{headers}");
        if status == 415 {
            reply.is(415, "{\"error\": \"Unsupported content type\"}");
        }
    }
    let rejected = started.inbox.rejected.lock();
    assert!(
        rejected
            .iter()
            .all(|r| r.reason.as_ref().is_some_and(|r| r.code == "content_type"))
    );
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_declared_or_counted() {
    let started = Started::with(|live| live.endpoint.body_bytes_max = 10).await;
    let fits = started.send(post(KEY, "", "0123456789")).await;
    assert_eq!(fits.status, 200);
    let declared = started.send(post(KEY, "", "0123456789x")).await;
    declared.is(413, "{\"error\": \"Request too large\"}");
    let chunked = |body: &str| {
        let head = post(KEY, "transfer-encoding: chunked\r\n", "");
        head.replace("content-length: 0\r\n", "") + body
    };
    let fits = started
        .send(chunked("5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n"))
        .await;
    assert_eq!(fits.status, 200);
    let counted = started
        .send(chunked("5\r\n01234\r\n6\r\n56789x\r\n0\r\n\r\n"))
        .await;
    counted.is(413, "{\"error\": \"Request too large\"}");
    let rejected = started.inbox.rejected.lock();
    assert_eq!(rejected.len(), 2);
    assert!(
        rejected
            .iter()
            .all(|r| r.reason.as_ref().is_some_and(|r| r.code == "too_large"))
    );
}

#[tokio::test]
async fn an_endpoint_that_gets_too_much_says_when_to_come_again() {
    let started = Started::with(|live| live.endpoint.requests_per_minute_max = Some(2)).await;
    for _ in 0..2 {
        assert_eq!(started.post("{}").await.status, 200);
    }
    let reply = started.post("{}").await;
    reply.is(429, "{\"error\": \"Too many requests\"}");
    assert_eq!(reply.header("retry-after"), Some("30"));
    assert_eq!(started.reason(), "endpoint_rate_limit");
}

#[tokio::test]
async fn a_body_that_is_not_what_it_says_is_refused() {
    let started = Started::new().await;
    for body in [
        "{",
        "",
        "{\"a\": 1e400}",
        "{\"a\": \"\\ud800\"}",
        "{} x",
        "\u{feff}",
    ] {
        let reply = started.post(body).await;
        reply.is(400, "{\"error\": \"Invalid request format\"}");
    }
    let rejected = started.inbox.rejected.lock();
    assert!(
        rejected
            .iter()
            .all(|r| r.reason.as_ref().is_some_and(|r| r.code == "malformed"))
    );
}

#[tokio::test]
async fn a_flow_that_is_off_or_paused_records_and_starts_nothing() {
    for state in [FlowState::Off, FlowState::Paused] {
        let started = Started::with(|live| live.state = state).await;
        let reply = started.post("{}").await;
        reply.is(
            200,
            "{\"status\": \"recorded\", \"workflow_started\": false}",
        );
        let arrivals = started.inbox.arrivals.lock();
        assert!(arrivals[0].start.is_none());
        assert!(started.started_jobs.lock().is_empty());
    }
}

#[tokio::test]
async fn our_own_failure_says_nothing_of_its_cause() {
    let started = Started::new().await;
    started.inbox.set_mood(Mood::Fails);
    started
        .post("{}")
        .await
        .is(500, "{\"error\": \"Internal server error\"}");
    assert_eq!(started.reason(), "internal");
}
