//! Any text as a template for any place: nothing panics, nothing runs without end, and what comes out has the structure that
//! was written.

#![no_main]

use hookloom_template::{Place, Scope, Template, ValueTemplate};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

// The text of the template up to the first zero, then the text of a value.
fuzz_target!(|text: &str| {
    let (text, value) = text.split_once('\0').unwrap_or((text, "\"'<>&{}\r\n"));
    let mut scope = Scope::default();
    scope.insert("a", json!(value));
    scope.insert("b", json!({"c": [1, value, null, {"d": 2.5}]}));
    scope.insert("vars", json!({"base": "https://base.example/x"}));
    for place in [Place::Json, Place::Form, Place::Xml, Place::Text, Place::Header, Place::Url] {
        let _ = Template::parse_task_body(text, place);
        let Ok(template) = Template::parse(text, place) else {
            continue;
        };
        let Ok(out) = template.render(&scope, None) else {
            continue;
        };
        match place {
            Place::Header => assert!(!out.contains(['\r', '\n', '\0']), "{out:?}"),
            Place::Json => check_json(text, &out, &template),
            _ => {}
        }
    }
    if let Ok(template) = ValueTemplate::parse(&json!({"x": text, "y": [text]})) {
        let _ = template.render(&scope);
    }
});

/// What is JSON with plain values is JSON with any.
fn check_json(text: &str, out: &str, template: &Template) {
    let mut plain = Scope::default();
    plain.insert("a", json!("x"));
    plain.insert("b", json!({"c": [1, "x", null, {"d": 2.5}]}));
    plain.insert("vars", json!({"base": "https://base.example/x"}));
    if let Ok(usual) = template.render(&plain, None)
        && serde_json::from_str::<Value>(&usual).is_ok()
    {
        assert!(serde_json::from_str::<Value>(out).is_ok(), "{text:?} gave {out:?}");
    }
}
