//! Scripts without JavaScript: the code is a JSON object that says how the run ends.
//!
//! `return`, `exit` with `data`, or `fail` (a kind of fault); before it `load` (returns that memory variable), `secret`
//! (returns that secret state), `save` (an object), `logs` (a list), `after_ms` (virtual time that the run takes).

use std::sync::Arc;

use async_trait::async_trait;
use indexmap::IndexMap;
use serde_json::Value;

use crate::ports::{
    Clock, ScriptEnd, ScriptFault, ScriptFaultKind, ScriptOutcome, ScriptRun, Scripts,
};

/// Scripts without JavaScript.
pub struct FakeScripts(pub Arc<dyn Clock>);

#[async_trait]
impl Scripts for FakeScripts {
    async fn run(&self, run: ScriptRun<'_>) -> ScriptEnd {
        let order: Value = serde_json::from_str(run.code).unwrap_or_default();
        let after_ms = order["after_ms"].as_i64().unwrap_or(0);
        if after_ms > 0 {
            let at_ms = self.0.now_ms() + after_ms.min(run.timeout_ms);
            self.0.sleep_until_ms(at_ms).await;
        }
        let mut outcome = outcome(&order);
        if let Some(name) = order["load"].as_str() {
            let value = run.memory.load(name).await.unwrap_or_default();
            outcome = ScriptOutcome::Returned(value.as_deref().cloned().unwrap_or_default());
        }
        if let Some(name) = order["secret"].as_str() {
            outcome = ScriptOutcome::Returned(run.memory.secret_state(name).unwrap_or_default());
        }
        if after_ms >= run.timeout_ms {
            outcome = failed(ScriptFaultKind::Timeout);
        }
        let saved = order["save"].as_object().into_iter().flatten();
        let logs = order["logs"].as_array().into_iter().flatten();
        ScriptEnd {
            outcome,
            memory: saved
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect::<IndexMap<_, _>>(),
            logs: logs.filter_map(Value::as_str).map(str::to_owned).collect(),
        }
    }

    async fn check(&self, code: &str) -> Result<Option<ScriptFault>, ScriptFault> {
        let broken = serde_json::from_str::<Value>(code).err();
        Ok(broken.map(|error| ScriptFault::new(ScriptFaultKind::Syntax, error.to_string())))
    }
}

fn outcome(order: &Value) -> ScriptOutcome {
    if let Some(exit_code) = order["exit"].as_str() {
        return ScriptOutcome::Exited {
            exit_code: exit_code.to_owned(),
            data: order["data"].clone(),
        };
    }
    match order["fail"].as_str() {
        Some("worker_died") => failed(ScriptFaultKind::WorkerDied),
        Some("timeout") => failed(ScriptFaultKind::Timeout),
        Some("memory") => failed(ScriptFaultKind::Memory),
        Some(_) => failed(ScriptFaultKind::Thrown),
        None => ScriptOutcome::Returned(order["return"].clone()),
    }
}

fn failed(kind: ScriptFaultKind) -> ScriptOutcome {
    ScriptOutcome::Failed(ScriptFault::new(
        kind,
        format!("a test's {}", kind.as_str()),
    ))
}
