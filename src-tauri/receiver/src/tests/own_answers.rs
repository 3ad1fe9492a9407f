//! Answers of an endpoint's own, in place of the usual ones, and for repeats.

use hookloom_model::FlowState;
use hookloom_model::document::{EndpointAnswer, RespondBody};
use serde_json::json;

use super::started::{KEY, Started, post};

fn own(status: u16, headers: &[(&str, &str)], body: RespondBody) -> EndpointAnswer {
    EndpointAnswer {
        status,
        headers: headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: Some(body),
    }
}

const JSON: &str = "content-type: application/json\r\n";

#[tokio::test]
async fn an_endpoint_s_own_answer_sees_the_request_and_its_job() {
    let body =
        RespondBody::Json(json!({"challenge": "{{trigger.body.challenge}}", "job": "{{job.id}}"}));
    let answer = own(201, &[("X-Order", "{{order.id}}")], body);
    let started = Started::with(|live| {
        live.endpoint.response = Some(answer);
        live.endpoint.body_memory = Some("order".into());
    })
    .await;
    let request = post(
        KEY,
        &format!("{JSON}idempotency-key: k\r\n"),
        r#"{"challenge": "a\"b", "id": 7}"#,
    );
    let first = started.send(&request).await;
    assert_eq!(
        (first.status, first.body.as_str()),
        (201, r#"{"challenge":"a\"b","job":17}"#)
    );
    assert_eq!(first.header("x-order"), Some("7"));
    assert_eq!(first.header("content-type"), Some("application/json"));
    assert_eq!(started.started_jobs.lock().len(), 1);
    let noted = started.inbox.jobs.statuses.lock()[0].1;
    assert_eq!(noted, 201, "the record says what was answered");
    let again = started.send(&request).await;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!(again.header("x-order"), Some("7"));
    assert_eq!(again.header("x-request-id"), first.header("x-request-id"));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
}

#[tokio::test]
async fn an_answer_that_cannot_be_made_gives_way_to_the_usual_one() {
    let answer = own(
        201,
        &[],
        RespondBody::Text("{{trigger.body.missing}}".into()),
    );
    let started = Started::with(|live| live.endpoint.response = Some(answer)).await;
    let reply = started.post("{}").await;
    assert_eq!(reply.status, 200);
    assert!(
        reply
            .body
            .starts_with(r#"{"status": "accepted", "workflow_started": true"#),
        "{}",
        reply.body
    );
}

#[tokio::test]
async fn while_the_flow_is_off_its_own_answer_can_say_so() {
    for state in [FlowState::Off, FlowState::Paused] {
        let answer = own(
            503,
            &[("Retry-After", "60")],
            RespondBody::Text("closed, {{trigger.method}}".into()),
        );
        let started = Started::with(|live| {
            live.endpoint.off_response = Some(answer);
            live.state = state;
        })
        .await;
        let request = post(KEY, "webhook-id: m\r\n", "{}");
        let first = started.send(&request).await;
        assert_eq!((first.status, first.body.as_str()), (503, "closed, POST"));
        assert_eq!(first.header("retry-after"), Some("60"));
        assert_eq!(
            first.header("content-type"),
            Some("text/plain; charset=utf-8")
        );
        assert!(started.started_jobs.lock().is_empty());
        let again = started.send(&request).await;
        assert_eq!((again.status, &again.body), (503, &first.body));
    }
}

#[tokio::test]
async fn an_answer_of_its_own_holds_no_secret_that_the_sender_put_into_the_body() {
    let answer = || {
        let body = RespondBody::Text("{{order | json}} {{trigger.files | json}}".into());
        own(200, &[], body)
    };
    let form = format!(
        "--b\r\ncontent-disposition: form-data; name=\"{KEY}\"\r\n\r\nof {KEY}\r\n--b\r\ncontent-disposition: \
         form-data; name=\"f\"; filename=\"{KEY}.txt\"\r\ncontent-type: text/{KEY}\r\n\r\n1\r\n--b--\r\n"
    );
    for (content_type, body) in [
        ("multipart/form-data; boundary=b", form),
        (
            "application/x-www-form-urlencoded",
            format!("a={KEY}&{KEY}=1"),
        ),
        ("text/plain", format!("it is {KEY}")),
        ("application/json", format!("[\"{KEY}\"]")),
    ] {
        let started = Started::with(|live| {
            live.endpoint.response = Some(answer());
            live.endpoint.body_memory = Some("order".into());
        })
        .await;
        let headers = format!("content-type: {content_type}\r\nidempotency-key: k\r\n");
        let request = post(KEY, &headers, &body);
        let first = started.send(&request).await;
        assert_eq!(first.status, 200, "{content_type}");
        assert!(!first.body.contains(KEY), "{content_type}: {}", first.body);
        assert!(
            first.body.contains("••••"),
            "{content_type}: {}",
            first.body
        );
        let again = started.send(&request).await;
        assert_eq!(again.body, first.body, "{content_type}");
    }
}
