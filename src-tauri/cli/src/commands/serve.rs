//! `hookloom serve`: runs everything without a window until it is told to stop.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::pin::pin;

use clap::Args;
use hookloom_runtime::{self as runtime, DataFolder, Options, Role};
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

use super::input::ask_passphrase;

/// Where to listen, and with what.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Where senders call; port 0 takes a free one [default: as chosen by `hookloom listen`, else 127.0.0.1:4747]
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    receiver: Option<SocketAddr>,
    /// Where you, scripts and the workbench call [default: as chosen, else 127.0.0.1:4748]
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    control: Option<SocketAddr>,
    /// Leave the workbench out
    #[arg(long)]
    no_ui: bool,
}

/// Runs until a signal to stop; then takes nothing new, ends what runs, and closes.
pub async fn run(
    arguments: Arguments,
    data: Option<PathBuf>,
    printer: &Printer,
) -> Result<Exit, Failure> {
    runtime::init_logging();
    // From the first moment on: a signal during the start must still close the folder in order.
    let stop = runtime::stop_signal()
        .map_err(|error| Failure::internal(format!("Signals cannot be received: {error}.")))?;
    let mut options = Options::new(DataFolder::resolve(data)?, Role::Serve)
        .with_ui(!arguments.no_ui)
        .asking_passphrase(ask_passphrase);
    if let Some(address) = arguments.receiver {
        options = options.receiver(address);
    }
    if let Some(address) = arguments.control {
        options = options.control(address);
    }
    let mut running = runtime::open(options).await?;
    let ready = json!({
        "receiver": running.receiver_url(),
        "control": running.control_url(),
        "ui": running.ui_url().map(|url| url.expose().clone()),
        "token_file": running.token_file(),
    });
    printer.text(&ready.to_string());
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            // A restore waits for that; listeners and sessions stay where they are.
            () = running.restart_wanted() => running = running.reopen().await?,
        }
    }
    // Who asks twice does not want to wait for what runs; it goes on at the next start.
    let at_once = runtime::stop_signal()
        .map_err(|error| Failure::internal(format!("Signals cannot be received: {error}.")))?;
    tokio::select! {
        () = running.stop() => Ok(Exit::Ok),
        () = at_once => Err(Failure::new(Exit::Failed, "stopped_at_once", "Stopped at once.")
            .with_hint("What was cut off goes on at the next start.")),
    }
}

/// What is no address.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an IP address with a port, such as 127.0.0.1:4747, or a port alone")]
struct NoAddress;

/// An address, or a port of this machine alone.
fn parse_address(text: &str) -> Result<SocketAddr, NoAddress> {
    if let Ok(port) = text.parse::<u16>() {
        return Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    }
    let text = text.replacen("localhost:", "127.0.0.1:", 1);
    text.parse().map_err(|_| NoAddress)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_be_a_port_alone() {
        let parsed = |text: &str| parse_address(text).map(|it| it.to_string());
        assert_eq!(parsed("0"), Ok("127.0.0.1:0".into()));
        assert_eq!(parsed("localhost:47"), Ok("127.0.0.1:47".into()));
        assert_eq!(parsed("[::1]:47"), Ok("[::1]:47".into()));
        assert_eq!(parsed("everywhere"), Err(NoAddress));
    }
}
