//! Memory and secret state in the data that a step returns: taken out before anything is masked or stored.

use std::collections::HashSet;

use hookloom_model::body::{StateError, TakenState, take_secret_state};
use serde_json::{Map, Value};

use crate::secret_state::SecretStateTooLarge;

/// Why the state in a step's data cannot be taken.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refused {
    /// It is no state.
    #[error(transparent)]
    State(#[from] StateError),
    /// It is more than a job can have.
    #[error(transparent)]
    TooLarge(#[from] SecretStateTooLarge),
}

/// Takes state out of the data's object, and out of the `body` of an HTTP answer. It is taken out of both also when
/// one of them is wrong, so that nothing of it is stored.
pub(crate) fn take(data: &mut Value) -> Result<TakenState, StateError> {
    let outer = take_secret_state(data);
    let inner = data.get_mut("body").map(take_secret_state).transpose();
    let (mut taken, inner) = (outer?, inner?.unwrap_or_default());
    merge(&mut taken.secret_state, inner.secret_state);
    merge(&mut taken.state, inner.state);
    taken
        .secret_state_removed
        .extend(inner.secret_state_removed);
    taken.state_removed.extend(inner.state_removed);
    Ok(taken)
}

/// Secret state without what is removed and with what is put.
pub(super) fn changed(
    mut state: Map<String, Value>,
    put: Map<String, Value>,
    removed: &[String],
) -> Map<String, Value> {
    let gone: HashSet<&String> = removed.iter().collect();
    state.retain(|name, _| !gone.contains(name));
    state.extend(put);
    state
}

fn merge(into: &mut Option<Map<String, Value>>, more: Option<Map<String, Value>>) {
    if let Some(more) = more {
        into.get_or_insert_default().extend(more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn state_is_taken_out_of_an_answers_body_too() {
        let mut data = json!({
            "status": 200,
            "body": {"ok": true, "_secretStatePut": {"token": "abc"}, "_stateRemove": "old"},
        });
        let taken = take(&mut data).expect("sound state");
        assert_eq!(data, json!({"status": 200, "body": {"ok": true}}));
        assert_eq!(
            taken.secret_state,
            json!({"token": "abc"}).as_object().cloned()
        );
        assert_eq!(taken.state_removed, ["old"]);
    }

    #[test]
    fn wrong_state_is_an_error_and_is_taken_out_all_the_same() {
        let mut data = json!({"_statePut": 5, "body": {"_secretStatePut": {"token": "abc"}}});
        assert!(take(&mut data).is_err());
        assert_eq!(data, json!({"body": {}}));
    }
}
