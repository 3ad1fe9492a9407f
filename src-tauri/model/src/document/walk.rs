//! Walking a JSON document with a place in hand: every check reports, none ends the walk.

use serde_json::{Map, Value};

use super::names::nearest;
use crate::problem::{Problem, Severity};

/// Problems of one document that are listed.
pub const PROBLEMS_MAX: usize = 1_000;

/// Everything that was found.
#[derive(Default)]
pub(super) struct Report {
    problems: Vec<Problem>,
}

/// The problem just reported, to add a hint to.
pub(super) struct Reported<'r>(&'r mut Problem);

impl Reported<'_> {
    pub(super) fn hint(self, hint: impl Into<String>) {
        self.0.hint = Some(hint.into());
    }
}

impl Report {
    pub(super) fn error(
        &mut self,
        code: &str,
        at: &Node<'_>,
        message: impl Into<String>,
    ) -> Reported<'_> {
        self.error_at(code, &at.place, message)
    }

    pub(super) fn error_at(
        &mut self,
        code: &str,
        place: &str,
        message: impl Into<String>,
    ) -> Reported<'_> {
        self.push(Problem::error(code, place, message))
    }

    pub(super) fn warning_at(
        &mut self,
        code: &str,
        place: &str,
        message: impl Into<String>,
    ) -> Reported<'_> {
        self.push(Problem::warning(code, place, message))
    }

    /// A part that this release understands but cannot run.
    pub(super) fn not_available(&mut self, place: &str, what: &str) {
        self.push(Problem::error(
            Problem::NOT_AVAILABLE,
            place,
            format!("{what} cannot run in this release yet"),
        ))
        .hint("the document can be imported and kept; it can be published once this part is taken out, or with a later release");
    }

    pub(super) fn push(&mut self, problem: Problem) -> Reported<'_> {
        self.problems.push(problem);
        let last = self.problems.len() - 1;
        Reported(&mut self.problems[last])
    }

    pub(super) fn has_errors(&self) -> bool {
        self.problems
            .iter()
            .any(|problem| problem.severity == Severity::Error)
    }

    /// All of them, as long as a person could read them: one more says how many were left out.
    pub(super) fn into_problems(mut self) -> Vec<Problem> {
        let more = self.problems.len().saturating_sub(PROBLEMS_MAX);
        if more > 0 {
            let left_out = self.problems.split_off(PROBLEMS_MAX);
            let message = format!(
                "{more} more problems are not listed; at most {PROBLEMS_MAX} are (listed problems)"
            );
            // What is left out must block what it blocked before.
            let blocks = |check: fn(&Problem) -> bool| left_out.iter().any(check);
            self.problems.push(if blocks(Problem::blocks_import) {
                Problem::error("too_many_problems", "", message)
            } else if blocks(Problem::blocks_publish) {
                Problem::error(Problem::NOT_AVAILABLE, "", message)
            } else {
                Problem::warning("too_many_problems", "", message)
            });
        }
        self.problems
    }
}

/// A value and where it stands.
#[derive(Clone)]
pub(super) struct Node<'v> {
    pub(super) value: &'v Value,
    /// A JSON pointer.
    pub(super) place: String,
}

impl<'v> Node<'v> {
    pub(super) fn new(value: &'v Value, place: impl Into<String>) -> Self {
        Self {
            value,
            place: place.into(),
        }
    }

    fn wrong_type(&self, expected: &str, report: &mut Report) {
        let found = match self.value {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "a text",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        report.error(
            "wrong_type",
            self,
            format!("expected {expected}, found {found}"),
        );
    }

    pub(super) fn object(&self, report: &mut Report) -> Option<Object<'v>> {
        let Value::Object(fields) = self.value else {
            self.wrong_type("an object", report);
            return None;
        };
        Some(Object {
            fields,
            place: self.place.clone(),
        })
    }

    pub(super) fn list(&self, report: &mut Report) -> Option<Vec<Node<'v>>> {
        let Value::Array(items) = self.value else {
            self.wrong_type("a list", report);
            return None;
        };
        let nodes = items.iter().enumerate();
        Some(
            nodes
                .map(|(at, item)| Node::new(item, format!("{}/{at}", self.place)))
                .collect(),
        )
    }

    pub(super) fn text(&self, report: &mut Report) -> Option<&'v str> {
        if let Value::String(text) = self.value {
            return Some(text);
        }
        self.wrong_type("a text", report);
        None
    }

    /// A text of at most this many characters.
    pub(super) fn short_text(&self, chars_max: usize, report: &mut Report) -> Option<&'v str> {
        let text = self.text(report)?;
        let chars = text.chars().count();
        if chars > chars_max {
            report.error(
                "out_of_range",
                self,
                format!("this text has {chars} characters; at most {chars_max} are possible"),
            );
            return None;
        }
        Some(text)
    }

    pub(super) fn boolean(&self, report: &mut Report) -> Option<bool> {
        if let Value::Bool(flag) = self.value {
            return Some(*flag);
        }
        self.wrong_type("true or false", report);
        None
    }

    /// A whole number within bounds.
    pub(super) fn whole(&self, min: i64, max: i64, unit: &str, report: &mut Report) -> Option<i64> {
        let Value::Number(number) = self.value else {
            self.wrong_type("a whole number", report);
            return None;
        };
        match number.as_i64() {
            Some(whole) if (min..=max).contains(&whole) => Some(whole),
            _ => {
                report.error(
                    "out_of_range",
                    self,
                    format!("expected a whole number from {min} to {max}{unit}, found {number}"),
                );
                None
            }
        }
    }

    /// One of the known words.
    pub(super) fn one_of(
        &self,
        known: &[&'static str],
        report: &mut Report,
    ) -> Option<&'static str> {
        let text = self.text(report)?;
        if let Some(word) = known.iter().find(|word| **word == text) {
            return Some(word);
        }
        let shown: String = text.chars().take(80).collect();
        let reported = report.error(
            "unknown_value",
            self,
            format!(
                "`{shown}` is not possible here; it can be {}",
                known.join(", ")
            ),
        );
        if let Some(word) = nearest(text, known.iter().copied()) {
            reported.hint(format!("did you mean `{word}`?"));
        }
        None
    }
}

/// An object and where it stands.
pub(super) struct Object<'v> {
    pub(super) fields: &'v Map<String, Value>,
    pub(super) place: String,
}

impl<'v> Object<'v> {
    pub(super) fn get(&self, key: &str) -> Option<Node<'v>> {
        let value = self.fields.get(key)?;
        Some(Node::new(value, self.place_of(key)))
    }

    /// A key that must be there.
    pub(super) fn required(&self, key: &str, what: &str, report: &mut Report) -> Option<Node<'v>> {
        let node = self.get(key);
        if node.is_none() {
            report
                .error_at(
                    "missing",
                    &self.place,
                    format!("`{key}` is missing: {what}"),
                )
                .hint(format!("add the key `{key}`"));
        }
        node
    }

    pub(super) fn place_of(&self, key: &str) -> String {
        format!("{}/{}", self.place, escape_pointer(key))
    }

    /// Refuses keys that are not known, with the nearest that is, and those of later releases.
    pub(super) fn check_keys(
        &self,
        what: &str,
        known: &[&str],
        later: &[&str],
        report: &mut Report,
    ) {
        for key in self.fields.keys().map(String::as_str) {
            if known.contains(&key) {
                continue;
            }
            let place = self.place_of(key);
            if later.contains(&key) {
                report.not_available(&place, &format!("`{key}` of {what}"));
                continue;
            }
            let shown: String = key.chars().take(80).collect();
            let nearest = nearest(key, known.iter().chain(later).copied());
            let reported = report.error_at(
                "unknown_key",
                &place,
                format!("{what} has no key `{shown}`"),
            );
            reported.hint(match nearest {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("it can have {}", known.join(", ")),
            });
        }
    }
}

/// A key as a part of a JSON pointer.
pub(super) fn escape_pointer(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
