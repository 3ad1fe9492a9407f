//! `hookloom alert`: what alert rules told, and the rules.

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use crate::caller::{Caller, segment};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::render;

/// The API gives this many at most at once.
const LIMIT_MAX: usize = 500;

/// The commands of the group.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List alerts, newest first: what began, and what has ended
    List(Limit),
    /// Set, list and delete alert rules
    #[command(subcommand)]
    Rule(RuleCommand),
}

/// Commands on rules.
#[derive(Debug, Subcommand)]
pub enum RuleCommand {
    /// List the rules, by name
    List(Limit),
    /// Set a rule, in place of the one of that name
    Set(Rule),
    /// Delete a rule; what it told stays
    Delete(Name),
}

/// How many.
#[derive(Debug, Args)]
pub struct Limit {
    /// At most this many
    #[arg(long, default_value_t = 50, value_name = "N")]
    limit: usize,
}

/// Which rule.
#[derive(Debug, Args)]
pub struct Name {
    /// The rule's name
    name: String,
}

/// When to be told.
#[derive(Debug, Args)]
pub struct Rule {
    /// The rule's name
    name: String,
    /// Too many jobs fail, no request comes, or many more than usual
    #[arg(value_enum)]
    kind: Kind,
    /// Only of this flow
    #[arg(long, value_name = "NAME")]
    flow: Option<String>,
    /// Only of this endpoint
    #[arg(long, value_name = "NAME")]
    endpoint: Option<String>,
    /// The share of jobs that fail, up to 1; or how many times as many requests as usual
    #[arg(long, value_name = "N", required_if_eq_any = [("kind", "error-share"), ("kind", "spike")])]
    threshold: Option<f64>,
    /// How many minutes it looks back
    #[arg(long, default_value_t = 5, value_name = "N")]
    minutes: u32,
    /// With fewer jobs or requests than this it says nothing; of a silence: how many came in the day before
    #[arg(long, default_value_t = 0, value_name = "N")]
    minimum: u64,
    /// Keep it without looking at it
    #[arg(long)]
    off: bool,
}

/// What a rule is about.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    ErrorShare,
    Silence,
    Spike,
}

/// Runs a command of the group.
pub async fn run(command: Command, caller: &Caller, printer: &Printer) -> Result<Exit, Failure> {
    match command {
        Command::List(Limit { limit }) => {
            let limit = limit.clamp(1, LIMIT_MAX);
            let alerts = caller.get(&format!("/alerts?limit={limit}")).await?["alerts"].take();
            printer.result(&alerts, |paint| render::alerts(&alerts, paint));
        }
        Command::Rule(RuleCommand::List(Limit { limit })) => {
            let mut rules = caller.get("/alert_rules").await?["rules"].take();
            if let Some(rules) = rules.as_array_mut() {
                rules.truncate(limit);
            }
            printer.result(&rules, |paint| render::alert_rules(&rules, paint));
        }
        Command::Rule(RuleCommand::Set(rule)) => set(rule, caller, printer).await?,
        Command::Rule(RuleCommand::Delete(Name { name })) => {
            caller
                .delete(&format!("/alert_rules/{}", segment(&name)))
                .await?;
            printer.result(&json!({"name": name, "deleted": true}), |_| {
                format!("The alert rule `{name}` is deleted.")
            });
        }
    }
    Ok(Exit::Ok)
}

async fn set(rule: Rule, caller: &Caller, printer: &Printer) -> Result<(), Failure> {
    let Rule {
        name,
        kind,
        flow,
        endpoint,
        threshold,
        minutes,
        minimum,
        off,
    } = rule;
    let kind = match kind {
        Kind::ErrorShare => "error_share",
        Kind::Silence => "silence",
        Kind::Spike => "spike",
    };
    let body: Value = json!({
        "kind": kind, "flow": flow, "endpoint": endpoint, "threshold": threshold,
        "window_minutes": minutes, "minimum": minimum, "is_enabled": !off,
    });
    let path = format!("/alert_rules/{}", segment(&name));
    caller.put(&path, body).await?;
    printer.result(&json!({"name": name, "set": true}), |_| {
        format!("The alert rule `{name}` is set.")
    });
    Ok(())
}
