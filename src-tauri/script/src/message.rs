//! What parent and worker say to each other. Both are the same program; the version is for a program that was replaced
//! on disk while it ran.

use serde::{Deserialize, Serialize};

/// Changes with every change of a message.
pub(crate) const VERSION: u32 = 1;

/// From the parent. Texts follow in the frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ToWorker {
    /// Run a script. Texts: the code, then the values of `memory` in order.
    Run {
        timeout_ms: u64,
        /// Names whose values are here.
        memory: Vec<String>,
        /// Names whose values are sent when they are asked for.
        memory_apart: Vec<String>,
        /// Globals that can be asked for.
        globals: Vec<String>,
    },
    /// Look for a syntax error. Texts: the code.
    Check { timeout_ms: u64 },
    /// What was asked for. Texts: the value as JSON, unless there is none or it cannot be had.
    Answer { error: Option<String> },
}

/// From the worker. Texts follow in the frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum FromWorker {
    /// It is locked in and waits for work.
    Ready {
        version: u32,
        /// What holds it: names for the log.
        walls: Vec<String>,
        /// Whether a wall of the operating system is missing.
        is_open: bool,
    },
    /// It wants a value.
    Ask { place: Place, name: String },
    /// The script ended. Texts: the data as JSON, then the values of `saved` in order.
    Ended {
        exit_code: Option<String>,
        saved: Vec<String>,
        logs: Vec<String>,
    },
    /// The script failed.
    Failed {
        fault: Fault,
        message: String,
        logs: Vec<String>,
    },
    /// What the look for a syntax error found.
    Checked { message: Option<String> },
}

/// Where a value is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Place {
    Memory,
    SecretState,
    Global,
}

/// Kinds of failure that a worker can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fault {
    Thrown,
    Syntax,
    Data,
    Timeout,
    Memory,
}
