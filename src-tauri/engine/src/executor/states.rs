//! Memory and secret state in the data that a step returns: taken out before anything is masked or stored.

use crate::model_shim::SECRET_STATE_PUT;
use indexmap::IndexMap;
use serde_json::{Map, Value};

/// What a step's data asked for beside its result.
#[derive(Debug, Default, PartialEq)]
pub(super) struct States {
    pub memory: IndexMap<String, Value>,
    pub memory_removed: Vec<String>,
    pub secret_state: Map<String, Value>,
    pub secret_state_removed: Vec<String>,
}

/// Takes the names out of an object, and out of the `body` of an HTTP answer.
pub(super) fn take(data: &mut Value) -> States {
    let mut states = States::default();
    take_from(data, &mut states);
    if let Some(body) = data.get_mut("body") {
        take_from(body, &mut states);
    }
    states
}

fn take_from(value: &mut Value, states: &mut States) {
    let Value::Object(fields) = value else {
        return;
    };
    for name in SECRET_STATE_PUT {
        if let Some(Value::Object(put)) = fields.shift_remove(*name) {
            states.secret_state.extend(put);
        }
    }
    if let Some(Value::Object(put)) = fields.shift_remove("_statePut") {
        states.memory.extend(put);
    }
    states
        .secret_state_removed
        .extend(names(fields.shift_remove("_secretStateRemove")));
    states
        .memory_removed
        .extend(names(fields.shift_remove("_stateRemove")));
}

/// One name, a list of names, or an object whose keys are the names.
fn names(value: Option<Value>) -> Vec<String> {
    match value {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect(),
        Some(Value::Object(names)) => names.keys().cloned().collect(),
        _ => Vec::new(),
    }
}
