//! `hookloom job`: what ran, and how it went.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use hookloom_model::JobStatus;
use serde_json::{Map, Value, json};

use crate::caller::Caller;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::render;

use super::replay;

/// The commands of the group.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List jobs, newest first
    List(List),
    /// Show a job with its steps, outputs and deliveries
    Show(Show),
    /// Cancel a job that has not ended
    Cancel(Cancel),
    /// Start a new job with the input of an earlier one
    Replay(Replay),
    /// Start a new job that takes over the results of one that failed
    Continue(Continue),
}

/// Which jobs.
#[derive(Debug, Args)]
pub struct List {
    /// Only jobs in this state
    #[arg(long, value_parser = parse_status)]
    status: Option<JobStatus>,
    /// Only jobs of this flow
    #[arg(long, value_name = "NAME")]
    flow: Option<String>,
    /// Only jobs with this text in their error
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// At most this many
    #[arg(long, default_value_t = 50, value_name = "N")]
    limit: usize,
    /// With --json: without steps and outputs, and with counts of deliveries; quick for long lists
    #[arg(long)]
    brief: bool,
}

/// Which job.
#[derive(Debug, Args)]
pub struct Show {
    /// The job's number
    id: i64,
    /// Show its journal instead
    #[arg(long)]
    journal: bool,
    /// With --journal: at most this many of its last events [default: all]
    #[arg(long, default_value_t = usize::MAX, hide_default_value = true, value_name = "N", requires = "journal")]
    limit: usize,
}

/// Which job.
#[derive(Debug, Args)]
pub struct Cancel {
    /// The job's number
    id: i64,
}

/// Which job, with what.
#[derive(Debug, Args)]
pub struct Replay {
    /// The job's number
    id: i64,
    #[command(flatten)]
    options: replay::Options,
}

/// Which job, and where it goes on.
#[derive(Debug, Args)]
pub struct Continue {
    /// The job's number
    id: i64,
    /// The first step to run again; without it every step that did not end well
    #[arg(long, value_name = "STEP")]
    from: Option<String>,
    /// A JSON file with the secret state by name, which is gone since the job's end; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    secret_state: Option<PathBuf>,
}

/// Runs a command of the group.
pub async fn run(command: Command, caller: &Caller, printer: &Printer) -> Result<Exit, Failure> {
    match command {
        Command::List(list) => self::list(list, caller, printer).await?,
        Command::Show(Show {
            id,
            journal: true,
            limit,
        }) => {
            let entries = caller
                .list(&format!("/jobs/{id}/journal"), &[], limit)
                .await?;
            printer.result(&Value::Array(entries.clone()), |paint| {
                render::journal(&entries, paint)
            });
        }
        Command::Show(Show {
            id, journal: false, ..
        }) => {
            let job = caller.get(&format!("/jobs/{id}")).await?;
            printer.result(&job, |paint| render::job(&job, paint));
        }
        Command::Cancel(Cancel { id }) => {
            let job = caller
                .post(&format!("/jobs/{id}/cancel"), Value::Object(Map::new()))
                .await?;
            printer.result(&job, |paint| render::job(&job, paint));
        }
        Command::Replay(Replay { id, options }) => {
            replay::start(
                &format!("/jobs/{id}/replay"),
                options.body()?,
                caller,
                printer,
            )
            .await?;
        }
        Command::Continue(Continue {
            id,
            from,
            secret_state,
        }) => {
            let mut body = json!({"from": from});
            replay::put_secret_state(&mut body, secret_state)?;
            replay::start(&format!("/jobs/{id}/continue"), body, caller, printer).await?;
        }
    }
    Ok(Exit::Ok)
}

/// A script gets every job in the shape that `show` gives it, unless it wants it brief.
async fn list(list: List, caller: &Caller, printer: &Printer) -> Result<(), Failure> {
    let List {
        status,
        flow,
        search,
        limit,
        brief,
    } = list;
    let filters = [
        ("status", status.map(|it| it.to_string())),
        ("flow", flow),
        ("search", search),
    ];
    let path = match printer.is_json() && !brief {
        true => "/jobs/expanded",
        false => "/jobs",
    };
    let jobs = caller.list(path, &filters, limit).await?;
    printer.result(&Value::Array(jobs.clone()), |paint| {
        render::jobs(&jobs, paint)
    });
    Ok(())
}

fn parse_status(text: &str) -> Result<JobStatus, hookloom_model::status::UnknownName> {
    text.parse()
}
