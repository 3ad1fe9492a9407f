//! Finds secret values, in every encoding, in text and JSON, and puts `••••` there.
//!
//! It does not know where values come from, and it cannot find what was cut in two: mask first, cut afterwards.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::automaton::{Automaton, ValueSet};

/// What stands where a secret stood.
pub const MASK: &str = "••••";

/// Values with fewer characters are masked only where they are a whole string field.
pub const SHORT_VALUE_CHARS: usize = 6;

/// Knows a set of secret values and masks them. Cloning is cheap.
#[derive(Debug, Clone, Default)]
pub struct Masker {
    layers: Vec<Arc<Automaton>>,
}

impl Masker {
    /// Compiles a set of values. White space around a value does not count; empty values are left out.
    pub fn new<'a>(values: impl IntoIterator<Item = &'a str>) -> Self {
        Self::default().with(values)
    }

    /// This masker with more values: a job's on top of the workspace's. Without any it is a clone.
    #[must_use]
    pub fn with<'a>(&self, values: impl IntoIterator<Item = &'a str>) -> Self {
        let mut set = ValueSet::default();
        for value in values {
            add_text(&mut set, value);
        }
        self.with_set(set)
    }

    /// This masker with the strings and numbers of a JSON value (secret state) on top.
    #[must_use]
    pub fn with_json(&self, value: &Value) -> Self {
        let mut set = ValueSet::default();
        add_json(&mut set, value);
        self.with_set(set)
    }

    /// Whether there is nothing to mask.
    pub fn is_empty(&self) -> bool {
        self.layers.is_empty()
    }

    /// Masks text. A text without any value comes back borrowed, as it was given.
    pub fn mask_str<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.layers.is_empty() || text.is_empty() {
            return Cow::Borrowed(text);
        }
        if self.equals(text) {
            return Cow::Owned(MASK.to_owned());
        }
        let mut parts = Vec::new();
        for layer in &self.layers {
            layer.find(text, &mut parts);
        }
        if parts.is_empty() {
            return Cow::Borrowed(text);
        }
        Cow::Owned(replace(text, parts))
    }

    /// Masks the strings and keys of a JSON value, and numbers that equal a value. Tells whether it changed.
    pub fn mask_json(&self, value: &mut Value) -> bool {
        if self.layers.is_empty() {
            return false;
        }
        match value {
            Value::Null | Value::Bool(_) => false,
            Value::Number(number) => {
                let equal = self.equals(&canonical(number));
                if equal {
                    *value = Value::String(MASK.to_owned());
                }
                equal
            }
            Value::String(text) => {
                let Cow::Owned(masked) = self.mask_str(text) else {
                    return false;
                };
                *text = masked;
                true
            }
            Value::Array(items) => {
                let mut changed = false;
                for item in items {
                    changed |= self.mask_json(item);
                }
                changed
            }
            Value::Object(fields) => self.mask_fields(fields),
        }
    }

    /// Masks bytes read as UTF-8; what is no UTF-8 becomes U+FFFD.
    pub fn mask_bytes_lossy(&self, bytes: &[u8]) -> String {
        let text = String::from_utf8_lossy(bytes);
        match self.mask_str(&text) {
            Cow::Owned(masked) => masked,
            Cow::Borrowed(_) => text.into_owned(),
        }
    }

    fn with_set(&self, set: ValueSet<'_>) -> Self {
        let mut masker = self.clone();
        if !set.whole.is_empty() {
            masker.layers.push(Arc::new(Automaton::new(set)));
        }
        masker
    }

    fn equals(&self, field: &str) -> bool {
        self.layers.iter().any(|layer| layer.equals(field))
    }

    fn mask_fields(&self, fields: &mut Map<String, Value>) -> bool {
        let mut changed = false;
        for field in fields.values_mut() {
            changed |= self.mask_json(field);
        }
        // Keys are looked at inside only: a short value is no key.
        let masked: Vec<Option<String>> = fields.keys().map(|key| self.mask_key(key)).collect();
        if masked.iter().any(Option::is_some) {
            changed = true;
            let mut renamed = Map::with_capacity(fields.len());
            // How often each key was taken: a secret has so many spellings that a search from the first would never end.
            let mut taken: HashMap<String, usize> = HashMap::new();
            for ((key, field), masked) in std::mem::take(fields).into_iter().zip(masked) {
                let wanted = masked.unwrap_or(key);
                let mut key = wanted.clone();
                if renamed.contains_key(&key) {
                    let times = taken.entry(wanted.clone()).or_default();
                    while renamed.contains_key(&key) {
                        *times += 1;
                        key = match *times {
                            1 => format!("{wanted}'"),
                            n => format!("{wanted}'{n}"),
                        };
                    }
                }
                renamed.insert(key, field);
            }
            *fields = renamed;
        }
        changed
    }

    fn mask_key(&self, key: &str) -> Option<String> {
        let mut parts = Vec::new();
        for layer in &self.layers {
            layer.find(key, &mut parts);
        }
        (!parts.is_empty()).then(|| replace(key, parts))
    }
}

fn add_text<'a>(set: &mut ValueSet<'a>, value: &'a str) {
    let value = value.trim();
    if value.is_empty() {
        return;
    }
    set.whole.insert(value.to_owned());
    if value.chars().count() >= SHORT_VALUE_CHARS {
        set.long.insert(value);
    } else {
        set.short.insert(value);
    }
}

fn add_json<'a>(set: &mut ValueSet<'a>, value: &'a Value) {
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::Number(number) => {
            let number = canonical(number);
            if number.len() >= SHORT_VALUE_CHARS {
                set.numbers.insert(number.clone());
            }
            set.whole.insert(number);
        }
        Value::String(text) => add_text(set, text),
        Value::Array(items) => items.iter().for_each(|item| add_json(set, item)),
        Value::Object(fields) => fields.values().for_each(|field| add_json(set, field)),
    }
}

/// One text for equal numbers: `1`, `1.0` and `1e0` are the same value.
fn canonical(number: &serde_json::Number) -> String {
    const INTEGERS_EXACT_BELOW: f64 = 9_007_199_254_740_992.0;
    match number.as_f64() {
        Some(float)
            if number.is_f64() && float.fract() == 0.0 && float.abs() < INTEGERS_EXACT_BELOW =>
        {
            format!("{float:.0}")
        }
        _ => number.to_string(),
    }
}

/// Puts the mask over parts; those that touch or overlap share one.
fn replace(text: &str, mut parts: Vec<Range<usize>>) -> String {
    parts.sort_unstable_by_key(|part| (part.start, part.end));
    let mut masked = String::with_capacity(text.len());
    let mut kept_to = 0;
    let mut parts = parts.into_iter().peekable();
    while let Some(Range { start, mut end }) = parts.next() {
        while let Some(next) = parts.next_if(|next| next.start <= end) {
            end = end.max(next.end);
        }
        // Parts begin and end with whole characters; should one not, a wider mask is better than a panic.
        masked.push_str(&text[kept_to..text.floor_char_boundary(start).max(kept_to)]);
        masked.push_str(MASK);
        kept_to = text.ceil_char_boundary(end);
    }
    masked.push_str(&text[kept_to..]);
    masked
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn masked(values: &[&str], mut value: Value) -> Value {
        Masker::new(values.iter().copied()).mask_json(&mut value);
        value
    }

    #[test]
    fn a_masker_without_values_changes_nothing() {
        let masker = Masker::new(["", "  "]);
        assert!(masker.is_empty());
        assert!(matches!(
            masker.mask_str("anything"),
            Cow::Borrowed("anything")
        ));
        assert!(!masker.mask_json(&mut json!({"a": ["b", 1]})));
    }

    #[test]
    fn values_and_keys_are_masked_wherever_they_stand() {
        assert_eq!(
            masked(
                &["hunter2hunter2"],
                json!({"a": ["x hunter2hunter2 y"], "hunter2hunter2!": 1})
            ),
            json!({"a": ["x •••• y"], "••••!": 1})
        );
    }

    #[test]
    fn two_keys_that_become_one_keep_both_values_and_the_order() {
        let mut value = json!({"z": 0, "secret-one": 1, "secret-two": 2, "a": 3});
        Masker::new(["secret-one", "secret-two"]).mask_json(&mut value);
        assert_eq!(value.to_string(), r#"{"z":0,"••••":1,"••••'":2,"a":3}"#);
    }

    #[test]
    fn a_great_many_keys_that_become_one_are_told_apart_soon() {
        let escaped = |n: usize| {
            let letters = "hunter2hunter2".bytes().enumerate();
            let letters = letters.map(|(at, letter)| match (n >> at) & 1 {
                1 => format!("%{letter:02x}"),
                _ => char::from(letter).to_string(),
            });
            letters.collect::<String>()
        };
        let count = 1 << 14;
        let fields = (0..count).map(|n| (escaped(n), Value::from(n)));
        let mut value = Value::Object(fields.collect());
        let began = std::time::Instant::now();
        Masker::new(["hunter2hunter2"]).mask_json(&mut value);
        assert!(
            began.elapsed().as_secs() < 30,
            "it took {:?}",
            began.elapsed()
        );
        let fields = value.as_object().expect("it is still an object");
        assert_eq!(fields.len(), count);
        assert_eq!(fields.get("••••'3"), Some(&Value::from(3)));
        assert!(fields.keys().all(|key| key.starts_with(MASK)));
    }

    #[test]
    fn a_short_value_is_masked_only_as_a_whole_string() {
        assert_eq!(
            masked(
                &["1234"],
                json!({"pin": "1234", "text": "in 12345 days", "1234": true})
            ),
            json!({"pin": "••••", "text": "in 12345 days", "1234": true})
        );
        let masker = Masker::new(["1234"]);
        assert_eq!(
            masker.mask_str(r#"{"pin": "1234", "1234" : 1}"#),
            r#"{"pin": "••••", "1234" : 1}"#
        );
    }

    #[test]
    fn a_number_is_masked_only_as_a_whole_equal_value() {
        let masker = Masker::default().with_json(&json!({"pin": 1234567, "n": [7]}));
        let mut value =
            json!({"a": 1234567, "b": 1234567.0, "c": 12345678, "d": 7, "e": "7 of 17"});
        masker.mask_json(&mut value);
        assert_eq!(
            value,
            json!({"a": "••••", "b": "••••", "c": 12345678, "d": "••••", "e": "7 of 17"})
        );
        assert_eq!(
            masker.mask_str(r#"{"a":1234567,"b":12345678,"c":1.1234567}"#),
            r#"{"a":••••,"b":12345678,"c":1.1234567}"#
        );
    }

    #[test]
    fn a_number_that_equals_the_text_of_a_secret_is_masked() {
        assert_eq!(
            masked(&["4111111111"], json!({"card": 4111111111_i64})),
            json!({"card": "••••"})
        );
    }

    #[test]
    fn overlapping_values_leave_nothing() {
        let masker = Masker::new(["abcdef", "defghi"]).with(["hijklmn"]);
        assert_eq!(masker.mask_str("<abcdefghijklmn>"), "<••••>");
    }

    #[test]
    fn a_value_at_the_end_of_basic_credentials_takes_its_padding_along() {
        use base64::Engine as _;
        let masker = Masker::new(["Tr0ub4dor&3"]);
        for user in ["a", "ab", "abc"] {
            let header =
                base64::engine::general_purpose::STANDARD.encode(format!("{user}:Tr0ub4dor&3"));
            let shown = masker.mask_str(&header).into_owned();
            assert!(shown.ends_with(MASK), "{shown}");
        }
    }

    #[test]
    fn base64_inside_a_url_inside_json_is_found() {
        use base64::Engine as _;
        let value = "~~??>>~~secret";
        let encoded = base64::engine::general_purpose::STANDARD.encode(value);
        assert!(encoded.contains('/') || encoded.contains('+'), "{encoded}");
        let url = format!(
            "https://x.example/?t={}",
            encoded.replace('/', "%2f").replace('+', "%2B")
        );
        let text = json!({"u": url}).to_string().replace('%', "\\u0025");
        assert!(
            Masker::new([value]).mask_str(&text).contains("?t=••••"),
            "{text}"
        );
    }

    #[test]
    fn strings_of_secret_state_are_masked_at_any_depth() {
        let masker = Masker::new(["workspace-secret"])
            .with_json(&json!({"auth": {"keys": ["deep-secret-1"]}}));
        assert_eq!(
            masker.mask_str("deep-secret-1, workspace-secret"),
            "••••, ••••"
        );
    }

    #[test]
    fn bytes_that_are_no_text_are_masked_as_far_as_they_are() {
        let masker = Masker::new(["hunter2hunter2"]);
        assert_eq!(
            masker.mask_bytes_lossy(b"\xffhunter2hunter2\xff"),
            "\u{fffd}••••\u{fffd}"
        );
        assert_eq!(masker.mask_bytes_lossy(b"plain"), "plain");
    }

    #[test]
    fn a_long_value_counts_where_the_text_ends_in_it_and_not_where_it_goes_on_otherwise() {
        let value: String = (0..60).map(|n| format!("{n:03}-")).collect();
        let masker = Masker::new([value.trim_end_matches('-')]);
        assert_eq!(masker.mask_str(&format!("a {}", &value[..100])), "a ••••");
        let other = format!("a {} other", &value[..100]);
        assert!(matches!(masker.mask_str(&other), Cow::Borrowed(_)));
    }

    #[test]
    fn a_text_that_repeats_the_head_of_a_value_is_masked_soon() {
        let masker = Masker::new(["w".repeat(20_000).as_str()]);
        assert_eq!(masker.mask_str(&"w".repeat(100_000)), MASK);
    }

    #[test]
    fn two_values_with_one_beginning_are_told_apart() {
        let begin = "-----BEGIN PRIVATE KEY-----".repeat(2);
        let (one, other) = (format!("{begin}1111111"), format!("{begin}2222222"));
        let masker = Masker::new([one.as_str(), other.as_str()]);
        assert_eq!(
            masker.mask_str(&format!("{one} {other} {begin}3333333")),
            format!("•••• •••• {begin}3333333")
        );
    }

    #[test]
    fn the_values_do_not_print() {
        let shown = format!("{:?}", Masker::new(["hunter2hunter2"]));
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
