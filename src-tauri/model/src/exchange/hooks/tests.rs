//! Hooks of every kind, in and out.

use serde_json::{Value, json};

use super::*;
use crate::document::from_value;
use crate::exchange::{Fate, Note};

fn file() -> Value {
    serde_json::from_str(include_str!("../testing/hooks.json")).expect("JSON")
}

fn incoming() -> Incoming {
    read(&file(), Vec::new()).expect("some can be kept")
}

fn draft<'i>(incoming: &'i Incoming, name: &str) -> &'i Value {
    let mut flows = incoming.document.flows.iter();
    &flows.find(|flow| flow.name == name).expect(name).draft
}

fn has(notes: &[Note], fate: Fate, what: &str, why: &str) -> bool {
    let mut notes = notes.iter();
    notes.any(|note| note.fate == fate && note.what.contains(what) && note.why.contains(why))
}

#[test]
fn every_hook_that_can_be_kept_is_a_flow_that_could_be_published() {
    let incoming = incoming();
    let names: Vec<&str> = incoming
        .document
        .flows
        .iter()
        .map(|flow| flow.name.as_str())
        .collect();
    assert_eq!(
        names,
        ["redeploy-webhook", "gitlab_push", "slack", "by-url", "open"]
    );
    for flow in &incoming.document.flows {
        let parsed = from_value(flow.draft.clone());
        assert!(
            !parsed.blocks_publish(),
            "{:#}\n{:#?}",
            flow.draft,
            parsed.problems
        );
    }
    let all = format!("{:?}", incoming);
    assert!(
        !all.contains("hunter2"),
        "the value of a secret came along: {all}"
    );
}

#[test]
fn who_may_call_is_checked_by_the_endpoint_and_what_is_in_the_request_by_the_first_step() {
    let incoming = incoming();
    let draft = draft(&incoming, "redeploy-webhook");
    let endpoint = &draft["endpoints"][0];
    assert_eq!(endpoint["path"], "/in/hooks/redeploy-webhook");
    assert_eq!(endpoint["methods"], json!(["POST", "PUT"]));
    assert_eq!(endpoint["response"]["status"], 202);
    assert_eq!(endpoint["response"]["body"], "On its way");
    assert_eq!(
        endpoint["response"]["headers"]["X-Shop"],
        r#"a {{ "{{" }}b}}"#
    );
    let ways = endpoint["auth"]["of"].as_array().expect("all of four");
    assert_eq!(endpoint["auth"]["kind"], "all");
    assert_eq!(ways[0]["of"][0]["scheme"]["value"], "sha1={signature}");
    assert_eq!(
        ways[1],
        json!({"kind": "signature", "scheme": "github", "secret": "redeploy_webhook_secret"})
    );
    assert_eq!(ways[2]["of"][1]["scheme"]["hash"], "sha512");
    assert_eq!(ways[3], json!({"kind": "ip", "ranges": ["192.168.0.0/24"]}));
    let code = draft["steps"][0]["code"].as_str().expect("a script");
    let condition = r#"((is(at(trigger.body, ["ref"]), "refs/heads/main")) || (fits(at(trigger.body, ["ref"]), "^refs/tags/v\\d+", "i"))) && (!(is(at(trigger.body, ["deleted"]), "true")))"#;
    assert!(code.contains(condition), "{code}");
    assert_eq!(
        draft["steps"][1],
        json!({
            "name": "values", "kind": "set", "after": [{"step": "check", "on": ["success"]}],
            "values": {
                "id": "{{ trigger.body.head_commit.id | default(\"\") }}",
                "email": "{{ trigger.body.commits[0].author.email | default(\"\") }}",
                "x_github_event": "{{ trigger.headers[\"x-github-event\"] | default(\"\") }}",
                "payload": "{{ trigger.body }}",
                "text": "--force",
                "SEARCH": "{{ trigger.query.q | default(\"\") }}",
            },
        })
    );
}

#[test]
fn what_is_lost_is_named_with_its_reason() {
    let notes = incoming().notes.into_vec();
    assert!(
        has(
            &notes,
            Fate::Dropped,
            "`redeploy-webhook`: `execute-command`",
            "starts no programs"
        ),
        "{notes:#?}"
    );
    assert!(
        has(
            &notes,
            Fate::Dropped,
            "`pass-file-to-command`",
            "trigger.files"
        ),
        "{notes:#?}"
    );
    assert!(
        has(
            &notes,
            Fate::Dropped,
            "number 6 of `pass-arguments-to-command`",
            "address"
        ),
        "{notes:#?}"
    );
    assert!(
        has(
            &notes,
            Fate::Dropped,
            "the method `TRACE`",
            "does not take it"
        ),
        "{notes:#?}"
    );
    assert!(
        has(&notes, Fate::Dropped, "`some-new-key`", "not known"),
        "{notes:#?}"
    );
    assert!(
        has(
            &notes,
            Fate::Changed,
            "`open`: no authentication",
            "whoever knows the URL"
        ),
        "{notes:#?}"
    );
    assert!(
        has(
            &notes,
            Fate::Dropped,
            "the hook `not-from-here`",
            "keeps callers out"
        ),
        "{notes:#?}"
    );
    assert!(
        has(&notes, Fate::Dropped, "the hook `mixed`", "`or` joins"),
        "{notes:#?}"
    );
    assert!(
        has(&notes, Fate::Dropped, "the hook `scalr`", "scalr-signature"),
        "{notes:#?}"
    );
}

#[test]
fn keys_in_headers_and_urls_are_secrets_and_keys_in_payloads_variables() {
    let incoming = incoming();
    let auth = |name: &str| draft(&incoming, name)["endpoints"][0]["auth"].clone();
    assert_eq!(
        auth("gitlab_push"),
        json!({"kind": "api_key", "header": "x-gitlab-token", "secret": "gitlab_push_x_gitlab_token"})
    );
    assert_eq!(auth("slack"), json!({"kind": "none"}));
    assert!(
        draft(&incoming, "slack")["steps"][0]["code"]
            .to_string()
            .contains("vars[\\\"slack_token\\\"]")
    );
    let of = json!([{"kind": "shared_key", "secret": "by_url_token"}, {"kind": "ip", "ranges": ["10.0.0.0/8"]}]);
    assert_eq!(
        auth("by-url"),
        json!({"kind": "any", "of": of}),
        "and the way by the payload alone is shut"
    );
    let notes = incoming.notes.into_vec();
    assert!(
        has(&notes, Fate::Changed, "`?token=`", "`?key=`"),
        "{notes:#?}"
    );
    assert!(
        has(
            &notes,
            Fate::Dropped,
            "by-url: 1 parts of an `or`",
            "refused now"
        ),
        "{notes:#?}"
    );
}

#[test]
fn templates_of_the_environment_become_names() {
    let text = r#"[{"id": "a", "execute-command": "{{ getenv "HOME" | js }}/x", "response-message": "by {{ getenv "SHOP" | js }}",
        "trigger-rule": {"match": {"type": "payload-hmac-sha256", "secret": "{{ getenv "HOOK_SECRET" | js }}", "parameter": {"source": "header", "name": "X-Hub-Signature-256"}}}},
        {"id": "b", "execute-command": "{{ template "x" }}"}]"#;
    let incoming = read_templates(text).expect("hooks");
    let endpoint = &draft(&incoming, "a")["endpoints"][0];
    assert_eq!(endpoint["auth"]["secret"], "hook_secret");
    assert_eq!(endpoint["response"]["body"], "by {{ vars.shop }}");
    let notes = incoming.notes.into_vec();
    assert!(
        has(
            &notes,
            Fate::Changed,
            "X-Hub-Signature-256",
            "`hook_secret`"
        ),
        "{notes:#?}"
    );
    assert!(
        has(
            &notes,
            Fate::Changed,
            "`SHOP` of the environment",
            "variable `shop`"
        ),
        "{notes:#?}"
    );
    assert!(
        has(
            &notes,
            Fate::Dropped,
            "the template `template \"x\"`",
            "Only webhook"
        ),
        "{notes:#?}"
    );
}

#[test]
fn a_file_of_hooks_that_cannot_be_kept_is_refused_with_the_reason() {
    let none = json!([{"id": "scalr", "trigger-rule": {"match": {"type": "scalr-signature"}}}]);
    let refused = read(&none, Vec::new()).expect_err("none is left");
    assert!(
        refused.message.contains("scalr-signature"),
        "{}",
        refused.message
    );
}

#[test]
fn endpoints_go_out_with_their_rules_and_come_back_the_same() {
    let auth = json!({"kind": "all", "of": [
        {"kind": "signature", "scheme": "github", "secret": "github_secret"},
        {"kind": "any", "of": [{"kind": "ip", "ranges": ["10.0.0.0/8"]}, {"kind": "bearer", "secret": "robot"}]},
    ]});
    let document = json!({"name": "orders", "steps": [{"name": "a"}], "endpoints": [
        {"name": "orders", "path": "/in/hooks/orders", "methods": ["POST"], "auth": &auth, "response": {"status": 202, "body": "ok"}, "limits": {"body_bytes_max": 1}},
        {"name": "closed", "auth": {"kind": "jwt", "algorithm": "HS256", "secret": "a"}},
    ]});
    let (text, notes) = write([&document]);
    assert!(
        text.contains(r#""secret": "{{ getenv "github_secret" | js }}""#),
        "{text}"
    );
    assert!(
        text.contains(r#""value": "Bearer {{ getenv "robot" | js }}""#),
        "{text}"
    );
    assert!(!text.contains("closed"), "{text}");
    let notes = notes.into_vec();
    assert!(
        has(&notes, Fate::Dropped, "`closed`: the endpoint", "`jwt`"),
        "{notes:#?}"
    );
    assert!(
        has(&notes, Fate::Dropped, "1 steps", "knows no flow"),
        "{notes:#?}"
    );
    assert!(
        has(&notes, Fate::Dropped, "`limits`", "no limits"),
        "{notes:#?}"
    );
    assert!(
        has(&notes, Fate::Changed, "`execute-command`", "your program"),
        "{notes:#?}"
    );
    let back = read_templates(&text).expect("hooks");
    let endpoint = &draft(&back, "orders")["endpoints"][0];
    assert_eq!(endpoint["auth"], auth);
    assert_eq!(endpoint["path"], "/in/hooks/orders");
    assert_eq!(endpoint["response"]["status"], 202);
}
