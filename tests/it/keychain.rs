//! Secrets in a real keychain, and a keychain that is locked or not there: a state that is shown, never a hang.

#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{TestApp, TestSender, Workspace, await_json, intake};

const KEY: &str = "keychain-key-0123456789";

/// A workspace whose secrets are in the keychain.
fn workspace() -> Workspace {
    let workspace = Workspace::with_environment(&[("HOOKLOOM_VAULT", "keychain")]);
    for name in ["run", "home"] {
        let path = workspace.folder().join(name);
        fs::DirBuilder::new()
            .mode(0o700)
            .create(path)
            .expect("a private folder");
    }
    workspace
}

/// The server on a bus of its own. The script may start a keychain first.
fn serve_on_own_bus(workspace: &Workspace, script: &str) -> KeychainApp {
    let script =
        format!("exec dbus-run-session -- sh -c '{script} exec \"$0\" \"$@\"' \"$0\" \"$@\"");
    let mut command = workspace.program_in_shell(&script);
    private_session(workspace, &mut command);
    KeychainApp {
        app: TestApp::start_command(command, &[], &[]),
        workspace_data: workspace.data(),
    }
}

fn private_session(workspace: &Workspace, command: &mut Command) {
    command
        .env("XDG_RUNTIME_DIR", workspace.folder().join("run"))
        .env("HOME", workspace.folder().join("home"))
        .env_remove("XDG_DATA_HOME")
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("DBUS_SESSION_BUS_ADDRESS");
}

/// How the workspace is, once the vault was asked.
fn asked_status(workspace: &Workspace) -> serde_json::Value {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let status = workspace.run(&["doctor", "--json"]).json();
        if status["vault"]["state"] != "slow" {
            return status;
        }
        assert!(Instant::now() < deadline, "{status}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The bus ends when its program does, so the program is ended by its own id.
struct KeychainApp {
    app: TestApp,
    workspace_data: std::path::PathBuf,
}

impl Drop for KeychainApp {
    fn drop(&mut self) {
        let Ok(owner) = fs::read(self.workspace_data.join("owner.json")) else {
            return;
        };
        let owner: serde_json::Value = serde_json::from_slice(&owner).unwrap_or_default();
        let _ = Command::new("kill")
            .arg("-TERM")
            .arg(owner["pid"].to_string())
            .status();
        // Its end takes the bus and the keychain with it.
        std::thread::sleep(Duration::from_millis(300));
    }
}

const UNLOCKED: &str =
    "printf keychain-password | gnome-keyring-daemon --unlock --components=secrets >/dev/null;";

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_kept_in_the_keychain_and_is_there_after_a_restart() {
    let workspace = workspace();
    {
        let running = serve_on_own_bus(&workspace, UNLOCKED);
        let status = asked_status(&workspace);
        assert_eq!(
            (&status["vault"]["kind"], &status["vault"]["state"]),
            (&"keychain".into(), &"ready".into())
        );
        workspace.set_secret("key", KEY);
        workspace.publish(&intake("intake"));
        let answer = TestSender::new()
            .hook(&running.app, "intake", KEY, &json!({}))
            .await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    let running = serve_on_own_bus(&workspace, UNLOCKED);
    let answer = TestSender::new()
        .hook(&running.app, "intake", KEY, &json!({}))
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    await_json(&workspace, &["job", "list"], |jobs| {
        jobs.as_array().is_some_and(|it| it.len() == 2)
    });
    let wrong = TestSender::new()
        .hook(&running.app, "intake", "wrong-key-000", &json!({}))
        .await;
    assert_eq!(wrong.status, 401);
    for file in fs::read_dir(workspace.data()).expect("the folder can be read") {
        let path = file.expect("an entry").path();
        let bytes = fs::read(&path).unwrap_or_default();
        assert!(
            !bytes.windows(KEY.len()).any(|it| it == KEY.as_bytes()),
            "{}",
            path.display()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_keychain_is_a_state_and_its_secrets_are_not_missing() {
    let workspace = workspace();
    {
        let _running = serve_on_own_bus(&workspace, UNLOCKED);
        workspace.set_secret("key", KEY);
        workspace.publish(&intake("intake"));
    }
    // Started, and not unlocked: there is no window that could ask for the password.
    let running = serve_on_own_bus(
        &workspace,
        "gnome-keyring-daemon --start --components=secrets >/dev/null;",
    );
    let status = asked_status(&workspace);
    assert_eq!(status["vault"]["state"], "locked", "{status}");
    assert!(
        status["vault"]["hint"]
            .as_str()
            .is_some_and(|it| !it.is_empty()),
        "{status}"
    );
    let secrets = workspace.json(&["secret", "list"]);
    assert_eq!(secrets[0]["name"], "key");
    assert_ne!(secrets[0]["state"], "missing", "{secrets}");
    let asked = Instant::now();
    let answer = TestSender::new()
        .hook(&running.app, "intake", KEY, &json!({}))
        .await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (503, r#"{"error": "Service unavailable"}"#)
    );
    workspace
        .run_with_input(&["secret", "set", "key"], "other-value-0123")
        .code_is(4);
    assert!(
        asked.elapsed() < Duration::from_secs(12),
        "{:?}",
        asked.elapsed()
    );
}

/// Starts a keychain that can be ended by its id, which lies beside it then.
fn mortal(workspace: &Workspace) -> String {
    let file = keychain_id(workspace).display().to_string();
    format!(
        "printf keychain-password | gnome-keyring-daemon --unlock --components=secrets --foreground >/dev/null 2>&1 & \
         echo $! > {file};"
    )
}

fn keychain_id(workspace: &Workspace) -> std::path::PathBuf {
    workspace.folder().join("keychain.pid")
}

/// Waits for a state of the vault that comes by itself: nobody asks the vault for it, as the doctor would.
async fn comes_to(app: &TestApp, token: &str, wanted: &[&str]) -> serde_json::Value {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let url = format!("{}/api/v1/status", app.control());
        let asked = reqwest::Client::new().get(url).bearer_auth(token).send();
        let status: serde_json::Value = asked.await.expect("an answer").json().await.expect("JSON");
        if status["vault"]["state"]
            .as_str()
            .is_some_and(|it| wanted.contains(&it))
        {
            return status;
        }
        assert!(Instant::now() < deadline, "not {wanted:?}: {status}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keychain_that_goes_away_while_the_server_runs_loses_nothing_and_is_found_again() {
    let workspace = workspace();
    let running = serve_on_own_bus(&workspace, &mortal(&workspace));
    let token = fs::read_to_string(workspace.data().join("control.token")).expect("a token");
    comes_to(&running.app, token.trim(), &["ready"]).await;
    workspace.set_secret("key", KEY);
    workspace.publish(&intake("intake"));
    let sender = TestSender::new();
    let send = async || sender.hook(&running.app, "intake", KEY, &json!({})).await;
    assert_eq!(send().await.status, 200);

    let id = fs::read_to_string(keychain_id(&workspace)).expect("its id");
    let ended = Command::new("kill").arg(id.trim()).status();
    assert!(ended.expect("kill runs").success());
    // What was read is known, so requests go on; what would have to be kept is refused with what to do.
    assert_eq!(send().await.status, 200);
    let refused = workspace
        .run_with_input(&["secret", "set", "other", "--json"], "other-value-0123")
        .code_is(4)
        .error();
    let message = refused["message"].as_str().unwrap_or_default();
    assert!(message.contains("keychain"), "{refused}");
    // A desktop that starts keychains when they are called has one again, which is locked.
    let gone = comes_to(&running.app, token.trim(), &["absent", "locked"]).await;
    assert_ne!(gone["vault"]["hint"], "", "{gone}");
    let doctor = workspace.run(&["doctor"]).code_is(1).stdout;
    assert!(doctor.contains("keychain"), "{doctor}");
    assert_eq!(send().await.status, 200);
    let secrets = workspace.json(&["secret", "list"]);
    assert_eq!(secrets[0]["name"], "key");
    assert_ne!(secrets[0]["state"], "missing", "{secrets}");

    // Somebody starts it again, on the same bus.
    restart_keychain(&workspace);
    comes_to(&running.app, token.trim(), &["ready"]).await;
    workspace.set_secret("other", "other-value-0123");
    workspace.run(&["doctor"]).ok();
    // And once more before anybody notices: the new one knows nothing of who spoke to the old one.
    restart_keychain(&workspace);
    workspace.set_secret("third", "third-value-0123");
    let jobs = await_json(&workspace, &["job", "list"], |jobs| {
        jobs.as_array().is_some_and(|it| it.len() == 3)
    });
    assert!(jobs.is_array(), "{jobs}");
}

/// On the bus of the server, with the same password.
fn restart_keychain(workspace: &Workspace) {
    let owner = fs::read(workspace.data().join("owner.json")).expect("an owner");
    let owner: serde_json::Value = serde_json::from_slice(&owner).expect("JSON");
    let environment = fs::read(format!("/proc/{}/environ", owner["pid"])).expect("its environment");
    let of_bus = environment
        .split(|byte| *byte == 0)
        .map(String::from_utf8_lossy)
        .find_map(|it| Some(it.strip_prefix("DBUS_SESSION_BUS_ADDRESS=")?.to_owned()));
    let mut command = Command::new("sh");
    command.args([
        "-c",
        "printf keychain-password | gnome-keyring-daemon --replace --unlock --components=secrets >/dev/null",
    ]);
    private_session(workspace, &mut command);
    command.env("DBUS_SESSION_BUS_ADDRESS", of_bus.expect("it has a bus"));
    assert!(command.status().expect("it runs").success());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_any_keychain_the_server_runs_and_says_what_to_do() {
    let workspace = workspace();
    let mut command = workspace.program();
    private_session(&workspace, &mut command);
    let app = TestApp::start_command(command, &[], &[]);
    let status = asked_status(&workspace);
    assert_eq!(status["vault"]["state"], "absent", "{status}");
    let hint = status["vault"]["hint"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    assert!(hint.contains("HOOKLOOM_VAULT"), "{hint}");
    assert!(
        app.log().contains("HOOKLOOM_VAULT"),
        "the log says it too: {}",
        app.log()
    );
    workspace.publish(&intake("intake"));
    let answer = TestSender::new()
        .hook(&app, "intake", KEY, &json!({}))
        .await;
    assert_eq!(answer.status, 503, "{answer:?}");
    let refused = workspace
        .run_with_input(&["secret", "set", "key", "--json"], KEY)
        .code_is(4);
    let message = refused.error()["message"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    assert!(message.contains("HOOKLOOM_VAULT=file"), "{message}");
}
