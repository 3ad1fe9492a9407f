//! One run as seen from here: the order, the questions that come back, the end. Nothing that a worker says is believed
//! before it was checked.

use std::io;

use hookloom_engine::ports::{ScriptEnd, ScriptFault, ScriptFaultKind, ScriptOutcome, ScriptRun};
use hookloom_model::document::{exit_code_problem, is_plain_name};
use hookloom_template::RESERVED_NAMES;
use indexmap::IndexMap;
use serde_json::Value;

use super::process::Worker;
use crate::frame::{Frame, FrameError};
use crate::limits::{
    ANSWER_BYTES_MAX, EAGER_BYTES_MAX, LOG_BYTES_MAX, LOG_LINES_MAX, MESSAGE_BYTES_MAX,
};
use crate::message::{Fault, FromWorker, Place, ToWorker};

/// A message of a worker that is longer was not made by ours: an error's text with a name, a place and an excerpt.
const FAULT_BYTES_MAX: usize = 4 * MESSAGE_BYTES_MAX;

/// Has a worker run a script.
pub(super) async fn run(
    worker: &mut Worker,
    run: ScriptRun<'_>,
    timeout_ms: u64,
) -> Result<ScriptEnd, FrameError> {
    worker.write(&order(run, timeout_ms)).await?;
    loop {
        let frame = worker.read().await?;
        let mut texts = frame.texts.into_iter();
        match frame.message {
            FromWorker::Ask { place, name } => {
                let answer = answer(run, place, &name).await;
                worker.write(&answer).await?;
            }
            FromWorker::Ended {
                exit_code,
                saved,
                logs,
            } => {
                let data = value(texts.next())?;
                let outcome = match exit_code {
                    None => ScriptOutcome::Returned(data),
                    Some(exit_code) if exit_code_problem(&exit_code).is_none() => {
                        ScriptOutcome::Exited { exit_code, data }
                    }
                    Some(_) => return Err(malformed("an exit code that is none")),
                };
                return Ok(ScriptEnd {
                    outcome,
                    memory: memory(saved, texts)?,
                    logs: checked_logs(logs)?,
                });
            }
            FromWorker::Failed {
                fault,
                message,
                logs,
            } => {
                if message.len() > FAULT_BYTES_MAX {
                    return Err(malformed("a message over its limit"));
                }
                return Ok(ScriptEnd {
                    outcome: ScriptOutcome::Failed(self::fault(fault, message, run.timeout_ms)),
                    memory: IndexMap::new(),
                    logs: checked_logs(logs)?,
                });
            }
            FromWorker::Ready { .. } | FromWorker::Checked { .. } => {
                return Err(malformed("an answer that nobody asked for"));
            }
        }
    }
}

/// Has a worker look for a syntax error.
pub(super) async fn check(
    worker: &mut Worker,
    code: &str,
    timeout_ms: u64,
) -> Result<Option<String>, FrameError> {
    let order = Frame {
        message: ToWorker::Check { timeout_ms },
        texts: vec![code.to_owned()],
    };
    worker.write(&order).await?;
    match worker.read().await?.message {
        FromWorker::Checked { message } => Ok(message),
        _ => Err(malformed("an answer that nobody asked for")),
    }
}

/// The fault of a run that was late.
pub(super) fn timeout(timeout_ms: i64) -> ScriptFault {
    ScriptFault::new(
        ScriptFaultKind::Timeout,
        format!(
            "the script took longer than the step's timeout_ms of {timeout_ms}; it was ended. Look for a loop that never \
             ends, or give the step more time"
        ),
    )
}

/// The order for a run, with the small values of memory in it.
fn order(run: ScriptRun<'_>, timeout_ms: u64) -> Frame<ToWorker> {
    let mut texts = vec![run.code.to_owned()];
    let (mut memory, mut memory_apart) = (Vec::new(), Vec::new());
    let mut room = EAGER_BYTES_MAX;
    for (name, value) in run.memory.values() {
        match value.and_then(|value| text_within(&value, room)) {
            Some(text) => {
                room -= text.len();
                memory.push(name.to_owned());
                texts.push(text);
            }
            None => memory_apart.push(name.to_owned()),
        }
    }
    let message = ToWorker::Run {
        timeout_ms,
        memory,
        memory_apart,
        globals: run.scope.names().map(str::to_owned).collect(),
    };
    Frame { message, texts }
}

async fn answer(run: ScriptRun<'_>, place: Place, name: &str) -> Frame<ToWorker> {
    let found = match place {
        Place::Memory => {
            let loaded = run.memory.load(name).await;
            loaded.map(|value| value.map(|value| value.to_string()))
        }
        Place::SecretState => Ok(run.memory.secret_state(name).map(|value| value.to_string())),
        Place::Global => {
            let value = run.scope.get(name);
            Ok(value.map(|value| value.to_string()))
        }
    };
    let (error, text) = match found {
        Ok(Some(text)) if text.len() > ANSWER_BYTES_MAX => {
            let error = format!(
                "`{name}` has {} bytes as JSON, more than script_answer_bytes_max of {ANSWER_BYTES_MAX}",
                text.len()
            );
            (Some(error), None)
        }
        Ok(text) => (None, text),
        Err(error) => (Some(error.message), None),
    };
    Frame {
        message: ToWorker::Answer { error },
        texts: text.into_iter().collect(),
    }
}

fn value(text: Option<String>) -> Result<Value, FrameError> {
    let text = text.ok_or_else(|| malformed("a value that is missing"))?;
    serde_json::from_str(&text).map_err(|error| malformed(&format!("no JSON ({error})")))
}

fn memory(
    saved: Vec<String>,
    texts: impl Iterator<Item = String>,
) -> Result<IndexMap<String, Value>, FrameError> {
    let texts: Vec<String> = texts.collect();
    if texts.len() != saved.len() {
        return Err(malformed("names and values that do not fit"));
    }
    let mut memory = IndexMap::new();
    for (name, text) in saved.into_iter().zip(texts) {
        if !is_plain_name(&name) || RESERVED_NAMES.contains(&name.as_str()) {
            return Err(malformed("memory with a name that is none"));
        }
        memory.insert(name, value(Some(text))?);
    }
    Ok(memory)
}

fn checked_logs(logs: Vec<String>) -> Result<Vec<String>, FrameError> {
    // One line more says what is missing.
    let bytes: usize = logs.iter().map(String::len).sum();
    if logs.len() > LOG_LINES_MAX + 1 || bytes > 2 * LOG_BYTES_MAX {
        return Err(malformed("logs over their limit"));
    }
    Ok(logs)
}

fn fault(fault: Fault, message: String, timeout_ms: i64) -> ScriptFault {
    let kind = match fault {
        Fault::Timeout => return timeout(timeout_ms),
        Fault::Thrown => ScriptFaultKind::Thrown,
        Fault::Syntax => ScriptFaultKind::Syntax,
        Fault::Data => ScriptFaultKind::Data,
        Fault::Memory => ScriptFaultKind::Memory,
    };
    ScriptFault::new(kind, message)
}

fn malformed(what: &str) -> FrameError {
    FrameError::Malformed(format!("the worker sent {what}"))
}

/// The JSON text of a value, if it fits.
fn text_within(value: &Value, bytes_max: usize) -> Option<String> {
    let mut bounded = Bounded {
        text: Vec::new(),
        bytes_max,
    };
    serde_json::to_writer(&mut bounded, value).ok()?;
    String::from_utf8(bounded.text).ok()
}

/// Takes so many bytes and refuses the rest.
struct Bounded {
    text: Vec<u8>,
    bytes_max: usize,
}

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.text.len() + bytes.len() > self.bytes_max {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_that_does_not_fit_is_left_for_later() {
        let value = json!({"a": "bcd"});
        assert_eq!(text_within(&value, 11).as_deref(), Some(r#"{"a":"bcd"}"#));
        assert_eq!(text_within(&value, 10), None);
    }

    #[test]
    fn what_a_worker_says_is_refused_when_it_cannot_be_ours() {
        assert!(value(None).is_err());
        assert!(value(Some("{".into())).is_err());
        assert!(memory(vec!["a".into()], std::iter::empty()).is_err());
        for name in ["", "1a", "no name", "steps", "secrets"] {
            let saved = memory(vec![name.into()], ["1".to_owned()].into_iter());
            assert!(saved.is_err(), "{name}");
        }
        assert!(checked_logs(vec![String::new(); LOG_LINES_MAX + 2]).is_err());
        assert!(checked_logs(vec!["x".repeat(2 * LOG_BYTES_MAX + 1)]).is_err());
    }
}
