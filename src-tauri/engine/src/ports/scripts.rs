//! Running the JavaScript of flows, outside of this process.

use std::sync::Arc;

use async_trait::async_trait;
use hookloom_model::journal::RecordedError;
use hookloom_template::Scope;
use indexmap::IndexMap;
use serde_json::Value;

/// Runs scripts. Nothing that a script does can hang or end the process that calls this.
#[async_trait]
pub trait Scripts: Send + Sync {
    /// Runs a script until it ends or its time is over.
    async fn run(&self, run: ScriptRun<'_>) -> ScriptEnd;

    /// Looks for the first syntax error, and runs nothing. An error means that nobody could look.
    async fn check(&self, code: &str) -> Result<Option<ScriptFault>, ScriptFault>;

    /// A flow with scripts is about to run: what takes time to start may start now. Returns at once.
    fn expect_runs(&self) {}
}

/// One run of a script.
#[derive(Clone, Copy)]
pub struct ScriptRun<'a> {
    /// Whose script: the name of its flow. Scripts of two flows share nothing.
    pub flow: &'a str,
    /// JavaScript, the body of a function.
    pub code: &'a str,
    /// For the run and for the wait before it.
    pub timeout_ms: i64,
    /// Values of names that the script sees as globals: `steps`, `trigger`, `vars`, `job`.
    pub scope: &'a Scope,
    /// What it may load by name.
    pub memory: &'a dyn Memory,
}

/// What a step may load by a name that it computes.
#[async_trait]
pub trait Memory: Send + Sync {
    /// Every memory variable; none for a value that lies apart and costs a read.
    fn values(&self) -> Vec<(&str, Option<Arc<Value>>)>;

    /// The value of a memory variable; none if nobody set it.
    async fn load(&self, name: &str) -> Result<Option<Arc<Value>>, RecordedError>;

    /// A value of the job's secret state; none if nobody put it.
    fn secret_state(&self, name: &str) -> Option<Value>;
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq)]
pub struct ScriptEnd {
    /// What came out.
    pub outcome: ScriptOutcome,
    /// Memory that it saved; counts only if it did not fail.
    pub memory: IndexMap<String, Value>,
    /// What it logged, in order and bounded.
    pub logs: Vec<String>,
}

/// What came out of a run.
#[derive(Debug, Clone, PartialEq)]
pub enum ScriptOutcome {
    /// It returned.
    Returned(Value),
    /// It called `exit`.
    Exited {
        /// The exit code, which has the form of a name.
        exit_code: String,
        /// What it gave.
        data: Value,
    },
    /// It did not come to an end of its own.
    Failed(ScriptFault),
}

/// Why a script failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ScriptFault {
    /// What kind of failure.
    pub kind: ScriptFaultKind,
    /// What happened, why, and where in the code, as far as that is known.
    pub message: String,
}

impl ScriptFault {
    /// A fault with its message.
    pub fn new(kind: ScriptFaultKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }
}

/// Kinds of failure that somebody tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScriptFaultKind {
    /// It threw.
    Thrown,
    /// It is no JavaScript.
    Syntax,
    /// What it gave back cannot be taken.
    Data,
    /// Its time was over.
    Timeout,
    /// It wanted more memory than a script may have.
    Memory,
    /// Its worker process ended under it.
    WorkerDied,
    /// No worker process could be started.
    Unavailable,
}

impl ScriptFaultKind {
    /// The stable name in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Thrown => "script_error",
            Self::Syntax => "script_syntax",
            Self::Data => "script_data",
            Self::Timeout => "script_timeout",
            Self::Memory => "script_memory",
            Self::WorkerDied => "script_worker_died",
            Self::Unavailable => "script_unavailable",
        }
    }

    /// Whether another attempt may end otherwise.
    pub fn is_worth_retrying(self) -> bool {
        matches!(self, Self::Timeout | Self::WorkerDied | Self::Unavailable)
    }
}
