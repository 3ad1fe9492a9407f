//! The walls themselves: what a worker may not ask of the system, tried from within.

use std::fs;
use std::io::Write as _;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::process::{Command, ExitCode};

/// Makes this program lock itself in like a worker, and try.
pub const ARGUMENT: &str = "--try-calls";

pub const TESTS: &[(&str, fn())] = &[
    (
        "every_call_of_the_system_outside_the_list_is_refused",
        refused,
    ),
    (
        "a_worker_is_behind_its_filter_before_it_says_that_it_is_ready",
        bare,
    ),
];

/// A call by its name, and whether it went through.
type Call = (&'static str, fn() -> bool);

/// Locked in, tries what an escaped script would, and says for each whether it was refused.
pub fn try_calls() -> ExitCode {
    #[cfg(unix)]
    let parent = rustix::process::getppid();
    hookloom_script::enter_sandbox().expect("the walls can be raised");
    let calls: &[Call] = &[
        ("open", || fs::File::open("/etc/passwd").is_ok()),
        ("open_own", || fs::read("/proc/self/environ").is_ok()),
        ("create", || fs::write("/tmp/hookloom-escaped", "x").is_ok()),
        ("list", || fs::read_dir("/").is_ok()),
        ("stat", || fs::metadata("/").is_ok()),
        ("remove", || {
            fs::remove_file("/tmp/hookloom-escaped").is_ok()
        }),
        ("chdir", || std::env::set_current_dir("/").is_ok()),
        ("socket", || UdpSocket::bind("127.0.0.1:0").is_ok()),
        ("listen", || TcpListener::bind("127.0.0.1:0").is_ok()),
        ("connect", || {
            TcpStream::connect("127.0.0.1:1")
                .is_err_and(|it| it.kind() == std::io::ErrorKind::ConnectionRefused)
        }),
        ("execve", || Command::new("/bin/true").status().is_ok()),
        ("thread", || {
            std::thread::Builder::new().spawn(|| ()).is_ok()
        }),
        #[cfg(unix)]
        ("socketpair", || {
            std::os::unix::net::UnixStream::pair().is_ok()
        }),
        ("pipe", || std::io::pipe().is_ok()),
    ];
    let mut escaped = false;
    #[cfg(unix)]
    if let Some(parent) = parent {
        // The signal that only asks whether it could be sent.
        let passed = rustix::process::test_kill_process(parent).is_ok();
        escaped |= passed;
        say("kill", passed);
    }
    for (name, call) in calls {
        let passed = call();
        escaped |= passed;
        say(name, passed);
    }
    ExitCode::from(u8::from(escaped))
}

fn say(name: &str, passed: bool) {
    let word = if passed { "PASSED" } else { "refused" };
    writeln!(std::io::stdout(), "{name}: {word}").expect("the pipe is open");
}

fn refused() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let this = std::env::current_exe().expect("the system says which program runs");
    let tried = Command::new(this).arg(ARGUMENT).output().expect("it runs");
    let said = String::from_utf8_lossy(&tried.stdout);
    assert!(
        tried.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&tried.stderr)
    );
    assert_eq!(said.lines().count(), 15, "{said}");
    assert!(!said.contains("PASSED"), "{said}");
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
