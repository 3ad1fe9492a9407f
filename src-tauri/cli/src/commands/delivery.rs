//! `hookloom delivery`: what was sent, and sending it again.

use clap::{Args, Subcommand};
use hookloom_model::DeliveryStatus;
use serde_json::{Value, json};

use crate::caller::{Caller, segment};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::render;

/// The commands of the group.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List deliveries, newest first
    List(List),
    /// Show a delivery with its attempts
    Show(Id),
    /// Send the same message again, as a new delivery
    Resend(Id),
}

/// Which deliveries.
#[derive(Debug, Args)]
pub struct List {
    /// Only deliveries in this state
    #[arg(long, value_parser = parse_status)]
    status: Option<DeliveryStatus>,
    /// Only deliveries of this flow
    #[arg(long, value_name = "NAME")]
    flow: Option<String>,
    /// Only deliveries of this job
    #[arg(long, value_name = "ID")]
    job: Option<i64>,
    /// At most this many
    #[arg(long, default_value_t = 50, value_name = "N")]
    limit: usize,
}

/// Which delivery.
#[derive(Debug, Args)]
pub struct Id {
    /// The delivery's id, `dlv_…`
    id: String,
}

/// Runs a command of the group.
pub async fn run(command: Command, caller: &Caller, printer: &Printer) -> Result<Exit, Failure> {
    match command {
        Command::List(List {
            status,
            flow,
            job,
            limit,
        }) => {
            let filters = [
                ("status", status.map(|it| it.to_string())),
                ("flow", flow),
                ("job", job.map(|it| it.to_string())),
            ];
            let deliveries = caller.list("/deliveries", &filters, limit).await?;
            printer.result(&Value::Array(deliveries.clone()), |paint| {
                render::deliveries(&deliveries, paint)
            });
        }
        Command::Show(Id { id }) => {
            let delivery = caller.get(&format!("/deliveries/{}", segment(&id))).await?;
            printer.result(&delivery, |paint| render::delivery(&delivery, paint));
        }
        Command::Resend(Id { id }) => {
            let path = format!("/deliveries/{}/resend", segment(&id));
            let delivery = caller.post(&path, json!({})).await?;
            printer.result(&delivery, |_| render::resent(&delivery, &id));
            if !caller.is_guest() {
                printer.note(
                    "Nobody runs this data folder now: it is sent when `hookloom serve` or the app does.",
                );
            }
        }
    }
    Ok(Exit::Ok)
}

fn parse_status(text: &str) -> Result<DeliveryStatus, hookloom_model::status::UnknownName> {
    text.parse()
}
