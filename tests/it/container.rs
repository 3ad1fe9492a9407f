//! The container file, as far as it can be run without a builder: what it copies is there and not left out, its variables
//! and commands are the program's.

use std::collections::HashMap;
use std::path::Path;

use serde_json::Value;

use crate::support::{TestApp, Workspace};

const FILE: &str = include_str!("../../Containerfile");
const IGNORED: &str = include_str!("../../.dockerignore");

/// Each instruction with what follows it; lines that go on are one.
fn instructions() -> Vec<(String, String)> {
    let lines: Vec<&str> = FILE.lines().filter(|line| !line.starts_with('#')).collect();
    let joined = lines.join("\n").replace("\\\n", " ");
    let split = |line: &str| {
        let (word, rest) = line.split_once(' ')?;
        Some((
            word.to_owned(),
            rest.split_whitespace().collect::<Vec<_>>().join(" "),
        ))
    };
    joined.lines().filter_map(split).collect()
}

/// Podman's own format knows no health checks, and leaves ours out with a word that is easily missed.
#[test]
fn the_book_builds_the_image_in_the_format_that_keeps_its_health_check() {
    let page = include_str!("../../docs/operating.md");
    assert!(!last("HEALTHCHECK").is_empty());
    let build = page.lines().find(|line| line.starts_with("podman build "));
    let build = build.expect("it says how it is built");
    assert!(build.contains("--format docker"), "{build}");
}

/// What follows the last of these instructions.
fn last(wanted: &str) -> String {
    let found = instructions().into_iter().rfind(|(word, _)| word == wanted);
    found.unwrap_or_else(|| panic!("there is no {wanted}")).1
}

/// The words of a command in brackets.
fn words(text: &str) -> Vec<String> {
    let from = text.find('[').expect("a list");
    serde_json::from_str(&text[from..]).expect("a list of words")
}

#[test]
fn what_the_container_file_copies_is_there_and_is_sent_to_its_builder() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let sent: Vec<&str> = IGNORED
        .lines()
        .filter_map(|line| line.strip_prefix('!'))
        .collect();
    let mut copied = 0;
    for (_, rest) in instructions().iter().filter(|(word, _)| word == "COPY") {
        let mut paths: Vec<&str> = rest.split(' ').collect();
        paths.pop();
        if paths[0].starts_with("--from=") {
            continue;
        }
        for path in paths {
            assert!(root.join(path).exists(), "{path} is not there");
            let top = path.split('/').next().unwrap_or_default();
            assert!(sent.contains(&top), "{path} is left out by .dockerignore");
            copied += 1;
        }
    }
    assert!(copied >= 5, "{copied}");
    let user = last("USER");
    assert!(
        !user.starts_with("0") && !user.starts_with("root"),
        "it runs as {user}"
    );
    assert_eq!(last("VOLUME"), "/data");
}

#[test]
fn the_command_of_the_container_runs_with_its_variables_and_its_health_check_finds_it_ready() {
    let workspace = Workspace::new();
    let environment = last("ENV");
    let mut variables: HashMap<&str, String> = environment
        .split(' ')
        .map(|pair| pair.split_once('=').expect("a value"))
        .map(|(name, value)| (name, value.to_owned()))
        .collect();
    // What lies elsewhere here; every other variable is as it is in the image.
    for (name, wanted, here) in [
        (
            "HOOKLOOM_DATA",
            "/data",
            workspace.data().display().to_string(),
        ),
        (
            "HOOKLOOM_RECEIVER",
            "0.0.0.0:4747",
            "127.0.0.1:0".to_owned(),
        ),
        ("HOOKLOOM_CONTROL", "0.0.0.0:4748", "127.0.0.1:0".to_owned()),
        (
            "HOOKLOOM_VAULT_KEY_FILE",
            "/run/secrets/vault.key",
            workspace.folder().join("vault.key").display().to_string(),
        ),
    ] {
        let before = variables.insert(name, here);
        assert_eq!(before.as_deref(), Some(wanted), "{name}");
    }
    assert_eq!(words(&last("ENTRYPOINT")), ["hookloom"]);
    let mut command = workspace.program();
    command.envs(&variables).args(words(&last("CMD")));
    let app = TestApp::start_as(command);
    let check = words(&last("HEALTHCHECK"));
    assert_eq!(check[0], "hookloom");
    let check: Vec<&str> = check[1..].iter().map(String::as_str).collect();
    workspace.run(&check).ok();
    let (status, log) = app.stop();
    assert!(status.success(), "{log}");
    let lines: Vec<Result<Value, _>> = log.lines().map(serde_json::from_str).collect();
    assert!(
        !lines.is_empty() && lines.iter().all(Result::is_ok),
        "{log}"
    );
    assert!(
        !workspace.data().join("logs").exists(),
        "whoever runs it collects the log"
    );
    workspace.run(&check).code_is(3);
}
