//! A language model that is none: a server with OpenAI's `chat/completions`, which says what a test wants.

use axum::body::Body;
use axum::response::Response;
use serde_json::{Value, json};

use super::receiver::{Received, answer};

/// What the server says for a question with this key, in the form of the API; a wrong key or path is refused as there.
pub fn completion(received: &Received, key: &str, says: &str) -> Response<Body> {
    if received.target != "/v1/chat/completions" {
        return answer(404, &refusal("there is no such path"));
    }
    if received.header("authorization") != format!("Bearer {key}") {
        return answer(401, &refusal("the key is wrong"));
    }
    let asked: Value = received.json();
    let words = |text: &str| text.split_whitespace().count();
    let messages = asked["messages"].as_array().into_iter().flatten();
    let prompt: usize = messages
        .map(|it| words(it["content"].as_str().unwrap_or_default()))
        .sum();
    let said = json!({
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_795_306_812,
        "model": asked["model"],
        "choices": [{
            "index": 0,
            "message": {"role": "assistant", "content": says},
            "finish_reason": "stop",
        }],
        "usage": {
            "prompt_tokens": prompt,
            "completion_tokens": words(says),
            "total_tokens": prompt + words(says),
        },
    });
    answer(200, &said.to_string())
}

fn refusal(message: &str) -> String {
    json!({"error": {"message": message, "type": "invalid_request_error"}}).to_string()
}
