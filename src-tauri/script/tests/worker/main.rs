//! Scripts in real worker processes: this test program is its own worker, as the products are theirs.
//!
//! Without the usual harness, because what a process does first decides what it is.

mod escapes;
mod greedy;
mod pool;
mod support;
mod walls;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

type Test = (&'static str, fn());

fn main() -> ExitCode {
    if let Some(exit) = hookloom_script::work_if_asked() {
        return exit;
    }
    match std::env::args().nth(1).as_deref() {
        Some(walls::ARGUMENT) => return walls::try_calls(),
        Some(walls::FREE_ARGUMENT) => return walls::try_calls_freely(),
        _ => {}
    }
    let tests: Vec<Test> = [escapes::TESTS, greedy::TESTS, pool::TESTS, walls::TESTS].concat();
    // Options of the usual harness are for the usual harness.
    let wanted = std::env::args().skip(1).find(|it| !it.starts_with('-'));
    let mut failed = Vec::new();
    for (name, test) in tests {
        if wanted
            .as_ref()
            .is_some_and(|wanted| !name.contains(wanted.as_str()))
        {
            continue;
        }
        let begun = std::time::Instant::now();
        let passed = catch_unwind(AssertUnwindSafe(test)).is_ok();
        let word = if passed { "ok" } else { "FAILED" };
        eprintln!(
            "test {name} ... {word} ({} ms)",
            begun.elapsed().as_millis()
        );
        if !passed {
            failed.push(name);
        }
    }
    if failed.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("failed: {}", failed.join(", "));
    ExitCode::FAILURE
}
