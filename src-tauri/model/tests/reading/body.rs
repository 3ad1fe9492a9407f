//! Bodies by their content type, and the state that comes in them.

use hookloom_model::body::{
    self, BODY_DEPTH_MAX, BodyForm, BodyValue, StateError, mentions_secret_state, take_secret_state,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn value(content_type: &str, bytes: &[u8]) -> Value {
    match parse(content_type, bytes) {
        Ok(body) => body.into_memory(|| "file".to_owned()),
        Err(error) => json!(format!("malformed: {error}")),
    }
}

fn parse(content_type: &str, bytes: &[u8]) -> Result<BodyValue, body::Malformed> {
    body::parse(Some(content_type), bytes, "POST")
}

#[test]
fn json_types_hold_json() {
    for content_type in [
        "application/json",
        "TEXT/JSON; charset=utf-8",
        "application/vnd.github+json",
    ] {
        assert_eq!(
            value(content_type, br#"{"a": [1, 2.5]}"#),
            json!({"a": [1, 2.5]})
        );
        assert!(body::is_json_content_type(content_type));
        let error = parse(content_type, b"{\n  \"a\": nope}").expect_err("no JSON");
        assert_eq!((error.line, error.column), (2, 9));
    }
    assert_eq!(value("application/json", b"\xef\xbb\xbf{}"), json!({}));
    assert!(!body::is_json_content_type("application/jsonp"));
}

#[test]
fn json_that_not_every_reader_understands_is_malformed() {
    for text in [
        "1e400",
        "\"\\ud800\"",
        "\"\\udc00 x\"",
        "{\"a\":1}x",
        "\"\u{1}\"",
        "NaN",
        "[1,]",
        "\u{feff}\u{feff}1",
    ] {
        assert!(
            parse("application/json", text.as_bytes()).is_err(),
            "{text}"
        );
    }
    assert!(parse("application/json", b"\"\xff\"").is_err());
    let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(parse("application/json", deep(BODY_DEPTH_MAX).as_bytes()).is_ok());
    let error =
        parse("application/json", deep(BODY_DEPTH_MAX + 1).as_bytes()).expect_err("too deep");
    assert!(error.message.contains("body depth"), "{error}");
}

#[test]
fn of_duplicate_keys_the_last_wins_and_numbers_keep_64_bits() {
    assert_eq!(
        value("application/json", br#"{"a":1,"b":2,"a":3}"#),
        json!({"a": 3, "b": 2})
    );
    assert_eq!(
        value(
            "application/json",
            b"[9007199254740993, -9223372036854775808, 18446744073709551615]"
        )
        .to_string(),
        "[9007199254740993,-9223372036854775808,18446744073709551615]"
    );
    assert_eq!(
        value("application/json", b"0.30000000000000004").to_string(),
        "0.30000000000000004"
    );
}

#[test]
fn an_empty_body_is_null_malformed_or_empty() {
    for method in ["GET", "HEAD", "DELETE"] {
        let body = body::parse(Some("application/json"), b"", method).expect("null");
        assert_eq!(
            body,
            BodyValue::Parsed {
                value: Value::Null,
                form: BodyForm::Empty
            }
        );
    }
    assert!(
        parse("application/json", b"")
            .expect_err("empty")
            .message
            .contains("empty")
    );
    assert_eq!(value("", b""), json!(""));
    assert_eq!(value("text/plain", b""), json!(""));
    assert_eq!(value("application/x-www-form-urlencoded", b""), json!({}));
}

#[test]
fn without_a_type_it_is_json_else_text_else_bytes() {
    for content_type in [None, Some(""), Some("application/octet-stream")] {
        let value = |bytes: &[u8]| {
            body::parse(content_type, bytes, "POST")
                .expect("a value")
                .into_memory(|| "f1".to_owned())
        };
        assert_eq!(value(b"{\"a\":1}"), json!({"a": 1}));
        assert_eq!(value("grüß".as_bytes()), json!("grüß"));
        assert_eq!(
            value(b"\xff\xfe\x00"),
            json!({"file_id": "f1", "content_type": content_type.unwrap_or(""), "byte_count": 3})
        );
    }
}

#[test]
fn forms_hold_strings_and_lists_and_curls_json() {
    let form = "application/x-www-form-urlencoded";
    assert_eq!(
        value(form, b"a=1&b=x+y%26z&a=2&c&d[]=1&d[]=2&e[]=3&a=3&=4&&"),
        json!({"a": ["1", "2", "3"], "b": "x y&z", "c": "", "d[]": ["1", "2"], "e[]": "3", "": "4"})
    );
    assert_eq!(value(form, b" {\"a\": 1}\n"), json!({"a": 1}));
    assert_eq!(value(form, b"[1]"), json!({"[1]": ""}));
    assert_eq!(value(form, b"a=%ff%zz"), json!({"a": "\u{fffd}%zz"}));
    let many = "a&".repeat(body::FORM_FIELDS_MAX + 1);
    assert!(
        parse(form, many.as_bytes())
            .expect_err("too many")
            .message
            .contains("form fields")
    );
    assert_eq!(body::parse_form("a=1&a=2"), json!({"a": ["1", "2"]}));
}

#[test]
fn text_is_read_in_its_charset() {
    assert_eq!(
        value("text/plain; charset=ISO-8859-1", b"gr\xfc\xdf"),
        json!("grüß")
    );
    assert_eq!(
        value("text/plain; charset=\"utf-16le\"", b"a\0b\0"),
        json!("ab")
    );
    assert_eq!(value("text/plain", b"a\xff"), json!("a\u{fffd}"));
    assert_eq!(value("text/plain", b"\xff\xfea\0"), json!("a"));
    assert_eq!(
        value(
            "application/xml",
            b"<?xml version='1.0' encoding='iso-8859-1'?><a>\xfc</a>"
        ),
        json!("<?xml version='1.0' encoding='iso-8859-1'?><a>ü</a>")
    );
    assert_eq!(value("image/svg+xml", b"<svg/>"), json!("<svg/>"));
    assert!(
        parse("text/plain; charset=klingon", b"a")
            .expect_err("unknown")
            .message
            .contains("klingon")
    );
}

#[test]
fn other_types_stay_bytes() {
    for content_type in ["image/png", "multipart/form-data; boundary=x"] {
        assert_eq!(
            parse(content_type, b"abc").expect("bytes"),
            BodyValue::Bytes {
                content_type: content_type.to_owned(),
                byte_count: 3
            }
        );
    }
}

#[test]
fn state_is_taken_out_at_the_top_alone_and_the_last_write_wins() {
    let mut body = json!({
        "_secretStatePut": {"a": 1, "b": {"x": 1}}, "keep": {"_secretStatePut": {"deep": 1}},
        "__secretStatePut": {"b": 2}, "_statePut": {"cart": [1]}, "_secretStateRemove": ["c"], "_stateRemove": "d", "z": null,
    });
    let taken = take_secret_state(&mut body).expect("state");
    assert_eq!(
        body.to_string(),
        r#"{"keep":{"_secretStatePut":{"deep":1}},"z":null}"#
    );
    assert_eq!(
        Value::Object(taken.secret_state.expect("secret state")),
        json!({"a": 1, "b": 2})
    );
    assert_eq!(
        Value::Object(taken.state.expect("state")),
        json!({"cart": [1]})
    );
    assert_eq!(
        (taken.secret_state_removed, taken.state_removed),
        (vec!["c".to_owned()], vec!["d".to_owned()])
    );
    for mut other in [
        json!([{"_secretStatePut": {}}]),
        json!("_secretStatePut"),
        json!({"a": 1}),
    ] {
        let before = other.clone();
        assert_eq!(take_secret_state(&mut other), Ok(Default::default()));
        assert_eq!(other, before);
    }
}

#[test]
fn state_that_is_no_state_is_refused_and_taken_out_all_the_same() {
    for (given, expected) in [
        (
            json!({"_secretStatePut": "hunter2"}),
            StateError::NoObject {
                key: "_secretStatePut",
            },
        ),
        (
            json!({"__secretStatePut": ["hunter2"]}),
            StateError::NoObject {
                key: "__secretStatePut",
            },
        ),
        (
            json!({"_stateRemove": {"hunter2": 1}}),
            StateError::NoNames {
                key: "_stateRemove",
            },
        ),
        (
            json!({"_secretStateRemove": ["a", 1]}),
            StateError::NoNames {
                key: "_secretStateRemove",
            },
        ),
        (json!({"_statePut": {"secrets": 1}}), StateError::BadName),
        (json!({"_statePut": {"a-b": 1}}), StateError::BadName),
    ] {
        let mut body = given.clone();
        assert_eq!(take_secret_state(&mut body), Err(expected), "{given}");
        assert_eq!(body, json!({}));
    }
}

#[test]
fn a_mention_of_secret_state_is_found_however_it_is_written() {
    for text in [
        "{\"_secretStatePut\": nope",
        "{\"_s\\u0065cretStatePut\"",
        "{\"\\u005fsecr\\u0065tStat\\u0065\\u0050ut\"",
        "a=1&_secretStat%65Put=x",
        "{\\\"_s\\\\u0065cretStatePut",
    ] {
        assert!(mentions_secret_state(text.as_bytes()), "{text}");
    }
    let utf_16: Vec<u8> = "_secretStatePut"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert!(mentions_secret_state(&utf_16));
    for text in [
        "",
        "secretState",
        "secretStatePu",
        "\\u0065cretStat",
        "%",
        "\\u00",
    ] {
        assert!(!mentions_secret_state(text.as_bytes()), "{text}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        content_type in prop_oneof![Just("application/json"), Just("application/x-www-form-urlencoded"), Just("text/plain"), Just("application/xml"), Just(""), Just("a/b; charset=x")],
    ) {
        if let Ok(body) = parse(content_type, &bytes) {
            let mut value = body.into_memory(String::new);
            let _ = take_secret_state(&mut value);
        }
        let _ = mentions_secret_state(&bytes);
    }

    #[test]
    fn every_field_of_a_form_is_kept_in_order(pairs in prop::collection::vec(("[a-c\\[\\]&= é]{0,3}", any::<String>()), 0..20)) {
        let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
        // One string of a JSON object would be read as JSON; no encoded form is one.
        let found = value("application/x-www-form-urlencoded", text.as_bytes());
        for (name, _) in &pairs {
            let expected: Vec<&str> = pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect();
            let values = match &found[name.as_str()] {
                Value::Array(values) => values.iter().filter_map(Value::as_str).collect(),
                Value::String(value) => vec![value.as_str()],
                other => panic!("{other}"),
            };
            prop_assert_eq!(values, expected);
        }
    }

    #[test]
    fn secret_state_put_by_any_escaped_key_is_mentioned_and_taken(escaped in prop::collection::vec(any::<bool>(), 15)) {
        let key: String = "_secretStatePut".chars().zip(escaped).map(|(letter, escaped)| if escaped { format!("\\u{:04x}", u32::from(letter)) } else { letter.to_string() }).collect();
        let text = format!("{{\"{key}\": {{\"a\": 1}}}}");
        prop_assert!(mentions_secret_state(text.as_bytes()));
        let mut body = value("application/json", text.as_bytes());
        prop_assert!(take_secret_state(&mut body).expect("state").secret_state.is_some());
        prop_assert_eq!(body, json!({}));
    }
}
