//! The real program under measurement: `hookloom serve` in a folder of its own, with one live flow.

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Error, Load};

const KEY: &str = "bench-key-4711";

/// Builds the program as it ships.
pub fn build(root: &Path) -> Result<PathBuf, Error> {
    let status = Command::new("cargo")
        .args(["build", "--release", "--package", "hookloom-cli"])
        .current_dir(root)
        .status()
        .map_err(|source| Error::Start {
            what: "cargo".to_owned(),
            source,
        })?;
    if !status.success() {
        return Err(Error::Build);
    }
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    Ok(target.join("release").join(if cfg!(windows) {
        "hookloom.exe"
    } else {
        "hookloom"
    }))
}

/// A running `hookloom serve`; killed when dropped.
pub struct Served {
    child: Child,
    folder: TempDir,
    program: PathBuf,
    receiver: SocketAddr,
}

impl Served {
    /// Starts it with a flow that computes, and calls the sink if there is one.
    pub async fn start(program: &Path, sink: Option<SocketAddr>) -> Result<Self, Error> {
        let folder = tempfile::tempdir()?;
        let key_file = folder.path().join("vault.key");
        write_private(&key_file, &"5a".repeat(32))?;
        let mut child = Command::new(program)
            .args([
                "serve",
                "--receiver",
                "127.0.0.1:0",
                "--control",
                "127.0.0.1:0",
                "--no-ui",
            ])
            .env("HOOKLOOM_DATA", folder.path())
            .env("HOOKLOOM_VAULT", "file")
            .env("HOOKLOOM_VAULT_KEY_FILE", &key_file)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| Error::Start {
                what: "hookloom serve".to_owned(),
                source,
            })?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        let ready: Value = serde_json::from_str(&line).unwrap_or_default();
        let receiver = ready["receiver"]
            .as_str()
            .and_then(|url| url.strip_prefix("http://")?.parse().ok());
        let receiver = receiver.ok_or_else(|| Error::NotReady {
            what: "hookloom serve".to_owned(),
        })?;
        let served = Self {
            child,
            folder,
            program: program.to_owned(),
            receiver,
        };
        served.import(sink)?;
        Ok(served)
    }

    /// A load for the flow's endpoint.
    pub fn load(&self, body: &str) -> Load {
        Load::new(
            self.receiver,
            &format!("/api/webhook/local/bench?key={KEY}"),
            body,
        )
    }

    /// Waits until that many jobs are complete.
    pub async fn all_jobs_complete(&self, jobs: u64, patience: Duration) -> Result<(), Error> {
        let begin = Instant::now();
        loop {
            let open = self.open_jobs()?;
            if open == 0 {
                return Ok(());
            }
            if begin.elapsed() > patience {
                return Err(Error::Stuck {
                    left: open,
                    all: jobs,
                });
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn open_jobs(&self) -> Result<u64, Error> {
        let mut open = 0;
        for status in ["queued", "running", "waiting"] {
            let text = self.command(
                &[
                    "job", "list", "--status", status, "--limit", "500", "--json",
                ],
                "",
            )?;
            let jobs: Value = serde_json::from_str(&text).unwrap_or_default();
            open += jobs.as_array().map_or(1, Vec::len) as u64;
        }
        Ok(open)
    }

    fn import(&self, sink: Option<SocketAddr>) -> Result<(), Error> {
        let mut steps = vec![json!({"name": "prepare", "kind": "set",
            "values": {"email": "{{requestBody.customer.email}}", "total": "{{requestBody.total}}"}})];
        if let Some(sink) = sink {
            steps.push(json!({"name": "ship", "kind": "http", "after": [{"step": "prepare"}],
                "method": "POST", "url": format!("http://{sink}/"), "headers": {"Content-Type": "application/json"},
                "body": "{\"email\": {{steps.prepare.data.email}}, \"total\": {{steps.prepare.data.total}}}"}));
        }
        let document = json!({"format": "hookloom.flow/1", "name": "bench",
            "endpoints": [{"name": "bench", "auth": {"kind": "shared_key", "secret": "bench_key"},
                "header_memory": "requestHeaders", "body_memory": "requestBody"}],
            "steps": steps});
        let file = self.folder.path().join("bench.json");
        std::fs::write(&file, document.to_string())?;
        self.command(&["secret", "set", "bench_key"], KEY)?;
        self.command(
            &["flow", "import", &file.to_string_lossy(), "--publish"],
            "",
        )?;
        Ok(())
    }

    fn command(&self, arguments: &[&str], input: &str) -> Result<String, Error> {
        let start = |source| Error::Start {
            what: format!("hookloom {}", arguments.join(" ")),
            source,
        };
        let mut child = Command::new(&self.program)
            .args(arguments)
            .env("HOOKLOOM_DATA", self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(start)?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes())?;
        }
        let output = child.wait_with_output().map_err(start)?;
        if !output.status.success() {
            return Err(Error::NotReady {
                what: format!("hookloom {}", arguments.join(" ")),
            });
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}
