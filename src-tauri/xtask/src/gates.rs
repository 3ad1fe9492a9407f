//! Long forms of security gates whose short forms run with the other tests: the same tests, with other numbers.

use crate::test_run::TestRun;

/// Slow connections of every kind at once against the real server, and slowhttptest, with a sender that behaves beside
/// them. It waits 200 ms at most, on a machine that does nothing else.
pub fn slow_clients(connections: u32, seconds: u32, is_debug: bool) -> TestRun {
    TestRun {
        package: &["hookloom-cli", "--features", "ui"],
        target: &["--test", "it"],
        tests: "slow_clients::",
        is_debug,
        options: &["--include-ignored", "--test-threads", "1"],
        numbers: vec![
            ("HOOKLOOM_SLOW_CONNECTIONS", connections.to_string()),
            ("HOOKLOOM_SLOW_SECONDS", seconds.to_string()),
            ("HOOKLOOM_WAIT_MS_MAX", "200".to_owned()),
        ],
    }
}

/// The properties of templates, this often each: no value changes structure, adds a header or a parameter.
pub fn templates(cases: u32, is_debug: bool) -> TestRun {
    TestRun {
        package: &["hookloom-template"],
        target: &["--test", "rendering"],
        tests: "structure::",
        is_debug,
        options: &[],
        numbers: vec![("HOOKLOOM_PROPERTY_CASES", cases.to_string())],
    }
}
