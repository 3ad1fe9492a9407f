//! What is special about `llm`: the question, and what is made of the answer.

use hookloom_engine::testing::{Reply, Rig};
use hookloom_model::JobStatus;
use serde_json::{Value, json};

use super::cases::{KEY, data, rig, run};

/// A step with these keys beside those that it must have.
fn asking(keys: &Value) -> Value {
    let mut step = json!({"url": "https://llm.example/v1", "model": "small", "prompt": "say {{requestBody.n}}"});
    if let (Some(step), Some(keys)) = (step.as_object_mut(), keys.as_object()) {
        step.extend(keys.clone());
    }
    step
}

fn completion(content: Value, finish_reason: &str) -> Reply {
    let answer = json!({
        "id": "c1", "object": "chat.completion", "model": "small-2026",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": finish_reason}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
    });
    Reply::json(200, &answer.to_string())
}

fn asked(rig: &Rig) -> Value {
    serde_json::from_str(&rig.seen.lock()[0].body).expect("a question is JSON")
}

#[test]
fn a_prompt_is_asked_and_the_text_and_its_cost_are_kept() {
    let rig = rig("llm", &asking(&json!({"secret": "signing"})))
        .answering(|_| completion(json!("five"), "stop"));
    let job = run(&rig);
    assert_eq!(
        asked(&rig),
        json!({"model": "small", "messages": [{"role": "user", "content": "say 5"}]})
    );
    assert_eq!(
        data(&job),
        json!({
            "text": "five", "model": "small-2026", "finish_reason": "stop",
            "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
        })
    );
    let bearer = format!("Bearer {KEY}");
    assert_eq!(
        rig.seen.lock()[0].header("authorization"),
        Some(bearer.as_str())
    );
    assert!(!job.text().contains(KEY));
}

#[test]
fn messages_and_settings_go_along() {
    let mut keys = json!({
        "url": "https://llm.example/v1",
        "model": "{{requestBody.model}}",
        "messages": [{"role": "system", "content": "be brief"}, {"role": "user", "content": "\"{{requestBody.n}}\""}],
        "temperature": 0.5, "max_tokens": 20, "json": true,
    });
    let rig_ = rig("llm", &keys).answering(|_| completion(json!("{\"n\": 5}"), "stop"));
    let job = rig_.run(Some(json!({"n": 5, "model": "large"})));
    assert_eq!(
        asked(&rig_),
        json!({
            "model": "large",
            "messages": [{"role": "system", "content": "be brief"}, {"role": "user", "content": "\"5\""}],
            "temperature": 0.5, "max_tokens": 20, "response_format": {"type": "json_object"},
        })
    );
    assert_eq!(data(&job)["json"], json!({"n": 5}));
    keys["messages"] = json!("{{requestBody.messages}}");
    let messages = json!([{"role": "user", "content": "from memory"}]);
    let rig_ = rig("llm", &keys).answering(|_| completion(json!("{}"), "stop"));
    rig_.run(Some(json!({"model": "large", "messages": messages})));
    assert_eq!(asked(&rig_)["messages"], messages);
}

#[test]
fn the_url_is_the_base_of_the_api_or_the_whole() {
    let whole = "https://llm.example/v1/chat/completions";
    for (url, expected) in [
        ("https://llm.example/v1", whole),
        ("https://llm.example/v1/", whole),
        (whole, whole),
        (
            "https://llm.example",
            "https://llm.example/chat/completions",
        ),
        (
            "https://llm.example/v1?api-version=2",
            "https://llm.example/v1/chat/completions?api-version=2",
        ),
    ] {
        let rig = rig("llm", &asking(&json!({"url": url})));
        run(&rig);
        assert_eq!(rig.seen.lock()[0].url, expected);
    }
}

#[test]
fn json_in_a_fence_is_json_and_other_text_is_an_error_that_says_so() {
    for text in [
        "{\"a\": 1}",
        "```json\n{\"a\": 1}\n```",
        "```\n{\"a\": 1}\n```\n",
        " {\"a\":1} ",
    ] {
        let rig = rig("llm", &asking(&json!({"json": true})))
            .answering(move |_| completion(json!(text), "stop"));
        assert_eq!(data(&run(&rig))["json"], json!({"a": 1}), "{text}");
    }
    for (text, reason, hint) in [
        ("Sure! {", "stop", "only JSON"),
        ("{\"a\": ", "length", "max_tokens"),
    ] {
        let rig = rig("llm", &asking(&json!({"json": true})))
            .answering(move |_| completion(json!(text), reason));
        let job = run(&rig);
        let error = job.state().steps["it"].error.clone().expect("a reason");
        assert_eq!(error.code, "llm_no_json");
        assert!(error.message.contains(hint), "{}", error.message);
        assert_eq!(data(&job)["text"], text, "what was said is kept");
    }
}

#[test]
fn an_answer_without_a_text_is_an_error() {
    for reply in [
        completion(json!(null), "tool_calls"),
        Reply::json(200, r#"{"choices": []}"#),
        Reply::json(200, r#"{"error": {"message": "no such model"}}"#),
        Reply::json(200, "<html>"),
        Reply::json(200, ""),
    ] {
        let shown = format!("{reply:?}");
        let rig = rig("llm", &asking(&json!({}))).answering(move |_| reply.clone());
        let error = run(&rig).state().steps["it"]
            .error
            .clone()
            .expect("a reason");
        assert_eq!(error.code, "llm_answer", "{shown}");
    }
}

#[test]
fn an_overloaded_model_is_asked_again_and_a_wrong_key_is_not() {
    let keys = asking(&json!({"retry": {"attempts_max": 2, "delay_ms": 1_000}}));
    for (status, calls) in [(429, 2), (503, 2), (401, 1), (400, 1)] {
        let rig = rig("llm", &keys)
            .answering(move |_| Reply::json(status, r#"{"error": {"message": "no"}}"#));
        let job = run(&rig);
        assert_eq!(job.status, JobStatus::Failed);
        assert_eq!(rig.seen.lock().len(), calls, "{status}");
        assert_eq!(
            data(&job)["body"]["error"]["message"],
            "no",
            "the reason is kept"
        );
    }
}
