//! What must hold for every value, in every encoding, in every text.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{MASK, Masker};

/// How somebody may write a value down, together with what stands around it inside the encoding.
#[derive(Debug, Clone, Copy)]
enum Writing {
    Raw,
    HexLower,
    HexUpper,
    Base64,
    Base64Unpadded,
    Base64Url,
    Base64UrlUnpadded,
    Percent,
    PercentLower,
    PercentAll,
    Form,
    Json,
    JsonSlashes,
    JsonAscii,
    JsonTwice,
    PercentTwice,
    Xml,
    Base64InPercent,
    JsonOfPercentAll,
}

const WRITINGS: &[Writing] = &[
    Writing::Raw,
    Writing::HexLower,
    Writing::HexUpper,
    Writing::Base64,
    Writing::Base64Unpadded,
    Writing::Base64Url,
    Writing::Base64UrlUnpadded,
    Writing::Percent,
    Writing::PercentLower,
    Writing::PercentAll,
    Writing::Form,
    Writing::Json,
    Writing::JsonSlashes,
    Writing::JsonAscii,
    Writing::JsonTwice,
    Writing::PercentTwice,
    Writing::Xml,
    Writing::Base64InPercent,
    Writing::JsonOfPercentAll,
];

impl Writing {
    fn write(self, text: &str) -> String {
        let percent = |keep: &str| -> String {
            let kept = |b: u8| b.is_ascii_alphanumeric() || keep.as_bytes().contains(&b);
            let byte = |b: u8| {
                if kept(b) {
                    char::from(b).to_string()
                } else {
                    format!("%{b:02X}")
                }
            };
            text.bytes().map(byte).collect()
        };
        let json = |text: &str| {
            let quoted = Value::from(text).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        };
        match self {
            Self::Raw => text.to_owned(),
            Self::HexLower => hex::encode(text),
            Self::HexUpper => hex::encode_upper(text),
            Self::Base64 => STANDARD.encode(text),
            Self::Base64Unpadded => STANDARD_NO_PAD.encode(text),
            Self::Base64Url => URL_SAFE.encode(text),
            Self::Base64UrlUnpadded => URL_SAFE_NO_PAD.encode(text),
            Self::Percent => percent("-_.~"),
            Self::PercentLower => percent("-_.~!*'()")
                .split('%')
                .enumerate()
                .map(|(n, part)| match part.split_at_checked(2) {
                    Some((digits, rest)) if n > 0 => format!("%{}{rest}", digits.to_lowercase()),
                    _ => part.to_owned(),
                })
                .collect(),
            Self::PercentAll => text.bytes().map(|b| format!("%{b:02x}")).collect(),
            Self::Form => percent("*-._ ").replace(' ', "+"),
            Self::Json => json(text),
            Self::JsonSlashes => json(text).replace('/', "\\/"),
            Self::JsonAscii => json(text)
                .chars()
                .map(|c| match c {
                    c if c.is_ascii() => c.to_string(),
                    c => c
                        .encode_utf16(&mut [0; 2])
                        .iter()
                        .map(|u| format!("\\u{u:04x}"))
                        .collect(),
                })
                .collect(),
            Self::JsonTwice => json(&json(text)),
            Self::PercentTwice => percent("").replace('%', "%25"),
            Self::Xml => text
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('"', "&quot;")
                .replace('\'', "&#39;"),
            Self::Base64InPercent => STANDARD
                .encode(text)
                .replace('+', "%2B")
                .replace('/', "%2F")
                .replace('=', "%3d"),
            Self::JsonOfPercentAll => text.bytes().map(|b| format!("\\u0025{b:02X}")).collect(),
        }
    }

    /// Whether the value's own characters, written alone, are what it becomes beside others.
    fn is_per_character(self) -> bool {
        !matches!(
            self,
            Self::Base64
                | Self::Base64Unpadded
                | Self::Base64Url
                | Self::Base64UrlUnpadded
                | Self::Base64InPercent
        )
    }
}

/// Values of six or more characters without white space at their ends, and without the mask's own character.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9]{6,40}",
        "[!-~][ -~]{4,30}[!-~]",
        "\\PC{6,20}",
        "[!-~\u{e9}\u{1f511}][ -~\u{e9}\u{1f511}\n\t\"\\\\/]{4,20}[!-~]",
    ]
    .prop_filter("a value", |value| {
        value.trim().chars().count() >= 6 && value.trim() == value && !value.contains('•')
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn no_writing_of_a_value_in_any_text_survives(
        value in value(),
        before in "\\PC{0,12}",
        after in "\\PC{0,12}",
        writing in prop::sample::select(WRITINGS),
    ) {
        let masker = Masker::new([value.as_str()]);
        // What stands around is written in the same way, as a whole message would be.
        let text = writing.write(&format!("{before}{value}{after}"));
        let masked = masker.mask_str(&text);
        prop_assert!(masked.contains(MASK), "{text:?}");
        if writing.is_per_character() {
            prop_assert!(!masked.contains(&writing.write(&value)), "{masked:?}");
        }
        // Nothing is left to find.
        prop_assert!(matches!(masker.mask_str(&masked), Cow::Borrowed(_)), "{masked:?}");
    }

    #[test]
    fn a_value_written_alone_between_any_texts_is_masked(
        value in value(),
        before in "\\PC{0,12}",
        after in "\\PC{0,12}",
        writing in prop::sample::select(&WRITINGS[..15]),
    ) {
        let masker = Masker::new([value.as_str()]);
        let written = writing.write(&value);
        let masked = masker.mask_str(&format!("{before}{written}{after}")).into_owned();
        prop_assert!(masked.contains(MASK));
        if writing.is_per_character() {
            prop_assert!(!masked.contains(&written), "{masked:?}");
        }
    }

    #[test]
    fn no_character_of_base64_holds_a_whole_byte_of_the_value(
        value in "[A-Za-z0-9]{6,20}",
        before in "[a-z]{0,5}",
        after in "[a-z]{0,5}",
    ) {
        let text = STANDARD.encode(format!("{before}{value}{after}"));
        let masked = Masker::new([value.as_str()]).mask_str(&text).into_owned();
        let (left, right) = masked.split_once(MASK).expect("it is masked");
        // Every byte before the value may be told from what is left, and no more than that.
        prop_assert!(left.len() <= (before.len() * 8).div_ceil(6), "{masked}");
        prop_assert!(right.len() <= (after.len() * 8).div_ceil(6) + 2, "{masked}");
    }

    #[test]
    fn a_text_without_a_value_is_returned_as_it_is(value in "[a-z]{6,12}[0-9]{4}", text in "[A-Z%+\\\\&; /=u]{0,60}") {
        prop_assert!(matches!(Masker::new([value.as_str()]).mask_str(&text), Cow::Borrowed(_)));
    }

    #[test]
    fn a_long_value_is_masked_whole_in_every_writing(
        value in "[A-Za-z0-9+/ \n\"]{40,400}",
        around in "[a-z ]{0,5}",
        writing in prop::sample::select(WRITINGS),
    ) {
        prop_assume!(value.trim() == value && value.len() >= 6);
        let masker = Masker::new([value.as_str()]);
        let text = writing.write(&format!("{around}{value}{around}"));
        let masked = masker.mask_str(&text).into_owned();
        let left_over = masked.len() - MASK.len();
        prop_assert!(masked.contains(MASK), "{text}");
        prop_assert!(left_over <= 2 * writing.write(&around).len() + 8, "{masked}");
    }

    #[test]
    fn many_values_side_by_side_are_all_masked(
        values in prop::collection::vec("[ab]{6,9}", 1..6),
        order in prop::collection::vec(any::<prop::sample::Index>(), 1..8),
        glue in "[abc]{0,2}",
    ) {
        let masker = Masker::new(values.iter().map(String::as_str));
        let text: Vec<&str> = order.iter().map(|at| at.get(&values).as_str()).collect();
        let masked = masker.mask_str(&text.join(&glue)).into_owned();
        for value in &values {
            prop_assert!(!masked.contains(value.as_str()), "{masked}");
        }
    }

    #[test]
    fn json_stays_json_and_holds_no_value(value in value(), around in "[ -~]{0,8}") {
        let masker = Masker::new([value.as_str()]);
        let mut document = json!({
            "text": format!("{around}{value}"),
            "list": [value, {"nested": format!("{value}{around}")}],
            format!("key {value}"): 1,
        });
        prop_assert!(masker.mask_json(&mut document));
        let mut strings = Vec::new();
        collect(&document, &mut strings);
        for text in strings {
            prop_assert!(!text.contains(&value), "{text:?}");
        }
    }
}

fn collect<'a>(value: &'a Value, strings: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => strings.push(text),
        Value::Array(items) => items.iter().for_each(|item| collect(item, strings)),
        Value::Object(fields) => fields.iter().for_each(|(key, field)| {
            strings.push(key);
            collect(field, strings);
        }),
        _ => {}
    }
}
