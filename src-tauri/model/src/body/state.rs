//! `_secretStatePut` and its like at the top of a JSON object: taken out before anything is stored or shown.

use std::fmt;

use hookloom_template::RESERVED_NAMES;
use serde_json::{Map, Value};

/// What was taken out of an object. Holds secret values: what it prints are names.
#[derive(Clone, Default, PartialEq)]
pub struct TakenState {
    /// Of `_secretStatePut` and `__secretStatePut`, merged; the last write wins.
    pub secret_state: Option<Map<String, Value>>,
    /// Of `_secretStateRemove`.
    pub secret_state_removed: Vec<String>,
    /// Of `_statePut`: plain memory.
    pub state: Option<Map<String, Value>>,
    /// Of `_stateRemove`.
    pub state_removed: Vec<String>,
}

impl fmt::Debug for TakenState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |state: &Option<Map<String, Value>>| {
            let names = state.as_ref().map(|values| values.keys().cloned());
            names.map(Iterator::collect::<Vec<String>>)
        };
        f.debug_struct("TakenState")
            .field("secret_state", &names(&self.secret_state))
            .field("secret_state_removed", &self.secret_state_removed)
            .field("state", &names(&self.state))
            .field("state_removed", &self.state_removed)
            .finish()
    }
}

/// State that is no state. Holds no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    #[error("`{key}` must be an object, with a name for each value")]
    NoObject { key: &'static str },
    #[error("`{key}` must be a name or a list of names")]
    NoNames { key: &'static str },
    #[error(
        "`_statePut` has a name that memory cannot have: names begin with a letter or `_`, go on with letters, digits and `_`, have at most 64 characters, and are no word of the templates"
    )]
    BadName,
}

/// The keys that put secret state.
pub const SECRET_STATE_PUT: &[&str] = &["_secretStatePut", "__secretStatePut"];
const SECRET_REMOVE: &str = "_secretStateRemove";
const PUT: &str = "_statePut";
const REMOVE: &str = "_stateRemove";
/// What a body is searched for before it is kept although it could not be parsed.
const MENTION: &[u8] = b"ecretStatePut";

/// Takes state out of an object; other values have none. On an error everything is taken out all the same.
pub fn take_secret_state(value: &mut Value) -> Result<TakenState, StateError> {
    let mut taken = TakenState::default();
    let Value::Object(fields) = value else {
        return Ok(taken);
    };
    let is_state =
        |key: &str| SECRET_STATE_PUT.contains(&key) || matches!(key, SECRET_REMOVE | PUT | REMOVE);
    if !fields.keys().any(|key| is_state(key)) {
        return Ok(taken);
    }
    let mut error = None;
    let all = std::mem::take(fields);
    for (key, field) in all {
        let result = match key.as_str() {
            "_secretStatePut" => merge(&mut taken.secret_state, field, SECRET_STATE_PUT[0]),
            "__secretStatePut" => merge(&mut taken.secret_state, field, SECRET_STATE_PUT[1]),
            PUT => merge(&mut taken.state, field, PUT),
            SECRET_REMOVE => names(&mut taken.secret_state_removed, field, SECRET_REMOVE),
            REMOVE => names(&mut taken.state_removed, field, REMOVE),
            _ => {
                fields.insert(key, field);
                Ok(())
            }
        };
        error = error.or(result.err());
    }
    let memory_names = taken.state.iter().flat_map(Map::keys);
    if error.is_none() && memory_names.into_iter().any(|name| !is_memory_name(name)) {
        error = Some(StateError::BadName);
    }
    error.map_or(Ok(taken), Err)
}

/// Whether a body that is not parsed could hold secret state: the text occurs, also with letters written as
/// `\u0065` or `%65`, or in UTF-16.
pub fn mentions_secret_state(bytes: &[u8]) -> bool {
    let occurs = |bytes: &[u8]| bytes.windows(MENTION.len()).any(|window| window == MENTION);
    if occurs(bytes) {
        return true;
    }
    let is_plain = !bytes.iter().any(|byte| matches!(byte, b'\\' | b'%' | 0));
    !is_plain && occurs(&decoded(bytes))
}

fn decoded(bytes: &[u8]) -> Vec<u8> {
    let wide: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    let hex = |at: usize, length: usize| -> Option<u8> {
        let digits = std::str::from_utf8(wide.get(at..at + length)?).ok()?;
        u8::try_from(u32::from_str_radix(digits, 16).ok()?).ok()
    };
    let mut out = Vec::with_capacity(wide.len());
    let mut at = 0;
    while at < wide.len() {
        let escape = match wide[at] {
            b'\\' if wide.get(at + 1) == Some(&b'u') => hex(at + 2, 4).map(|byte| (byte, 6)),
            b'%' => hex(at + 1, 2).map(|byte| (byte, 3)),
            _ => None,
        };
        let (byte, length) = escape.unwrap_or((wide[at], 1));
        out.push(byte);
        at += length;
    }
    out
}

fn merge(
    into: &mut Option<Map<String, Value>>,
    field: Value,
    key: &'static str,
) -> Result<(), StateError> {
    let Value::Object(values) = field else {
        return Err(StateError::NoObject { key });
    };
    into.get_or_insert_default().extend(values);
    Ok(())
}

fn names(into: &mut Vec<String>, field: Value, key: &'static str) -> Result<(), StateError> {
    let list = match field {
        Value::String(name) => vec![Value::String(name)],
        Value::Array(list) => list,
        _ => return Err(StateError::NoNames { key }),
    };
    for name in list {
        match name {
            Value::String(name) => into.push(name),
            _ => return Err(StateError::NoNames { key }),
        }
    }
    Ok(())
}

fn is_memory_name(name: &str) -> bool {
    crate::document::is_plain_name(name) && !RESERVED_NAMES.contains(&name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn taken_state_prints_names_and_never_values() {
        let mut body =
            json!({"_secretStatePut": {"card": "4111-1111"}, "_statePut": {"note": "4111-1111"}});
        let taken = take_secret_state(&mut body).expect("it is state");
        let printed = format!("{taken:?}");
        assert!(
            printed.contains("card") && printed.contains("note"),
            "{printed}"
        );
        assert!(!printed.contains("4111"), "{printed}");
    }
}
