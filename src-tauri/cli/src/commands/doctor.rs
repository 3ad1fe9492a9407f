//! `hookloom doctor`: how the workspace is, and what to do where something is wrong.

use std::time::Duration;

use serde_json::Value;

use crate::caller::Caller;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::render;

/// How often a vault that was not asked yet is looked at again.
const VAULT_LOOKS_MAX: u32 = 20;
const VAULT_LOOK_MS: u64 = 100;

/// Runs the command: exit 1 if something is wrong.
pub async fn run(caller: &Caller, printer: &Printer) -> Result<Exit, Failure> {
    let status = settled_status(caller).await?;
    printer.result(&status, |paint| {
        render::status(&status, caller.is_guest(), paint)
    });
    Ok(if is_well(&status, caller.is_guest()) {
        Exit::Ok
    } else {
        Exit::Failed
    })
}

/// An owner that has just begun has not asked its vault yet: that is worth a moment.
async fn settled_status(caller: &Caller) -> Result<Value, Failure> {
    let mut looks_left = VAULT_LOOKS_MAX;
    loop {
        let status = caller.get("/status").await?;
        if status["vault"]["state"] != "starting" || looks_left == 0 {
            return Ok(status);
        }
        looks_left -= 1;
        tokio::time::sleep(Duration::from_millis(VAULT_LOOK_MS)).await;
    }
}

fn is_well(status: &Value, has_owner: bool) -> bool {
    let listening = |listener: &str| status[listener]["state"] == "listening";
    status["vault"]["state"] == "ready"
        && (!has_owner || (listening("receiver") && listening("control")))
}
