//! The walls themselves: what a worker may not ask of the system, tried from within.

use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::support::{block_on, workers};

/// Makes this program lock itself in like a worker, and try.
pub const ARGUMENT: &str = "--try-calls";
/// Makes it try without any wall, and say whether the kernel knows Landlock.
pub const FREE_ARGUMENT: &str = "--try-calls-freely";

pub const TESTS: &[(&str, fn())] = &[
    (
        "every_call_of_the_system_outside_the_list_is_refused",
        refused,
    ),
    (
        "the_same_calls_go_through_without_the_walls_and_landlock_is_one_where_the_kernel_has_it",
        free,
    ),
    (
        "a_worker_is_behind_its_filter_before_it_says_that_it_is_ready",
        bare,
    ),
];

/// A call by its name, and whether it went through in a folder that has the file `there`.
type Call = (&'static str, fn(&Path) -> bool);

const CALLS: &[Call] = &[
    ("open", |_| fs::File::open("/etc/passwd").is_ok()),
    ("open_own", |_| fs::read("/proc/self/environ").is_ok()),
    ("create", |folder| {
        fs::write(folder.join("new"), "x").is_ok()
    }),
    ("list", |_| fs::read_dir("/").is_ok()),
    ("stat", |_| fs::metadata("/").is_ok()),
    ("remove", |folder| {
        fs::remove_file(folder.join("there")).is_ok()
    }),
    ("chdir", |_| std::env::set_current_dir("/").is_ok()),
    ("socket", |_| UdpSocket::bind("127.0.0.1:0").is_ok()),
    ("listen", |_| TcpListener::bind("127.0.0.1:0").is_ok()),
    ("connect", |_| {
        TcpStream::connect("127.0.0.1:1")
            .is_err_and(|it| it.kind() == std::io::ErrorKind::ConnectionRefused)
    }),
    ("execve", |_| Command::new("/bin/true").status().is_ok()),
    ("thread", |_| {
        std::thread::Builder::new().spawn(|| ()).is_ok()
    }),
    #[cfg(unix)]
    ("socketpair", |_| {
        std::os::unix::net::UnixStream::pair().is_ok()
    }),
    ("pipe", |_| std::io::pipe().is_ok()),
];

/// Locked in, tries what an escaped script would, and says for each whether it was refused.
pub fn try_calls() -> ExitCode {
    let folder = folder_asked();
    #[cfg(unix)]
    let parent = rustix::process::getppid();
    hookloom_script::enter_sandbox().expect("the walls can be raised");
    #[cfg(unix)]
    try_parent(parent);
    try_each(&folder);
    ExitCode::SUCCESS
}

/// Tries the same without a wall, and says at last whether the kernel has Landlock.
pub fn try_calls_freely() -> ExitCode {
    let folder = folder_asked();
    #[cfg(unix)]
    try_parent(rustix::process::getppid());
    try_each(&folder);
    #[cfg(target_os = "linux")]
    say("landlock", kernel_has_landlock());
    ExitCode::SUCCESS
}

fn folder_asked() -> PathBuf {
    std::env::args_os()
        .nth(2)
        .expect("a folder is named")
        .into()
}

fn try_each(folder: &Path) {
    for (name, call) in CALLS {
        say(name, call(folder));
    }
}

#[cfg(unix)]
fn try_parent(parent: Option<rustix::process::Pid>) {
    let parent = parent.expect("the test started it");
    // The signal that only asks whether it could be sent.
    say("kill", rustix::process::test_kill_process(parent).is_ok());
}

/// Asks the kernel by a rule of its own, which takes the rights to files from this process.
#[cfg(target_os = "linux")]
fn kernel_has_landlock() -> bool {
    use landlock::{ABI, Access as _, AccessFs, LandlockStatus, Ruleset, RulesetAttr as _};
    let restricted = Ruleset::default()
        .handle_access(AccessFs::from_all(ABI::V1))
        .and_then(|rules| rules.create())
        .and_then(|rules| rules.restrict_self());
    let status = restricted.expect("rules can be made").landlock;
    matches!(status, LandlockStatus::Available { .. })
}

fn say(name: &str, passed: bool) {
    let word = if passed { "PASSED" } else { "refused" };
    writeln!(std::io::stdout(), "{name}: {word}").expect("the pipe is open");
}

/// What this program says when it tries, and the names of the files that it leaves.
fn tried(argument: &str) -> (String, Vec<OsString>) {
    let name = format!("hookloom-walls{argument}-{}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    fs::create_dir(&folder).expect("a new folder");
    fs::write(folder.join("there"), "x").expect("a file in it");
    let this = std::env::current_exe().expect("the system says which program runs");
    let tried = Command::new(this).arg(argument).arg(&folder).output();
    let tried = tried.expect("it runs");
    let left = fs::read_dir(&folder).expect("it is still there");
    let left = left.map(|it| it.expect("a file").file_name()).collect();
    fs::remove_dir_all(&folder).expect("it is ours");
    let said = String::from_utf8_lossy(&tried.stdout).into_owned();
    assert!(
        tried.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&tried.stderr)
    );
    (said, left)
}

fn refused() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let (said, left) = tried(ARGUMENT);
    assert_eq!(said.lines().count(), 15, "{said}");
    assert!(!said.contains("PASSED"), "{said}");
    assert_eq!(left, ["there"]);
}

fn free() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let (said, left) = tried(FREE_ARGUMENT);
    let (calls, landlock) = said
        .trim_end()
        .rsplit_once('\n')
        .expect("a line for each call");
    assert_eq!(calls.lines().count(), 15, "{calls}");
    assert!(!calls.contains("refused"), "{calls}");
    assert_eq!(left, ["new"]);
    // A worker as the pool starts it has that wall if it can, and tells when it cannot.
    let kernel_has_it = landlock == "landlock: PASSED";
    let walls = block_on(async { workers().walls().await.expect("a worker starts") });
    let has = |wall: &str| walls.names.iter().any(|it| it == wall);
    assert!(has("seccomp") && has("rlimit"), "{walls:?}");
    assert_eq!(
        (has("landlock"), walls.is_open),
        (kernel_has_it, !kernel_has_it),
        "{landlock}: {walls:?}"
    );
}

fn bare() {
    if !cfg!(target_os = "linux") {
        return;
    }
    use hookloom_script::WORKER_ARGUMENT;
    use std::io::Read as _;
    use std::process::Stdio;
    // Started as the pool starts it, but by hand, so that its id is known.
    let this = std::env::current_exe().expect("the system says which program runs");
    let mut worker = Command::new(this)
        .arg(WORKER_ARGUMENT)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a worker starts");
    let mut ready = [0; 8];
    let out = worker.stdout.as_mut().expect("its output is a pipe");
    out.read_exact(&mut ready)
        .expect("it says that it is ready");
    let status = fs::read_to_string(format!("/proc/{}/status", worker.id())).expect("Linux tells");
    worker.kill().expect("it is ours");
    worker.wait().expect("it ends");
    let line = |name: &str| {
        status
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .map(str::trim)
    };
    assert_eq!(line("Seccomp:"), Some("2"), "a filter is in place");
    assert_eq!(line("NoNewPrivs:"), Some("1"));
    assert_eq!(line("Threads:"), Some("1"));
}
