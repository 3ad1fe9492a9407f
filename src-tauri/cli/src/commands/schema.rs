//! `hookloom schema`: the JSON Schema of the flow document.

use hookloom_model::document;

use crate::exit::Exit;
use crate::printer::Printer;

/// Runs the command.
pub fn run(printer: &Printer) -> Exit {
    printer.json(&document::json_schema());
    Exit::Ok
}
