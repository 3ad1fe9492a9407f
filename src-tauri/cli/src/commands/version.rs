//! `hookloom version`.

use serde_json::json;

use crate::exit::Exit;
use crate::printer::Printer;

/// Runs the command.
pub fn run(printer: &Printer) -> Exit {
    let version = env!("CARGO_PKG_VERSION");
    printer.result(&json!({ "version": version }), |_| {
        format!("hookloom {version}")
    });
    Exit::Ok
}
