//! The desktop app.

// A console window beside the app would be a surprise on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    // Before GTK, before threads: a worker of the engine is this same program.
    if let Some(exit) = hookloom_runtime::work_if_asked() {
        return exit;
    }
    hookloom_app::run()
}
