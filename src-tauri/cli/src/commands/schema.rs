//! `hookloom schema`: the JSON Schema of the flow document.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

use super::later;

/// Runs the command.
pub fn run(_printer: &Printer) -> Result<Exit, Failure> {
    later::refuse("hookloom schema")
}
