//! `hookloom setting`: settings of the workspace.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::caller::Caller;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::render;

/// The commands of the group.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the settings
    List(List),
    /// Change a setting, such as `public_url`
    Set(Setting),
    /// Make a setting what it was at first
    Unset(Name),
}

/// How many settings.
#[derive(Debug, Args)]
pub struct List {
    /// At most this many
    #[arg(long, default_value_t = 50, value_name = "N")]
    limit: usize,
}

/// A setting and its value.
#[derive(Debug, Args)]
pub struct Setting {
    /// The setting's name
    name: String,
    /// Its value: JSON, or text
    value: String,
}

/// Which setting.
#[derive(Debug, Args)]
pub struct Name {
    /// The setting's name
    name: String,
}

/// Runs a command of the group.
pub async fn run(command: Command, caller: &Caller, printer: &Printer) -> Result<Exit, Failure> {
    let settings = match command {
        Command::List(List { limit }) => {
            let settings = caller.get("/settings").await?;
            let settings = settings.as_object().cloned().unwrap_or_default();
            Value::Object(settings.into_iter().take(limit).collect())
        }
        Command::Set(Setting { name, value }) => {
            let value = serde_json::from_str(&value).unwrap_or(Value::String(value));
            change(&name, value, caller).await?
        }
        Command::Unset(Name { name }) => change(&name, Value::Null, caller).await?,
    };
    printer.result(&settings, |paint| render::settings(&settings, paint));
    Ok(Exit::Ok)
}

async fn change(name: &str, value: Value, caller: &Caller) -> Result<Value, Failure> {
    let known = caller.get("/settings").await?;
    if known.get(name).is_none() {
        let names = known.as_object().into_iter().flat_map(|known| known.keys());
        let names: Vec<&str> = names.map(String::as_str).collect();
        let message = format!("There is no setting `{name}`.");
        return Err(Failure::new(Exit::WrongUse, "setting_not_found", message)
            .with_hint(format!("There is {}.", names.join(", "))));
    }
    caller.patch("/settings", json!({name: value})).await
}
