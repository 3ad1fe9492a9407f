//! A pool whose workers are this program, and memory for its scripts.

use std::future::Future;
use std::sync::Arc;

use async_trait::async_trait;
use hookloom_engine::ports::{
    Memory, ScriptEnd, ScriptFaultKind, ScriptOutcome, ScriptRun, Scripts as _,
};
use hookloom_model::journal::RecordedError;
use hookloom_script::{Limits, Program, Workers};
use hookloom_template::Scope;
use serde_json::{Value, json};

/// A job's memory: `order`, `large` (which lies apart), and the secret state `token`.
pub struct TestMemory(Arc<Value>);

impl TestMemory {
    pub fn new() -> Self {
        Self(Arc::new(json!("w".repeat(100_000))))
    }
}

#[async_trait]
impl Memory for TestMemory {
    fn values(&self) -> Vec<(&str, Option<Arc<Value>>)> {
        vec![
            ("order", Some(Arc::new(json!({"total": 21})))),
            ("wide", Some(Arc::clone(&self.0))),
            ("large", None),
        ]
    }

    async fn load(&self, name: &str) -> Result<Option<Arc<Value>>, RecordedError> {
        Ok(match name {
            "large" => Some(Arc::new(json!("l".repeat(500_000)))),
            "wide" => Some(Arc::clone(&self.0)),
            _ => None,
        })
    }

    fn secret_state(&self, name: &str) -> Option<Value> {
        (name == "token").then(|| json!("hush-hush"))
    }
}

pub fn workers() -> Workers {
    workers_with(Limits::default())
}

pub fn workers_with(limits: Limits) -> Workers {
    let program = Program::this().expect("the system says which program runs");
    Workers::new(program, limits)
}

/// Runs a test on a runtime of its own.
pub fn block_on<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.expect("threads can be started").block_on(test)
}

pub async fn run_for(workers: &Workers, flow: &str, code: &str, timeout_ms: i64) -> ScriptEnd {
    let mut scope = Scope::default();
    scope.insert("vars", json!({"city": "Kiel"}));
    workers
        .run(ScriptRun {
            flow,
            code,
            timeout_ms,
            scope: &scope,
            memory: &TestMemory::new(),
        })
        .await
}

pub async fn run(workers: &Workers, code: &str) -> ScriptEnd {
    run_for(workers, "flow", code, 20_000).await
}

/// The kind of fault of a run that failed.
pub fn fault(end: &ScriptEnd) -> Option<ScriptFaultKind> {
    match &end.outcome {
        ScriptOutcome::Failed(fault) => Some(fault.kind),
        _ => None,
    }
}
