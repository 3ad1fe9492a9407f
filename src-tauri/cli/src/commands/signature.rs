//! `hookloom sign` and `hookloom verify`: signatures of single messages, without a data folder.

use std::path::PathBuf;

use clap::Args;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

use super::later;

/// What to sign, and how.
#[derive(Debug, Args)]
pub struct SignArguments {
    /// The body; `-` reads standard input
    file: PathBuf,
}

/// What to check, and how.
#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// The body; `-` reads standard input
    file: PathBuf,
}

pub fn sign(_: SignArguments, _: &Printer) -> Result<Exit, Failure> {
    later::refuse("hookloom sign")
}

pub fn verify(_: VerifyArguments, _: &Printer) -> Result<Exit, Failure> {
    later::refuse("hookloom verify")
}
