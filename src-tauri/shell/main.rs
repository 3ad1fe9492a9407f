//! The desktop app.

// A console window beside the app would be a surprise on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    hookloom_app::run()
}
