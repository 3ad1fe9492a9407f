//! Any bytes as the body of an import: read as JSON that remembers repeated keys, checked, written as it is kept, and read
//! again. The same bytes as a text of any format that can be imported: what it comes to is written, read again, and is the
//! same.

#![no_main]

use hookloom_model::document::{GivenJson, canonical, from_json};
use hookloom_model::exchange::{read, write_curl, write_hooks};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        any_format(text);
    }
    let Ok(given) = serde_json::from_slice::<GivenJson>(bytes) else {
        return;
    };
    let was_repeated = !given.repeated.is_empty();
    let parsed = from_json(given);
    assert!(!was_repeated || parsed.blocks_import(), "a repeated key was dropped without a word");
    if parsed.blocks_import() {
        return;
    }
    let kept = canonical(&parsed.json);
    let again: GivenJson = serde_json::from_str(&kept).expect("what is kept is JSON");
    assert!(again.repeated.is_empty());
    let again = from_json(again);
    assert!(!again.blocks_import(), "{kept}\n{:?}", again.problems);
    assert_eq!(again.problems.len(), parsed.problems.len(), "{kept}");
    assert_eq!(canonical(&again.json), kept);
});

fn any_format(text: &str) {
    let Ok(incoming) = read(text, "file") else {
        return;
    };
    let _ = incoming.notes.into_vec();
    let written = incoming.document.to_text();
    let again = read(&written, "file").expect("what is written can be read");
    assert_eq!(again.document.to_text(), written);
    let drafts: Vec<_> = again.document.flows.iter().map(|flow| &flow.draft).collect();
    let _ = write_hooks(drafts.iter().copied());
    let _ = write_curl(drafts.iter().copied(), "http://127.0.0.1:4747");
}
