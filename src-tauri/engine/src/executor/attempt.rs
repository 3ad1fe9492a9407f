//! One attempt of a step, with its deadline. Records nothing.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use hookloom_model::StepExecutionId;
use hookloom_template::Scope;
use indexmap::IndexMap;
use serde_json::Value;

use crate::core::Core;
use crate::ports::{Attempt, Http, Outcome, Produced, StepCall, StepRunner};
use crate::record;
use crate::values::MemorySnapshot;

/// What a step gets beyond its time to end by itself: it knows better than we do what it was waiting for, and what it
/// had sent.
const GRACE_MS: i64 = 250;

/// An attempt that is ready to run: owns all that it needs, so that attempts of one job run beside each other.
pub(crate) struct Prepared {
    /// The step's place in the plan.
    pub step: usize,
    pub runner: Arc<dyn StepRunner>,
    pub execution: StepExecutionId,
    pub number: u32,
    pub timeout_ms: i64,
    pub depth: u32,
    pub call: StepCall,
    pub scope: Scope,
    pub memory: MemorySnapshot,
}

/// An attempt that ended.
pub(crate) struct Ended {
    /// The step's place in the plan.
    pub step: usize,
    pub outcome: Outcome,
}

impl Prepared {
    /// Runs the attempt until its end or its deadline.
    pub fn run(self, core: Arc<Core>) -> BoxFuture<'static, Ended> {
        let http = Arc::clone(&core.ports.http);
        self.run_through(core, http)
    }

    /// The same, with its calls going through this.
    pub fn run_through(self, core: Arc<Core>, http: Arc<dyn Http>) -> BoxFuture<'static, Ended> {
        Box::pin(async move {
            let deadline_ms = core
                .now_ms()
                .saturating_add(self.timeout_ms)
                .saturating_add(GRACE_MS);
            let attempt = Attempt {
                execution: self.execution,
                number: self.number,
                timeout_ms: self.timeout_ms,
                scope: &self.scope,
                http: &*http,
                files: &*core.ports.files,
                scripts: &*core.ports.scripts,
                memory: &self.memory,
                clock: &*core.ports.clock,
                depth: self.depth,
                call: &self.call,
            };
            // The result first: an answer that arrived on time counts, also when nobody looked until later.
            let result = AssertUnwindSafe(self.runner.run(attempt)).catch_unwind();
            let outcome = tokio::select! {
                biased;
                outcome = result => outcome.unwrap_or_else(|_| broken_off(self.execution)),
                () = core.ports.clock.sleep_until_ms(deadline_ms) => timed_out(self.timeout_ms),
            };
            Ended {
                step: self.step,
                outcome,
            }
        })
    }
}

fn timed_out(timeout_ms: i64) -> Outcome {
    Outcome::Retryable(failed(
        "timeout",
        format!("the attempt took longer than the step's timeout_ms of {timeout_ms}"),
    ))
}

/// A step's own mistake ends the step. If it took the job's task along, a step that only computes would be tried for
/// ever: nothing is on disk of it yet.
fn broken_off(execution: StepExecutionId) -> Outcome {
    tracing::error!(%execution, "a step panicked");
    Outcome::Finished(failed(
        "internal",
        "the step broke off by a mistake within Hookloom; the log says where: please report it",
    ))
}

/// What an attempt leaves that failed before it could produce anything.
pub(crate) fn failed(code: &str, message: impl Into<String>) -> Produced {
    Produced {
        exit_code: "error".to_owned(),
        data: Value::Null,
        error: Some(record::error(code, message)),
        memory: IndexMap::new(),
        sent: None,
        logs: Vec::new(),
        retry_after_ms: None,
    }
}
