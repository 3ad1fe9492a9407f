//! Where output goes: results to standard output, everything else to standard error.

use std::io::{self, IsTerminal, Write};

use serde_json::Value;

use crate::failure::Failure;
use crate::render::{self, Paint};

/// Prints results and failures, for a person or for a script.
#[derive(Debug)]
pub struct Printer {
    json: bool,
    paint: Paint,
    paint_errors: Paint,
}

impl Printer {
    /// A printer for a script (`--json`) or for a person.
    pub fn new(json: bool) -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self {
            json,
            paint: Paint::when(!json && wanted && io::stdout().is_terminal()),
            paint_errors: Paint::when(!json && wanted && io::stderr().is_terminal()),
        }
    }

    /// Whether a script reads.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// A result: the value for a script, the text for a person.
    pub fn result(&self, value: &Value, text: impl FnOnce(Paint) -> String) {
        if self.json {
            self.json(value);
        } else {
            self.text(&text(self.paint));
        }
    }

    /// JSON, whoever reads.
    pub fn json(&self, value: &Value) {
        // A `Value` always has a text.
        self.text(&serde_json::to_string_pretty(value).unwrap_or_default());
    }

    /// Text as it is, with one line break at its end.
    pub fn text(&self, text: &str) {
        if text.is_empty() {
            return;
        }
        write_all(&mut io::stdout().lock(), text);
    }

    /// Something worth knowing that is not the result. A script does not get it.
    pub fn note(&self, text: &str) {
        if !self.json {
            write_all(&mut io::stderr().lock(), text);
        }
    }

    /// How far a long piece of work is, a line each time: only for a person who watches it on a terminal.
    pub fn progress(&self, text: impl FnOnce(Paint) -> String) {
        if !self.json && io::stderr().is_terminal() {
            write_all(&mut io::stderr().lock(), &text(self.paint_errors));
        }
    }

    /// Why a command failed.
    pub fn failure(&self, failure: &Failure) {
        let text = if self.json {
            failure.to_json().to_string()
        } else {
            render::failure(failure, self.paint_errors)
        };
        write_all(&mut io::stderr().lock(), &text);
    }
}

/// A reader that went away (`| head`) is no failure of the command.
fn write_all(to: &mut dyn Write, text: &str) {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    let _ = write!(to, "{text}{end}").and_then(|()| to.flush());
}
