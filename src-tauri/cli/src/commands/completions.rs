//! `hookloom completions`: what a shell needs to complete our commands.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::exit::Exit;
use crate::printer::Printer;

/// For which shell.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The shell
    shell: Shell,
}

/// Runs the command.
pub fn run(arguments: &Arguments, printer: &Printer) -> Exit {
    let mut script = Vec::new();
    let mut grammar = crate::arguments::Arguments::command();
    clap_complete::generate(arguments.shell, &mut grammar, "hookloom", &mut script);
    printer.text(&String::from_utf8_lossy(&script));
    Exit::Ok
}
