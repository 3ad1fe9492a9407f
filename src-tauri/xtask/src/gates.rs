//! Long forms of security gates whose short forms run with the other tests: the same tests, with other numbers.

use std::io;
use std::path::Path;
use std::process::Command;

/// Why a gate could not be run, or that it does not hold.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cargo cannot be started")]
    Start(#[source] io::Error),
    #[error("the gate does not hold, or its tests do not build; what cargo said stands above")]
    Broken,
}

/// Slow connections of every kind at once against the real server, and slowhttptest, with a sender that behaves beside
/// them. It waits 200 ms at most, on a machine that does nothing else.
pub fn slow_clients(root: &Path, connections: u32, seconds: u32) -> Result<(), Error> {
    let mut cargo = test(
        root,
        "hookloom-cli",
        &["--features", "ui", "--test", "it", "slow_clients::"],
    );
    cargo
        .args(["--include-ignored", "--nocapture", "--test-threads", "1"])
        .env("HOOKLOOM_SLOW_CONNECTIONS", connections.to_string())
        .env("HOOKLOOM_SLOW_SECONDS", seconds.to_string())
        .env("HOOKLOOM_WAIT_MS_MAX", "200");
    done(cargo)
}

/// The properties of templates, this often each: no value changes structure, adds a header or a parameter.
pub fn templates(root: &Path, cases: u32) -> Result<(), Error> {
    let mut cargo = test(
        root,
        "hookloom-template",
        &["--test", "rendering", "structure::"],
    );
    cargo
        .args(["--nocapture"])
        .env("HOOKLOOM_PROPERTY_CASES", cases.to_string());
    done(cargo)
}

/// A release build: debug builds are many times slower, and so are what they are asked.
fn test(root: &Path, package: &str, arguments: &[&str]) -> Command {
    let mut cargo = Command::new("cargo");
    cargo
        .args(["test", "--release", "--package", package])
        .args(arguments)
        .arg("--")
        .current_dir(root);
    cargo
}

fn done(mut cargo: Command) -> Result<(), Error> {
    match cargo.status().map_err(Error::Start)?.success() {
        true => Ok(()),
        false => Err(Error::Broken),
    }
}
