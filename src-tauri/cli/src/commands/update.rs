//! `hookloom update`: asks whether there is a newer release, and downloads its package. Installs nothing.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use hookloom_runtime::PACKAGE_KINDS;
use serde_json::{Value, json};

use crate::caller::Caller;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::render;

/// How often a download that is under way is looked at.
const LOOK_MS: u64 = 200;
/// A person is told how far it is after so many looks.
const LOOKS_PER_LINE: u32 = 10;

/// The commands of the group.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Ask what the newest release is; downloads nothing
    Check(From),
    /// Download the package of a newer release, check it, and say how to install it
    Download(Download),
}

/// Whom to ask instead of whom this program was built to ask. Nothing of it is kept.
#[derive(Debug, Args)]
pub struct From {
    /// The manifest's URL: https, or http on this computer
    #[arg(long, value_name = "URL")]
    from: Option<String>,
    /// The public key of minisign that signs it [default: the one that this program was built with]
    #[arg(long, value_name = "KEY", requires = "from")]
    key: Option<String>,
}

/// What to download, and where to.
#[derive(Debug, Args)]
pub struct Download {
    /// The folder that the package is put into [default: `updates` in the data folder]
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// The kind of package [default: the one that this installation came as]
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(PACKAGE_KINDS))]
    kind: Option<String>,
    /// This very version, also if it is not newer than what is installed
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    #[command(flatten)]
    from: From,
}

/// Runs a command of the group.
pub async fn run(command: Command, caller: &Caller, printer: &Printer) -> Result<Exit, Failure> {
    match command {
        Command::Check(from) => {
            let found = caller.post("/updates/check", json!({"from": place(from)}));
            let mut found = found.await?;
            let here = caller.get("/updates").await?;
            found["installed"] = here["version"].clone();
            found["package_kind"] = here["package_kind"].clone();
            printer.result(&found, |paint| render::update_found(&found, paint));
        }
        Command::Download(wanted) => download(wanted, caller, printer).await?,
    }
    Ok(Exit::Ok)
}

async fn download(wanted: Download, caller: &Caller, printer: &Printer) -> Result<(), Failure> {
    let Download {
        to,
        kind,
        version,
        from,
    } = wanted;
    let folder = to
        .map(std::path::absolute)
        .transpose()
        .map_err(|error| Failure::usage(format!("The folder cannot be used: {error}.")))?;
    let body = json!({"kind": kind, "version": version, "folder": folder, "from": place(from)});
    let mut shown = caller.post("/updates/download", body).await?["download"].take();
    let mut looks = 0;
    while shown["state"] == "running" {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(LOOK_MS)) => {}
            // Another process may be the one that downloads: it must not go on for nobody.
            _ = tokio::signal::ctrl_c() => {
                caller.delete("/updates/download").await?;
            }
        }
        shown = caller.get("/updates").await?["download"].take();
        looks += 1;
        if looks % LOOKS_PER_LINE == 0 {
            printer.progress(|_| render::update_progress(&shown));
        }
    }
    if shown["state"] != "done" {
        return Err(failure(&shown["failure"]));
    }
    printer.result(&shown, |_| render::update_downloaded(&shown));
    Ok(())
}

fn place(from: From) -> Option<Value> {
    let From { from, key } = from;
    from.map(|url| json!({"url": url, "key": key}))
}

/// A download that ended badly, as the API would have refused it.
fn failure(told: &Value) -> Failure {
    let text = |key: &str| told[key].as_str().unwrap_or_default().to_owned();
    let exit = match told["code"].as_str() {
        Some("no_room") => Exit::Refused,
        _ => Exit::Failed,
    };
    Failure::new(exit, &text("code"), text("message")).with_hint(text("hint"))
}
