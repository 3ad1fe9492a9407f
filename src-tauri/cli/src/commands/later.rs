//! Commands of the contract that this release does not have: they say so.

use crate::exit::Exit;
use crate::failure::Failure;

/// Whatever is given.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    _anything: Vec<String>,
}

/// Says that a command is not there yet.
pub fn refuse(command: &str) -> Result<Exit, Failure> {
    Err(Failure::new(
        Exit::WrongUse,
        "not_available",
        format!("`{command}` is not available in this release; nothing was done."),
    )
    .with_hint("`hookloom help` lists what is."))
}
