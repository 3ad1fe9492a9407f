//! `hookloom storage`: what the history takes on the disk, and how long it is kept.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::caller::Caller;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::render;

const GIGABYTE: f64 = 1e9;

/// The commands of the group.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show what the history takes, and how long it is kept
    Show,
    /// Set how long the history is kept, and how much of it
    Keep(Keep),
}

/// How long and how much. What is not given stays as it is.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub struct Keep {
    /// Delete what ended longer ago; 0 keeps it for ever
    #[arg(long, value_name = "N")]
    days: Option<u32>,
    /// Delete the oldest beyond this; 0 bounds nothing
    #[arg(long, value_name = "N")]
    gigabytes: Option<f64>,
}

/// Runs a command of the group.
pub async fn run(command: Command, caller: &Caller, printer: &Printer) -> Result<Exit, Failure> {
    let storage = match command {
        Command::Show => caller.get("/storage").await?,
        Command::Keep(keep) => {
            let mut kept = caller.get("/storage").await?["retention"].take();
            if let Some(days) = keep.days {
                kept["days"] = if days == 0 { Value::Null } else { json!(days) };
            }
            if let Some(gigabytes) = keep.gigabytes {
                kept["bytes_max"] = bytes_of(gigabytes)?;
            }
            caller.put("/storage/retention", kept).await?
        }
    };
    printer.result(&storage, |_| render::storage(&storage));
    Ok(Exit::Ok)
}

fn bytes_of(gigabytes: f64) -> Result<Value, Failure> {
    if !(0.0..1e6).contains(&gigabytes) {
        return Err(Failure::usage(
            "`--gigabytes` is a number from 0 to 1,000,000.",
        ));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is within the range that was checked"
    )]
    let bytes = (gigabytes * GIGABYTE) as u64;
    Ok(if bytes == 0 {
        Value::Null
    } else {
        json!(bytes)
    })
}
