//! Any bytes as a form: the pieces that it comes in make no difference, and no part grows beyond its body.

#![no_main]

use hookloom_receiver::fuzzing::form_parts;
use libfuzzer_sys::fuzz_target;

// The first byte is how long the pieces are, the second how long the Content-Type is; then both.
fuzz_target!(|bytes: &[u8]| {
    let [step, type_bytes, rest @ ..] = bytes else {
        return;
    };
    let at = usize::from(*type_bytes).min(rest.len());
    let (content_type, body) = rest.split_at(at);
    let content_type = String::from_utf8_lossy(content_type);
    let types = [&*content_type, "multipart/form-data; boundary=b"];
    for content_type in types {
        let whole = form_parts(content_type, [body]);
        let pieces = form_parts(content_type, body.chunks(usize::from(*step).max(1)));
        match (&whole, &pieces) {
            (Ok(whole), Ok(pieces)) => assert_eq!(whole, pieces),
            (Err(whole), Err(pieces)) => assert_eq!(whole.to_string(), pieces.to_string()),
            _ => panic!("{whole:?} as a whole, {pieces:?} in pieces"),
        }
        if let Ok(parts) = whole {
            let data: usize = parts.iter().map(|part| part.data.len()).sum();
            assert!(data <= body.len());
        }
    }
});
