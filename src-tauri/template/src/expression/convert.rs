//! Values in and out of minijinja, with bounds on the way out: its sequences can be lazy and endless.

use minijinja::Value as Inner;
use minijinja::value::ValueKind;
use serde_json::{Map, Number, Value};

use crate::error::RenderFault;
use crate::limits::{OUTPUT_BYTES_MAX, VALUE_DEPTH_MAX};

/// A value for minijinja.
pub(super) fn inner_of(value: &Value) -> Inner {
    match value {
        Value::Null => Inner::from(()),
        Value::Bool(flag) => Inner::from(*flag),
        Value::String(text) => Inner::from(text.as_str()),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(whole), _) => Inner::from(whole),
            (None, Some(whole)) => Inner::from(whole),
            (None, None) => Inner::from(number.as_f64().unwrap_or(0.0)),
        },
        Value::Array(items) => Inner::from(items.iter().map(inner_of).collect::<Vec<_>>()),
        Value::Object(fields) => Inner::from_pairs(
            fields
                .iter()
                .map(|(name, field)| (name.as_str(), inner_of(field))),
        ),
    }
}

/// A value of minijinja as JSON.
pub(super) fn json_of_inner(value: &Inner) -> Result<Value, RenderFault> {
    let mut budget = Budget { bytes: 0 };
    budget.convert(value, 0)
}

struct Budget {
    /// A lower bound of the JSON text so far.
    bytes: usize,
}

impl Budget {
    fn take(&mut self, bytes: usize) -> Result<(), RenderFault> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > OUTPUT_BYTES_MAX {
            return Err(RenderFault::TooLarge);
        }
        Ok(())
    }

    fn convert(&mut self, value: &Inner, depth: usize) -> Result<Value, RenderFault> {
        if depth > VALUE_DEPTH_MAX {
            return Err(RenderFault::TooDeep);
        }
        // Its first sign, and the comma or bracket behind it.
        self.take(2)?;
        Ok(match value.kind() {
            ValueKind::Undefined | ValueKind::None => Value::Null,
            ValueKind::Bool => Value::Bool(value.is_true()),
            ValueKind::Number => Value::Number(number(value)?),
            ValueKind::String => {
                let text = value.as_str().unwrap_or_default();
                self.take(text.len())?;
                Value::String(text.to_owned())
            }
            ValueKind::Seq | ValueKind::Iterable => {
                let mut items = Vec::new();
                for item in value.try_iter().map_err(unreadable)? {
                    items.push(self.convert(&item, depth + 1)?);
                }
                Value::Array(items)
            }
            ValueKind::Map => {
                let mut fields = Map::new();
                for key in value.try_iter().map_err(unreadable)? {
                    let name = match key.as_str() {
                        Some(name) => name.to_owned(),
                        None => crate::text::text_of(&self.convert(&key, depth + 1)?).into_owned(),
                    };
                    self.take(name.len())?;
                    let field = value.get_item(&key).map_err(unreadable)?;
                    fields.insert(name, self.convert(&field, depth + 1)?);
                }
                Value::Object(fields)
            }
            _ => {
                return Err(RenderFault::Evaluation {
                    message: "the result is no JSON value".to_owned(),
                });
            }
        })
    }
}

fn number(value: &Inner) -> Result<Number, RenderFault> {
    let whole = value.is_integer();
    let number = if !whole {
        f64::try_from(value.clone()).ok().and_then(Number::from_f64)
    } else if let Ok(whole) = i64::try_from(value.clone()) {
        Some(whole.into())
    } else {
        u64::try_from(value.clone()).ok().map(Number::from)
    };
    number.ok_or_else(|| RenderFault::Evaluation {
        message: "the result is no number that JSON can hold: too large, or divided by zero"
            .to_owned(),
    })
}

fn unreadable(error: minijinja::Error) -> RenderFault {
    RenderFault::Evaluation {
        message: error.to_string(),
    }
}
