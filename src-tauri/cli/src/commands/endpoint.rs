//! `hookloom endpoint`: the URLs of endpoints: their own, those with tokens, which are shown once, and paths that endpoints had once.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::caller::{Caller, segment};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::render;

use super::send::{self, Send};

/// The commands of the group.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List endpoints with all their URLs, flow by flow
    List(Filter),
    /// Send a real request to an endpoint, signed with its own secret; exit code 1 if it is not accepted
    Send(Send),
    /// Make, list and revoke URLs with a token
    #[command(subcommand)]
    Token(TokenCommand),
    /// List and delete the old paths of renamed and moved endpoints
    #[command(subcommand)]
    Alias(AliasCommand),
}

/// Commands on tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a URL with a token, and print it once
    Create(Token),
    /// List tokens, newest first
    List(Filter),
    /// Revoke a token: its URL is unknown from now on
    Revoke(Token),
}

/// Commands on old paths.
#[derive(Debug, Subcommand)]
pub enum AliasCommand {
    /// List old paths, newest first
    List(Filter),
    /// Delete an old path: it is unknown from now on
    Delete(Alias),
}

/// Which token.
#[derive(Debug, Args)]
pub struct Token {
    /// The flow
    flow: String,
    /// The endpoint
    endpoint: String,
    /// Who the token is for
    name: String,
}

/// Which endpoints.
#[derive(Debug, Args)]
pub struct Filter {
    /// Of this flow
    flow: Option<String>,
    /// Of this endpoint
    endpoint: Option<String>,
    /// At most this many [default: all]
    #[arg(long, default_value_t = usize::MAX, hide_default_value = true, value_name = "N")]
    limit: usize,
}

/// Which old path.
#[derive(Debug, Args)]
pub struct Alias {
    /// Its id, from the list
    id: i64,
}

/// A command with the file that it reads.
pub enum Prepared {
    Send(Value),
    Other(Command),
}

impl Prepared {
    /// Reads what the command needs.
    pub fn read(command: Command) -> Result<Self, Failure> {
        Ok(match command {
            Command::Send(send) => Self::Send(send.prepare()?),
            other => Self::Other(other),
        })
    }
}

/// Runs a command of the group.
pub async fn run(prepared: Prepared, caller: &Caller, printer: &Printer) -> Result<Exit, Failure> {
    match prepared {
        Prepared::Send(call) => send::send(call, caller, printer).await,
        Prepared::Other(command) => run_other(command, caller, printer).await,
    }
}

async fn run_other(command: Command, caller: &Caller, printer: &Printer) -> Result<Exit, Failure> {
    match command {
        Command::Send(_) => {
            return Err(Failure::internal("`endpoint send` was not prepared."));
        }
        Command::List(filter) => {
            let endpoints = endpoints(filter, caller).await?;
            printer.result(&Value::Array(endpoints.clone()), |paint| {
                render::endpoints(&endpoints, paint)
            });
        }
        Command::Token(TokenCommand::Create(token)) => create(&token, caller, printer).await?,
        Command::Token(TokenCommand::List(filter)) => {
            let tokens = list("/endpoint_tokens", filter, caller).await?;
            printer.result(&Value::Array(tokens.clone()), |paint| {
                render::endpoint_tokens(&tokens, paint)
            });
        }
        Command::Token(TokenCommand::Revoke(token)) => {
            let path = format!("{}/{}", tokens_of(&token), segment(&token.name));
            caller.delete(&path).await?;
            let Token {
                flow,
                endpoint,
                name,
            } = token;
            let revoked =
                json!({"flow": flow, "endpoint": endpoint, "name": name, "revoked": true});
            printer.result(&revoked, |_| {
                format!("The token `{name}` of `{endpoint}` is revoked.")
            });
        }
        Command::Alias(AliasCommand::List(filter)) => {
            let aliases = list("/endpoint_aliases", filter, caller).await?;
            printer.result(&Value::Array(aliases.clone()), |paint| {
                render::endpoint_aliases(&aliases, paint)
            });
        }
        Command::Alias(AliasCommand::Delete(Alias { id })) => {
            caller.delete(&format!("/endpoint_aliases/{id}")).await?;
            printer.result(&json!({"id": id, "deleted": true}), |_| {
                format!("The old path {id} is deleted.")
            });
        }
    }
    Ok(Exit::Ok)
}

/// Every endpoint with the name of its flow.
async fn endpoints(filter: Filter, caller: &Caller) -> Result<Vec<Value>, Failure> {
    let Filter {
        flow,
        endpoint,
        limit,
    } = filter;
    let flows = caller.list("/flows", &[], usize::MAX).await?;
    let is_wanted = |wanted: &Option<String>, name: &Value| {
        wanted.as_deref().is_none_or(|wanted| name == wanted)
    };
    let mut found = Vec::new();
    for mut of_flow in flows.into_iter().filter(|it| is_wanted(&flow, &it["name"])) {
        let Value::Array(endpoints) = of_flow["endpoints"].take() else {
            continue;
        };
        for mut each in endpoints {
            if is_wanted(&endpoint, &each["name"]) {
                each["flow"] = of_flow["name"].clone();
                each["flow_state"] = of_flow["state"].clone();
                found.push(each);
            }
        }
    }
    found.truncate(limit);
    Ok(found)
}

async fn create(token: &Token, caller: &Caller, printer: &Printer) -> Result<(), Failure> {
    let made = caller
        .post(&tokens_of(token), json!({"name": token.name}))
        .await?;
    printer.note("This is the only time that the URL is shown:");
    printer.result(&made, |_| {
        made["url"].as_str().unwrap_or_default().to_owned()
    });
    Ok(())
}

fn tokens_of(token: &Token) -> String {
    format!(
        "/flows/{}/endpoints/{}/tokens",
        segment(&token.flow),
        segment(&token.endpoint)
    )
}

async fn list(path: &str, filter: Filter, caller: &Caller) -> Result<Vec<Value>, Failure> {
    let Filter {
        flow,
        endpoint,
        limit,
    } = filter;
    caller
        .list(path, &[("flow", flow), ("endpoint", endpoint)], limit)
        .await
}
