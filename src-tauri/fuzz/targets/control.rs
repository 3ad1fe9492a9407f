//! A wrong claim: that no value changes on its way into a URL. `cargo xtask fuzz` begins with it, one byte away from a
//! find, and goes on only if it fails: otherwise fuzzing finds nothing here, and says nothing about the other targets.

#![no_main]

use hookloom_template::{Place, Scope, Template};
use libfuzzer_sys::fuzz_target;
use serde_json::json;

fuzz_target!(|text: &str| {
    let value = "one two";
    let mut scope = Scope::default();
    scope.insert("a", json!(value));
    let Ok(template) = Template::parse(text, Place::Url) else {
        return;
    };
    let Ok(out) = template.render(&scope, None) else {
        return;
    };
    let uses_value = text.contains("{{a}}");
    assert!(!uses_value || out.contains(value), "{text:?} gave {out:?}");
});
