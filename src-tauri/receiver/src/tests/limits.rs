//! Slow, many and stubborn clients.

use std::time::{Duration, Instant};

use hookloom_model::document::{EndpointAnswer, RespondBody};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use super::client::read_reply;
use super::ports::Mood;
use super::started::{KEY, Started, post};
use crate::Limits;

async fn connect(started: &Started) -> TcpStream {
    TcpStream::connect(started.address)
        .await
        .expect("a connection")
}

/// Whether the other side closes within two seconds.
async fn is_closed(socket: &mut TcpStream) -> bool {
    let mut rest = Vec::new();
    let reading = socket.read_to_end(&mut rest);
    tokio::time::timeout(Duration::from_secs(2), reading)
        .await
        .is_ok()
}

#[tokio::test]
async fn a_client_that_is_slow_with_its_head_is_cut_off() {
    let limits = Limits {
        header_read_ms_max: 200,
        ..Limits::default()
    };
    let started = Started::with_limits(limits, |_| {}).await;
    let mut silent = connect(&started).await;
    let mut dripping = connect(&started).await;
    dripping
        .write_all(b"POST /api/webhook/local/intake HTTP/1.1\r\nhost: a\r\n")
        .await
        .expect("sent");
    let began = Instant::now();
    assert!(is_closed(&mut silent).await && is_closed(&mut dripping).await);
    assert!(began.elapsed() >= Duration::from_millis(150));
    assert_eq!(started.post("{}").await.status, 200);
}

#[tokio::test]
async fn a_connection_that_nobody_uses_any_more_is_closed() {
    let limits = Limits {
        header_read_ms_max: 200,
        ..Limits::default()
    };
    let started = Started::with_limits(limits, |_| {}).await;
    let mut socket = connect(&started).await;
    for _ in 0..2 {
        socket
            .write_all(post(KEY, "", "{}").as_bytes())
            .await
            .expect("sent");
        assert_eq!(
            read_reply(&mut socket).await.expect("an answer").status,
            200
        );
    }
    assert!(is_closed(&mut socket).await);
}

#[tokio::test]
async fn a_sender_is_told_when_the_connection_ends_with_what_it_did_not_read() {
    let started = Started::new().await;
    let mut socket = connect(&started).await;
    // Refused by its headers; most of its body is still on its way.
    let refused = post(KEY, "content-encoding: lzw\r\n", &"x".repeat(100_000));
    let begin = &refused.as_bytes()[..1_000];
    socket.write_all(begin).await.expect("sent");
    let reply = read_reply(&mut socket).await.expect("an answer");
    assert_eq!(
        (reply.status, reply.header("connection")),
        (415, Some("close"))
    );
    let mut rest = Vec::new();
    let _ = socket.read_to_end(&mut rest).await;
    assert!(rest.is_empty(), "the connection ends");

    let mut socket = connect(&started).await;
    let taken = post(KEY, "", "{}");
    let chunked = post(KEY, "transfer-encoding: chunked\r\n", "")
        .replace("content-length: 0\r\n", "")
        + "2\r\n{}\r\n0\r\n\r\n";
    let no_key = post("wrong", "", "");
    for (request, status) in [(taken, 200), (chunked, 200), (no_key, 401)] {
        socket.write_all(request.as_bytes()).await.expect("sent");
        let reply = read_reply(&mut socket).await.expect("an answer");
        assert_eq!((reply.status, reply.header("connection")), (status, None));
    }
}

#[tokio::test]
async fn a_body_that_stops_moving_is_given_up() {
    let limits = Limits {
        body_idle_ms_max: 200,
        ..Limits::default()
    };
    let started = Started::with_limits(limits, |_| {}).await;
    let mut socket = connect(&started).await;
    let half = post(KEY, "", "0123456789").replace("56789", "");
    socket.write_all(half.as_bytes()).await.expect("sent");
    let reply = read_reply(&mut socket).await.expect("an answer");
    reply.is(400, "{\"error\": \"Invalid request format\"}");
    assert!(is_closed(&mut socket).await);
    assert_eq!(started.reason(), "body_incomplete");
    let reason = started.rejected().reason.expect("a reason").message;
    assert!(reason.contains("body_idle_ms_max"), "{reason}");
}

#[tokio::test]
async fn a_sender_that_does_not_read_its_answers_is_cut_off() {
    let limits = Limits {
        answer_idle_ms_max: 200,
        connections_max: 1,
        ..Limits::default()
    };
    let long = EndpointAnswer {
        status: 200,
        headers: Default::default(),
        body: Some(RespondBody::Text("x".repeat(1_000_000))),
    };
    let started = Started::with_limits(limits, |live| live.endpoint.response = Some(long)).await;
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(64 * 1024).expect("it is taken");
    let connecting = socket.connect(started.address);
    let mut socket = connecting.await.expect("a connection");
    // Asks for more than lies in any buffer between us, and takes none of it.
    let requests = post(KEY, "", "{}").repeat(20);
    socket.write_all(requests.as_bytes()).await.expect("sent");
    let next = started.post("{}").await;
    assert_eq!(
        (next.status, next.body.len()),
        (200, 1_000_000),
        "the only place is free"
    );
    assert!(
        started.inbox.arrivals.lock().len() < 21,
        "it was stopped in the middle"
    );
    drop(socket);
}

#[tokio::test]
async fn a_body_that_drips_is_given_up_though_it_moves() {
    let limits = Limits {
        body_idle_ms_max: 300,
        body_bytes_per_second_min: 1_000,
        ..Limits::default()
    };
    let started = Started::with_limits(limits, |_| {}).await;
    let mut socket = connect(&started).await;
    let head = post(KEY, "", &"x".repeat(1_000)).replace(&"x".repeat(1_000), "");
    socket.write_all(head.as_bytes()).await.expect("sent");
    let began = Instant::now();
    let mut answer = [0; 12];
    loop {
        assert!(
            began.elapsed() < Duration::from_secs(5),
            "nobody stopped the drip"
        );
        let _ = socket.write_all(b"x").await;
        let reading = socket.read_exact(&mut answer);
        if tokio::time::timeout(Duration::from_millis(20), reading)
            .await
            .is_ok()
        {
            break;
        }
    }
    assert_eq!(&answer, b"HTTP/1.1 400");
    assert_eq!(started.reason(), "body_incomplete");
}

#[tokio::test]
async fn a_sender_that_leaves_in_the_middle_of_its_body_is_recorded() {
    let started = Started::new().await;
    let mut socket = connect(&started).await;
    let half = post(KEY, "", "0123456789").replace("56789", "");
    socket.write_all(half.as_bytes()).await.expect("sent");
    socket.shutdown().await.expect("closed");
    let _ = is_closed(&mut socket).await;
    for _ in 0..100 {
        if !started.inbox.rejected.lock().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(started.reason(), "body_incomplete");
}

#[tokio::test]
async fn more_connections_than_allowed_wait_for_their_turn() {
    let limits = Limits {
        connections_max: 2,
        ..Limits::default()
    };
    let started = Started::with_limits(limits, |_| {}).await;
    let (first, _second) = (connect(&started).await, connect(&started).await);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let mut third = connect(&started).await;
    third
        .write_all(post(KEY, "", "{}").as_bytes())
        .await
        .expect("sent");
    let waited = tokio::time::timeout(Duration::from_millis(200), third.readable()).await;
    assert!(waited.is_err(), "it is not served yet");
    drop(first);
    assert_eq!(read_reply(&mut third).await.expect("an answer").status, 200);
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let limits = Limits {
        headers_max: 20,
        ..Limits::default()
    };
    let started = Started::with_limits(limits, |_| {}).await;
    let many: String = (0..30).map(|n| format!("x-{n}: 1\r\n")).collect();
    let long = format!("x-a: {}\r\n", "y".repeat(200_000));
    for headers in [many, long] {
        let mut socket = connect(&started).await;
        let _ = socket.write_all(post(KEY, &headers, "{}").as_bytes()).await;
        let mut reply = Vec::new();
        let _ = socket.read_to_end(&mut reply).await;
        assert!(
            reply.is_empty() || reply.starts_with(b"HTTP/1.1 431"),
            "{}",
            String::from_utf8_lossy(&reply)
        );
    }
    assert!(started.inbox.arrivals.lock().is_empty());
    assert_eq!(started.post("{}").await.status, 200);
}

#[tokio::test]
async fn bodies_together_are_bounded_in_memory() {
    let limits = Limits {
        bodies_held_bytes_max: 100_000,
        ..Limits::default()
    };
    let started = Started::with_limits(limits, |_| {}).await;
    let body = "x".repeat(60_000);
    started.inbox.set_mood(Mood::Waits);
    let mut first = connect(&started).await;
    first
        .write_all(post(KEY, "", &body).as_bytes())
        .await
        .expect("sent");
    tokio::time::sleep(Duration::from_millis(100)).await;
    let reply = started.send(post(KEY, "", &body)).await;
    reply.is(503, "{\"error\": \"Service unavailable\"}");
    assert_eq!(started.reason(), "bodies_held");
    started.inbox.set_mood(Mood::Works);
    started.inbox.go_on.notify_one();
    assert_eq!(read_reply(&mut first).await.expect("an answer").status, 200);
    assert_eq!(
        started.send(post(KEY, "", &body)).await.status,
        200,
        "the memory was given back"
    );
}

#[tokio::test]
async fn a_pause_refuses_and_records_requests_and_what_was_begun_goes_on() {
    let started = Started::new().await;
    started.inbox.set_mood(Mood::Waits);
    let mut begun = connect(&started).await;
    let request = post(KEY, "", "{}");
    begun.write_all(request.as_bytes()).await.expect("sent");
    started.inbox.waits.notified().await;

    started.pause.set(true);
    let reply = started.send(post(KEY, "", "{}")).await;
    reply.is(503, "{\"error\": \"Service unavailable\"}");
    assert!(reply.header("retry-after").is_some());
    assert_eq!(started.reason(), "receiving_paused");
    started.inbox.go_on.notify_one();
    let reply = read_reply(&mut begun).await.expect("an answer");
    assert_eq!(reply.status, 200, "accepted before the pause");

    started.pause.set(false);
    started.inbox.set_mood(Mood::Works);
    assert_eq!(started.send(post(KEY, "", "{}")).await.status, 200);
}

#[tokio::test]
async fn a_stop_answers_what_was_begun_and_asks_others_to_come_again() {
    let started = Started::new().await;
    started.inbox.set_mood(Mood::Waits);
    let mut begun = connect(&started).await;
    begun
        .write_all(post(KEY, "", "{}").as_bytes())
        .await
        .expect("sent");
    let mut kept = connect(&started).await;
    tokio::time::sleep(Duration::from_millis(100)).await;

    started.shutdown.cancel();
    tokio::time::sleep(Duration::from_millis(50)).await;
    for path in ["/api/webhook/local/intake", "/unknown"] {
        let request = post(KEY, "", "{}").replace("/api/webhook/local/intake", path);
        let reply = started.send(request).await;
        reply.is(503, "{\"error\": \"Service unavailable\"}");
        assert!(reply.header("retry-after").is_some());
        assert_eq!(reply.header("connection"), Some("close"));
    }
    assert_eq!(started.reason(), "stopping");
    started.inbox.go_on.notify_one();
    let reply = read_reply(&mut begun).await.expect("an answer");
    assert_eq!(reply.status, 200);
    started.ended.await.expect("no panic").expect("a clean end");
    assert!(is_closed(&mut kept).await);
    assert!(
        TcpStream::connect(started.address).await.is_err(),
        "the port is free"
    );
}

#[tokio::test]
async fn a_stop_without_work_is_quick() {
    let started = Started::new().await;
    let _idle = connect(&started).await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    started.shutdown.cancel();
    let ended = tokio::time::timeout(Duration::from_millis(500), started.ended).await;
    ended
        .expect("at once")
        .expect("no panic")
        .expect("a clean end");
}

#[tokio::test]
async fn a_sender_may_close_its_side_once_it_has_said_everything() {
    let started = Started::new().await;
    started.inbox.set_mood(Mood::Waits);
    let mut socket = connect(&started).await;
    socket
        .write_all(post(KEY, "", "{}").as_bytes())
        .await
        .expect("sent");
    socket.shutdown().await.expect("closed");
    tokio::time::sleep(Duration::from_millis(100)).await;
    started.inbox.go_on.notify_one();
    assert_eq!(
        read_reply(&mut socket).await.expect("an answer").status,
        200
    );
}

#[tokio::test]
async fn a_caller_that_leaves_before_the_commit_still_gets_its_job() {
    let started = Started::new().await;
    started.inbox.set_mood(Mood::Waits);
    let mut socket = connect(&started).await;
    socket
        .write_all(post(KEY, "", "{}").as_bytes())
        .await
        .expect("sent");
    tokio::time::sleep(Duration::from_millis(100)).await;
    drop(socket);
    tokio::time::sleep(Duration::from_millis(100)).await;
    started.inbox.go_on.notify_one();
    for _ in 0..100 {
        if !started.started_jobs.lock().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(
        started.started_jobs.lock().len(),
        1,
        "the executor was told"
    );
}
