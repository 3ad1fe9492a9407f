//! A Debian of its own: a folder with a whole root, and systemd as its first process. Programs run in it behind
//! namespaces: they see its files, its processes, and a network with a loopback and nothing else. All of them end with
//! it, and what was mounted goes with them.

use std::fs;
use std::io::{BufRead as _, BufReader, Read};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::debian::{base, done};

const USER: &str = "ada";
const UP_S_MAX: u64 = 20;
/// A program that was started may take so long to say something.
const SAYS_S_MAX: u64 = 30;

/// Mounts what a root needs, within namespaces of its own.
const MOUNT: &str = r#"set -e
mount --bind "$1" "$1"
mount -t proc proc "$1/proc"
mount --bind /dev "$1/dev"
mount -t tmpfs -o mode=1777 tmpfs "$1/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$1/dev/pts"
"#;

/// Starts systemd as the first process of a machine. The root has to be a mount and the only one: services get views of
/// the files of their own.
const START: &str = r#"mount -t tmpfs tmpfs "$1/run"
mkdir -m 1777 "$1/run/lock"
mount -t sysfs sysfs "$1/sys"
mount -t cgroup2 cgroup2 "$1/sys/fs/cgroup"
hostname fresh
cd "$1"
pivot_root . mnt
umount -l mnt
ip link set lo up
exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd
"#;

/// A machine: switched off, or running.
pub struct Machine {
    root: TempDir,
    running: Option<Running>,
}

/// Its first process, here and as everybody else sees it.
struct Running {
    holder: Child,
    first: u32,
}

impl Machine {
    /// One on which nobody has done anything yet.
    pub fn fresh() -> Self {
        let base = base();
        let root = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        fs::set_permissions(root.path(), fs::Permissions::from_mode(0o755)).expect("it is ours");
        done(
            Command::new("tar")
                .args(["--extract", "--numeric-owner", "--file"])
                .arg(base)
                .arg("--directory")
                .arg(root.path()),
        );
        Self {
            root,
            running: None,
        }
    }

    /// Switches it on. It has no network but itself.
    pub fn start(&mut self) {
        let holder = self
            .within(&["--net", "--ipc", "--uts", "--cgroup"], START, &[])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("`unshare` runs");
        let first = child_of(holder.id());
        self.running = Some(Running { holder, first });
        let deadline = Instant::now() + Duration::from_secs(UP_S_MAX);
        loop {
            let asked = self.inside(&["systemctl", "is-system-running"]).output();
            let state = asked.map(|it| String::from_utf8_lossy(&it.stdout).trim().to_owned());
            // What a container has no devices for may fail.
            if state
                .as_ref()
                .is_ok_and(|it| it == "running" || it == "degraded")
            {
                return;
            }
            assert!(Instant::now() < deadline, "systemd is {state:?}");
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// Switches it off as a power cut would.
    pub fn switch_off(&mut self) {
        if let Some(Running { mut holder, .. }) = self.running.take() {
            // Its first process goes with it, and with that every other one and every mount.
            let _ = holder.kill();
            let _ = holder.wait();
        }
    }

    /// A place as programs on it see it, with what they mounted.
    pub fn seen_inside(&self, place: &str) -> PathBuf {
        let running = self.running.as_ref().expect("it is switched on");
        Path::new("/proc")
            .join(running.first.to_string())
            .join("root")
            .join(place)
    }

    /// Sends a signal to one of its processes.
    pub fn signal(&self, name: &str, process: &str) {
        done(&mut self.inside(&["kill", "-s", name, process]));
    }

    /// A command of root's inside.
    fn inside(&self, words: &[&str]) -> Command {
        let running = self.running.as_ref().expect("it is switched on");
        let mut command = Command::new("nsenter");
        command
            .args(["--target", &running.first.to_string()])
            .args(["--mount", "--pid", "--net", "--ipc", "--uts", "--cgroup"])
            .args(["--root", "--wd=/", "--"])
            .args(words)
            .stdin(Stdio::null());
        command
    }

    /// Where a place of it lies on this system.
    pub fn at(&self, place: &str) -> PathBuf {
        self.root.path().join(place.trim_start_matches('/'))
    }

    /// The folder of the person.
    pub fn home(&self) -> PathBuf {
        self.at("home").join(USER)
    }

    /// Writes a file of the person.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.home().join(name);
        fs::write(&path, text).expect("it can be written");
        self.give(&path);
    }

    /// Copies a file or a folder of a person of another machine to the same place.
    pub fn take_from(&self, other: &Self, name: &str) {
        let to = self.home().join(name);
        fs::create_dir_all(to.parent().expect("a folder")).expect("it can be made");
        done(
            Command::new("cp")
                .arg("--archive")
                .arg(other.home().join(name))
                .arg(&to),
        );
        let top = name.split('/').next().unwrap_or(name);
        self.give(&self.home().join(top));
    }

    fn give(&self, path: &Path) {
        done(Command::new("chown").args(["-R", "1000:1000"]).arg(path));
    }

    /// Runs a line of the person's with the network of this system, to install packages. It must succeed.
    pub fn with_network(&self, line: &str) -> String {
        let mut command = self.within(
            &[],
            "exec chroot \"$1\" su --login \"$2\" --command \"$3\"",
            &[USER, line],
        );
        done(command.stdin(Stdio::null()))
    }

    fn within(&self, more: &[&str], script: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new("unshare");
        command
            .args(["--mount", "--pid", "--fork", "--kill-child"])
            .args(more)
            .args(["sh", "-c", &format!("{MOUNT}{script}"), "sh"])
            .arg(self.root.path())
            .args(arguments);
        command
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.switch_off();
    }
}

/// Somebody who has just logged in.
pub struct Terminal<'a> {
    machine: &'a Machine,
    /// What was exported here: it holds for this terminal alone.
    exported: String,
}

/// A program that runs on in a terminal.
pub struct Started {
    child: Child,
    said: Arc<Mutex<String>>,
}

impl<'a> Terminal<'a> {
    pub fn of(machine: &'a Machine) -> Self {
        Self {
            machine,
            exported: String::new(),
        }
    }

    /// A line that begins with `export`: what it says holds for the lines after it.
    pub fn export(&mut self, line: &str) {
        self.exported.push_str(line);
        self.exported.push('\n');
    }

    /// Runs a line to its end: what it printed, in both ways, and its exit code.
    pub fn run(&self, line: &str) -> (String, i32) {
        let output = self
            .command(&format!("exec 2>&1\n{line}"))
            .output()
            .expect("`nsenter` runs");
        (
            String::from_utf8_lossy(&output.stdout).into_owned(),
            output.status.code().unwrap_or(-1),
        )
    }

    /// The same for what must succeed.
    #[track_caller]
    pub fn done(&self, line: &str) -> String {
        let (printed, code) = self.run(line);
        assert_eq!(code, 0, "$ {line}\n{printed}");
        printed
    }

    /// Starts what stays.
    pub fn start(&self, line: &str) -> Started {
        let mut child = self
            .command(&format!("exec 2>&1\nexec {line}"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("`nsenter` runs");
        let said = Arc::default();
        collect(child.stdout.take().expect("a pipe"), Arc::clone(&said));
        Started { child, said }
    }

    fn command(&self, line: &str) -> Command {
        let line = format!("export NO_COLOR=1\n{}{line}", self.exported);
        self.machine
            .inside(&["su", "--login", USER, "--command", &line])
    }
}

impl Started {
    /// Everything that it said so far.
    pub fn said(&self) -> String {
        self.said.lock().expect("no panic").clone()
    }

    /// The first line that begins so.
    pub fn says(&self, beginning: &str) -> String {
        let deadline = Instant::now() + Duration::from_secs(SAYS_S_MAX);
        loop {
            let said = self.said();
            if let Some(line) = said.lines().find(|line| line.starts_with(beginning)) {
                return line.to_owned();
            }
            assert!(Instant::now() < deadline, "no `{beginning}` in: {said}");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Goes on after its process was stopped: those that led into the machine stop with what they started.
    pub fn goes_on(&self) {
        let id = self.child.id().to_string();
        done(Command::new("kill").args(["-s", "CONT", &id]));
    }

    /// Waits until it has ended, after it was asked to.
    pub fn ends(mut self) -> i32 {
        let deadline = Instant::now() + Duration::from_secs(SAYS_S_MAX);
        loop {
            if let Some(status) = self.child.try_wait().expect("it is ours") {
                return status.code().unwrap_or(-1);
            }
            assert!(Instant::now() < deadline, "it goes on: {}", self.said());
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // What it started inside ends with the machine.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The one process that another one started.
fn child_of(parent: u32) -> u32 {
    let deadline = Instant::now() + Duration::from_secs(UP_S_MAX);
    loop {
        let children = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children"));
        let first = children.unwrap_or_default();
        if let Some(Ok(first)) = first.split_whitespace().next().map(str::parse) {
            return first;
        }
        assert!(Instant::now() < deadline, "it has no process");
        thread::sleep(Duration::from_millis(20));
    }
}

fn collect(from: impl Read + Send + 'static, said: Arc<Mutex<String>>) {
    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            let mut said = said.lock().expect("no panic");
            said.push_str(&line);
            said.push('\n');
        }
    });
}
