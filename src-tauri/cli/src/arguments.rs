//! The grammar of the command line. What a command does is in `commands`.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::commands::{
    completions, delivery, endpoint, flow, job, later, request, run, secret, serve, setting,
    signature, storage, token, variable,
};

/// A workbench for webhook flows.
#[derive(Debug, Parser)]
#[command(
    name = "hookloom",
    version,
    propagate_version = false,
    subcommand_required = true
)]
pub struct Arguments {
    /// The data folder; else HOOKLOOM_DATA, else the system's place for application data
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Print JSON, for scripts
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub command: Command,
}

/// What is asked for.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run everything without a window: both listeners, and the workbench for a browser
    Serve(serve::Arguments),
    /// Import, publish, list and switch flows
    #[command(subcommand)]
    Flow(flow::Command),
    /// Start a job of a flow
    Run(run::Arguments),
    /// Look at jobs
    #[command(subcommand)]
    Job(job::Command),
    /// Look at the requests that came in
    #[command(subcommand)]
    Request(request::Command),
    /// Look at deliveries, and send one again
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
    /// Make URLs with tokens for endpoints, and see their old paths
    #[command(subcommand)]
    Endpoint(endpoint::Command),
    /// List and change the workspace's settings
    #[command(subcommand)]
    Setting(setting::Command),
    /// Sign a body as a webhook task would
    Sign(signature::SignArguments),
    /// Check the signature of a message, and say why it fails
    Verify(signature::VerifyArguments),
    /// Say how the workspace is: folder, listeners, vault, counts
    Doctor,
    /// Print the JSON Schema of the flow document
    Schema,
    /// Print the version
    Version,
    /// Print a completion script for a shell
    Completions(completions::Arguments),
    /// Back up the workspace (not in this release)
    #[command(hide = true)]
    Backup(later::Arguments),
    /// Restore a backup (not in this release)
    #[command(hide = true)]
    Restore(later::Arguments),
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
