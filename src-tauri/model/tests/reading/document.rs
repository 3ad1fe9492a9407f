//! Reading flow documents: what is sound is taken, and everything wrong is listed with its place.

use crate::support::{self, found, order_intake, read};
use hookloom_model::document::{self, Auth, FlowDocument, Parsed, StepKind, TaskEvent};
use hookloom_model::{Problem, Severity};
use serde_json::{Value, json};

#[test]
fn the_contracts_example_is_sound() {
    let parsed = document::parse(&support::order_intake_text());
    assert_eq!(parsed.problems, []);
    assert_eq!(parsed.name.as_deref(), Some("order_intake"));
    let flow = parsed.into_document().expect("a document");
    assert_eq!(flow.title.as_deref(), Some("Order intake"));
    let endpoint = flow.endpoint("orders").expect("the endpoint");
    assert_eq!(endpoint.body_bytes_max, 1_048_576);
    assert_eq!(endpoint.requests_per_minute_max, Some(600));
    assert!(
        matches!(&endpoint.auth, Auth::SharedKey { secret, header: None, previous: None } if secret == "orders_key")
    );
    assert!(matches!(flow.steps[0].kind, StepKind::Set(_)));
    assert_eq!(flow.steps[1].retry.attempts_max, 3);
    assert_eq!(flow.webhook_tasks[0].event, TaskEvent::JobFinished);
    assert_eq!(flow.webhook_tasks[0].attempts_max(), 8);
    assert_eq!(
        flow.upstream("ship").into_iter().collect::<Vec<_>>(),
        ["enrich"]
    );
}

#[test]
fn the_example_is_written_as_it_was_read() {
    let text = support::order_intake_text();
    let value: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(document::canonical(&value), text);
}

#[test]
fn every_problem_is_listed_with_its_place() {
    let parsed = read(json!({
        "format": "hookloom.flow/1",
        "name": "9 lives",
        "titel": "x",
        "timeout_ms": 0,
        "endpoints": [
            {"name": "a", "methods": ["post", "GET", "GET"]},
            {"name": "a", "auth": {"kind": "none"}, "body_memory": "secrets", "limits": {"body_bytes_max": -1, "rate": 1}},
        ],
        "steps": [
            {"name": "one", "kind": "htpp"},
            {"name": "one", "kind": "set", "values": {"x": "{{ y"}, "after": [{"step": "tow"}, {"step": "one"}]},
            {"name": "two", "kind": "http", "url": "ftp://x", "after": [{"step": "one", "on": []}]},
            7,
        ],
        "outputs": [{"name": "o", "step": "thre"}],
        "webhook_tasks": [{"name": " ", "url": "https://x.org", "event": "job_ended", "method": "GET", "body": "x", "validate_ssl": false}],
    }));
    let expected = [
        "unknown_key /titel",
        "bad_name /name",
        "out_of_range /timeout_ms",
        "unknown_value /endpoints/0/methods/0",
        "duplicate /endpoints/0/methods/2",
        "auth_missing /endpoints/0",
        "open_endpoint /endpoints/1/auth",
        "reserved_name /endpoints/1/body_memory",
        "unknown_key /endpoints/1/limits/rate",
        "out_of_range /endpoints/1/limits/body_bytes_max",
        "unknown_value /steps/0/kind",
        "template /steps/1/values/x",
        "empty_on /steps/2/after/0/on",
        "template /steps/2/url",
        "wrong_type /steps/3",
        "unknown_step /steps/1/after/0/step",
        "self_edge /steps/1/after/1",
        "unknown_step /outputs/0/step",
        "bad_name /webhook_tasks/0/name",
        "unknown_value /webhook_tasks/0/event",
        "body_not_allowed /webhook_tasks/0/body",
        "certificates_not_checked /webhook_tasks/0/validate_ssl",
        "duplicate_name /endpoints/1/name",
        "duplicate_name /steps/1/name",
    ];
    assert_eq!(found(&parsed), expected);
    assert!(parsed.document.is_none());
    let hint = |at: usize| parsed.problems[at].hint.as_deref().unwrap_or_default();
    assert_eq!(hint(0), "did you mean `title`?");
    assert_eq!(hint(3), "did you mean `POST`?");
    assert_eq!(hint(10), "did you mean `http`?");
}

#[test]
fn a_document_with_one_change_has_one_problem() {
    let lines = include_str!("one_change.txt").lines();
    for line in lines.filter(|line| !line.starts_with('#')) {
        let parts: Vec<&str> = line.split(" | ").collect();
        // Only a value can have the separator in it.
        let (place, expected) = (parts[0], parts[parts.len() - 1]);
        let value = parts[1..parts.len() - 1].join(" | ");
        let value = serde_json::from_str(&value).expect(line);
        let parsed = read(support::with(order_intake(), place, value));
        assert_eq!(found(&parsed), [expected], "{line}: {:?}", parsed.problems);
        assert_eq!(parsed.document.is_none(), parsed.blocks_publish());
        let imports = parsed.problems[0].code == Problem::NOT_AVAILABLE;
        assert_eq!(!parsed.blocks_import(), imports, "{line}");
    }
}

/// What looks like a certificate.
const PEM: &str = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";

/// Ways to say who may call.
fn unusual_callers() -> Vec<(&'static str, Value)> {
    vec![
        ("/endpoints/0/auth", json!({"kind": "none"})),
        (
            "/endpoints/0/auth",
            json!({"kind": "shared_key", "secret": "a", "header": "X-Key", "previous": {"secret": "b", "until": "2026-12-31T23:59:59Z"}}),
        ),
        (
            "/endpoints/0/auth",
            json!({"kind": "api_key", "secret": "a"}),
        ),
        (
            "/endpoints/0/auth",
            json!({"kind": "all", "of": [
                {"kind": "ip", "ranges": ["203.0.113.0/24", "2001:db8::/32", "::1"]},
                {"kind": "any", "of": [
                    {"kind": "bearer", "secret": "a"},
                    {"kind": "basic", "username": "shop", "secret": "a"},
                    {"kind": "jwt", "algorithm": "HS256", "secret": "a", "issuer": "i", "audience": "o"},
                    {"kind": "jwt", "algorithm": "ES256", "public_key": "-----BEGIN PUBLIC KEY-----\n…"},
                    {"kind": "signature", "scheme": "slack", "secret": "a", "tolerance_s": 60},
                ]},
            ]}),
        ),
        (
            "/endpoints/0/schema",
            json!({"type": "object", "$defs": {"a": {}}, "properties": {"b": {"$ref": "#/$defs/a"}}}),
        ),
    ]
}

/// The other keys of an endpoint.
fn unusual_endpoints() -> Vec<(&'static str, Value)> {
    vec![
        ("/endpoints/0/idempotency_key", json!("{{requestBody.id}}")),
        ("/endpoints/0/credential_headers", json!(["X-Token"])),
        ("/endpoints/0/mode", json!("sync")),
        ("/endpoints/0/path", json!("/in/orders/{orderId}")),
        (
            "/endpoints/0/allowed_origins",
            json!(["https://shop.example", "*"]),
        ),
        (
            "/endpoints/0/response",
            json!({"status": 202, "headers": {"X-Job": "{{job.id}}"}, "body": {"challenge": "{{requestBody.challenge}}"}}),
        ),
        (
            "/endpoints/0/off_response",
            json!({"status": 503, "body": "{{trigger.path.id}}"}),
        ),
        ("/endpoints/0/modes_allowed", json!(["async", "stream"])),
        ("/endpoints/0/sync_timeout_ms", json!(5000)),
        (
            "/endpoints/0/handshake",
            json!({"kind": "asana", "secret": "hook"}),
        ),
    ]
}

/// Everything else.
fn unusual_rest() -> Vec<(&'static str, Value)> {
    vec![
        ("/layout", json!({"enrich": {"x": 1}})),
        ("/vars", json!({"shop_url": "http://127.0.0.1:9"})),
        ("/webhook_tasks/0/scheme", json!("standard-webhooks")),
        ("/schedules", json!([])),
        ("/steps/0/values/email", json!("{{cart.id | default('')}}")),
        ("/steps/0/values/email", json!("{{secretState.token}}")),
        ("/steps/0/values/email", json!("{% if x %}")),
        ("/steps/0/values/_statePut", json!({"cart": 1})),
        ("/steps/1/after/0/on", json!(["*"])),
        ("/steps/1/url", json!("https://{{requestBody.host}}/")),
        ("/steps/1/follow_redirects", json!(false)),
        (
            "/webhook_tasks/0/body",
            json!(
                "[{{steps.ship.data.status}}, \"{{job.status}} {{requestBody.customer.email}}\"]"
            ),
        ),
        (
            "/webhook_tasks/0/scheme",
            json!({"kind": "custom", "header": "X-Sig", "value": "t={timestamp},s={signature}", "signed": "{timestamp}.{body}"}),
        ),
        ("/webhook_tasks/0/ca_certificate", json!(PEM)),
        (
            "/webhook_tasks/0/client_certificate",
            json!({"certificate": PEM, "secret": "client_key"}),
        ),
        ("/webhook_tasks/0/validate_ssl", json!(false)),
        ("/webhook_tasks/0/retry_on_failure", json!(false)),
    ]
}

#[test]
fn what_is_unusual_but_sound_has_no_error() {
    let cases = [unusual_callers(), unusual_endpoints(), unusual_rest()].concat();
    for (place, value) in &cases {
        let parsed = read(support::with(order_intake(), place, value.clone()));
        assert!(
            parsed.document.is_some(),
            "{place} = {value}: {:?}",
            parsed.problems
        );
        let warned = matches!(*place, "/endpoints/0/auth" if value["kind"] == "none")
            || place.ends_with("validate_ssl")
            // No caller of the example waits.
            || place.ends_with("sync_timeout_ms");
        assert_eq!(
            !parsed.problems.is_empty(),
            warned,
            "{place} = {value}: {:?}",
            parsed.problems
        );
        assert!(
            parsed
                .problems
                .iter()
                .all(|problem| problem.severity == Severity::Warning)
        );
    }
}

#[test]
fn the_51st_webhook_task_is_refused_with_that_number() {
    let task = |n: usize| json!({"name": format!("t{n}"), "url": "https://x.org", "event": "job_finished"});
    let with = |count: usize| {
        let tasks: Vec<Value> = (0..count).map(task).collect();
        read(support::with(
            order_intake(),
            "/webhook_tasks",
            tasks.into(),
        ))
    };
    assert_eq!(with(50).problems, []);
    let refused = with(51);
    assert_eq!(found(&refused), ["too_many /webhook_tasks/50"]);
    assert!(
        refused.problems[0].message.contains("50") && refused.problems[0].message.contains("51")
    );
}

#[test]
fn a_body_that_is_not_what_its_header_says_gets_a_warning() {
    let warned = |place: &str, value: Value| {
        let parsed = read(support::with(order_intake(), place, value));
        assert!(parsed.document.is_some(), "{:?}", parsed.problems);
        found(&parsed)
    };
    assert_eq!(
        warned("/webhook_tasks/0/body", json!("{\"a\": 1")),
        ["body_is_no_json /webhook_tasks/0/body"]
    );
    assert_eq!(
        warned("/webhook_tasks/0/headers", json!({})),
        ["content_type_missing /webhook_tasks/0/body"]
    );
    assert_eq!(
        warned("/steps/1/body", json!("{{requestBody}}")),
        Vec::<String>::new()
    );
}

#[test]
fn a_large_document_is_read_in_good_time() {
    let step = |n: usize| {
        let after = if n == 0 {
            json!([])
        } else {
            json!([{"step": format!("s{}", n - 1)}])
        };
        json!({"name": format!("s{n}"), "kind": "set", "after": after, "values": {"x": format!("{{{{steps.s{}.data.y}}}}", n.saturating_sub(2))}})
    };
    let steps: Vec<Value> = (0..1_000).map(step).collect();
    let parsed = read(json!({"format": "hookloom.flow/1", "name": "f", "steps": steps}));
    assert_eq!(found(&parsed), ["not_upstream /steps/0/values/x"]);
    let many: Vec<Value> = (0..3_000).map(|_| json!(1)).collect();
    let parsed = read(
        json!({"format": "hookloom.flow/1", "name": "f", "layout": 1, "outputs": &many[..900], "steps": &many[..900]}),
    );
    assert_eq!(parsed.problems.len(), document::PROBLEMS_MAX + 1);
    assert!(parsed.blocks_import());
    assert!(
        parsed.problems[document::PROBLEMS_MAX]
            .message
            .starts_with("801 more")
    );
}

#[test]
fn branches_that_exclude_each_other_are_noticed_at_an_all_join() {
    let set = |name: &str, after: Value| json!({"name": name, "kind": "set", "values": {}, "after": after});
    let steps = |join: &str| {
        let mut end = set("end", json!([{"step": "good"}, {"step": "bad"}]));
        end["join"] = json!(join);
        json!([
            set("start", json!([])),
            set("good", json!([{"step": "start"}])),
            set("bad", json!([{"step": "start", "on": ["error"]}])),
            end,
            set("after_end", json!([{"step": "end"}])),
        ])
    };
    let flow =
        |join: &str| read(json!({"format": "hookloom.flow/1", "name": "f", "steps": steps(join)}));
    assert_eq!(found(&flow("all")), ["join_never_satisfied /steps/3/after"]);
    assert_eq!(found(&flow("any")), Vec::<String>::new());
}

#[test]
fn a_circle_is_told_in_its_order() {
    let set = |name: &str, after: &str| json!({"name": name, "kind": "set", "values": {}, "after": [{"step": after}]});
    let parsed = read(
        json!({"format": "hookloom.flow/1", "name": "f", "steps": [set("a", "c"), set("b", "a"), set("c", "b")]}),
    );
    assert_eq!(found(&parsed), ["cycle /steps/0/after"]);
    let message = &parsed.problems[0].message;
    assert!(message.contains("`a` → `b` → `c` → `a`"), "{message}");
}

#[test]
fn later_kinds_are_known_and_nothing_in_them_is_called_unknown() {
    let parsed = read(json!({
        "format": "hookloom.flow/1", "name": "f",
        "steps": [
            {"name": "a", "kind": "jq", "program": ".", "value": 1},
            {"name": "c", "kind": "for_each", "items": [], "steps": [], "parallel_max": 2, "on_error": "fail", "after": [{"step": "a"}]},
            {"name": "d", "kind": "validate", "schema": {}, "valeu": 2, "after": [{"step": "a", "on": ["yes"]}]},
        ],
    }));
    assert_eq!(
        found(&parsed),
        [
            "not_available /steps/0/kind",
            "not_available /steps/1/kind",
            "unknown_key /steps/2/valeu",
            "not_available /steps/2/kind",
            "unknown_exit_code /steps/2/after/0/on",
        ]
    );
}

#[test]
fn text_that_is_no_document_is_one_clear_problem() {
    for (text, code, part) in [
        ("", "malformed_json", "line 1"),
        ("{\n  \"a\": }", "malformed_json", "line 2, column 8"),
        ("[]", "wrong_type", "expected an object"),
        ("{\"a\": 1e400}", "malformed_json", "out of range"),
        ("{\"a\": \"\\ud800\"}", "malformed_json", ""),
        (&"[".repeat(1000), "malformed_json", "document depth"),
        (
            &" ".repeat(document::DOCUMENT_BYTES_MAX + 1),
            "too_large",
            "document size",
        ),
    ] {
        let parsed = document::parse(text);
        assert_eq!(parsed.problems.len(), 1, "{:?}", parsed.problems);
        assert_eq!(parsed.problems[0].code, code);
        assert!(
            parsed.problems[0].message.contains(part),
            "{}",
            parsed.problems[0].message
        );
        assert!(parsed.blocks_import());
    }
}

#[test]
fn a_key_that_is_there_twice_is_refused() {
    let text = support::order_intake_text().replace(
        "\"mode\": \"async\",",
        "\"mode\": \"async\", \"mode\": \"async\",",
    );
    let parsed = document::parse(&text);
    assert_eq!(found(&parsed), ["duplicate_key /endpoints/0/mode"]);
    assert!(parsed.document.is_none());
}

#[test]
fn later_parts_are_kept_and_can_be_imported() {
    let text = support::order_intake_text().replacen(
        "  \"endpoints\"",
        "  \"on_failure\": \"tell\",\n  \"endpoints\"",
        1,
    );
    let parsed: Parsed = document::parse(&text);
    assert!(!parsed.blocks_import() && parsed.blocks_publish());
    assert_eq!(document::canonical(&parsed.json), text);
    let refused: Result<FlowDocument, _> = parsed.into_document();
    assert_eq!(refused.expect_err("not yet").len(), 1);
}
