//! A receiver that somebody else wrote: Express, with the verification that the documentation of
//! X-Webhook-Signature gives. It runs as a process of its own and ends when it is dropped.

use std::io::{BufRead, BufReader, Lines};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// How long a message may take to arrive.
const PATIENCE: Duration = Duration::from_secs(20);

/// An Express server on a free port.
pub struct ExpressReceiver {
    child: Child,
    port: u16,
    messages: Mutex<UnboundedReceiver<Value>>,
}

impl ExpressReceiver {
    /// Starts it with the secret that it verifies with.
    pub fn start(secret: &str) -> Self {
        Self::start_script("express_receiver.cjs", secret)
    }

    /// A server of remote steps that verifies with this key; its messages have `accepted`, `headers` and `body`.
    pub fn of_steps(key: &str) -> Self {
        Self::start_script("express_steps.cjs", key)
    }

    fn start_script(script: &str, secret: &str) -> Self {
        let mut command = Command::new("node");
        command.arg(support().join(script)).arg(secret);
        let (child, port, lines) = started(command);
        let (sender, messages) = unbounded_channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let message = serde_json::from_str(&line).expect("a line of JSON");
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        Self {
            child,
            port,
            messages: Mutex::new(messages),
        }
    }

    /// A server as it is printed in a document, in a folder of the test's own. Only the port that it asks for is another
    /// one; it tells no messages.
    #[cfg(unix)]
    pub fn as_printed(code: &str, folder: &Path) -> Self {
        let module = folder.join("printed.mjs");
        std::fs::write(&module, code).expect("it can be written");
        // Packages are installed in one place: the UI's.
        let packages = support().join("../../ui/node_modules");
        std::os::unix::fs::symlink(packages, folder.join("node_modules")).expect("a new link");
        let mut command = Command::new("node");
        command.arg("--require").arg(support().join("any_port.cjs"));
        command.arg(module);
        let (child, port, lines) = started(command);
        // Read on, so that it never finds its output closed.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        let (_, messages) = unbounded_channel();
        Self {
            child,
            port,
            messages: Mutex::new(messages),
        }
    }

    /// The URL of a path on it.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The next message: `method`, `url`, `headers`, `body`, `verified`, `ageMs`.
    pub async fn next(&self) -> Value {
        let mut messages = self.messages.lock().await;
        tokio::time::timeout(PATIENCE, messages.recv())
            .await
            .expect("a message within the patience of the test")
            .expect("Express runs")
    }
}

impl Drop for ExpressReceiver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn support() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/support")
}

/// A server that prints its port, the port, and what it prints from then on.
fn started(mut command: Command) -> (Child, u16, Lines<BufReader<ChildStdout>>) {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .expect("node starts; `make setup` says what is missing");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let first = lines
        .next()
        .expect("Express prints its port; is ui/node_modules there?")
        .expect("UTF-8");
    let port = first.trim().parse().expect("a port");
    (child, port, lines)
}
