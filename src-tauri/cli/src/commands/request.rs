//! `hookloom request`: what came in, and what became of it.

use clap::{Args, Subcommand};
use hookloom_model::Verdict;
use serde_json::Value;

use crate::caller::{Caller, segment};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::render;

use super::replay;

/// The commands of the group.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List requests, newest first
    List(List),
    /// Show a request with its headers, body and checks
    Show(Show),
    /// List how many rejected requests were counted beyond those that are kept
    Counted(Counted),
    /// Start a job with the headers and the body of a request
    Replay(Replay),
}

/// Which requests.
#[derive(Debug, Args)]
pub struct List {
    /// Only requests with this verdict
    #[arg(long, value_parser = parse_verdict)]
    verdict: Option<Verdict>,
    /// Only requests for this flow
    #[arg(long, value_name = "NAME")]
    flow: Option<String>,
    /// Only requests to this endpoint
    #[arg(long, value_name = "NAME")]
    endpoint: Option<String>,
    /// Only requests with this text in their body or path
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// At most this many
    #[arg(long, default_value_t = 50, value_name = "N")]
    limit: usize,
}

/// How many counts.
#[derive(Debug, Args)]
pub struct Counted {
    /// At most this many
    #[arg(long, default_value_t = 50, value_name = "N")]
    limit: usize,
}

/// Which request.
#[derive(Debug, Args)]
pub struct Show {
    /// The request's id, `mqr_…`
    id: String,
}

/// Which request, with what.
#[derive(Debug, Args)]
pub struct Replay {
    /// The request's id, `mqr_…`
    id: String,
    #[command(flatten)]
    options: replay::Options,
}

/// Runs a command of the group.
pub async fn run(command: Command, caller: &Caller, printer: &Printer) -> Result<Exit, Failure> {
    match command {
        Command::List(List {
            verdict,
            flow,
            endpoint,
            search,
            limit,
        }) => {
            let filters = [
                ("verdict", verdict.map(|it| it.to_string())),
                ("flow", flow),
                ("endpoint", endpoint),
                ("search", search),
            ];
            let requests = caller.list("/requests", &filters, limit).await?;
            printer.result(&Value::Array(requests.clone()), |paint| {
                render::requests(&requests, paint)
            });
        }
        Command::Show(Show { id }) => {
            let request = caller.get(&format!("/requests/{}", segment(&id))).await?;
            printer.result(&request, |paint| render::request(&request, paint));
        }
        Command::Counted(Counted { limit }) => {
            let counts = caller.list("/requests/counted", &[], limit).await?;
            printer.result(&Value::Array(counts.clone()), |paint| {
                render::counted(&counts, paint)
            });
        }
        Command::Replay(Replay { id, options }) => {
            let path = format!("/requests/{}/replay", segment(&id));
            replay::start(&path, options.body()?, caller, printer).await?;
        }
    }
    Ok(Exit::Ok)
}

fn parse_verdict(text: &str) -> Result<Verdict, hookloom_model::status::UnknownName> {
    text.parse()
}
