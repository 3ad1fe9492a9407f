//! A flow that uses every kind of step and every place of a template, with secrets in all of them.

use serde_json::{Value, json};

use super::values::{SECRETS, STATES, Values};
use crate::support::TestReceiver;

/// Every secret, one after the other.
fn all_secrets() -> String {
    (0..SECRETS)
        .map(|n| format!("{{{{secrets.s{n}}}}} "))
        .collect()
}

/// Every value of secret state; what a call did not bring is empty.
fn all_states() -> String {
    let one = |n: usize| format!("{{{{secretState.t{n} | default('') | json}}}} ");
    (0..STATES).map(one).collect()
}

/// A script that writes secret state in every way that JavaScript has, returns it, saves it and logs it.
const WRITES: &str = "
const all = [];
const bytes = text => encodeURIComponent(text).replace(/%([0-9A-F]{2})|(.)/g, (_, two, one) => two ? two + ' ' : one.charCodeAt(0).toString(16) + ' ');
const hex = text => bytes(text).replaceAll(' ', '').toLowerCase();
for (let n = 0; n < 60; n++) {
  const given = secretState.load('t' + n);
  const value = given === null ? 'none' : typeof given === 'string' ? given : given.password || given[0];
  all.push([value, JSON.stringify(value), encodeURIComponent(value), hex(value), value.toUpperCase() === value]);
  memory.save('m_' + n, value);
  log('state ' + n + ' is ' + value + ' and ' + encodeURIComponent(value));
}
return {all, made: secretState.load('t0'), _secretStatePut: {late: secretState.load('t3')}};";

/// Steps that go on whatever became of the one before.
fn chain(steps: Vec<Value>) -> Vec<Value> {
    let mut before: Option<String> = None;
    let mut chained = Vec::new();
    for mut step in steps {
        let name = step["name"].as_str().expect("a name").to_owned();
        if let Some(before) = before {
            step["after"] = json!([{"step": before, "on": ["*"]}]);
        }
        step["retry"] = json!({"attempts_max": 1});
        if matches!(
            step["kind"].as_str(),
            Some("condition" | "switch" | "set" | "respond" | "delay" | "fail")
        ) {
            step.as_object_mut().expect("an object").remove("retry");
        }
        before = Some(name);
        chained.push(step);
    }
    chained
}

fn steps(receiver: &TestReceiver) -> Vec<Value> {
    let (secrets, states) = (all_secrets(), all_states());
    let headers = "{{requestHeaders.authorization}} {{requestHeaders.cookie}} {{requestHeaders[\"x-api-key\"]}}";
    let url = |path: &str| format!("{}{path}", receiver.url());
    let everything = format!("{secrets}{states}");
    chain(vec![
        json!({"name": "keep", "kind": "set", "values": {"all_secrets": secrets, "all_states": states, "set": "{{vars.prefix}}{{secrets.s7}}"}}),
        json!({"name": "writes", "kind": "script", "code": WRITES}),
        json!({"name": "throws", "kind": "script", "code": "log(secretState.load('t0')); throw new Error('no: ' + secretState.load('t0') + JSON.stringify(secretState.load('t1')))"}),
        json!({"name": "leaves", "kind": "script", "code": "exit('left', [secretState.load('t0'), secretState.load('t2')])"}),
        json!({"name": "asks", "kind": "condition", "expression": "{{secrets.s8}}"}),
        json!({"name": "chooses", "kind": "switch", "expression": "{{secrets.s9}}", "cases": {"one": "1"}, "default": "other"}),
        json!({"name": "calls", "kind": "http", "method": "POST", "url": url("/called/{{secrets.s2}}"),
               "query": {"key": "{{secrets.s3}}", "all": "{{secretState.t0 | default('')}}"},
               "headers": {"Content-Type": "text/plain", "Authorization": "Bearer {{secrets.s0}}", "X-All": "{{secrets.s4}} {{secrets.s5}}"},
               "body": format!("{everything}{headers}")}),
        json!({"name": "sends_form", "kind": "http", "method": "POST", "url": url("/form"),
               "multipart": [{"name": "all", "value": everything.clone()}, {"name": "one", "value": "{{secrets.s6}}"}]}),
        json!({"name": "sends_fields", "kind": "http", "method": "POST", "url": url("/fields"),
               "headers": {"Content-Type": "application/x-www-form-urlencoded"}, "body": format!("a={secrets}&b=1")}),
        json!({"name": "sends_xml", "kind": "http", "method": "PUT", "url": url("/xml"),
               "headers": {"Content-Type": "application/xml"}, "body": format!("<a x=\"{secrets}\">{states}</a>")}),
        json!({"name": "far", "kind": "remote", "url": url("/remote"), "data": {"all": everything.clone(), "steps": "{{steps.keep.data}}"}}),
        json!({"name": "thinks", "kind": "llm", "url": url("/llm"), "model": "m {{secrets.s10}}", "secret": "s1", "prompt": everything}),
        json!({"name": "dead", "kind": "http", "method": "POST", "url": "http://127.0.0.1:1/{{secrets.s4}}?key={{secrets.s5}}",
               "headers": {"Content-Type": "text/plain"}, "body": secrets}),
        json!({"name": "wrong_host", "kind": "http", "method": "GET", "url": "http://{{secrets.s11}}/"}),
        json!({"name": "waits", "kind": "delay", "for_ms": 5}),
        json!({"name": "waits_for", "kind": "delay", "until": "{{secrets.s12}}"}),
        json!({"name": "unknown", "kind": "set", "values": {"x": "{{steps.keep.data[secrets.s13]}}"}}),
        json!({"name": "replies", "kind": "respond", "status": 200, "headers": {"X-Secret": "{{secrets.s14}}", "Content-Type": "application/json"},
               "body": "{\"secret\": {{secrets.s15}}, \"called\": {{steps.calls.data}}, \"states\": {{steps.keep.data.all_states}}}"}),
        json!({"name": "ends", "kind": "fail", "message": "it ended with {{secrets.s16}} and {{secretState.t0 | default('')}}"}),
    ])
}

/// The whole flow, with an endpoint for each way of waiting.
pub fn document(receiver: &TestReceiver, values: &Values) -> Value {
    let mut document = flow("leaks", receiver, values, steps(receiver));
    document["endpoints"][1]["path"] = json!("/in/leaks/{part}");
    document
}

/// A few of its steps, for what begins jobs in other ways: looking for so many values takes a moment for each step.
pub fn short_document(receiver: &TestReceiver, values: &Values) -> Value {
    let kept = ["keep", "throws", "calls", "replies"];
    let steps = steps(receiver);
    let of_name = |step: &Value| kept.iter().any(|name| step["name"] == *name);
    let steps = steps.into_iter().filter(of_name).collect();
    flow("short", receiver, values, chain(steps))
}

fn flow(name: &str, receiver: &TestReceiver, values: &Values, steps: Vec<Value>) -> Value {
    let more: Vec<&str> = values
        .credential_names
        .iter()
        .skip(3)
        .map(String::as_str)
        .collect();
    let endpoint = |mode: &str, sync_timeout_ms: i64| {
        json!({
            "name": format!("{name}_{mode}_{sync_timeout_ms}"), "methods": ["POST"], "mode": mode,
            "auth": {"kind": "shared_key", "secret": "s0"}, "sync_timeout_ms": sync_timeout_ms,
            "header_memory": "requestHeaders", "body_memory": "requestBody", "credential_headers": more,
        })
    };
    let mut first = endpoint("async", 60000);
    first["response"] = json!({"status": 200, "body": "{{requestBody}} {{requestHeaders}}"});
    let task = |name: &str, url: String, event: &str| {
        json!({
            "name": name, "url": url, "method": "POST", "event": event, "object": "any_job",
            "headers": {"Content-Type": "application/json", "X-Extra": "{{secrets.s0}}"},
            "body": format!("{{\"secrets\": \"{}\", \"job\": $jobId}}", all_secrets()),
            "secret": "s1", "retry_on_failure": false
        })
    };
    json!({
        "format": "hookloom.flow/1", "name": name, "remote_secret": "s2", "vars": {"prefix": "from the flow "},
        "endpoints": [first, endpoint("sync", 60000), endpoint("stream", 60000), endpoint("sync", 1)],
        "schedules": [{"name": "nightly", "cron": "0 2 * * *", "time_zone": "Europe/Berlin", "input": {"n": 1}}],
        "steps": steps,
        "outputs": [{"name": "called", "step": "calls"}, {"name": "kept", "step": "keep"}],
        "webhook_tasks": [
            task("tell", format!("{}/told/{{{{secrets.s6}}}}", receiver.url()), "job_finished"),
            task("dead", "http://127.0.0.1:1/{{secrets.s7}}".to_owned(), "job_failed"),
        ]
    })
}
