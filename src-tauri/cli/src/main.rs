//! The `hookloom` command line: every command is a call to the owner of a data folder, or opens the folder itself.
//! It holds no rule of its own about flows, jobs or secrets.

mod arguments;
mod caller;
mod commands;
mod desktop;
mod exit;
mod failure;
mod printer;
#[cfg(test)]
mod reference;
mod render;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::Arguments;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

fn main() -> ExitCode {
    // A worker of the engine is this same program. Whether it is one is asked before anything else is read, opened or
    // started.
    if let Some(exit) = hookloom_runtime::work_if_asked() {
        return exit;
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return refuse_usage(&error),
    };
    let printer = Printer::new(arguments.json);
    match run(arguments, &printer) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            printer.failure(&failure);
            failure.exit.into()
        }
    }
}

fn run(arguments: Arguments, printer: &Printer) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::internal(format!("No threads could be started: {error}.")))?;
    let outcome = runtime.block_on(commands::run(arguments, printer));
    // A read of standard input that never ends must not keep a finished command.
    runtime.shutdown_background();
    outcome
}

/// Help and version are no errors; everything else that clap refuses is wrong use.
fn refuse_usage(error: &clap::Error) -> ExitCode {
    let exit = if error.use_stderr() {
        Exit::WrongUse
    } else {
        Exit::Ok
    };
    if exit == Exit::WrongUse && std::env::args_os().any(|argument| argument == "--json") {
        Printer::new(true).failure(&Failure::usage(error.to_string().trim().to_owned()));
    } else {
        // If nobody reads what we print, the exit code says it all.
        let _ = error.print();
    }
    exit.into()
}
