//! Any bytes as the body of an import: read as JSON that remembers repeated keys, checked, written as it is kept, and read
//! again.

#![no_main]

use hookloom_model::document::{GivenJson, canonical, from_json};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
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
