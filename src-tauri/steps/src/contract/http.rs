//! What is special about `http`.

use hookloom_engine::ports::HttpErrorKind;
use hookloom_engine::testing::{Reply, Rig};
use hookloom_model::journal::Event;
use hookloom_model::request::StoredFile;
use hookloom_model::{FileId, JobStatus};
use serde_json::{Value, json};

use super::cases::{data, flow, rig, run};
use crate::Kinds;

#[test]
fn http_keeps_status_headers_and_the_parsed_body_of_the_answer() {
    let rig = rig(
        "http",
        &json!({"method": "GET", "url": "https://steps.example/it"}),
    )
    .answering(|_| Reply::json(200, r#"{"ok": true}"#));
    let job = run(&rig);
    assert_eq!(
        data(&job),
        json!({"status": 200, "headers": {"content-type": "application/json"}, "body": {"ok": true}})
    );
    let events = job.events();
    let sent = events.iter().find_map(|event| match event {
        Event::StepFinished { sent, .. } => sent.clone(),
        _ => None,
    });
    let sent = sent.expect("what was sent is recorded");
    assert_eq!(
        (sent.method.as_str(), sent.url.as_str()),
        ("GET", "https://steps.example/it")
    );
}

#[test]
fn http_that_times_out_keeps_what_was_sent() {
    let rig = Rig::new(&flow(
        "http",
        &json!({"method": "GET", "url": "https://steps.example/it"}),
        2_000,
    ))
    .with_kinds(Kinds)
    .answering(|_| Reply::json(200, "{}").after(3_600_000));
    let job = run(&rig);
    let mut events = job.events().into_iter();
    let kept = events.any(|event| matches!(event, Event::StepFinished { sent: Some(_), .. }));
    assert!(kept, "{}", job.text());
}

#[test]
fn http_sends_its_execution_as_idempotency_key_unless_the_step_sets_its_own() {
    let url = "https://steps.example/it";
    let own = rig(
        "http",
        &json!({"method": "POST", "url": url, "headers": {"idempotency-key": "mine"}}),
    );
    run(&own);
    assert_eq!(own.seen.lock()[0].header("Idempotency-Key"), Some("mine"));
    let ours = rig("http", &json!({"method": "POST", "url": url}));
    run(&ours);
    let seen = ours.seen.lock();
    assert!(
        seen[0]
            .header("Idempotency-Key")
            .is_some_and(|key| key.starts_with("ste_"))
    );
    assert_eq!(seen[0].header("X-Hookloom-Depth"), Some("1"));
}

#[test]
fn http_tries_again_what_may_end_otherwise_and_nothing_else() {
    let retry = json!({
        "method": "POST", "url": "https://steps.example/it",
        "retry": {"attempts_max": 2, "backoff": "fixed", "delay_ms": 1_000},
    });
    let attempts = |reply: Reply| {
        let rig = rig("http", &retry).answering(move |_| reply.clone());
        let state = run(&rig).state();
        assert_eq!(state.status(), JobStatus::Failed);
        rig.seen.lock().len()
    };
    for status in [408, 425, 429, 500, 502, 503, 599] {
        assert_eq!(attempts(Reply::json(status, "{}")), 2, "{status}");
    }
    for status in [300, 301, 302, 400, 401, 404, 409, 410, 422] {
        assert_eq!(attempts(Reply::json(status, "{}")), 1, "{status}");
    }
    for kind in [
        HttpErrorKind::Dns,
        HttpErrorKind::Connect,
        HttpErrorKind::Tls,
        HttpErrorKind::Timeout,
    ] {
        assert_eq!(attempts(Reply::failure(kind)), 2, "{kind:?}");
    }
    for kind in [
        HttpErrorKind::Refused,
        HttpErrorKind::Invalid,
        HttpErrorKind::TooLarge,
    ] {
        assert_eq!(attempts(Reply::failure(kind)), 1, "{kind:?}");
    }
}

#[test]
fn http_that_fails_keeps_the_answer_and_names_the_status() {
    let rig = rig(
        "http",
        &json!({"method": "POST", "url": "https://steps.example/it?token=canary"}),
    )
    .answering(|_| Reply::json(404, r#"{"why": "gone"}"#));
    let job = run(&rig);
    assert_eq!(data(&job)["body"], json!({"why": "gone"}));
    let state = job.state();
    let error = state.steps["it"]
        .error
        .as_ref()
        .expect("an error has a reason");
    assert_eq!(error.code, "http_status");
    assert!(
        error
            .message
            .contains("POST https://steps.example/it answered 404 Not Found"),
        "{}",
        error.message
    );
    assert!(
        !error.message.contains("canary"),
        "a query may hold what nobody should read"
    );
}

#[test]
fn a_body_is_escaped_by_its_content_type() {
    let keys = json!({
        "method": "POST", "url": "https://steps.example/{{requestBody.path}}",
        "headers": {"Content-Type": "application/json", "X-Note": "n {{requestBody.note}}"},
        "body": "{\"text\": {{requestBody.text}}, \"in\": \"a {{requestBody.text}}\"}",
    });
    let rig = rig("http", &keys);
    let text = "\"}, \"admin\": true, {\"";
    rig.run(Some(json!({"path": "../x", "note": "5", "text": text})));
    let seen = rig.seen.lock();
    assert_eq!(seen[0].url, "https://steps.example/..%2Fx");
    let body: Value = serde_json::from_str(&seen[0].body).expect("the body is still JSON");
    assert_eq!(body, json!({"text": text, "in": format!("a {text}")}));
}

#[test]
fn a_query_is_added_with_every_value_escaped_and_lists_repeated() {
    let keys = json!({
        "url": "https://steps.example/it?first=1",
        "query": {
            "text": "{{requestBody.text}}", "list": "{{requestBody.list}}", "none": null, "also": ["a", "{{requestBody.n}}"],
            "a b": true, "object": {"x": "{{requestBody.n}}"}, "empty": "",
        },
    });
    let rig = rig("http", &keys);
    rig.run(Some(
        json!({"text": "a&b=c#d", "list": [1, "two", null], "n": 5}),
    ));
    assert_eq!(
        rig.seen.lock()[0].url,
        "https://steps.example/it?first=1&text=a%26b%3Dc%23d&list=1&list=two&also=a&also=5&a+b=true\
         &object=%7B%22x%22%3A5%7D&empty="
    );
}

#[test]
fn a_query_of_nothing_leaves_the_url_as_it_is() {
    let keys = json!({"url": "https://steps.example/it", "query": {"none": null, "list": []}});
    let rig = rig("http", &keys);
    run(&rig);
    assert_eq!(rig.seen.lock()[0].url, "https://steps.example/it");
}

#[test]
fn the_statuses_that_count_as_success_can_be_chosen() {
    let keys = json!({
        "url": "https://steps.example/it", "success_statuses": "200-201,404,503",
        "retry": {"attempts_max": 2},
    });
    for (status, calls, is_success) in [
        (200, 1, true),
        (201, 1, true),
        (404, 1, true),
        (503, 1, true),
        (202, 1, false),
        (500, 2, false),
    ] {
        let rig = rig("http", &keys).answering(move |_| Reply::json(status, "{}"));
        let job = run(&rig);
        assert_eq!(job.status == JobStatus::Complete, is_success, "{status}");
        assert_eq!(rig.seen.lock().len(), calls, "{status}");
        assert_eq!(data(&job)["status"], status);
    }
}

fn file(bytes: &[u8]) -> StoredFile {
    StoredFile {
        id: FileId::new(1, [7; 10]),
        field: Some("upload".to_owned()),
        name: Some("a \"file\"\r\n.txt".to_owned()),
        content_type: "text/plain".to_owned(),
        byte_count: bytes.len() as u64,
        sha256: String::new(),
    }
}

#[test]
fn a_file_is_sent_as_the_body_with_its_type() {
    let keys = json!({"method": "PUT", "url": "https://steps.example/it", "body_file": "{{requestBody.file}}"});
    let rig = rig("http", &keys);
    let file = file(b"bytes of a file");
    rig.files.put(file.clone(), b"bytes of a file");
    for given in [json!(file.id), file.to_memory()] {
        let job = rig.run(Some(json!({"file": given})));
        assert_eq!(job.status, JobStatus::Complete, "{}", job.text());
        let seen = rig.seen.lock();
        let call = seen.last().expect("a call");
        assert_eq!(
            (call.body.as_str(), call.header("content-type")),
            ("bytes of a file", Some("text/plain"))
        );
        assert!(
            !job.text().contains("bytes of a file"),
            "the record names the file"
        );
    }
}

#[test]
fn a_file_that_is_not_there_or_is_none_is_an_error_that_says_so() {
    let keys = json!({"method": "PUT", "url": "https://steps.example/it", "body_file": "{{requestBody.file}}"});
    for (given, code) in [
        (json!(FileId::new(2, [1; 10])), "file"),
        (json!("../../etc/passwd"), "bad_file"),
        (json!({"name": "x"}), "bad_file"),
        (json!(null), "bad_file"),
    ] {
        let rig = rig("http", &keys);
        let job = rig.run(Some(json!({"file": given})));
        let error = job.state().steps["it"].error.clone().expect("a reason");
        assert_eq!(error.code, code, "{given}: {}", error.message);
        assert!(rig.seen.lock().is_empty());
    }
}

#[test]
fn a_form_has_its_values_and_files_and_nothing_that_a_value_adds() {
    let keys = json!({
        "method": "POST", "url": "https://steps.example/it",
        "multipart": [
            {"name": "note \"x\"", "value": "{{requestBody.note}}"},
            {"name": "total", "value": "{{requestBody.total}}"},
            {"name": "upload", "file": "{{requestBody.file}}"},
        ],
    });
    let rig = rig("http", &keys);
    let file = file(b"bytes of a file");
    rig.files.put(file.clone(), b"bytes of a file");
    let note = "a\r\n--hookloom-\r\nContent-Disposition: form-data; name=\"admin\"\r\n\r\n1";
    let job = rig.run(Some(
        json!({"note": note, "total": {"n": 1.0}, "file": file.id}),
    ));
    assert_eq!(job.status, JobStatus::Complete, "{}", job.text());
    let seen = rig.seen.lock();
    let content_type = seen[0].header("content-type").expect("a type");
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .expect("a form");
    let parts: Vec<&str> = seen[0].body.split(&format!("--{boundary}")).collect();
    assert_eq!(
        parts.len(),
        5,
        "three parts between four boundaries: {}",
        seen[0].body
    );
    assert_eq!(
        parts[1],
        format!("\r\nContent-Disposition: form-data; name=\"note %22x%22\"\r\n\r\n{note}\r\n")
    );
    assert_eq!(
        parts[2],
        "\r\nContent-Disposition: form-data; name=\"total\"\r\n\r\n{\"n\":1}\r\n"
    );
    assert_eq!(
        parts[3],
        "\r\nContent-Disposition: form-data; name=\"upload\"; filename=\"a %22file%22%0D%0A.txt\"\r\n\
         Content-Type: text/plain\r\n\r\nbytes of a file\r\n"
    );
    assert_eq!(parts[4], "--\r\n");
}
