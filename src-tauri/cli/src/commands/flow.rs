//! `hookloom flow`: import, export, list, validate, publish, switch, copy and delete flows.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use hookloom_model::document;
use serde_json::{Value, json};

use crate::caller::{Caller, segment};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::render;

use super::input::{read_document, read_json, read_json_text};

/// The commands of the group.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Import flow documents; an existing flow of the same name gets a new draft
    Import(Import),
    /// Print a flow's document
    Export(Name),
    /// List flows
    List(Limit),
    /// List every problem of a document, without importing it
    Validate(File),
    /// Publish the draft as a new version
    Publish(Name),
    /// List a flow's versions
    Versions(Part),
    /// Stop starting jobs; requests are still recorded
    Pause(Name),
    /// Start jobs again after a pause, or after it was off
    Resume(Name),
    /// Switch the flow off
    Off(Name),
    /// List a flow's schedules with their next times
    Schedules(Part),
    /// Copy a flow under a new name, without its webhook tasks
    Copy(Copy),
    /// Delete a flow; its jobs and requests stay
    Delete(Name),
    /// Send one real message of a webhook task of the draft, with sample values
    TestTask(TestTask),
    /// Switch a webhook task on or off, beside the document
    SwitchTask(SwitchTask),
}

/// Which task to test.
#[derive(Debug, Args)]
pub struct TestTask {
    /// The flow's name
    name: String,
    /// The webhook task's name
    task: String,
    /// JSON with values for the names that its templates use, such as {"steps": {"ship": {"data": {"total": 5}}}};
    /// `-` reads standard input
    #[arg(long, value_name = "FILE")]
    sample: Option<PathBuf>,
    /// The output that the message is about
    #[arg(long, value_name = "NAME")]
    output: Option<String>,
}

/// Which task to switch.
#[derive(Debug, Args)]
pub struct SwitchTask {
    /// The flow's name
    name: String,
    /// The webhook task's name
    task: String,
    /// Whether it sends
    #[arg(value_enum)]
    to: Switch,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Switch {
    On,
    Off,
}

/// What to import.
#[derive(Debug, Args)]
pub struct Import {
    /// Flow documents; `-` reads standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Publish them as well
    #[arg(long)]
    publish: bool,
}

/// One flow.
#[derive(Debug, Args)]
pub struct Name {
    /// The flow's name
    name: String,
}

/// One document.
#[derive(Debug, Args)]
pub struct File {
    /// A flow document; `-` reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// From which flow to which.
#[derive(Debug, Args)]
pub struct Copy {
    /// The flow to copy
    name: String,
    /// The name of the copy
    new: String,
}

/// How many.
#[derive(Debug, Args)]
pub struct Limit {
    /// At most this many
    #[arg(long, default_value_t = 50, value_name = "N")]
    pub limit: usize,
}

/// Of which flow, and how many.
#[derive(Debug, Args)]
pub struct Part {
    /// The flow's name
    name: String,
    /// At most this many
    #[arg(long, default_value_t = 50, value_name = "N")]
    limit: usize,
}

/// A command with the files that it reads.
pub enum Prepared {
    Import {
        /// Where each is from, and its JSON text.
        documents: Vec<(String, String)>,
        publish: bool,
    },
    Export(String),
    List(usize),
    Publish(String),
    Versions(String, usize),
    State(String, &'static str),
    Copy(String, String),
    Delete(String),
    Schedules(String, usize),
    TestTask(String, Value),
    SwitchTask(SwitchTask),
}

impl Prepared {
    /// Reads what the command needs. A broken file fails here, before anything is changed.
    pub fn read(command: Command) -> Result<Self, Failure> {
        Ok(match command {
            Command::Import(Import { files, publish }) => {
                let read = |file: PathBuf| Ok((file.display().to_string(), read_json_text(&file)?));
                let documents = files
                    .into_iter()
                    .map(read)
                    .collect::<Result<_, Failure>>()?;
                Self::Import { documents, publish }
            }
            Command::Export(it) => Self::Export(it.name),
            Command::List(it) => Self::List(it.limit),
            Command::Publish(it) => Self::Publish(it.name),
            Command::Versions(it) => Self::Versions(it.name, it.limit),
            Command::Pause(it) => Self::State(it.name, "paused"),
            Command::Resume(it) => Self::State(it.name, "live"),
            Command::Off(it) => Self::State(it.name, "off"),
            Command::Copy(it) => Self::Copy(it.name, it.new),
            Command::Delete(it) => Self::Delete(it.name),
            Command::Schedules(it) => Self::Schedules(it.name, it.limit),
            Command::TestTask(it) => {
                let sample = it.sample.as_deref().map(read_json).transpose()?;
                let sample = sample.unwrap_or_else(|| json!({}));
                let test = json!({"task": it.task, "sample": sample, "output": it.output});
                Self::TestTask(it.name, test)
            }
            Command::SwitchTask(it) => Self::SwitchTask(it),
            Command::Validate(_) => {
                return Err(Failure::internal("`flow validate` needs no data folder."));
            }
        })
    }
}

/// Runs a command of the group.
pub async fn run(command: Prepared, caller: &Caller, printer: &Printer) -> Result<Exit, Failure> {
    match command {
        Prepared::Import { documents, publish } => {
            return import(documents, publish, caller, printer).await;
        }
        Prepared::Export(name) => {
            let text = caller
                .get_text(&format!("/flows/{}/export", segment(&name)))
                .await?;
            printer.text(&text);
        }
        Prepared::List(limit) => {
            let flows = caller.newest("/flows", "id", limit).await?;
            printer.result(&Value::Array(flows.clone()), |paint| {
                render::flows(&flows, paint)
            });
        }
        Prepared::Publish(name) => {
            let path = format!("/flows/{}/publish", segment(&name));
            let answer = caller.post(&path, json!({})).await?;
            printer.result(&answer["flow"], |paint| {
                render::flow_changed("Published", &answer["flow"], paint)
            });
        }
        Prepared::Versions(name, limit) => {
            let versions = part_of(&name, "versions", "versions", limit, caller).await?;
            printer.result(&versions, |paint| render::versions(&versions, paint));
        }
        Prepared::State(name, state) => {
            let path = format!("/flows/{}/state", segment(&name));
            let flow = caller.post(&path, json!({ "state": state })).await?;
            printer.result(&flow, |paint| {
                render::flow_changed("Switched", &flow, paint)
            });
        }
        Prepared::Copy(name, new) => {
            let path = format!("/flows/{}/copy", segment(&name));
            let flow = caller.post(&path, json!({ "name": new })).await?;
            say_notes(&flow, printer);
            printer.result(&flow, |paint| render::flow_changed("Copied", &flow, paint));
        }
        Prepared::Schedules(name, limit) => {
            let schedules = part_of(&name, "schedules", "items", limit, caller).await?;
            printer.result(&schedules, |paint| render::schedules(&schedules, paint));
        }
        Prepared::TestTask(name, test) => {
            let path = format!("/flows/{}/tasks/test", segment(&name));
            let tested = caller.post(&path, test).await?;
            printer.result(&tested, |paint| render::tested(&tested, paint));
            if tested["delivered"] != true {
                return Ok(Exit::Failed);
            }
        }
        Prepared::SwitchTask(switch) => switch_task(switch, caller, printer).await?,
        Prepared::Delete(name) => {
            caller.delete(&format!("/flows/{}", segment(&name))).await?;
            printer.result(&json!({"name": name, "deleted": true}), |_| {
                format!("Deleted the flow `{name}`; its jobs and requests stay.")
            });
        }
    }
    Ok(Exit::Ok)
}

/// A list that belongs to a flow, as far as it is wanted.
async fn part_of(
    name: &str,
    part: &str,
    items: &str,
    limit: usize,
    caller: &Caller,
) -> Result<Value, Failure> {
    let path = format!("/flows/{}/{part}", segment(name));
    let mut list = caller.get(&path).await?[items].take();
    if let Some(list) = list.as_array_mut() {
        list.truncate(limit);
    }
    Ok(list)
}

async fn switch_task(
    switch: SwitchTask,
    caller: &Caller,
    printer: &Printer,
) -> Result<(), Failure> {
    let SwitchTask { name, task, to } = switch;
    let path = format!("/flows/{}/tasks/state", segment(&name));
    let body = json!({"task": task, "enabled": to == Switch::On});
    let flow = caller.post(&path, body).await?;
    let state = if to == Switch::On { "on" } else { "off" };
    printer.result(&flow, |_| {
        format!("Switched the webhook task `{task}` {state}.")
    });
    Ok(())
}

/// Imports one document after the other; one that is refused does not keep the others out.
async fn import(
    documents: Vec<(String, String)>,
    publish: bool,
    caller: &Caller,
    printer: &Printer,
) -> Result<Exit, Failure> {
    let mut imported = Vec::new();
    let mut failures = Vec::new();
    let all = documents.len();
    for (number, (place, document)) in (1..).zip(documents) {
        if all > 1 {
            printer.progress(|_| format!("[{number}/{all}] {place}"));
        }
        // The text as it is: a key that is there twice would be lost in a value.
        let body = format!("{{\"document\": {document}, \"publish\": {publish}}}");
        match caller.post_text("/flows/import", body).await {
            Ok(answer) => imported.push(answer),
            Err(mut failure) => {
                failure.message = format!("{place}: {}", failure.message);
                failures.push(failure);
            }
        }
    }
    let flows: Vec<Value> = imported
        .iter()
        .map(|answer| answer["flow"].clone())
        .collect();
    if !imported.is_empty() {
        printer.result(&Value::Array(flows), |paint| {
            imported
                .iter()
                .map(|answer| render::flow_imported(answer, paint))
                .collect()
        });
    }
    for answer in &imported {
        say_notes(answer, printer);
    }
    let last = failures.pop();
    for failure in &failures {
        printer.failure(failure);
    }
    last.map_or(Ok(Exit::Ok), Err)
}

/// What was carried over and what was not.
fn say_notes(answer: &Value, printer: &Printer) {
    let notes = answer["notes"].as_array().map_or(&[][..], Vec::as_slice);
    for note in notes.iter().filter_map(Value::as_str) {
        printer.note(note);
    }
}

/// Lists every problem of a document; needs no data folder.
pub async fn validate(file: &File, printer: &Printer) -> Result<Exit, Failure> {
    let parsed = document::from_json(read_document(&file.file)?);
    let mut problems = parsed.problems;
    problems.extend(hookloom_runtime::script_problems(&parsed.json).await?);
    let broken = problems.iter().any(hookloom_model::Problem::blocks_publish);
    let list = serde_json::to_value(&problems)
        .map_err(|error| Failure::internal(format!("The problems have no JSON: {error}.")))?;
    printer.result(&list, |paint| {
        render::problems(list.as_array().map_or(&[], Vec::as_slice), paint)
    });
    Ok(if broken { Exit::Failed } else { Exit::Ok })
}
