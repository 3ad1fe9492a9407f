//! `hookloom listen`: where a listener is.

use clap::{Args, ValueEnum};
use serde_json::json;

use crate::caller::Caller;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

/// Which listener, and where.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Which one
    #[arg(value_enum)]
    listener: Listener,
    /// IP address and port; port 0 takes a free one. One that is off begins there at once, one that is on moves at the
    /// next start
    address: String,
}

/// One of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Listener {
    /// Where senders call
    Receiver,
    /// Where you, scripts and the workbench call
    Control,
}

/// Runs the command.
pub async fn run(
    arguments: Arguments,
    caller: &Caller,
    printer: &Printer,
) -> Result<Exit, Failure> {
    let Arguments { listener, address } = arguments;
    let name = match listener {
        Listener::Receiver => "receiver",
        Listener::Control => "control",
    };
    let moved = caller
        .put(&format!("/listeners/{name}"), json!({"address": address}))
        .await?;
    printer.result(&moved, |_| {
        if moved["moves_at_next_start"] == true {
            format!("The {name} listener will be on {address} after the next start.")
        } else {
            let address = moved["listener"]["address"].as_str().unwrap_or_default();
            format!("The {name} listener is on {address}.")
        }
    });
    Ok(Exit::Ok)
}
