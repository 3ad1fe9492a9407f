//! The keys of each step kind, and the exit codes that edges can name.

use crate::support::{found, read};
use serde_json::{Value, json};

fn step(kind: &str, keys: Value) -> Value {
    let mut step = json!({"name": "it", "kind": kind});
    if let (Some(step), Value::Object(keys)) = (step.as_object_mut(), keys) {
        step.extend(keys);
    }
    step
}

/// What is wrong with a step, and with one behind it that waits for these exit codes.
fn problems(kind: &str, keys: Value, on: Value) -> Vec<String> {
    let mut steps = vec![step(kind, keys)];
    if !on.is_null() {
        steps.push(json!({"name": "behind", "kind": "set", "values": {}, "after": [{"step": "it", "on": on}]}));
    }
    let parsed = read(json!({
        "format": "hookloom.flow/1", "name": "f", "steps": steps,
        "endpoints": [{"name": "into", "auth": {"kind": "shared_key", "secret": "k"}, "body_memory": "requestBody"}],
    }));
    found(&parsed)
}

/// Kind, keys, and what is wrong with them.
fn check(cases: &[(&str, Value, &str)]) {
    for (kind, keys, expected) in cases {
        let expected: Vec<&str> = expected.split_terminator(", ").collect();
        assert_eq!(
            problems(kind, keys.clone(), Value::Null),
            expected,
            "{kind} {keys}"
        );
    }
}

#[test]
fn each_kind_that_chooses_has_its_keys() {
    check(&[
        (
            "condition",
            json!({"expression": "{{requestBody.x > 1}}"}),
            "",
        ),
        (
            "condition",
            json!({"expression": "{{requestBody.x}} "}),
            "not_one_expression /steps/0/expression",
        ),
        (
            "condition",
            json!({"expression": "true"}),
            "not_one_expression /steps/0/expression",
        ),
        (
            "condition",
            json!({"expression": true}),
            "wrong_type /steps/0/expression",
        ),
        ("condition", json!({}), "missing /steps/0"),
        (
            "switch",
            json!({"expression": "{{requestBody}}", "cases": {"a b": 1}, "default": "c"}),
            "",
        ),
        (
            "switch",
            json!({"expression": 1, "cases": {}}),
            "empty_cases /steps/0/cases",
        ),
        (
            "switch",
            json!({"expression": 1, "cases": {"*": 1}}),
            "bad_exit_code /steps/0/cases/*",
        ),
        (
            "switch",
            json!({"expression": 1, "cases": {"a": 1}, "default": "skipped"}),
            "bad_exit_code /steps/0/default",
        ),
        (
            "switch",
            json!({"expression": 1, "cases": {"a": "{{ x"}}),
            "template /steps/0/cases/a",
        ),
        ("fail", json!({"message": "no {{requestBody}}"}), ""),
        (
            "fail",
            json!({"message": "no", "exit_code": "success"}),
            "bad_exit_code /steps/0/exit_code",
        ),
        ("fail", json!({"exit_code": "a"}), "missing /steps/0"),
    ]);
}

#[test]
fn each_kind_that_waits_or_answers_has_its_keys() {
    check(&[
        ("delay", json!({"for_ms": 0}), ""),
        ("delay", json!({"for_ms": "{{requestBody.ms}}"}), ""),
        (
            "delay",
            json!({"for_ms": "5"}),
            "not_one_expression /steps/0/for_ms",
        ),
        (
            "delay",
            json!({"for_ms": -1}),
            "out_of_range /steps/0/for_ms",
        ),
        (
            "delay",
            json!({"for_ms": 31_622_400_001_i64}),
            "out_of_range /steps/0/for_ms",
        ),
        (
            "delay",
            json!({"until": "{{requestBody.day}}T08:00:00Z"}),
            "",
        ),
        ("delay", json!({"until": "2027-01-31T08:00:00+01:00"}), ""),
        (
            "delay",
            json!({"until": "2027-01-31"}),
            "bad_time /steps/0/until",
        ),
        (
            "delay",
            json!({"for_ms": 1, "until": "2027-01-31T08:00:00Z"}),
            "one_of_two /steps/0/until",
        ),
        ("delay", json!({}), "missing /steps/0"),
        ("respond", json!({}), "respond_without_sync /steps/0"),
    ]);
}

#[test]
fn http_has_its_keys() {
    check(&[
        (
            "http",
            json!({"url": "https://x.org", "query": {"a": ["{{requestBody.x}}", 1], "b": null}, "success_statuses": "200-299, 404", "follow_redirects": true}),
            "",
        ),
        (
            "http",
            json!({"url": "https://x.org", "method": "POST", "body_file": "{{trigger.files[0].file_id}}"}),
            "",
        ),
        (
            "http",
            json!({"url": "https://x.org", "body_file": "{{trigger.files[0].file_id}}"}),
            "body_not_allowed /steps/0/body_file",
        ),
        (
            "http",
            json!({"url": "https://x.org", "method": "PUT", "multipart": [{"name": "a", "value": "{{requestBody.x}}"}, {"name": "f", "file": "{{trigger.files[0]}}"}]}),
            "",
        ),
        (
            "http",
            json!({"url": "https://x.org", "method": "PUT", "multipart": []}),
            "out_of_range /steps/0/multipart",
        ),
        (
            "http",
            json!({"url": "https://x.org", "method": "PUT", "multipart": [{"name": "a"}]}),
            "missing /steps/0/multipart/0",
        ),
        (
            "http",
            json!({"url": "https://x.org", "method": "PUT", "headers": {"content-type": "text/plain"}, "multipart": [{"name": "a", "value": 1}]}),
            "bad_header /steps/0/headers/content-type",
        ),
    ]);
}

#[test]
fn remote_and_llm_have_their_keys() {
    check(&[
        (
            "remote",
            json!({"url": "https://x.org", "secret": "k", "data": {"a": "{{requestBody.x}}"}}),
            "",
        ),
        (
            "remote",
            json!({"url": "https://x.org"}),
            "missing /steps/0",
        ),
        ("remote", json!({"secret": "k"}), "missing /steps/0"),
        (
            "llm",
            json!({"url": "{{vars.llm}}", "model": "m", "prompt": "hi {{requestBody.x}}", "temperature": 0, "max_tokens": 5, "json": true}),
            "",
        ),
        (
            "llm",
            json!({"url": "{{vars.llm}}", "model": "m", "messages": [{"role": "system", "content": "be brief"}, {"role": "user", "content": "{{requestBody}}"}]}),
            "",
        ),
        (
            "llm",
            json!({"url": "{{vars.llm}}", "model": "m", "messages": [{"role": "robot", "content": ""}]}),
            "unknown_value /steps/0/messages/0/role",
        ),
        (
            "llm",
            json!({"url": "{{vars.llm}}", "model": "m", "messages": []}),
            "out_of_range /steps/0/messages",
        ),
        (
            "llm",
            json!({"url": "{{vars.llm}}", "model": "m"}),
            "missing /steps/0",
        ),
        (
            "llm",
            json!({"url": "{{vars.llm}}", "model": "m", "prompt": "a", "messages": "{{requestBody}}"}),
            "one_of_two /steps/0/messages",
        ),
        (
            "llm",
            json!({"url": "{{vars.llm}}", "model": "m", "prompt": "a", "temperature": 3}),
            "out_of_range /steps/0/temperature",
        ),
    ]);
}

#[test]
fn a_respond_step_is_checked_like_a_request() {
    for (keys, expected) in [
        (json!({"status": 199}), "out_of_range /steps/0/status"),
        (
            json!({"status": "200"}),
            "not_one_expression /steps/0/status",
        ),
        (
            json!({"headers": {"Content-Length": "5"}}),
            "bad_header /steps/0/headers/Content-Length",
        ),
        (
            json!({"body": {"a": ["{{ x"]}}),
            "template /steps/0/body/a/0",
        ),
        (
            json!({"body": "{\"a\": {{requestBody}}"}),
            "content_type_missing /steps/0/body",
        ),
        (json!({"body_file": "x"}), "bad_file /steps/0/body_file"),
        (
            json!({"body_file": "a {{requestBody.file}}"}),
            "not_one_expression /steps/0/body_file",
        ),
        (
            json!({"body": "a", "body_file": "{{requestBody.file}}"}),
            "one_of_several /steps/0/body_file",
        ),
    ] {
        let found = problems("respond", keys.clone(), Value::Null);
        assert_eq!(found, [expected, "respond_without_sync /steps/0"], "{keys}");
    }
}

#[test]
fn edges_name_exit_codes_that_the_step_can_end_with() {
    let switch = json!({"expression": 1, "cases": {"one": 1, "two": 2}, "default": "many"});
    let fail = json!({"message": "no", "exit_code": "declined"});
    let condition = json!({"expression": "{{requestBody.x}}"});
    let wrong = "unknown_exit_code /steps/1/after/0/on";
    for (kind, keys, on, expected) in [
        (
            "switch",
            &switch,
            json!(["one", "many", "error", "*"]),
            vec![],
        ),
        ("switch", &switch, json!(["success"]), vec![wrong]),
        ("switch", &switch, json!(["three"]), vec![wrong]),
        ("fail", &fail, json!(["declined", "error"]), vec![]),
        ("fail", &fail, json!(["success"]), vec![wrong]),
        (
            "condition",
            &condition,
            json!(["true", "false", "error"]),
            vec![],
        ),
        ("condition", &condition, json!(["yes"]), vec![wrong]),
    ] {
        let found = problems(kind, keys.clone(), on.clone());
        let errors: Vec<&String> = found
            .iter()
            .filter(|each| each.starts_with("unknown"))
            .collect();
        assert_eq!(errors, expected, "{kind} {on}");
    }
}

#[test]
fn an_edge_from_a_choice_says_for_which_exit_code_it_is() {
    for (kind, keys) in [
        ("condition", json!({"expression": "{{requestBody.x}}"})),
        ("switch", json!({"expression": 1, "cases": {"success": 1}})),
    ] {
        let parsed = read(json!({
            "format": "hookloom.flow/1", "name": "f",
            "endpoints": [{"name": "into", "auth": {"kind": "shared_key", "secret": "k"}, "body_memory": "requestBody"}],
            "steps": [step(kind, keys), {"name": "b", "kind": "set", "values": {}, "after": [{"step": "it"}]}],
        }));
        assert!(
            found(&parsed).contains(&"missing /steps/1/after/0".to_owned()),
            "{kind}"
        );
    }
}

#[test]
fn both_ways_of_a_condition_never_come_together() {
    let set = |name: &str, after: Value| json!({"name": name, "kind": "set", "values": {}, "after": after});
    let flow = |join: &str| {
        let mut end = set("end", json!([{"step": "yes"}, {"step": "no"}]));
        end["join"] = json!(join);
        read(json!({
            "format": "hookloom.flow/1", "name": "f",
            "endpoints": [{"name": "into", "auth": {"kind": "shared_key", "secret": "k"}, "body_memory": "requestBody"}],
            "steps": [
                step("condition", json!({"expression": "{{requestBody.x}}"})),
                set("yes", json!([{"step": "it", "on": ["true"]}])),
                set("no", json!([{"step": "it", "on": ["false"]}])),
                end,
            ],
        }))
    };
    assert_eq!(found(&flow("all")), ["join_never_satisfied /steps/3/after"]);
    assert_eq!(found(&flow("any")), Vec::<String>::new());
}

#[test]
fn a_flow_has_a_url_and_a_secret_for_its_remote_steps() {
    let parsed = read(json!({
        "format": "hookloom.flow/1", "name": "f",
        "remote_url": "{{vars.steps_url}}/hook", "remote_secret": "signing",
        "steps": [step("remote", json!({})), {"name": "own", "kind": "remote", "url": "https://{{secrets.host}}/", "secret": "other"}],
    }));
    assert_eq!(found(&parsed), Vec::<String>::new());
    let flow = parsed.into_document().expect("a document");
    assert_eq!(
        flow.steps[0].retry.attempts_max, 3,
        "a remote step is tried three times"
    );
}

#[test]
fn an_llm_step_has_more_time_than_others() {
    let parsed = read(json!({
        "format": "hookloom.flow/1", "name": "f",
        "steps": [step("llm", json!({"url": "https://x.org/v1", "model": "m", "prompt": "p"})), {"name": "other", "kind": "set", "values": {}}],
    }));
    let flow = parsed.into_document().expect("a document");
    assert_eq!(
        (flow.steps[0].timeout_ms, flow.steps[1].timeout_ms),
        (120_000, 30_000)
    );
}
