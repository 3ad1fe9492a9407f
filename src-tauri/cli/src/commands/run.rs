//! `hookloom run`: starts a job, and waits for its end if asked to.

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use crate::caller::{Caller, segment};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::render;

use super::input::read_json;

const POLL_MS_MIN: u64 = 20;
const POLL_MS_MAX: u64 = 500;

/// Which flow, with what.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The flow's name
    name: String,
    /// A JSON file for the job's input; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// An output to ask for; may be given several times. None asks for all
    #[arg(long = "output", value_name = "NAME")]
    outputs: Vec<String>,
    /// Try the draft instead of the published version: nothing is published, and no webhook task sends anything
    #[arg(long)]
    draft: bool,
    /// A stored request (`mqr_…`) to try the draft with
    #[arg(long, value_name = "ID", requires = "draft")]
    request: Option<String>,
    /// A JSON file with results by step; these steps do not run
    #[arg(long, value_name = "FILE", requires = "draft")]
    pins: Option<PathBuf>,
    /// Send the draft's webhook tasks all the same
    #[arg(long, requires = "draft")]
    send_tasks: bool,
    /// Wait for the job's end, show it, and exit with 1 unless it is complete
    #[arg(long)]
    wait: bool,
}

/// Runs the command.
pub async fn run(
    arguments: Arguments,
    data: Option<PathBuf>,
    printer: &Printer,
) -> Result<Exit, Failure> {
    let (name, wait) = (arguments.name.clone(), arguments.wait);
    let body = body(arguments)?;
    // Without an owner somebody has to run the job that we wait for.
    let caller = Caller::open_with(data, |options| options.running_jobs(wait)).await?;
    let outcome = start(&name, body, wait, &caller, printer).await;
    caller.close().await;
    outcome
}

/// What the operation is asked for.
fn body(arguments: Arguments) -> Result<Value, Failure> {
    let Arguments {
        name: _,
        input,
        outputs,
        draft,
        request,
        pins,
        send_tasks,
        wait: _,
    } = arguments;
    let mut body = json!({});
    if let Some(file) = input {
        body["input"] = read_json(&file)?;
    }
    if !outputs.is_empty() {
        body["outputs"] = json!(outputs);
    }
    if draft {
        body["draft"] = true.into();
        body["request_id"] = json!(request);
        body["send_tasks"] = send_tasks.into();
    }
    if let Some(file) = pins {
        body["pins"] = read_json(&file)?;
    }
    Ok(body)
}

async fn start(
    name: &str,
    body: Value,
    wait: bool,
    caller: &Caller,
    printer: &Printer,
) -> Result<Exit, Failure> {
    let started = caller
        .post(&format!("/flows/{}/run", segment(name)), body)
        .await?;
    let path = format!("/jobs/{}", started["job_id"]);
    if !wait {
        let mut job = caller.get(&path).await?;
        job["job_id"] = started["job_id"].clone();
        printer.result(&job, |_| render::started(&started));
        if !caller.is_guest() {
            printer.note(
                "Nobody runs this data folder now: the job begins when `hookloom serve` or the app does, or with --wait.",
            );
        }
        return Ok(Exit::Ok);
    }
    let job = end_of(&path, caller, printer).await?;
    printer.result(&job, |paint| render::job(&job, paint));
    Ok(if job["status"] == "complete" {
        Exit::Ok
    } else {
        Exit::Failed
    })
}

/// Waits for the job's end, and without another owner for the first attempts of its deliveries as well:
/// nobody else would make them before the next start.
async fn end_of(path: &str, caller: &Caller, printer: &Printer) -> Result<Value, Failure> {
    let mut poll_ms = POLL_MS_MIN;
    let mut told = HashSet::new();
    loop {
        let job = caller.get(path).await?;
        tell_steps(&job, &mut told, printer);
        let ended = !job["ended_at"].is_null();
        if ended && (caller.is_guest() || first_attempts_are_made(&job)) {
            return Ok(job);
        }
        tokio::time::sleep(Duration::from_millis(poll_ms)).await;
        poll_ms = (poll_ms * 2).min(POLL_MS_MAX);
    }
}

/// Says once of each step that it has ended, to a person who watches.
fn tell_steps(job: &Value, told: &mut HashSet<String>, printer: &Printer) {
    let steps = job["steps"].as_array().map_or(&[][..], Vec::as_slice);
    for step in steps {
        let has_ended = ["complete", "failed", "canceled"]
            .iter()
            .any(|status| step["status"] == *status);
        let name = step["name"].as_str().unwrap_or_default();
        if has_ended && told.insert(name.to_owned()) {
            printer.progress(|paint| render::step_ended(step, paint));
        }
    }
}

fn first_attempts_are_made(job: &Value) -> bool {
    let deliveries = job["deliveries"].as_array().map_or(&[][..], Vec::as_slice);
    deliveries
        .iter()
        .all(|it| it["status"] != "pending" && it["status"] != "sending")
}
