//! `hookloom token`: access tokens of the control listener. A token is shown once, when it is made.

use clap::{Args, Subcommand, ValueEnum};
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
    /// Make a token and show it once
    Create(Create),
    /// List tokens, newest first
    List(Limit),
    /// Revoke a token: it is refused from now on
    Revoke(Name),
}

/// Which token to make.
#[derive(Debug, Args)]
pub struct Create {
    /// The token's name
    name: String,
    /// What it may do
    #[arg(long, value_enum, default_value_t = Scope::Read)]
    scope: Scope,
}

/// What a token may do.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Scope {
    /// Look
    Read,
    /// Look, and start jobs
    Run,
    /// Everything
    Manage,
}

/// Which token.
#[derive(Debug, Args)]
pub struct Name {
    /// The token's name
    name: String,
}

/// Runs a command of the group.
pub async fn run(command: Command, caller: &Caller, printer: &Printer) -> Result<Exit, Failure> {
    match command {
        Command::Create(Create { name, scope }) => {
            let scope = match scope {
                Scope::Read => "read",
                Scope::Run => "run",
                Scope::Manage => "manage",
            };
            let token = caller
                .post("/tokens", json!({"name": name, "scope": scope}))
                .await?;
            printer.note("This is the only time that the token is shown:");
            printer.result(&token, |_| {
                token["token"].as_str().unwrap_or_default().to_owned()
            });
        }
        Command::List(Limit { limit }) => {
            let tokens = caller.newest("/tokens", "created_at", limit).await?;
            printer.result(&Value::Array(tokens.clone()), |paint| {
                render::tokens(&tokens, paint)
            });
        }
        Command::Revoke(Name { name }) => {
            caller
                .delete(&format!("/tokens/{}", segment(&name)))
                .await?;
            printer.result(&json!({"name": name, "revoked": true}), |_| {
                format!("The token `{name}` is revoked.")
            });
        }
    }
    Ok(Exit::Ok)
}
