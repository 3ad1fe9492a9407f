//! Reads JSON text and notices keys that occur twice in one object, which a plain reading would drop silently.

use std::cell::RefCell;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::walk::escape_pointer;

/// The places of repeated keys are told up to this many bytes together, but at least one is.
const PLACES_BYTES_MAX: usize = 64 * 1024;

/// JSON as somebody gave it: the value, and what reading it would hide.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenJson {
    /// Of a key that occurs twice in one object it has the last value.
    pub value: Value,
    /// JSON pointers of keys that occur twice.
    pub repeated: Vec<String>,
}

impl From<Value> for GivenJson {
    fn from(value: Value) -> Self {
        let repeated = Vec::new();
        Self { value, repeated }
    }
}

impl<'de> Deserialize<'de> for GivenJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let repeated = RefCell::default();
        let top = Seed {
            above: None,
            part: Part::Index(0),
            repeated: &repeated,
        };
        let value = top.deserialize(deserializer)?;
        let repeated = repeated.into_inner();
        Ok(Self { value, repeated })
    }
}

/// A place in the text. Its pointer is only written out when there is something to say of it.
struct Seed<'s> {
    above: Option<&'s Seed<'s>>,
    part: Part<'s>,
    repeated: &'s RefCell<Vec<String>>,
}

enum Part<'s> {
    Key(&'s str),
    Index(usize),
}

impl<'s> Seed<'s> {
    fn below(&'s self, part: Part<'s>) -> Self {
        Seed {
            above: Some(self),
            part,
            repeated: self.repeated,
        }
    }

    fn is_repeated(&self) {
        let mut told = self.repeated.borrow_mut();
        if told.is_empty() || told.iter().map(String::len).sum::<usize>() < PLACES_BYTES_MAX {
            told.push(self.place());
        }
    }

    fn place(&self) -> String {
        let Some(above) = self.above else {
            return String::new();
        };
        let place = above.place();
        match self.part {
            Part::Key(key) => format!("{place}/{}", escape_pointer(key)),
            Part::Index(index) => format!("{place}/{index}"),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Number::from_f64(number)
            .map(Value::Number)
            .ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(self.below(Part::Index(items.len())))? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            let below = self.below(Part::Key(&key));
            if fields.contains_key(&key) {
                below.is_repeated();
            }
            let field = access.next_value_seed(below)?;
            fields.insert(key, field);
        }
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repeated(text: &str) -> Vec<String> {
        serde_json::from_str::<GivenJson>(text)
            .expect("JSON")
            .repeated
    }

    #[test]
    fn a_key_that_is_there_twice_is_told_with_its_place() {
        assert_eq!(repeated(r#"{"a": 1, "b": {"a": 2}}"#), [""; 0]);
        assert_eq!(
            repeated(r#"{"a": [{"b/c": 1, "b/c": 2}], "a": 3}"#),
            ["/a/0/b~1c", "/a"]
        );
    }

    #[test]
    fn many_repeated_keys_under_a_long_one_are_told_within_a_bound() {
        let long = "k".repeat(PLACES_BYTES_MAX);
        let many = vec![r#""a": 1"#; 1_000].join(", ");
        let told = repeated(&format!(r#"{{"{long}": {{{many}}}}}"#));
        assert_eq!(told.len(), 1);
        let told = repeated(&format!("{{{many}}}"));
        assert_eq!(told.len(), 999);
    }
}
