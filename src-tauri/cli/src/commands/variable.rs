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
    /// Make the values of a set count, such as those for staging
    Use(Use),
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
    /// Only in this set; without it in every environment
    #[arg(long, value_name = "SET")]
    set: Option<String>,
}

/// Which variable.
#[derive(Debug, Args)]
pub struct Name {
    /// The variable's name
    name: String,
    /// Only in this set; without it the value for every environment
    #[arg(long, value_name = "SET")]
    set: Option<String>,
}

/// Which set counts.
#[derive(Debug, Args)]
pub struct Use {
    /// The set's name
    #[arg(required_unless_present = "none")]
    set: Option<String>,
    /// None: only the values for every environment count
    #[arg(long, conflicts_with = "set")]
    none: bool,
}

/// A command with its value parsed.
pub enum Prepared {
    Set {
        name: String,
        set: Option<String>,
        value: Value,
    },
    List(usize),
    Delete {
        name: String,
        set: Option<String>,
    },
    Use {
        set: Option<String>,
    },
}

impl Prepared {
    /// Parses the value of a variable that is set.
    pub fn read(command: Command) -> Result<Self, Failure> {
        Ok(match command {
            Command::Set(Set {
                name,
                value,
                parse,
                set,
            }) => {
                let value = match parse {
                    true => serde_json::from_str(&value).map_err(|error| {
                        Failure::usage(format!("The value is no JSON: {error}."))
                    })?,
                    false => Value::String(value),
                };
                Self::Set { name, set, value }
            }
            Command::List(Limit { limit }) => Self::List(limit),
            Command::Delete(Name { name, set }) => Self::Delete { name, set },
            Command::Use(Use { set, none: _ }) => Self::Use { set },
        })
    }
}

/// Runs a command of the group.
pub async fn run(command: Prepared, caller: &Caller, printer: &Printer) -> Result<Exit, Failure> {
    match command {
        Prepared::Set { name, set, value } => {
            let path = path_of(&name, set.as_deref());
            caller.put(&path, json!({ "value": value })).await?;
            let shown = json!({"name": name, "set": set, "value": value});
            printer.result(&shown, |_| {
                format!("The variable `{name}` is set{}.", in_set(set.as_deref()))
            });
        }
        Prepared::List(limit) => {
            let variables = caller.newest("/variables", "updated_at", limit).await?;
            printer.result(&Value::Array(variables.clone()), |paint| {
                render::variables(&variables, paint)
            });
        }
        Prepared::Delete { name, set } => {
            caller.delete(&path_of(&name, set.as_deref())).await?;
            let shown = json!({"name": name, "set": set, "deleted": true});
            printer.result(&shown, |_| {
                format!(
                    "The variable `{name}` is deleted{}.",
                    in_set(set.as_deref())
                )
            });
        }
        Prepared::Use { set } => {
            let wanted = json!({"name": set});
            caller.put("/active-variable-set", wanted).await?;
            printer.result(&json!({"active_set": set}), |_| match &set {
                Some(set) => format!("The values of the set `{set}` count now."),
                None => "Only the values for every environment count now.".to_owned(),
            });
        }
    }
    Ok(Exit::Ok)
}

fn path_of(name: &str, set: Option<&str>) -> String {
    let path = format!("/variables/{}", segment(name));
    match set {
        Some(set) => format!("{path}?set={}", segment(set)),
        None => path,
    }
}

fn in_set(set: Option<&str>) -> String {
    set.map(|set| format!(" in the set `{set}`"))
        .unwrap_or_default()
}
