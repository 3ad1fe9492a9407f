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
/// Room for the largest upload that is measured.
const BODY_BYTES_MAX: usize = 256 * 1024 * 1024;
/// The key of the vault, within the data folder.
const KEY_FILE: &str = "bench-vault.key";
/// The flow of most measurements.
const FLOW: &str = "bench";

/// What was built.
pub struct Programs {
    /// The program as it ships.
    pub hookloom: PathBuf,
    /// This one, as fast as what it measures.
    pub xtask: PathBuf,
}

/// Builds both in one go, with the Makefile's selection of features, so that they share their dependencies with each
/// other and with what is packed.
pub fn build(root: &Path) -> Result<Programs, Error> {
    let status = Command::new("cargo")
        .args(["build", "--release", "--workspace"])
        .args(["--features", "hookloom-cli/ui,hookloom-app/embedded"])
        .args(["--bin", "hookloom", "--bin", "xtask"])
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
    let program = |name: &str| {
        let mut path = target.join("release").join(name);
        path.set_extension(std::env::consts::EXE_EXTENSION);
        path
    };
    Ok(Programs {
        hookloom: program("hookloom"),
        xtask: program("xtask"),
    })
}

/// The flow that is measured.
#[derive(Debug, Clone, Copy, Default)]
pub struct Flow {
    /// Steps that compute, one after the other.
    pub set_steps: u32,
    /// Whether a script comes next.
    pub script: bool,
    /// Whether a last step calls the sink.
    pub http: bool,
    /// Whether a webhook task tells the sink of each job's end.
    pub task: bool,
    /// Whether a last step fails.
    pub fails: bool,
    /// Whether a call is answered at its job's end.
    pub is_sync: bool,
}

impl Flow {
    fn document(self, name: &str, sink: Option<SocketAddr>) -> Value {
        let url = sink.map_or_else(String::new, |sink| format!("http://{sink}/"));
        let mut steps: Vec<Value> = Vec::new();
        let mut add = |mut step: Value| {
            if let Some(last) = steps.last() {
                step["after"] = json!([{"step": last["name"]}]);
            }
            steps.push(step);
        };
        for n in 1..=self.set_steps {
            add(json!({"name": format!("prepare_{n}"), "kind": "set",
                "values": {"email": "{{requestBody.customer.email}}", "total": "{{requestBody.total}}"}}));
        }
        if self.script {
            add(json!({"name": "compute", "kind": "script",
                "code": "const o = memory.load('requestBody'); return {email: o.customer.email, total: o.total * 2};"}));
        }
        if self.http {
            add(
                json!({"name": "ship", "kind": "http", "method": "POST", "url": url,
                "headers": {"Content-Type": "application/json"},
                "body": "{\"email\": {{requestBody.customer.email}}, \"total\": {{requestBody.total}}}"}),
            );
        }
        if self.fails {
            add(json!({"name": "stop", "kind": "fail", "message": "measured"}));
        }
        let mut document = json!({"format": "hookloom.flow/1", "name": name,
            "endpoints": [{"name": name, "auth": {"kind": "shared_key", "secret": "bench_key"},
                "limits": {"body_bytes_max": BODY_BYTES_MAX},
                "header_memory": "requestHeaders", "body_memory": "requestBody"}],
            "steps": steps});
        if self.is_sync {
            document["endpoints"][0]["mode"] = json!("sync");
        }
        if self.task {
            document["webhook_tasks"] = json!([{"name": "Tell", "url": url, "event": "job_finished",
                "headers": {"Content-Type": "application/json"}, "secret": "bench_key",
                "body": "{\"job\": $jobId, \"status\": $jobStatus}"}]);
        }
        document
    }
}

/// A running `hookloom serve`; killed when dropped.
pub struct Served {
    child: Child,
    folder: TempDir,
    program: PathBuf,
    receiver: SocketAddr,
    /// Where its API is, and how to call it.
    pub control: Control,
    /// From its start until it was ready.
    pub ready_after: Duration,
}

/// The API of a running `hookloom serve`.
pub struct Control {
    /// With its scheme, without a path.
    pub url: String,
    /// The owner's token.
    pub token: String,
}

impl Served {
    /// Starts it in a new folder with one flow, which calls the sink if it calls anybody.
    pub async fn start(
        program: &Path,
        flow: Flow,
        sink: Option<SocketAddr>,
    ) -> Result<Self, Error> {
        let folder = tempfile::tempdir()?;
        write_private(&folder.path().join(KEY_FILE), &"5a".repeat(32))?;
        let served = Self::open(program, folder)?;
        served.command(&["secret", "set", "bench_key"], KEY)?;
        served.import(FLOW, flow, sink)?;
        Ok(served)
    }

    /// Starts it in a folder that has been served before.
    fn open(program: &Path, folder: TempDir) -> Result<Self, Error> {
        let begin = Instant::now();
        let mut child = Command::new(program)
            .args(["serve", "--receiver", "127.0.0.1:0"])
            .args(["--control", "127.0.0.1:0", "--no-ui"])
            .env("HOOKLOOM_DATA", folder.path())
            .env("HOOKLOOM_VAULT", "file")
            .env("HOOKLOOM_VAULT_KEY_FILE", folder.path().join(KEY_FILE))
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
        let ready_after = begin.elapsed();
        let ready: Value = serde_json::from_str(&line).unwrap_or_default();
        let not_ready = || Error::NotReady {
            what: "hookloom serve".to_owned(),
        };
        let text = |name: &str| ready[name].as_str().ok_or_else(not_ready);
        let receiver = text("receiver")?.strip_prefix("http://");
        let receiver = receiver.and_then(|address| address.parse().ok());
        let token = std::fs::read_to_string(text("token_file")?)?;
        Ok(Self {
            control: Control {
                url: text("control")?.to_owned(),
                token: token.trim().to_owned(),
            },
            child,
            folder,
            program: program.to_owned(),
            receiver: receiver.ok_or_else(not_ready)?,
            ready_after,
        })
    }

    /// Stops it as a terminal would, and starts it again in the same folder.
    pub fn restart(mut self) -> Result<Self, Error> {
        let stop = Command::new("kill")
            .args(["-INT", &self.child.id().to_string()])
            .status()?;
        if !stop.success() || !self.child.wait()?.success() {
            return Err(Error::NotReady {
                what: "the end of hookloom serve".to_owned(),
            });
        }
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir()?);
        Self::open(&self.program, folder)
    }

    /// The id of its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Where senders reach a flow.
    pub fn path(flow: &str) -> String {
        format!("/api/webhook/local/{flow}?key={KEY}")
    }

    /// Where it receives.
    pub fn receiver(&self) -> SocketAddr {
        self.receiver
    }

    /// A load for the flow's endpoint.
    pub fn load(&self, body: &str) -> Load {
        self.load_of(FLOW, body)
    }

    /// A load for another flow's endpoint.
    pub fn load_of(&self, flow: &str, body: &str) -> Load {
        Load::new(self.receiver, &Self::path(flow), body)
    }

    /// Waits until nothing is left to run or to send. Asks for one row at a time: asking must cost little beside the
    /// work.
    pub async fn all_done(&self, patience: Duration) -> Result<(), Error> {
        let begin = Instant::now();
        let lists = [
            ("job", "queued"),
            ("job", "running"),
            ("job", "waiting"),
            ("delivery", "pending"),
            ("delivery", "sending"),
            ("delivery", "waiting"),
        ];
        for (list, status) in lists {
            while self.has_one(list, status)? {
                if begin.elapsed() > patience {
                    return Err(Error::Stuck { list, status });
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        Ok(())
    }

    /// What failed was quick: it must not count as work.
    pub fn none_failed(&self) -> Result<(), Error> {
        for list in ["job", "delivery"] {
            if self.has_one(list, "failed")? {
                return Err(Error::Failed { list });
            }
        }
        Ok(())
    }

    fn has_one(&self, list: &str, status: &str) -> Result<bool, Error> {
        let mut command = vec![list, "list", "--status", status, "--limit", "1", "--json"];
        if list == "job" {
            command.push("--brief");
        }
        let rows: Value = serde_json::from_str(&self.command(&command, "")?).unwrap_or_default();
        Ok(rows.as_array().is_none_or(|rows| !rows.is_empty()))
    }

    /// From now on requests are held: no job begins.
    pub fn pause(&self) -> Result<(), Error> {
        self.command(&["flow", "pause", FLOW], "")?;
        Ok(())
    }

    /// Publishes a flow.
    pub fn import(&self, name: &str, flow: Flow, sink: Option<SocketAddr>) -> Result<(), Error> {
        let file = self.folder.path().join("bench.json");
        std::fs::write(&file, flow.document(name, sink).to_string())?;
        let file = file.to_string_lossy();
        self.command(&["flow", "import", &file, "--publish"], "")?;
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
