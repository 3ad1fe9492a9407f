//! Waiting for something to become true, within a bound.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::workspace::Workspace;

const WAIT_S_MAX: u64 = 20;
const POLL_MS: u64 = 50;

/// Waits until the job is as expected, and gives it.
#[track_caller]
pub fn await_job(workspace: &Workspace, id: i64, is_it: impl Fn(&Value) -> bool) -> Value {
    await_json(workspace, &["job", "show", &id.to_string()], is_it)
}

/// Runs a command until its result is as expected, and gives that.
#[track_caller]
pub fn await_json(
    workspace: &Workspace,
    arguments: &[&str],
    is_it: impl Fn(&Value) -> bool,
) -> Value {
    let deadline = Instant::now() + Duration::from_secs(WAIT_S_MAX);
    loop {
        let value = workspace.json(arguments);
        if is_it(&value) {
            return value;
        }
        assert!(
            Instant::now() < deadline,
            "it does not come to that: {value:#}"
        );
        thread::sleep(Duration::from_millis(POLL_MS));
    }
}
