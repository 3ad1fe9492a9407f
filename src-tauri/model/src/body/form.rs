//! Forms and queries: a name once is a string, more often an array in order; `a[]` keeps its name.

use indexmap::IndexMap;
use percent_encoding::percent_decode;
use serde_json::{Map, Value};

use super::parse::{FORM_FIELDS_MAX, Malformed};

/// Fields by name.
pub(super) struct Fields(pub(super) IndexMap<String, Value>);

/// Parses a form's body.
pub(super) fn parse(bytes: &[u8]) -> Result<Fields, Malformed> {
    let mut fields: IndexMap<String, Value> = IndexMap::new();
    let mut count = 0;
    for pair in bytes
        .split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
    {
        count += 1;
        if count > FORM_FIELDS_MAX {
            return Err(Malformed::whole(format!(
                "it has more than {FORM_FIELDS_MAX} fields (form fields)"
            )));
        }
        let at = pair.iter().position(|byte| *byte == b'=');
        let (name, value) = match at {
            Some(at) => (&pair[..at], &pair[at + 1..]),
            None => (pair, &[][..]),
        };
        let value = Value::String(decode(value));
        match fields.entry(decode(name)) {
            indexmap::map::Entry::Vacant(entry) => {
                entry.insert(value);
            }
            indexmap::map::Entry::Occupied(mut entry) => match entry.get_mut() {
                Value::Array(values) => values.push(value),
                first => {
                    let first_value = first.take();
                    *first = Value::Array(vec![first_value, value]);
                }
            },
        }
    }
    Ok(Fields(fields))
}

/// The query of a URL as an object: the same rules as a form's.
pub fn parse_query(query: &str) -> Result<Map<String, Value>, Malformed> {
    Ok(parse(query.as_bytes())?.0.into_iter().collect())
}

fn decode(part: &[u8]) -> String {
    let spaced: Vec<u8> = part
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    percent_decode(&spaced).decode_utf8_lossy().into_owned()
}

/// The query of a URL as a value; one with too many fields is empty.
pub fn parse_form(query: &str) -> Value {
    parse_query(query).map_or_else(|_| Value::Object(Map::new()), Value::Object)
}
