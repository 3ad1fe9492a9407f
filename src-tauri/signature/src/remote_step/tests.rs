//! The figures of the contract, mutations, and JavaScript itself as the oracle.

use std::io::Write as _;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::{is_key, sign, standard_webhooks_secret, stringify, verify};

const KEY: &str = "wsk_upsjOIYYLME2zLPaiDDe9BpXP2ZS8xnw";
const SIGNATURE: &str = "c3f2333f398597ca471d5165cd8328d0ba4e34d8f6f55fe9c9b30ee63a0d4d30";
/// Documents that Node is asked about in one go.
const DOCUMENTS: usize = 500;

fn payload() -> Value {
    json!({
        "data": {"foo": "bar"},
        "context": {
            "flow_id": "my_awesome_flow_identifier",
            "flow_name": "my_awesome_flow",
            "step_name": "step_b",
            "request_id": "mqr_4b81ae2d5613446e9e21d76ba2ce26fc",
            "triggered_by": {"step_name": "step_a", "step_execution_id": "ste_edf275e1e6e54212aa10662b05719d7a"},
            "dependencies_context": {"step_a": {"data": null, "exit_code": "success"}},
        },
    })
}

#[test]
fn the_payload_of_the_documentation_has_this_signature() {
    assert_eq!(sign(&payload(), KEY).as_deref(), Ok(SIGNATURE));
    assert_eq!(verify(&payload(), KEY, SIGNATURE), Ok(()));
    let printed = "8d63956cc6672bb644a026d081610054c6047550ce49cc230d90cbfd43409b25";
    let failure = verify(&payload(), KEY, printed).expect_err("it is of other bytes");
    assert_eq!(failure.code(), "mismatch");
}

#[test]
fn whatever_is_changed_the_signature_does_not_match() {
    let mut other = payload();
    other["data"]["foo"] = json!("baz");
    let upper = SIGNATURE.to_uppercase();
    let longer = format!("{SIGNATURE}0");
    for (payload, key, signature, code) in [
        (&other, KEY, SIGNATURE, "mismatch"),
        (
            &payload(),
            "wsk_upsjOIYYLME2zLPaiDDe9BpXP2ZS8xnW",
            SIGNATURE,
            "mismatch",
        ),
        (&payload(), "", SIGNATURE, "bad_secret"),
        (&payload(), KEY, "", "bad_encoding"),
        (&payload(), KEY, &SIGNATURE[..63], "bad_encoding"),
        (&payload(), KEY, longer.as_str(), "bad_encoding"),
        (&payload(), KEY, upper.as_str(), "bad_encoding"),
    ] {
        let failure = verify(payload, key, signature).expect_err("it must not match");
        assert_eq!(failure.code(), code, "{signature}");
    }
}

#[test]
fn keys_have_a_form_and_are_secrets_of_standard_webhooks_too() {
    assert!(is_key(KEY));
    for wrong in [
        "",
        "wsk_",
        "upsjOIYYLME2zLPaiDDe9BpXP2ZS8xnw",
        "wsk_upsjOIYYLME2zLPaiDDe9BpXP2ZS8xn-",
    ] {
        assert!(!is_key(wrong), "{wrong}");
    }
    assert_eq!(standard_webhooks_secret("wsk_a"), "whsec_d3NrX2E=");
}

#[test]
fn numbers_keys_and_escapes_are_written_as_javascript_does() {
    for (given, expected) in [
        ("1.0", "1"),
        ("1e21", "1e+21"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("9007199254740993", "9007199254740992"),
        ("18446744073709551615", "18446744073709552000"),
        ("1e-7", "1e-7"),
        (
            r#"{"b":1,"10":2,"2":3,"01":4,"4294967295":5,"4294967294":6,"-1":7}"#,
            r#"{"2":3,"10":2,"4294967294":6,"b":1,"01":4,"4294967295":5,"-1":7}"#,
        ),
        (
            r#""\u0000\u001f\u007f\u2028/\/\"""#,
            "\"\\u0000\\u001f\u{7f}\u{2028}//\\\"\"",
        ),
    ] {
        let value: Value = serde_json::from_str(given).expect("JSON");
        assert_eq!(stringify(&value), expected, "{given}");
    }
}

fn keys() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<u32>().prop_map(|number| number.to_string()),
        (0_u32..20).prop_map(|number| number.to_string()),
        (0_u64..3).prop_map(|over| (u64::from(u32::MAX) - 1 + over).to_string()),
        (0_u32..20).prop_map(|number| format!("0{number}")),
        (0_i32..20).prop_map(|number| format!("-{number}")),
        Just("__proto__".to_owned()),
        Just("toJSON".to_owned()),
        Just("length".to_owned()),
        Just(String::new()),
        any::<String>(),
    ]
}

fn documents() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-10_000_i64..10_000).prop_map(|n| json!(n as f64 / 8.0)),
        (-330_i32..310, 1_u32..10)
            .prop_map(|(e, d)| json!(format!("{d}e{e}").parse::<f64>().unwrap_or(0.0))),
        any::<f64>().prop_filter_map("finite", |f| f.is_finite().then(|| Value::from(f))),
        any::<String>().prop_map(Value::from),
        prop::collection::vec(0_u32..0x2030, 0..8).prop_map(|codes| codes
            .into_iter()
            .filter_map(char::from_u32)
            .collect::<String>()
            .into()),
    ];
    leaf.prop_recursive(4, 30, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((keys(), inner), 0..8)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// What Node makes of each line.
fn node(lines: &str) -> Vec<String> {
    let script = "const {readFileSync} = require('node:fs');\
        for (const line of readFileSync(0, 'utf8').split('\\n')) if (line) console.log(JSON.stringify(JSON.parse(line)));";
    let mut child = Command::new("node")
        .args(["-e", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node starts; `make setup` says what is missing");
    let mut stdin = child.stdin.take().expect("piped");
    let text = lines.to_owned();
    let writing = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().expect("node ends");
    writing
        .join()
        .expect("no panic")
        .expect("node reads it all");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().map(str::to_owned).collect()
}

#[test]
fn node_writes_the_same_bytes() {
    let mut runner = TestRunner::default();
    let strategy = documents();
    let documents: Vec<Value> = (0..DOCUMENTS)
        .map(|_| {
            strategy
                .new_tree(&mut runner)
                .expect("a document")
                .current()
        })
        .collect();
    let lines: String = documents
        .iter()
        .map(|document| format!("{document}\n"))
        .collect();
    let written = node(&lines);
    assert_eq!(written.len(), documents.len());
    for (document, expected) in documents.iter().zip(&written) {
        assert_eq!(&stringify(document), expected, "{document}");
    }
}
