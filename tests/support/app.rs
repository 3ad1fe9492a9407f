//! The real `hookloom serve`, on free ports. It is killed by its id when the test ends.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
#[cfg(unix)]
use std::process::ExitStatus;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;
#[cfg(unix)]
use std::time::Instant;

use serde_json::Value;

use super::workspace::Workspace;

const READY_S_MAX: u64 = 20;
#[cfg(unix)]
const STOP_S_MAX: u64 = 20;

/// A running server.
pub struct TestApp {
    child: Child,
    ready: Value,
    log: Arc<Mutex<String>>,
}

impl TestApp {
    /// Starts the server with more options, and waits until it is ready.
    pub fn start(workspace: &Workspace, options: &[&str]) -> Self {
        Self::start_with(workspace, options, &[])
    }

    /// Starts the server with more options and variables, and waits until it is ready.
    pub fn start_with(
        workspace: &Workspace,
        options: &[&str],
        environment: &[(&str, &str)],
    ) -> Self {
        Self::start_command(workspace.program(), options, environment)
    }

    /// Starts the server by a command that may wrap it, and waits until it is ready.
    pub fn start_command(
        mut command: Command,
        options: &[&str],
        environment: &[(&str, &str)],
    ) -> Self {
        command.envs(environment.iter().copied());
        command
            .args([
                "serve",
                "--receiver",
                "127.0.0.1:0",
                "--control",
                "127.0.0.1:0",
            ])
            .args(options);
        Self::start_as(command)
    }

    /// Starts the server by a command that has all of its arguments already, and waits until it is ready.
    pub fn start_as(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let log = Arc::new(Mutex::new(String::new()));
        let stderr = child.stderr.take().expect("standard error is a pipe");
        collect(stderr, Arc::clone(&log));
        let stdout = child.stdout.take().expect("standard output is a pipe");
        let line = first_line(stdout);
        let ready = line.as_deref().map(serde_json::from_str::<Value>);
        let Some(Ok(ready)) = ready else {
            // The log is read by another thread: it needs a moment to have all of it.
            let _ = child.kill();
            let _ = child.wait();
            thread::sleep(Duration::from_millis(100));
            panic!(
                "the server is not ready: {line:?}\n{}",
                log.lock().expect("no panic").as_str()
            );
        };
        Self { child, ready, log }
    }

    /// Where senders call, without a slash at the end.
    pub fn receiver(&self) -> &str {
        self.text("receiver")
    }

    /// Where scripts call.
    pub fn control(&self) -> &str {
        self.text("control")
    }

    /// What a person opens.
    pub fn ui(&self) -> &str {
        self.text("ui")
    }

    /// The line that it printed.
    pub fn ready(&self) -> String {
        self.ready.to_string()
    }

    /// The owner's bearer token.
    pub fn token(&self) -> String {
        let path = PathBuf::from(self.text("token_file"));
        std::fs::read_to_string(path)
            .expect("the token file is there")
            .trim()
            .to_owned()
    }

    /// Everything on standard error so far.
    pub fn log(&self) -> String {
        self.log.lock().expect("no panic").clone()
    }

    /// Kills it at once, as a power cut would.
    pub fn kill(mut self) -> String {
        self.child.kill().expect("it is our child");
        self.child.wait().expect("it ends");
        self.log()
    }

    /// Asks it to stop, and waits until it has.
    #[cfg(unix)]
    pub fn stop(self) -> (ExitStatus, String) {
        self.ask_to_stop();
        self.until_stopped()
    }

    /// Waits until it has stopped, after it was asked to.
    #[cfg(unix)]
    pub fn until_stopped(mut self) -> (ExitStatus, String) {
        let deadline = Instant::now() + Duration::from_secs(STOP_S_MAX);
        loop {
            if let Some(status) = self.child.try_wait().expect("it is our child") {
                return (status, self.log());
            }
            assert!(
                Instant::now() < deadline,
                "it does not stop: {}",
                self.log()
            );
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// SIGTERM.
    #[cfg(unix)]
    pub fn ask_to_stop(&self) {
        let asked = std::process::Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()
            .expect("`kill` runs");
        assert!(asked.success());
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// A line of the system's own account of its memory, in bytes: `VmHWM` is the most that it ever had.
    #[cfg(target_os = "linux")]
    pub fn memory_bytes(&self, what: &str) -> u64 {
        let path = format!("/proc/{}/status", self.id());
        let status = std::fs::read_to_string(path).expect("it runs");
        let line = status.lines().find(|line| line.starts_with(what));
        let line = line.expect("the system tells it");
        let digits: String = line.chars().filter(char::is_ascii_digit).collect();
        digits.parse::<u64>().expect("kB") * 1024
    }

    fn text(&self, key: &str) -> &str {
        self.ready[key]
            .as_str()
            .unwrap_or_else(|| panic!("no `{key}` in {}", self.ready))
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn first_line(stdout: impl Read + Send + 'static) -> Option<String> {
    let (sender, line) = mpsc::channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(stdout);
        let mut line = String::new();
        if reader.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
            let _ = sender.send(line);
        }
        // Read on, so that the server never finds its output closed.
        let _ = std::io::copy(&mut reader, &mut std::io::sink());
    });
    line.recv_timeout(Duration::from_secs(READY_S_MAX)).ok()
}

fn collect(stderr: impl Read + Send + 'static, log: Arc<Mutex<String>>) {
    thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            let mut log = log.lock().expect("no panic");
            log.push_str(&line);
            log.push('\n');
        }
    });
}
