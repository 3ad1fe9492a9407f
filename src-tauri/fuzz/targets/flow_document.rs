//! Any text as a flow document: it is read without a panic, and what is sound stays the same when it is written.

#![no_main]

use hookloom_model::document::{canonical, from_value, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let parsed = parse(text);
    for problem in &parsed.problems {
        assert!(!problem.message.is_empty());
    }
    if parsed.document.is_some() {
        let written = canonical(&parsed.json);
        let again = parse(&written);
        assert!(!again.blocks_publish(), "{written}\n{:?}", again.problems);
        assert_eq!(canonical(&again.json), written);
        assert_eq!(from_value(again.json).document, parsed.document);
    }
});
