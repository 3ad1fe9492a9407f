//! `hookloom variable`: the workspace's variables. They are no secrets.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::caller::{Caller, segment};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::render;

use super::flow::Limit;

/// The commands of the group.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Set a variable
    Set(Set),
    /// List variables with their values, the last changed first
    List(Limit),
    /// Delete a variable
    Delete(Name),
}

/// Which variable to what.
#[derive(Debug, Args)]
pub struct Set {
    /// The variable's name
    name: String,
    /// Its value: text as it is, or JSON with --parse
    #[arg(allow_hyphen_values = true)]
    value: String,
    /// Read the value as JSON: a number, true, an object, …
    #[arg(long)]
    parse: bool,
}

/// Which variable.
#[derive(Debug, Args)]
pub struct Name {
    /// The variable's name
    name: String,
}

/// A command with its value parsed.
pub enum Prepared {
    Set(String, Value),
    List(usize),
    Delete(String),
}

impl Prepared {
    /// Parses the value of a variable that is set.
    pub fn read(command: Command) -> Result<Self, Failure> {
        Ok(match command {
            Command::Set(Set {
                name,
                value,
                parse: true,
            }) => {
                let value = serde_json::from_str(&value)
                    .map_err(|error| Failure::usage(format!("The value is no JSON: {error}.")))?;
                Self::Set(name, value)
            }
            Command::Set(Set {
                name,
                value,
                parse: false,
            }) => Self::Set(name, Value::String(value)),
            Command::List(Limit { limit }) => Self::List(limit),
            Command::Delete(Name { name }) => Self::Delete(name),
        })
    }
}

/// Runs a command of the group.
pub async fn run(command: Prepared, caller: &Caller, printer: &Printer) -> Result<Exit, Failure> {
    match command {
        Prepared::Set(name, value) => {
            let path = format!("/variables/{}", segment(&name));
            caller.put(&path, json!({ "value": value })).await?;
            printer.result(&json!({"name": name, "value": value}), |_| {
                format!("The variable `{name}` is set.")
            });
        }
        Prepared::List(limit) => {
            let variables = caller.newest("/variables", "updated_at", limit).await?;
            printer.result(&Value::Array(variables.clone()), |paint| {
                render::variables(&variables, paint)
            });
        }
        Prepared::Delete(name) => {
            caller
                .delete(&format!("/variables/{}", segment(&name)))
                .await?;
            printer.result(&json!({"name": name, "deleted": true}), |_| {
                format!("The variable `{name}` is deleted.")
            });
        }
    }
    Ok(Exit::Ok)
}
