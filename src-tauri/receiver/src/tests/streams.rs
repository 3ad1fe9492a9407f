//! Calls that follow their job by server-sent events.

use std::time::Duration;

use hookloom_model::document::Mode;
use hookloom_model::{JobId, JobStatus};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::started::{KEY, Started, post};

const JOB: JobId = JobId(17);

async fn streaming() -> Started {
    Started::with(|live| live.endpoint.mode = Mode::Stream).await
}

/// Everything that comes, without the framing of its chunks.
async fn read_all(socket: &mut TcpStream) -> (String, String) {
    let mut all = String::new();
    tokio::time::timeout(Duration::from_secs(20), socket.read_to_string(&mut all))
        .await
        .expect("an end in time")
        .expect("text");
    let (head, body) = all.split_once("\r\n\r\n").expect("a head");
    let mut text = String::new();
    let mut rest = body;
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).expect("a size");
        text.push_str(&after[..size]);
        rest = after[size..].trim_start_matches("\r\n");
    }
    (head.to_lowercase(), text)
}

async fn begin(started: &Started, headers: &str) -> TcpStream {
    let mut socket = TcpStream::connect(started.address)
        .await
        .expect("a connection");
    let request = post(
        KEY,
        &format!("content-type: application/json\r\nconnection: close\r\n{headers}"),
        "{}",
    );
    socket
        .write_all(request.as_bytes())
        .await
        .expect("it is sent");
    socket
}

async fn begun(started: &Started) {
    while started.started_jobs.lock().is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn each_step_is_an_event_and_then_it_is_done() {
    let started = streaming().await;
    let mut socket = begin(&started, "idempotency-key: k\r\n").await;
    begun(&started).await;
    let jobs = &started.inbox.jobs;
    jobs.finish_step(JOB, "work", "success", json!({"line": "a\nb"}));
    jobs.finish_step(
        JOB,
        "reply",
        "success",
        json!({"status": 200, "body": "not for streams"}),
    );
    jobs.end(JOB, JobStatus::Complete);
    let (head, events) = read_all(&mut socket).await;
    assert!(head.starts_with("http/1.1 200 ok"), "{head}");
    assert!(head.contains("content-type: text/event-stream"), "{head}");
    let id = head
        .split("x-request-id: ")
        .nth(1)
        .and_then(|rest| rest.lines().next())
        .expect("an id");
    let expected = format!(
        "event: step\nid: 3\ndata: {{\"step\":\"work\",\"status\":\"complete\",\"exit_code\":\"success\",\"outputs\":{{\"sum\":{{\"line\":\"a\\nb\"}}}}}}\n\n\
         event: step\nid: 5\ndata: {{\"step\":\"reply\",\"status\":\"complete\",\"exit_code\":\"success\",\"outputs\":{{}}}}\n\n\
         event: done\ndata: {{\"status\": \"complete\", \"job_id\": 17, \"request_id\": \"{id}\", \"outputs\": {{\"sum\":{{\"line\":\"a\\nb\"}}}}}}\n\n"
    );
    let events: String = events
        .split_inclusive("\n\n")
        .filter(|it| *it != ":\n\n")
        .collect();
    assert_eq!(events, expected);

    let mut again = begin(&started, "idempotency-key: k\r\n").await;
    let (head, replayed) = read_all(&mut again).await;
    assert!(
        head.contains("idempotent-replayed: true") && head.contains(id),
        "{head}"
    );
    assert_eq!(replayed, expected);
    assert_eq!(started.started_jobs.lock().len(), 1);
}

#[tokio::test]
async fn a_stop_ends_a_stream_before_its_job_is_done() {
    let started = streaming().await;
    let mut socket = begin(&started, "").await;
    begun(&started).await;
    started
        .inbox
        .jobs
        .finish_step(JOB, "work", "success", json!(1));
    started.shutdown.cancel();
    let (_, events) = read_all(&mut socket).await;
    assert!(!events.contains("done"), "{events}");
}

#[tokio::test]
async fn who_hangs_up_is_not_waited_for() {
    let started = streaming().await;
    let socket = begin(&started, "").await;
    begun(&started).await;
    drop(socket);
    let waiters = &started.inbox.jobs.waiters;
    for n in 0..1_000 {
        // What is written to nobody tells that nobody is there.
        started
            .inbox
            .jobs
            .finish_step(JOB, &format!("work{n}"), "success", json!(1));
        tokio::time::sleep(Duration::from_millis(2)).await;
        if waiters.jobs() == 0 {
            return;
        }
    }
    panic!("somebody still waits");
}
