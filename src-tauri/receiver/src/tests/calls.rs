//! Calls that wait for their job, what they get, and what comes after.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use hookloom_model::document::Mode;
use hookloom_model::{JobId, JobStatus};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::client::{Reply, read_reply};
use super::started::{KEY, NOW_MS, Started, post};
use crate::Limits;

const JOB: JobId = JobId(17);
const UNAVAILABLE: &str = "{\"error\": \"Service unavailable\"}";
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

async fn sync() -> Started {
    Started::with(|live| live.endpoint.mode = Mode::Sync).await
}

/// An endpoint whose callers do not wait long.
async fn impatient() -> Started {
    Started::with(|live| {
        live.endpoint.mode = Mode::Sync;
        live.endpoint.sync_timeout_ms = 1;
    })
    .await
}

impl Started {
    /// Returns once a job has begun and its caller waits.
    async fn begun(&self) {
        while self.started_jobs.lock().is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Sends a request, and does something once its job has begun.
    async fn call(self: &Arc<Self>, request: String, then: impl FnOnce(&Self)) -> Reply {
        let started = Arc::clone(self);
        let call = tokio::spawn(async move { started.send(request).await });
        self.begun().await;
        then(self);
        call.await.expect("the call ends")
    }
}

fn request(headers: &str) -> String {
    post(
        KEY,
        &format!("content-type: application/json\r\n{headers}"),
        "{}",
    )
}

fn get(url: &str) -> String {
    format!("GET {url} HTTP/1.1\r\nhost: a\r\n\r\n")
}

/// The status URL of a reply that says that the job goes on.
fn status_url(reply: &Reply) -> String {
    let body: serde_json::Value = serde_json::from_str(&reply.body).expect("JSON");
    let url = body["status_url"].as_str().expect("a URL").to_owned();
    let id = reply.header("x-request-id").expect("an id");
    reply.is(
        202,
        &format!(
            "{{\"status\": \"running\", \"job_id\": 17, \"request_id\": \"{id}\", \"status_url\": \"{url}\"}}"
        ),
    );
    let token = url.strip_prefix("/hook/status/").expect("the path");
    assert_eq!(token.len(), 32, "128 bits: {url}");
    url
}

#[tokio::test]
async fn a_call_gets_the_outputs_that_succeeded_and_a_status_for_the_job_s_own() {
    for (status, http, outputs) in [
        (JobStatus::Complete, 200, "{\"sum\":{\"total\":3}}"),
        (JobStatus::Failed, 502, "{\"sum\":{\"total\":3}}"),
        (JobStatus::Canceled, 502, "{}"),
        (JobStatus::TimedOut, 504, "{}"),
    ] {
        let started = Arc::new(sync().await);
        let reply = started
            .call(request(""), |started| {
                if outputs != "{}" {
                    let data = json!({"total": 3});
                    started.inbox.jobs.finish_step(JOB, "work", "success", data);
                }
                started.inbox.jobs.end(JOB, status);
            })
            .await;
        let id = reply.header("x-request-id").expect("an id").to_owned();
        reply.is(
            http,
            &format!(
                "{{\"status\": \"{status}\", \"job_id\": 17, \"request_id\": \"{id}\", \"outputs\": {outputs}}}"
            ),
        );
        let noted: Vec<u16> = started
            .inbox
            .jobs
            .statuses
            .lock()
            .iter()
            .map(|(_, status)| *status)
            .collect();
        assert_eq!(
            noted,
            if http == 200 { vec![] } else { vec![http] },
            "the record says what was answered"
        );
        assert_eq!(started.inbox.jobs.waiters.jobs(), 0, "nobody waits on");
    }
}

#[tokio::test]
async fn an_output_whose_step_failed_is_left_out() {
    let started = Arc::new(sync().await);
    let reply = started
        .call(request(""), |started| {
            started
                .inbox
                .jobs
                .finish_step(JOB, "work", "error", json!({"secretly": "half"}));
            started.inbox.jobs.end(JOB, JobStatus::Failed);
        })
        .await;
    assert!(reply.body.ends_with("\"outputs\": {}}"), "{}", reply.body);
}

#[tokio::test]
async fn a_response_is_the_answer_though_the_job_goes_on() {
    let started = Arc::new(sync().await);
    let data = json!({"status": 201, "headers": {"Location": "/orders/7", "Content-Type": "text/csv"}, "body": "a,b\n"});
    let reply = started
        .call(request(""), |started| {
            started
                .inbox
                .jobs
                .finish_step(JOB, "reply", "success", data);
        })
        .await;
    assert_eq!((reply.status, reply.body.as_str()), (201, "a,b\n"));
    assert_eq!(reply.header("location"), Some("/orders/7"));
    assert_eq!(reply.header("content-type"), Some("text/csv"));
    assert!(reply.header("x-request-id").is_some());
}

#[tokio::test]
async fn a_response_that_failed_is_no_answer_and_only_the_first_one_counts() {
    let started = Arc::new(sync().await);
    let reply = started
        .call(request("idempotency-key: k\r\n"), |started| {
            let jobs = &started.inbox.jobs;
            jobs.finish_step(JOB, "reply", "error", json!({"status": 200, "body": "no"}));
            jobs.end(JOB, JobStatus::Failed);
        })
        .await;
    assert_eq!(reply.status, 502);
}

#[tokio::test]
async fn who_waits_too_long_gets_a_url_that_says_it_later_and_a_day_longer() {
    let started = Arc::new(impatient().await);
    let reply = started.send(request("")).await;
    let url = status_url(&reply);
    let still = started.send(get(&url)).await;
    assert_eq!((still.status, &still.body), (202, &reply.body));
    assert_eq!(still.header("x-request-id"), reply.header("x-request-id"));

    started
        .inbox
        .jobs
        .finish_step(JOB, "work", "success", json!(5));
    started.inbox.jobs.end(JOB, JobStatus::Complete);
    let done = started.send(get(&url)).await;
    let id = reply.header("x-request-id").expect("an id").to_owned();
    done.is(
        200,
        &format!(
            "{{\"status\": \"complete\", \"job_id\": 17, \"request_id\": \"{id}\", \"outputs\": {{\"sum\":5}}}}"
        ),
    );
    let head = started
        .send_head(&get(&url).replacen("GET", "HEAD", 1))
        .await;
    assert_eq!((head.status, head.body.as_str()), (200, ""));

    started.clock.0.store(NOW_MS + DAY_MS - 1, Ordering::SeqCst);
    assert_eq!(started.send(get(&url)).await.status, 200);
    started.clock.0.store(NOW_MS + DAY_MS, Ordering::SeqCst);
    started
        .send(get(&url))
        .await
        .is(404, "{\"error\": \"Not found\"}");
}

#[tokio::test]
async fn a_status_url_begins_with_the_public_url_if_there_is_one() {
    let started = impatient().await;
    *started.public_url.write() = Some("https://hooks.example/x".into());
    let reply = started.send(request("")).await;
    assert!(
        reply
            .body
            .contains("\"status_url\": \"https://hooks.example/x/hook/status/"),
        "{}",
        reply.body
    );
}

#[tokio::test]
async fn a_status_url_is_read_only_and_guesses_are_unknown_paths() {
    let started = impatient().await;
    let url = status_url(&started.send(request("")).await);
    let posted = started.send(get(&url).replacen("GET", "POST", 1)).await;
    posted.is(405, "{\"error\": \"Method not allowed\"}");
    assert_eq!(posted.header("allow"), Some("GET, HEAD"));
    for guess in [
        "/hook/status/",
        "/hook/status/00000000000000000000000000000000",
        "/hook/status/0000000000000000000000000000000",
        &url.to_uppercase().replace("/HOOK/STATUS", "/hook/status"),
        &format!("{url}0"),
        &format!("{url}/"),
    ] {
        for method in ["GET", "POST"] {
            let request = get(guess).replacen("GET", method, 1);
            let reply = started.send(request).await;
            reply.is(404, "{\"error\": \"Not found\"}");
        }
    }
}

#[tokio::test]
async fn the_token_of_a_status_url_lies_nowhere_in_clear() {
    let started = impatient().await;
    let url = status_url(&started.send(request("")).await);
    let token = url.rsplit('/').next().expect("a token");
    let kept = started.inbox.jobs.urls.lock()[&JOB].clone();
    let holds = |bytes: &[u8]| {
        bytes
            .windows(token.len())
            .any(|window| window == token.as_bytes())
    };
    assert!(!holds(&kept.sealed_token) && !holds(&kept.sha256));
    assert!(!format!("{:?}", started.inbox.arrivals.lock()).contains(token));
}

#[tokio::test]
async fn a_repeat_while_the_first_waits_is_told_so_and_after_it_gets_the_same() {
    let started = Arc::new(sync().await);
    let keyed = request("idempotency-key: order-1\r\n");
    let first = {
        let (started, keyed) = (Arc::clone(&started), keyed.clone());
        tokio::spawn(async move { started.send(keyed).await })
    };
    started.begun().await;
    let meanwhile = started.send(&keyed).await;
    meanwhile.is(409, "{\"error\": \"Already in progress\"}");
    assert_eq!(meanwhile.header("idempotent-replayed"), None);
    let data = json!({"status": 418, "headers": {"x-tea": "green"}, "body": {"short": true}});
    started
        .inbox
        .jobs
        .finish_step(JOB, "reply", "success", data);
    let first = first.await.expect("the call ends");
    started.inbox.jobs.end(JOB, JobStatus::Complete);
    let again = started.send(&keyed).await;
    assert_eq!(
        (first.status, first.body.as_str()),
        (418, "{\"short\":true}")
    );
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    for header in ["x-request-id", "x-tea", "content-type"] {
        assert_eq!(again.header(header), first.header(header), "{header}");
    }
    assert_eq!(first.header("idempotent-replayed"), None);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(started.started_jobs.lock().len(), 1);
}

#[tokio::test]
async fn a_repeat_of_a_call_that_waited_too_long_gets_the_same_url() {
    let started = impatient().await;
    let keyed = request("idempotency-key: order-1\r\n");
    let first = started.send(&keyed).await;
    status_url(&first);
    started.inbox.jobs.end(JOB, JobStatus::Complete);
    let again = started.send(&keyed).await;
    assert_eq!((again.status, &again.body), (202, &first.body));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
}

#[tokio::test]
async fn a_repeat_of_a_call_whose_job_was_deleted_is_told_so_and_on_record() {
    for mode in [Mode::Sync, Mode::Stream] {
        let started = Started::with(|live| {
            live.endpoint.mode = mode;
            live.endpoint.sync_timeout_ms = 1;
        });
        let started = Arc::new(started.await);
        let keyed = request("idempotency-key: order-1\r\n");
        let jobs = &started.inbox.jobs;
        let end = |started: &Started| started.inbox.jobs.end(JOB, JobStatus::Complete);
        let first = started.call(keyed.clone(), end).await;
        assert!([200, 202].contains(&first.status), "{}", first.status);
        jobs.delete(JOB);
        jobs.statuses.lock().clear();
        let again = started.send(&keyed).await;
        again.is(409, "{\"error\": \"Answer no longer kept\"}");
        assert_eq!(again.header("idempotent-replayed"), None, "it is another");
        let reasons = jobs.reasons.lock().clone();
        let [(request_id, reason)] = &reasons[..] else {
            panic!("{reasons:?}");
        };
        assert_eq!(reason.code, "answer_gone");
        assert!(reason.message.contains("job 17"), "{}", reason.message);
        assert_eq!(*jobs.statuses.lock(), [(*request_id, 409)]);
        assert_eq!(started.started_jobs.lock().len(), 1, "nothing began");
    }
}

#[tokio::test]
async fn a_repeat_of_a_call_whose_job_has_ended_reads_its_record_once() {
    for mode in [Mode::Sync, Mode::Stream] {
        let started = Arc::new(Started::with(|live| live.endpoint.mode = mode).await);
        let keyed = request("idempotency-key: order-1\r\n");
        let end = |started: &Started| started.inbox.jobs.end(JOB, JobStatus::Complete);
        let first = started.call(keyed.clone(), end).await;
        let loads = || *started.inbox.jobs.loads.lock();
        let before = loads();
        let again = started.send(&keyed).await;
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!((again.status, again.body), (first.status, first.body));
        assert_eq!(loads() - before, 1, "{mode:?}");
    }
}

#[tokio::test]
async fn more_calls_than_may_wait_are_asked_to_come_again() {
    let limits = Limits {
        calls_waiting_max: 1,
        ..Limits::default()
    };
    let started = Started::with_limits(limits, |live| live.endpoint.mode = Mode::Sync).await;
    let started = Arc::new(started);
    let first = {
        let started = Arc::clone(&started);
        tokio::spawn(async move { started.send(request("")).await })
    };
    started.begun().await;
    let second = started.send(request("")).await;
    second.is(503, UNAVAILABLE);
    assert_eq!(second.header("retry-after"), Some("5"));
    assert_eq!(started.reason(), "calls_waiting");
    started.inbox.jobs.end(JOB, JobStatus::Complete);
    assert_eq!(first.await.expect("the call ends").status, 200);
    assert_eq!(
        started.started_jobs.lock().len(),
        1,
        "the second began nothing"
    );
}

#[tokio::test]
async fn a_caller_that_leaves_gives_its_place_to_the_next_and_gets_its_answer_when_it_comes_back() {
    let limits = Limits {
        calls_waiting_max: 1,
        half_closed_ms_max: 50,
        ..Limits::default()
    };
    let started = Started::with_limits(limits, |live| live.endpoint.mode = Mode::Sync).await;
    let started = Arc::new(started);
    let keyed = request("idempotency-key: order-1\r\n");
    let mut caller = TcpStream::connect(started.address)
        .await
        .expect("a connection");
    caller.write_all(keyed.as_bytes()).await.expect("sent");
    started.begun().await;
    assert_eq!(
        started.send(request("")).await.status,
        503,
        "the place is taken"
    );
    drop(caller);
    let next = loop {
        // The clock that the job's answer waits for is a real one: the place is free long before its 30 seconds.
        let mut next = TcpStream::connect(started.address)
            .await
            .expect("a connection");
        next.write_all(request("").as_bytes()).await.expect("sent");
        let told = timeout(Duration::from_millis(200), read_reply(&mut next)).await;
        match told {
            Err(_) => break next,
            Ok(reply) => assert_eq!(reply.expect("an answer").status, 503),
        }
    };
    drop(next);
    started.inbox.jobs.end(JOB, JobStatus::Complete);
    let back = loop {
        let back = started.send(&keyed).await;
        if back.status != 503 {
            break back;
        }
        assert_eq!(
            back.header("idempotent-replayed"),
            None,
            "that is not its answer"
        );
    };
    assert_eq!(
        (back.status, back.header("idempotent-replayed")),
        (200, Some("true"))
    );
}

#[tokio::test]
async fn a_caller_that_only_closed_its_own_side_gets_an_answer_that_comes_soon() {
    let started = Arc::new(sync().await);
    let mut caller = TcpStream::connect(started.address)
        .await
        .expect("a connection");
    caller
        .write_all(request("").as_bytes())
        .await
        .expect("sent");
    caller.shutdown().await.expect("its own side");
    started.begun().await;
    started.inbox.jobs.end(JOB, JobStatus::Complete);
    let reply = read_reply(&mut caller).await.expect("an answer");
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn a_stop_answers_those_who_wait_at_once() {
    let started = Arc::new(sync().await);
    let reply = started
        .call(request(""), |started| started.shutdown.cancel())
        .await;
    status_url(&reply);
}

#[tokio::test]
async fn a_journal_that_cannot_be_read_is_no_end_of_the_job() {
    let started = Arc::new(sync().await);
    let keyed = request("idempotency-key: order-1\r\n");
    let reply = started
        .call(keyed.clone(), |started| {
            *started.inbox.jobs.is_broken.lock() = true;
            started.inbox.jobs.end(JOB, JobStatus::Complete);
        })
        .await;
    reply.is(503, UNAVAILABLE);
    assert!(started.inbox.rejected.lock().is_empty(), "it is accepted");
    *started.inbox.jobs.is_broken.lock() = false;
    assert_eq!(started.send(&keyed).await.status, 200);
}
