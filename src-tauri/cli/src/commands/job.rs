//! `hookloom job`: what ran, and how it went.

use clap::{Args, Subcommand};
use hookloom_model::JobStatus;
use serde_json::Value;

use crate::caller::Caller;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::render;

use super::later;

/// The commands of the group.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List jobs, newest first
    List(List),
    /// Show a job with its steps, outputs and deliveries
    Show(Show),
    /// Cancel a job (not in this release)
    #[command(hide = true)]
    Cancel(later::Arguments),
    /// Run a job again (not in this release)
    #[command(hide = true)]
    Replay(later::Arguments),
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
}

/// Runs a command of the group.
pub async fn run(command: Command, caller: &Caller, printer: &Printer) -> Result<Exit, Failure> {
    match command {
        Command::List(list) => self::list(list, caller, printer).await?,
        Command::Show(Show { id, journal: true }) => {
            let entries = caller
                .list(&format!("/jobs/{id}/journal"), &[], usize::MAX)
                .await?;
            printer.result(&Value::Array(entries.clone()), |_| {
                render::journal(&entries)
            });
        }
        Command::Show(Show { id, journal: false }) => {
            let job = caller.get(&format!("/jobs/{id}")).await?;
            printer.result(&job, |paint| render::job(&job, paint));
        }
        Command::Cancel(_) | Command::Replay(_) => return later::refuse("hookloom job"),
    }
    Ok(Exit::Ok)
}

/// A script gets every job in the shape that `show` gives it, unless it wants it brief.
async fn list(list: List, caller: &Caller, printer: &Printer) -> Result<(), Failure> {
    let List {
        status,
        flow,
        limit,
        brief,
    } = list;
    let filters = [("status", status.map(|it| it.to_string())), ("flow", flow)];
    let mut jobs = caller.list("/jobs", &filters, limit).await?;
    if printer.is_json() && !brief {
        for job in &mut jobs {
            *job = caller.get(&format!("/jobs/{}", job["id"])).await?;
        }
    }
    printer.result(&Value::Array(jobs.clone()), |paint| {
        render::jobs(&jobs, paint)
    });
    Ok(())
}

fn parse_status(text: &str) -> Result<JobStatus, hookloom_model::status::UnknownName> {
    text.parse()
}
