//! The names below a value, the shallow ones first, each as the expression that gives it.

use std::collections::VecDeque;

use hookloom_model::document::is_plain_name;
use hookloom_template::{RESERVED_NAMES, text_of};
use serde_json::Value;

use super::names::{NameSource, TemplateName};
use crate::named::named;

/// Names in one answer.
pub(super) const NAMES_MAX: usize = 2_000;
/// Fields and items within one another.
const DEPTH_MAX: usize = 8;
/// Fields of one object.
const FIELDS_MAX: usize = 200;
/// The longest sample.
const SAMPLE_CHARS_MAX: usize = 200;

named!(
    /// What a value is. `text` is what a text with expressions gives, whatever they are.
    ValueKind {
        String = "string", Number = "number", Boolean = "boolean", Null = "null", Object = "object",
        Array = "array", Text = "text",
    }
);

impl ValueKind {
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::String,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        }
    }
}

/// Gathers names, up to the bound.
#[derive(Default)]
pub(super) struct Walk<'v> {
    found: Vec<TemplateName>,
    open: VecDeque<(String, &'v Value, NameSource, usize)>,
    truncated: bool,
}

impl<'v> Walk<'v> {
    /// A name whose value nobody knows.
    pub(super) fn known(&mut self, expression: String, source: NameSource) {
        self.push(TemplateName {
            expression,
            kind: None,
            sample: None,
            source,
        });
    }

    /// A name of which only the kind is shown.
    pub(super) fn hidden(&mut self, expression: String, sample: &str, source: NameSource) {
        self.push(TemplateName {
            expression,
            kind: Some(ValueKind::String),
            sample: Some(sample.to_owned()),
            source,
        });
    }

    /// A name with its value and what lies below it. The value is masked already.
    pub(super) fn value(&mut self, expression: String, value: &'v Value, source: NameSource) {
        self.open(expression, value, source, 0);
    }

    /// The names, and whether there were more.
    pub(super) fn names(mut self) -> (Vec<TemplateName>, bool) {
        while let Some((expression, value, source, depth)) = self.open.pop_front() {
            if depth < DEPTH_MAX {
                self.below(&expression, value, source, depth + 1);
            }
            self.push(TemplateName {
                expression,
                kind: Some(ValueKind::of(value)),
                sample: sample(value),
                source,
            });
        }
        (self.found, self.truncated)
    }

    /// Keeps a name for its turn, as long as there is room for it at all.
    fn open(&mut self, expression: String, value: &'v Value, source: NameSource, depth: usize) {
        if self.found.len() + self.open.len() < NAMES_MAX {
            self.open.push_back((expression, value, source, depth));
        } else {
            self.truncated = true;
        }
    }

    fn below(&mut self, expression: &str, value: &'v Value, source: NameSource, depth: usize) {
        match value {
            Value::Object(fields) => {
                self.truncated |= fields.len() > FIELDS_MAX;
                for (key, field) in fields.iter().take(FIELDS_MAX) {
                    if let Some(expression) = below(expression, key) {
                        self.open(expression, field, source, depth);
                    }
                }
            }
            Value::Array(items) => {
                if let Some(first) = items.first() {
                    let expression = format!("{expression}[0]");
                    self.open(expression, first, source, depth);
                }
            }
            _ => {}
        }
    }

    fn push(&mut self, name: TemplateName) {
        if self.found.len() < NAMES_MAX {
            self.found.push(name);
        } else {
            self.truncated = true;
        }
    }
}

/// The expression of a field; none for one that cannot be written.
pub(super) fn below(expression: &str, key: &str) -> Option<String> {
    if is_plain_name(key) && !RESERVED_NAMES.contains(&key) {
        return Some(format!("{expression}.{key}"));
    }
    let is_writable = !key.contains(['"', '\\']) && !key.chars().any(char::is_control);
    is_writable.then(|| format!("{expression}[\"{key}\"]"))
}

/// The beginning of a value's text. What holds other values has none: those are names of their own.
fn sample(value: &Value) -> Option<String> {
    match value {
        Value::Array(_) | Value::Object(_) => None,
        other => Some(text_of(other).chars().take(SAMPLE_CHARS_MAX).collect()),
    }
}

#[cfg(test)]
mod tests {
    use hookloom_template::{Place, Scope, Template};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn names_of(value: &Value) -> (Vec<TemplateName>, bool) {
        let mut walk = Walk::default();
        walk.value("it".to_owned(), value, NameSource::Memory);
        walk.names()
    }

    #[test]
    fn every_field_has_an_expression_and_long_samples_are_cut() {
        let value = json!({"a": {"b-c": [{"in": 1}, {"other": 2}]}, "t": "x".repeat(500)});
        let (names, truncated) = names_of(&value);
        let expressions: Vec<&str> = names.iter().map(|name| name.expression.as_str()).collect();
        assert_eq!(
            expressions,
            [
                "it",
                "it.a",
                "it.t",
                "it.a[\"b-c\"]",
                "it.a[\"b-c\"][0]",
                "it.a[\"b-c\"][0][\"in\"]",
            ]
        );
        assert_eq!(names[2].sample.as_ref().map(String::len), Some(200));
        assert!(!truncated);
    }

    #[test]
    fn however_large_a_value_is_its_names_are_bounded() {
        let wide: Value = (0..300)
            .map(|n| (format!("f{n}"), json!({"x": [n]})))
            .collect();
        let deep = (0..40).fold(json!(1), |inner, _| json!({ "d": inner }));
        let rows: Value = (0..90).map(|n| (format!("r{n}"), wide.clone())).collect();
        let (names, truncated) = names_of(&rows);
        assert!(truncated && names.len() <= NAMES_MAX, "{}", names.len());
        let (names, _) = names_of(&deep);
        assert_eq!(names.len(), 1 + DEPTH_MAX);
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "\\PC{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            let key = prop_oneof![
                "[a-z]{1,4}",
                "\\PC{0,6}",
                Just("items".to_owned()),
                Just("in".to_owned())
            ];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((key, inner), 0..5)
                    .prop_map(|fields| fields.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_name_gives_the_value_that_its_sample_is_of(value in any_json()) {
            let mut scope = Scope::default();
            scope.insert("it", value.clone());
            let (names, _) = names_of(&value);
            for name in names {
                let text = format!("{{{{ {} }}}}", name.expression);
                let template = Template::parse(&text, Place::Text);
                let rendered = template.expect("a name is an expression").render(&scope, None);
                let rendered = rendered.expect("and has its value");
                if let Some(sample) = name.sample {
                    prop_assert_eq!(sample, rendered);
                }
            }
        }
    }
}
