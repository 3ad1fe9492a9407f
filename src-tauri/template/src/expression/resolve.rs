//! Looks up a constant path such as `steps.enrich.data.email` in a scope, and says what is missing.

use std::borrow::Cow;

use serde_json::Value;

use crate::error::{RenderFault, nearest};
use crate::scope::{Reference, Scope};

/// A name with the constant path behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lookup {
    pub(crate) root: String,
    pub(crate) path: Vec<Segment>,
    /// Whether the expression goes on below the path with a key that it computes.
    pub(crate) goes_on: bool,
    /// Whether `default` or `is defined` takes care of a missing value.
    pub(crate) guarded: bool,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Segment {
    Key(String),
    Index(u64),
}

impl Lookup {
    pub(crate) fn reference(&self) -> Reference {
        Reference {
            root: self.root.clone(),
            path: self
                .path
                .iter()
                .map(|segment| match segment {
                    Segment::Key(key) => key.clone(),
                    Segment::Index(index) => index.to_string(),
                })
                .collect(),
        }
    }

    /// The value, if every step of the path is there.
    pub(crate) fn resolve<'s>(&self, scope: &'s Scope) -> Option<Cow<'s, Value>> {
        let mut value = scope.get(&self.root)?.as_ref();
        for (at, segment) in self.path.iter().enumerate() {
            match (step(value, segment), segment, value) {
                (Some(next), _, _) => value = next,
                // A character of a text; nothing lies below it but itself.
                (None, Segment::Index(index), Value::String(text)) => {
                    let index = usize::try_from(*index).ok()?;
                    let character = text.chars().nth(index)?.to_string();
                    let below_is_itself = self.path[at + 1..]
                        .iter()
                        .all(|segment| *segment == Segment::Index(0));
                    return below_is_itself.then(|| Cow::Owned(Value::String(character)));
                }
                (None, _, _) => return None,
            }
        }
        Some(Cow::Borrowed(value))
    }

    /// Says which step of the path is missing, and what is there instead.
    pub(crate) fn undefined(&self, scope: &Scope) -> RenderFault {
        let Some(root) = scope.get(&self.root) else {
            return RenderFault::Undefined {
                name: format!("`{}`", self.root),
                nearest: nearest(&self.root, scope.names()),
            };
        };
        let mut value = root.as_ref();
        let mut so_far = self.root.clone();
        for segment in &self.path {
            let Some(next) = step(value, segment) else {
                return missing(value, segment, &so_far);
            };
            value = next;
            match segment {
                Segment::Key(key) => so_far = format!("{so_far}.{key}"),
                Segment::Index(index) => so_far = format!("{so_far}[{index}]"),
            }
        }
        RenderFault::Undefined {
            name: format!("`{so_far}`"),
            nearest: None,
        }
    }
}

fn step<'v>(value: &'v Value, segment: &Segment) -> Option<&'v Value> {
    match (value, segment) {
        (Value::Object(fields), Segment::Key(key)) => fields.get(key),
        (Value::Array(items), Segment::Index(index)) => items.get(usize::try_from(*index).ok()?),
        _ => None,
    }
}

fn missing(value: &Value, segment: &Segment, of: &str) -> RenderFault {
    let (name, nearest) = match (segment, value) {
        (Segment::Key(key), Value::Object(fields)) => (
            format!("`{key}` of `{of}`"),
            nearest(key, fields.keys().map(String::as_str)),
        ),
        (Segment::Key(key), other) => (format!("`{key}` of `{of}` ({})", kind(other)), None),
        (Segment::Index(index), Value::Array(items)) => (
            format!("item {index} of `{of}` (it has {} items)", items.len()),
            None,
        ),
        (Segment::Index(index), other) => {
            (format!("item {index} of `{of}` ({})", kind(other)), None)
        }
    };
    RenderFault::Undefined { name, nearest }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "it is null",
        Value::Bool(_) => "it is true or false",
        Value::Number(_) => "it is a number",
        Value::String(_) => "it is text",
        Value::Array(_) => "it is a list",
        Value::Object(_) => "it is an object",
    }
}
