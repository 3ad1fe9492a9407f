//! Against the real GNOME keyring. A bus address belongs to a process, so each check runs in a child: this test binary
//! again, inside a session of its own, with one worker test chosen by its name.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use hookloom_engine::ports::{SecretError, Secrets as _};

use crate::choice::Choice;
use crate::custodian::Custodian;
use crate::state::Condition;
use crate::testing::{Names, custodian, secret};

const FOLDER_VARIABLE: &str = "HOOKLOOM_TEST_FOLDER";
const BOUND_MS: u64 = 5_000;

/// How the keyring is when the worker starts.
#[derive(Clone, Copy)]
enum Keyring {
    Unlocked,
    /// Its daemon runs, and nobody gave the password.
    Locked,
    /// There is no bus at all.
    NoBus,
    /// There is a bus, and nobody on it keeps secrets.
    NoService,
}

/// Runs one worker test in a session of its own and wants it to pass.
fn in_session(home: &Path, keyring: Keyring, worker: &str) {
    for (program, package) in [
        ("dbus-run-session", "dbus-daemon"),
        ("gnome-keyring-daemon", "gnome-keyring"),
    ] {
        assert!(
            is_installed(program),
            "`{program}` is not installed, and this test needs it: apt install {package}"
        );
    }
    let runtime = home.join("runtime");
    std::fs::create_dir_all(&runtime).expect("a runtime folder");
    std::fs::set_permissions(&runtime, std::fs::Permissions::from_mode(0o700)).expect("a mode");
    let test = std::env::current_exe().expect("this test has a path");
    let run = format!(
        "exec '{}' --exact 'keychain::tests::{worker}' --ignored --nocapture",
        test.display()
    );
    let daemon = "gnome-keyring-daemon --components=secrets";
    let script = match keyring {
        Keyring::Unlocked => format!("printf %s pass-word | {daemon} --unlock >/dev/null\n{run}"),
        Keyring::Locked => format!("{daemon} --start >/dev/null\n{run}"),
        Keyring::NoBus | Keyring::NoService => run,
    };
    let mut command = match keyring {
        Keyring::NoBus => Command::new("sh"),
        _ => {
            let mut session = Command::new("dbus-run-session");
            if let Keyring::NoService = keyring {
                // Without folders of services nothing is started on demand.
                let configuration = home.join("bus.conf");
                std::fs::write(&configuration, BARE_BUS).expect("a configuration");
                session.arg("--config-file").arg(configuration);
            }
            session.args(["--", "sh"]);
            session
        }
    };
    command
        .args(["-c", &script])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", &runtime)
        .env(FOLDER_VARIABLE, home.join("data"))
        .stdin(Stdio::null());
    let output = command.output().expect("the session starts");
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{worker}: {said}"
    );
}

const BARE_BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>"#;

fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(home.path().join("data")).expect("a data folder");
    home
}

#[test]
fn secrets_are_set_rotated_and_deleted_and_survive_a_new_session() {
    let home = home();
    in_session(home.path(), Keyring::Unlocked, "worker_sets");
    in_session(home.path(), Keyring::Unlocked, "worker_reads_again");
}

#[test]
fn a_locked_keyring_is_locked_and_a_known_secret_not_missing() {
    let home = home();
    in_session(home.path(), Keyring::Unlocked, "worker_sets");
    in_session(home.path(), Keyring::Locked, "worker_finds_it_locked");
    in_session(home.path(), Keyring::Unlocked, "worker_reads_again");
}

#[test]
fn a_keyring_that_was_never_made_is_locked() {
    in_session(home().path(), Keyring::Locked, "worker_finds_it_locked");
}

#[test]
fn a_session_without_a_keychain_is_absent() {
    in_session(home().path(), Keyring::NoBus, "worker_finds_it_absent");
    in_session(home().path(), Keyring::NoService, "worker_finds_it_absent");
}

fn data_folder() -> PathBuf {
    std::env::var_os(FOLDER_VARIABLE)
        .expect("a worker is started by the tests above, not by hand")
        .into()
}

fn open(folder: &Path, names: &[&str]) -> Arc<Custodian> {
    let nobody = || Err(std::io::Error::other("nobody to ask"));
    let vault = Choice::Keychain
        .open(folder, nobody)
        .expect("the keychain is only named");
    custodian(folder, vault, Names::of(names), BOUND_MS)
}

fn long_value() -> String {
    "long-value-".repeat(4_000)
}

#[ignore = "runs in a session of its own, started by the tests above"]
#[tokio::test]
async fn worker_sets() {
    let folder = data_folder();
    let custodian = open(&folder, &[]);
    let state = custodian.refresh().await;
    assert_eq!(state.state, Condition::Ready, "{state:?}");
    custodian
        .set("token", secret("old-token-value"))
        .await
        .expect("it is set");
    custodian
        .set("token", secret("new-token-välue\n"))
        .await
        .expect("it is rotated");
    custodian
        .set("gone", secret("gone-value"))
        .await
        .expect("it is set");
    assert!(custodian.delete("gone").await.expect("it is deleted"));
    // Up to the limit in the keyring itself, above it in a file.
    custodian
        .set("wide", secret(&"w".repeat(16_384)))
        .await
        .expect("it is set");
    custodian
        .set("long", secret(&long_value()))
        .await
        .expect("it is set");
    let sealed = folder.join("sealed").read_dir().expect("a folder").count();
    assert_eq!(sealed, 1, "one value was too long");
    let other_folder = tempfile::tempdir().expect("a folder");
    let other = open(other_folder.path(), &[]);
    let error = other
        .read("token")
        .await
        .expect_err("another folder has other secrets");
    assert!(matches!(error, SecretError::Missing { .. }), "{error}");
}

#[ignore = "runs in a session of its own, started by the tests above"]
#[tokio::test]
async fn worker_reads_again() {
    let custodian = open(&data_folder(), &["token", "wide", "long"]);
    assert_eq!(custodian.refresh().await.state, Condition::Ready);
    let token = custodian.read("token").await.expect("it is read");
    assert_eq!(token.expose(), "new-token-välue\n");
    assert_eq!(
        custodian
            .read("wide")
            .await
            .expect("it is read")
            .expose()
            .len(),
        16_384
    );
    assert_eq!(
        custodian.read("long").await.expect("it is read").expose(),
        &long_value()
    );
    assert_eq!(custodian.masker().mask_str("old-token-value"), "••••");
    let gone = custodian.read("gone").await.expect_err("it was deleted");
    assert!(matches!(gone, SecretError::Missing { .. }), "{gone}");
}

#[ignore = "runs in a session of its own, started by the tests above"]
#[tokio::test]
async fn worker_finds_it_locked() {
    finds(Condition::Locked).await;
}

#[ignore = "runs in a session of its own, started by the tests above"]
#[tokio::test]
async fn worker_finds_it_absent() {
    finds(Condition::Absent).await;
}

async fn finds(condition: Condition) {
    let began = Instant::now();
    let custodian = open(&data_folder(), &["token"]);
    let state = custodian.refresh().await;
    assert_eq!(state.state, condition, "{state:?}");
    assert!(state.hint.contains("HOOKLOOM_VAULT=file"), "{state:?}");
    let read = custodian
        .read("token")
        .await
        .expect_err("it cannot be read");
    assert!(matches!(read, SecretError::Unavailable { .. }), "{read}");
    let set = custodian
        .set("token", secret("a-value"))
        .await
        .expect_err("it cannot be set");
    assert!(!set.to_string().contains("a-value"), "{set}");
    assert!(custodian.workspace_key().await.is_err());
    assert_eq!(custodian.state().state, condition);
    assert!(
        began.elapsed() < Duration::from_millis(BOUND_MS * 2),
        "{:?}",
        began.elapsed()
    );
}
