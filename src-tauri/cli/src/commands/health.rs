//! `hookloom health`: whether the running server takes requests. For health checks of containers and service managers:
//! quick, and it opens nothing when nobody runs.

use std::path::PathBuf;

use hookloom_runtime::{DataFolder, Guest, OwnerRecord};
use http::Method;
use serde_json::Value;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

/// Runs the command: exit 1 if it is not ready, 3 if nobody runs.
pub async fn run(data: Option<PathBuf>, printer: &Printer) -> Result<Exit, Failure> {
    let folder = DataFolder::resolve(data)?;
    let Some(guest) = reach(&folder).await else {
        let message = format!("No server answers for {}.", folder.path().display());
        return Err(Failure::new(Exit::OwnerGone, "not_running", message)
            .with_hint("Start one with `hookloom serve`."));
    };
    let reply = guest.call(Method::GET, "/api/v1/readiness", None).await?;
    let found: Value = serde_json::from_str(&reply.body).unwrap_or(Value::Null);
    if reply.status != 200 {
        return Err(Failure::from_answer(reply.status, &found));
    }
    printer.result(&found, |_| told(&found));
    Ok(match found["state"] == "ready" {
        true => Exit::Ok,
        false => Exit::Failed,
    })
}

async fn reach(folder: &DataFolder) -> Option<Guest> {
    Guest::reach(&OwnerRecord::read(folder)?).await
}

fn told(found: &Value) -> String {
    let state = found["state"].as_str().unwrap_or("unknown");
    let mut text = state.replace('_', " ");
    if let Some(problem) = found["problem"].as_str() {
        text = format!("{text}: {problem}");
    }
    let vault = found["vault"]["state"].as_str().unwrap_or_default();
    if vault != "ready" {
        let message = found["vault"]["message"].as_str().unwrap_or_default();
        text = format!("{text}\nThe secret store is {vault}. {message}");
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_vault_is_spoken_of_only_if_something_is_the_matter() {
        let ready = json!({"state": "ready", "problem": null, "vault": {"state": "ready"}});
        assert_eq!(told(&ready), "ready");
        let full = json!({"state": "not_ready", "problem": "Nothing can be saved.",
            "vault": {"state": "locked", "message": "It asks for its password."}});
        assert_eq!(
            told(&full),
            "not ready: Nothing can be saved.\nThe secret store is locked. It asks for its password."
        );
    }
}
