//! The two hundred values: secrets, secret state of calls, of replays and of runs, and credential headers.

use serde_json::{Map, Value, json};

use crate::support::{Canary, canaries};

pub const SECRETS: usize = 90;
pub const STATES: usize = 60;
const CREDENTIALS: usize = 20;
const LATER_STATES: usize = 15;

/// Values that must be found nowhere.
pub struct Values {
    pub secrets: Vec<Canary>,
    /// Secret state of the calls.
    pub states: Vec<Canary>,
    /// Credential headers.
    pub credentials: Vec<Canary>,
    pub credential_names: Vec<String>,
    /// Secret state that comes with replays.
    pub replayed: Vec<Canary>,
    /// Secret state that comes with inputs of runs.
    pub run: Vec<Canary>,
}

impl Values {
    pub fn new() -> Self {
        let mut all = canaries(SECRETS + STATES + CREDENTIALS + 2 * LATER_STATES);
        assert_eq!(all.len(), 200);
        let run = all.split_off(all.len() - LATER_STATES);
        let replayed = all.split_off(all.len() - LATER_STATES);
        let mut credentials = all.split_off(all.len() - CREDENTIALS);
        for credential in &mut credentials {
            // A header cannot have every character.
            credential.value.clone_from(&credential.plain);
        }
        let states = all.split_off(SECRETS);
        let usual = ["authorization", "cookie", "x-api-key"].map(str::to_owned);
        let more = (3..CREDENTIALS).map(|number| format!("x-credential-{number}"));
        Self {
            secrets: all,
            states,
            credentials,
            credential_names: usual.into_iter().chain(more).collect(),
            replayed,
            run,
        }
    }

    pub fn all(&self) -> Vec<Canary> {
        let parts = [
            &self.secrets,
            &self.states,
            &self.credentials,
            &self.replayed,
            &self.run,
        ];
        parts.into_iter().flatten().cloned().collect()
    }

    /// The headers of a call: credentials, and secrets where nobody expects them.
    pub fn headers(&self) -> Vec<(String, String)> {
        let names = self.credential_names.iter().cloned();
        let mut headers: Vec<(String, String)> = names
            .zip(self.credentials.iter().map(|it| it.plain.clone()))
            .collect();
        let plain = |number: usize| self.secrets[number].plain.clone();
        headers.push(("user-agent".to_owned(), format!("agent {}", plain(20))));
        headers.push(("x-note".to_owned(), format!("basic {}", plain(21))));
        headers.push((format!("x-{}", plain(22)), "a name".to_owned()));
        headers
    }

    /// The body of a call.
    pub fn body(&self, control: &str) -> Value {
        json!({"n": 1, "control": control, "told": self.secrets[23].value, "_secretStatePut": state_of(&self.states)})
    }
}

/// Values as secret state, some of them deep inside.
pub fn state_of(canaries: &[Canary]) -> Value {
    let mut state = Map::new();
    for (number, canary) in canaries.iter().enumerate() {
        let value = match number % 3 {
            0 => json!(canary.value),
            1 => json!({"user": "app", "password": canary.value}),
            _ => json!([canary.value]),
        };
        state.insert(format!("t{number}"), value);
    }
    Value::Object(state)
}
