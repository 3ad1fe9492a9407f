//! From the grammar to the command.

use std::path::PathBuf;

use hookloom_runtime as runtime;

use crate::arguments::{Arguments, Command};
use crate::caller::Caller;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

use super::{
    alert, app, backup, completions, delivery, doctor, endpoint, exchange, flow, health, job,
    listen, request, restore, run as start, schema, secret, serve, setting, signature, stats,
    storage, token, update, variable, version,
};

/// Runs one command.
pub async fn run(arguments: Arguments, printer: &Printer) -> Result<Exit, Failure> {
    let Arguments {
        data,
        json: _,
        command,
    } = arguments;
    match command {
        Command::Serve(arguments) => serve::run(arguments, data, printer).await,
        Command::App(arguments) => app::run(arguments, data).await,
        Command::Run(arguments) => start::run(arguments, data, printer).await,
        Command::Flow(flow::Command::Validate(arguments)) => {
            flow::validate(&arguments, printer).await
        }
        Command::Sign(arguments) => signature::sign(arguments, printer),
        Command::Verify(arguments) => signature::verify(arguments, printer),
        Command::Doctor => doctor::run(data, printer).await,
        Command::Health => health::run(data, printer).await,
        Command::Schema => Ok(schema::run(printer)),
        Command::Version => Ok(version::run(printer)),
        Command::Completions(arguments) => Ok(completions::run(&arguments, printer)),
        Command::Import(arguments) => exchange::import(arguments, data, printer).await,
        Command::Restore(arguments) => restore::run(arguments, data, printer).await,
        command => {
            // Read before the folder is opened: a typist must not keep it.
            let command = Prepared::read(command)?;
            let caller = match Caller::try_open(data.clone()).await {
                Ok(caller) => caller,
                Err(error) => return command.unopened(error, data, printer).await,
            };
            let outcome = command.run(&caller, printer).await;
            caller.close().await;
            outcome
        }
    }
}

/// A command that calls the control API, with everything that it reads from files and standard input.
enum Prepared {
    Export(exchange::Export),
    Flow(flow::Prepared),
    Job(job::Command),
    Request(request::Command),
    Delivery(delivery::Command),
    Secret(secret::Prepared),
    Variable(variable::Prepared),
    Token(token::Command),
    Storage(storage::Command),
    Backup(backup::Arguments),
    Endpoint(endpoint::Prepared),
    Stats(stats::Arguments),
    Alert(alert::Command),
    Setting(setting::Command),
    Listen(listen::Arguments),
    Update(update::Command),
}

impl Prepared {
    fn read(command: Command) -> Result<Self, Failure> {
        Ok(match command {
            Command::Export(arguments) => Self::Export(arguments),
            Command::Flow(command) => Self::Flow(flow::Prepared::read(command)?),
            Command::Job(command) => Self::Job(command),
            Command::Request(command) => Self::Request(command),
            Command::Delivery(command) => Self::Delivery(command),
            Command::Secret(command) => Self::Secret(secret::Prepared::read(command)?),
            Command::Variable(command) => Self::Variable(variable::Prepared::read(command)?),
            Command::Token(command) => Self::Token(command),
            Command::Storage(command) => Self::Storage(command),
            Command::Backup(arguments) => Self::Backup(arguments),
            Command::Endpoint(command) => Self::Endpoint(endpoint::Prepared::read(command)?),
            Command::Stats(arguments) => Self::Stats(arguments),
            Command::Alert(command) => Self::Alert(command),
            Command::Setting(command) => Self::Setting(command),
            Command::Listen(arguments) => Self::Listen(arguments),
            Command::Update(command) => Self::Update(command),
            other => {
                return Err(Failure::internal(format!(
                    "{other:?} does not call the control API."
                )));
            }
        })
    }

    /// What is left to do where the folder cannot be opened.
    async fn unopened(
        self,
        error: runtime::Error,
        data: Option<PathBuf>,
        printer: &Printer,
    ) -> Result<Exit, Failure> {
        match self {
            Self::Backup(arguments) if arguments.only_list() && error.is_of_the_database() => {
                backup::list_without_database(&error, data, printer).await
            }
            _ => Err(error.into()),
        }
    }

    async fn run(self, caller: &Caller, printer: &Printer) -> Result<Exit, Failure> {
        match self {
            Self::Export(arguments) => exchange::export(arguments, caller, printer).await,
            Self::Flow(command) => flow::run(command, caller, printer).await,
            Self::Job(command) => job::run(command, caller, printer).await,
            Self::Request(command) => request::run(command, caller, printer).await,
            Self::Delivery(command) => delivery::run(command, caller, printer).await,
            Self::Secret(command) => secret::run(command, caller, printer).await,
            Self::Variable(command) => variable::run(command, caller, printer).await,
            Self::Token(command) => token::run(command, caller, printer).await,
            Self::Storage(command) => storage::run(command, caller, printer).await,
            Self::Backup(arguments) => backup::run(arguments, caller, printer).await,
            Self::Endpoint(command) => endpoint::run(command, caller, printer).await,
            Self::Stats(arguments) => stats::run(arguments, caller, printer).await,
            Self::Alert(command) => alert::run(command, caller, printer).await,
            Self::Setting(command) => setting::run(command, caller, printer).await,
            Self::Listen(arguments) => listen::run(arguments, caller, printer).await,
            Self::Update(command) => update::run(command, caller, printer).await,
        }
    }
}
