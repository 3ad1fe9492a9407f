//! `hookloom secret`: set, list and delete secrets. A value is read from standard input and never printed.

use std::io::{self, IsTerminal};

use clap::{Args, Subcommand};
use hookloom_sensitive::Sensitive;
use serde_json::{Value, json};

use crate::caller::{Caller, segment};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::render;

use super::flow::Limit;
use super::input::read_stdin;

/// The commands of the group.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Set a secret to what standard input has; one trailing newline is dropped
    Set(Name),
    /// Make a key for remote steps, set the secret to it, and print it once
    Generate(Generate),
    /// List secrets, newest first
    List(Limit),
    /// Delete a secret
    Delete(Name),
}

/// Which secret gets a new key.
#[derive(Debug, Args)]
pub struct Generate {
    /// The secret's name
    name: String,
    /// Also when there is a secret of that name
    #[arg(long)]
    replace: bool,
}

/// Which secret.
#[derive(Debug, Args)]
pub struct Name {
    /// The secret's name
    name: String,
}

/// A command with the value that it reads.
pub enum Prepared {
    Set(String, Sensitive<String>),
    Generate { name: String, replace: bool },
    List(usize),
    Delete(String),
}

impl Prepared {
    /// Reads the value of a secret that is set.
    pub fn read(command: Command) -> Result<Self, Failure> {
        Ok(match command {
            Command::Set(Name { name }) => {
                let value = read_value()?;
                Self::Set(name, value)
            }
            Command::Generate(Generate { name, replace }) => Self::Generate { name, replace },
            Command::List(Limit { limit }) => Self::List(limit),
            Command::Delete(Name { name }) => Self::Delete(name),
        })
    }
}

/// Runs a command of the group.
pub async fn run(command: Prepared, caller: &Caller, printer: &Printer) -> Result<Exit, Failure> {
    match command {
        Prepared::Set(name, value) => {
            set(&name, &value, caller).await?;
            printer.result(&json!({"name": name, "state": "stored"}), |_| {
                format!("The secret `{name}` is set.")
            });
        }
        Prepared::Generate { name, replace } => {
            let path = format!("/secrets/{}/generate", segment(&name));
            let made = caller.post(&path, json!({"replace": replace})).await?;
            printer.result(&made, |_| {
                let text = |key: &str| made[key].as_str().unwrap_or_default().to_owned();
                format!(
                    "The secret `{name}` is set. This is the only time that it is shown:\n\n  {}\n\nFor Standard \
                     Webhooks it is {}",
                    text("value"),
                    text("standard_webhooks"),
                )
            });
        }
        Prepared::List(limit) => {
            let secrets = caller.newest("/secrets", "created_at", limit).await?;
            printer.result(&Value::Array(secrets.clone()), |paint| {
                render::secrets(&secrets, paint)
            });
        }
        Prepared::Delete(name) => {
            caller
                .delete(&format!("/secrets/{}", segment(&name)))
                .await?;
            printer.result(&json!({"name": name, "deleted": true}), |_| {
                format!("The secret `{name}` is deleted.")
            });
        }
    }
    Ok(Exit::Ok)
}

/// Sets a secret.
pub async fn set(name: &str, value: &Sensitive<String>, caller: &Caller) -> Result<(), Failure> {
    let path = format!("/secrets/{}", segment(name));
    let put = caller.put(&path, json!({"value": value.expose()}));
    put.await.map(drop)
}

/// The value on standard input: from a terminal it is asked for and not shown.
pub fn read_value() -> Result<Sensitive<String>, Failure> {
    if io::stdin().is_terminal() {
        let value = rpassword::prompt_password("Value (not shown): ").map_err(|error| {
            Failure::usage(format!(
                "The value cannot be read from the terminal: {error}."
            ))
            .with_hint("Give it on standard input: `printf %s VALUE | hookloom secret set NAME`.")
        })?;
        return Ok(Sensitive::new(value));
    }
    let mut bytes = read_stdin()?;
    drop_newline(&mut bytes);
    String::from_utf8(bytes).map(Sensitive::new).map_err(|_| {
        Failure::usage("The value on standard input is no UTF-8 text; a secret is text.")
            .with_hint("Encode bytes first, for example as base64.")
    })
}

/// Drops one trailing newline, with its carriage return.
fn drop_newline(bytes: &mut Vec<u8>) {
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_trailing_newline_is_dropped_and_no_more() {
        for (given, kept) in [
            ("a", "a"),
            ("a\n", "a"),
            ("a\r\n", "a"),
            ("a\n\n", "a\n"),
            (" a ", " a "),
            ("\n", ""),
        ] {
            let mut bytes = given.as_bytes().to_vec();
            drop_newline(&mut bytes);
            assert_eq!(bytes, kept.as_bytes(), "{given:?}");
        }
    }
}
