//! `hookloom doctor`: what is wrong with the workspace, and what to do about it. Works with an owner, which is asked;
//! without one; and where the folder cannot be opened at all.

use std::path::PathBuf;
use std::time::Duration;

use hookloom_runtime::{self as runtime, DataFolder, Diagnosis};
use serde_json::{Value, json};

use crate::caller::Caller;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::render;

/// How often a vault that was not asked yet is looked at again.
const VAULT_LOOKS_MAX: u32 = 20;
const VAULT_LOOK_MS: u64 = 100;

/// Runs the command: exit 1 if something is wrong.
pub async fn run(data: Option<PathBuf>, printer: &Printer) -> Result<Exit, Failure> {
    let folder = DataFolder::resolve(data.clone())?;
    let caller = match Caller::try_open(data).await {
        Ok(caller) => caller,
        Err(error) => return without_folder(&folder, &error, printer).await,
    };
    let asked = ask(&caller).await;
    let is_guest = caller.is_guest();
    caller.close().await;
    let found = asked?;
    printer.result(&found, |paint| {
        render::diagnosis(&found, paint) + "\n" + &render::status(&found, is_guest, paint)
    });
    Ok(exit_of(&found))
}

/// What was found, together with how things stand.
async fn ask(caller: &Caller) -> Result<Value, Failure> {
    let mut found = caller.get("/doctor").await?;
    let status = settled_status(caller).await?;
    if let (Value::Object(found), Value::Object(status)) = (&mut found, status) {
        found.extend(status);
    }
    Ok(found)
}

/// The folder is damaged, of a newer release, not ours, or owned by somebody who cannot be asked: that is the finding.
async fn without_folder(
    folder: &DataFolder,
    error: &runtime::Error,
    printer: &Printer,
) -> Result<Exit, Failure> {
    let found = Diagnosis::of(runtime::examine_folder(folder, error).await);
    let found = serde_json::to_value(found)
        .map_err(|error| Failure::internal(format!("The findings have no JSON: {error}.")))?;
    let mut shown = found.clone();
    shown["data_dir"] = json!(folder.path());
    printer.result(&shown, |paint| render::diagnosis(&found, paint));
    Ok(exit_of(&found))
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

fn exit_of(found: &Value) -> Exit {
    if found["is_healthy"] == true {
        Exit::Ok
    } else {
        Exit::Failed
    }
}
