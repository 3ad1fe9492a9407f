//! The grammar of the command line. What a command does is in `commands`.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::commands::{
    alert, app, backup, completions, delivery, endpoint, exchange, flow, job, listen, request,
    restore, run, secret, serve, setting, signature, stats, storage, token, update, variable,
};

/// How one begins, and where the rest is said.
const EXAMPLES: &str = "\
Examples:
  hookloom serve                               receive webhooks, and open the workbench in a browser
  hookloom flow import shop.json --publish     bring in a flow and switch it on
  hookloom run shop --wait                     start a job by hand and see how it ends
  hookloom job list --status failed            see what went wrong
  hookloom doctor                              find out why nothing works

Exit codes: 0 done, 1 it failed, 2 wrong use, 3 the owner of the folder is gone, 4 refused.
Colours are for terminals; NO_COLOR=1 switches them off.";

/// Where the options stand that every command has.
const EVERYWHERE: &str = "Everywhere";

/// A workbench for webhook flows.
#[derive(Debug, Parser)]
#[command(
    name = "hookloom",
    version,
    propagate_version = false,
    subcommand_required = true,
    after_help = EXAMPLES
)]
pub struct Arguments {
    /// The data folder [default: HOOKLOOM_DATA, else the system's own place]
    #[arg(long, global = true, value_name = "DIR", help_heading = EVERYWHERE)]
    pub data: Option<PathBuf>,
    /// Print JSON, for scripts
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub json: bool,
    #[command(subcommand)]
    pub command: Command,
}

/// What is asked for.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run everything without a window: both listeners, and the workbench for a browser
    Serve(serve::Arguments),
    /// Open the window; where it cannot be opened, say what is missing
    App(app::Arguments),
    /// Import, publish, list and switch flows
    #[command(subcommand)]
    Flow(flow::Command),
    /// Print the whole workspace, or some flows, as one document: never values of secrets, requests or jobs
    Export(exchange::Export),
    /// Bring in a document, a HAR, `hooks.json` or cURL commands; nothing of it runs until you turn it on
    Import(exchange::Import),
    /// Start a job of a flow
    Run(run::Arguments),
    /// See, cancel, replay and continue jobs
    #[command(subcommand)]
    Job(job::Command),
    /// See the requests that came in, and replay them
    #[command(subcommand)]
    Request(request::Command),
    /// See deliveries, and send one again
    #[command(subcommand)]
    Delivery(delivery::Command),
    /// Set, list and delete secrets; never prints a value
    #[command(subcommand)]
    Secret(secret::Command),
    /// Set, list and delete the workspace's variables
    #[command(subcommand)]
    Variable(variable::Command),
    /// Create, list and revoke access tokens
    #[command(subcommand)]
    Token(token::Command),
    /// Show what the history takes on the disk, and set how long it is kept
    #[command(subcommand)]
    Storage(storage::Command),
    /// See the URLs of endpoints, make ones with a token, delete old paths
    #[command(subcommand)]
    Endpoint(endpoint::Command),
    /// Show what happened in the last hour or day, by flow and by endpoint
    Stats(stats::Arguments),
    /// See alerts, and set the rules that tell them
    #[command(subcommand)]
    Alert(alert::Command),
    /// List and change the workspace's settings
    #[command(subcommand)]
    Setting(setting::Command),
    /// Choose the address of the receiver or of the control listener
    Listen(listen::Arguments),
    /// Back up the whole workspace to one file, list the backups, set a schedule
    Backup(backup::Arguments),
    /// Put a backup back; what is there is moved aside
    Restore(restore::Arguments),
    /// Sign a body as a webhook task would
    Sign(signature::SignArguments),
    /// Check the signature of a message, and say why it fails
    Verify(signature::VerifyArguments),
    /// Find what is wrong: keychain, ports, disk, clock, database, backups, scripts, public URL; exit code 1 if something is
    Doctor,
    /// Say whether the running server takes requests, for health checks: exit code 0 ready, 1 not, 3 nobody runs
    Health,
    /// See whether there is a newer release, and download it; installs nothing
    #[command(subcommand)]
    Update(update::Command),
    /// Print the JSON Schema of the flow document
    Schema,
    /// Print the version
    Version,
    /// Print a completion script for a shell
    Completions(completions::Arguments),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_grammar_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn global_options_stand_in_any_place() {
        for line in [
            "hookloom --json --data /d flow list",
            "hookloom flow --json list --data /d",
            "hookloom flow list --json --data=/d",
        ] {
            let arguments = Arguments::try_parse_from(line.split(' ')).expect(line);
            assert!(arguments.json, "{line}");
            assert_eq!(arguments.data, Some(PathBuf::from("/d")), "{line}");
        }
    }

    #[test]
    fn what_is_no_command_is_refused() {
        assert!(Arguments::try_parse_from(["hookloom"]).is_err());
        assert!(Arguments::try_parse_from(["hookloom", "flow", "paint"]).is_err());
    }
}
