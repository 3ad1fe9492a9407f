//! Whatever is given as a document: it is read without a panic, and what is sound stays the same when it is written. The
//! quick form of the fuzz targets `flow_document` and `import`.

use hookloom_model::document::{GivenJson, canonical, from_json, parse};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

/// Every kind of step and way to authenticate, once.
const KINDS: &str = include_str!("../../../fuzz/seeds/flow_document/kinds");

fn anything() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "",
        "set",
        "http",
        "{{a.b}}",
        "{{",
        "secrets",
        "http://x",
        "0 2 * * *",
        "any",
        "\u{0}",
        "hookloom.flow/1",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        words.prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{0,9}", inner, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// The pointers of everything in a value.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                places(item, &format!("{at}/{number}"), found);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                let name = name.replace('~', "~0").replace('/', "~1");
                places(field, &format!("{at}/{name}"), found);
            }
        }
        _ => {}
    }
}

fn check(text: &str) {
    let Ok(given) = serde_json::from_str::<GivenJson>(text) else {
        assert!(parse(text).blocks_import(), "{text}");
        return;
    };
    let parsed = from_json(given);
    for problem in &parsed.problems {
        assert!(!problem.message.is_empty(), "{text}");
    }
    if parsed.blocks_import() {
        return;
    }
    let kept = canonical(&parsed.json);
    let again = parse(&kept);
    assert!(!again.blocks_import(), "{kept}");
    assert_eq!(again.problems.len(), parsed.problems.len(), "{kept}");
    assert_eq!(
        again.document.is_some(),
        parsed.document.is_some(),
        "{kept}"
    );
    assert_eq!(canonical(&again.json), kept);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), cut in any::<Index>()) {
        check(&text);
        // A document that breaks off anywhere.
        let at = KINDS.floor_char_boundary(cut.index(KINDS.len()));
        check(&KINDS[..at]);
    }

    #[test]
    fn no_value_in_the_wrong_place_makes_it_panic(
        changes in prop::collection::vec((any::<Index>(), anything()), 1..4),
    ) {
        let mut document: Value = serde_json::from_str(KINDS).expect("JSON");
        for (at, value) in changes {
            let mut found = Vec::new();
            places(&document, "", &mut found);
            let place = &found[at.index(found.len())];
            *document.pointer_mut(place).expect("it is there") = value;
        }
        check(&document.to_string());
    }
}

#[test]
fn the_document_with_every_kind_is_sound() {
    let parsed = parse(KINDS);
    assert!(parsed.document.is_some(), "{:#?}", parsed.problems);
}
