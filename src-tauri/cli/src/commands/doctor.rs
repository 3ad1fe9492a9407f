//! `hookloom doctor`: how the workspace is, and what to do where something is wrong.

use serde_json::Value;

use crate::caller::Caller;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::render;

/// Runs the command: exit 1 if something is wrong.
pub async fn run(caller: &Caller, printer: &Printer) -> Result<Exit, Failure> {
    let status = caller.get("/status").await?;
    printer.result(&status, |paint| {
        render::status(&status, caller.is_guest(), paint)
    });
    Ok(if is_well(&status, caller.is_guest()) {
        Exit::Ok
    } else {
        Exit::Failed
    })
}

fn is_well(status: &Value, has_owner: bool) -> bool {
    let listening = |listener: &str| status[listener]["state"] == "listening";
    status["vault"]["state"] == "ready"
        && (!has_owner || (listening("receiver") && listening("control")))
}
