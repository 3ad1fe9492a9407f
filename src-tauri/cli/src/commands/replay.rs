//! What `job replay`, `job continue` and `request replay` have in common.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::input::read_json;
use crate::caller::Caller;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::render;

/// What to run again with.
#[derive(Debug, Args)]
pub struct Options {
    /// The version of the flow to run; the original one unless there is none
    #[arg(long, value_enum)]
    version: Option<Version>,
    /// A JSON file with an edited input; `-` reads standard input. Without it the recorded one is taken
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// An output to ask for; may be given several times. None asks for the same as before
    #[arg(long = "output", value_name = "NAME")]
    outputs: Vec<String>,
    /// A JSON file with the secret state by name, which is gone since the job's end; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    secret_state: Option<PathBuf>,
}

/// Which version of the flow runs.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Version {
    /// The one of the earlier job
    Original,
    /// The one that is published now
    Published,
}

impl Options {
    /// The body of the call.
    pub fn body(self) -> Result<Value, Failure> {
        let mut body = json!({});
        match self.version {
            Some(Version::Original) => body["version"] = json!("original"),
            Some(Version::Published) => body["version"] = json!("published"),
            None => {}
        }
        if let Some(file) = self.input {
            body["input"] = read_json(&file)?;
        }
        if !self.outputs.is_empty() {
            body["outputs"] = json!(self.outputs);
        }
        put_secret_state(&mut body, self.secret_state)?;
        Ok(body)
    }
}

/// Reads secret state into the body of a call.
pub fn put_secret_state(body: &mut Value, file: Option<PathBuf>) -> Result<(), Failure> {
    let Some(file) = file else {
        return Ok(());
    };
    let state = read_json(&file)?;
    if !state.is_object() {
        return Err(Failure::usage(
            "The secret state must be a JSON object, with a value for each name.",
        ));
    }
    body["secret_state"] = state;
    Ok(())
}

/// Calls the operation and shows the job that it started.
pub async fn start(
    path: &str,
    body: Value,
    caller: &Caller,
    printer: &Printer,
) -> Result<(), Failure> {
    let started = caller.post(path, body).await?;
    let mut job = caller.get(&format!("/jobs/{}", started["job_id"])).await?;
    job["job_id"] = started["job_id"].clone();
    printer.result(&job, |_| render::started(&started));
    if !caller.is_guest() {
        printer.note(
            "Nobody runs this data folder now: the job begins when `hookloom serve` or the app does.",
        );
    }
    Ok(())
}
