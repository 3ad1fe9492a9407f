//! A data folder of a test's own, and the real command line on it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::app::TestApp;

const PROGRAM: &str = env!("CARGO_BIN_EXE_hookloom");

/// A temporary folder with a data folder and a key file in it. It goes with the test.
pub struct Workspace {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

/// A command that has ended.
#[derive(Debug)]
pub struct Finished {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Workspace {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let key_file = folder.path().join("vault.key");
        write_private(&key_file, &"5a".repeat(32));
        let environment = vec![
            ("HOOKLOOM_VAULT".to_owned(), "file".to_owned()),
            (
                "HOOKLOOM_VAULT_KEY_FILE".to_owned(),
                key_file.display().to_string(),
            ),
        ];
        Self {
            folder,
            environment,
        }
    }

    /// A workspace whose vault is chosen by other variables.
    pub fn with_environment(environment: &[(&str, &str)]) -> Self {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self {
            environment: environment.iter().map(own).collect(),
            ..Self::new()
        }
    }

    /// The temporary folder around the data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A file beside the data folder.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, text).expect("a file can be written");
        path.display().to_string()
    }

    /// The program with this workspace's environment, and nothing of the test's own that steers it.
    pub fn program(&self) -> Command {
        self.prepared(Command::new(PROGRAM))
    }

    /// A shell script that may end with `exec "$0" "$@"`: then it becomes the program.
    #[cfg(unix)]
    pub fn program_in_shell(&self, script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script, PROGRAM]);
        self.prepared(command)
    }

    fn prepared(&self, mut command: Command) -> Command {
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("HOOKLOOM_") {
                command.env_remove(name);
            }
        }
        command
            .env("HOOKLOOM_DATA", self.data())
            .envs(self.environment.iter().cloned());
        command
    }

    /// Runs one command, without input.
    pub fn run(&self, arguments: &[&str]) -> Finished {
        self.run_with_input(arguments, "")
    }

    /// Runs one command with text on its standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Finished {
        let mut child = self
            .program()
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("its input is a pipe");
        // A command that does not read its input may end before it is written.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        let output = child.wait_with_output().expect("the program ends");
        Finished {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// Runs one command with `--json` that must succeed, and gives its result.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let mut with_json = arguments.to_vec();
        with_json.push("--json");
        self.run(&with_json).ok().json()
    }

    pub fn set_secret(&self, name: &str, value: &str) {
        self.run_with_input(&["secret", "set", name], value).ok();
    }

    pub fn set_variable(&self, name: &str, value: &str) {
        self.run(&["variable", "set", name, value]).ok();
    }

    /// Imports a document and publishes it.
    pub fn publish(&self, document: &Value) {
        self.run_with_input(&["flow", "import", "-", "--publish"], &document.to_string())
            .ok();
    }

    /// Starts the server on free ports and waits until it is ready.
    pub fn serve(&self) -> TestApp {
        TestApp::start(self, &[])
    }
}

impl Finished {
    /// The same, if it succeeded.
    #[track_caller]
    pub fn ok(self) -> Self {
        self.code_is(0)
    }

    /// The same, if it ended with this code.
    #[track_caller]
    pub fn code_is(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "stdout: {}\nstderr: {}",
            self.stdout, self.stderr
        );
        self
    }

    /// What it printed, as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {}\n{}", self.stdout, self.stderr))
    }

    /// The error that it printed with `--json`.
    #[track_caller]
    pub fn error(&self) -> Value {
        let line = self.stderr.lines().last().unwrap_or_default();
        let error: Value = serde_json::from_str(line)
            .unwrap_or_else(|error| panic!("no JSON error ({error}): {}", self.stderr));
        error["error"].clone()
    }
}

#[cfg(unix)]
fn write_private(path: &Path, text: &str) {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .expect("a new file");
    file.write_all(text.as_bytes()).expect("it can be written");
}

#[cfg(not(unix))]
fn write_private(path: &Path, text: &str) {
    fs::write(path, text).expect("it can be written");
}
