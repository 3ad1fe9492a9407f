//! The desktop app in a real WebKit window. It needs the built app and a display: `make test-desktop` has both.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::{ExpressReceiver, Window};

const KEY: &str = "desktop-key-1234";
const SIGNING: &str = "desktop-signing-secret";

#[test]
#[ignore = "needs the desktop app: `make test-desktop` has it"]
fn desktop_app_without_a_display_that_answers_says_what_to_do_and_exits_with_4() {
    let home = tempfile::tempdir().expect("a folder");
    let data = home.path().join("data");
    // None, and one that nobody has.
    for display in [None, Some(":60000")] {
        let mut command = Command::new(app());
        command
            .envs(environment(home.path(), &data))
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY");
        if let Some(display) = display {
            command.env("DISPLAY", display);
        }
        let ended = command.output().expect("it runs and ends");
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(4), "{display:?}: {said}");
        assert!(said.contains("hookloom serve"), "{display:?}: {said}");
        assert!(!data.exists(), "no folder is opened for nobody");
    }
}

#[tokio::test]
#[ignore = "needs the desktop app and a display: `make test-desktop` has both"]
async fn desktop_window_shows_a_job_and_its_verified_delivery_after_a_call() {
    let home = tempfile::tempdir().expect("a folder");
    let data = home.path().join("data");
    let environment = environment(home.path(), &data);
    let window = Window::open(&app(), &environment).await;
    window.sees("Flows").await;

    let express = ExpressReceiver::start(SIGNING);
    let cli = Cli {
        environment: environment.clone(),
    };
    cli.run(&["secret", "set", "orders_key"], KEY);
    cli.run(&["secret", "set", "shop_signing"], SIGNING);
    let file = home.path().join("flow.json");
    std::fs::write(&file, flow(&express.url("/hooks")).to_string()).expect("written");
    cli.run(
        &["flow", "import", &file.to_string_lossy(), "--publish"],
        "",
    );

    let job_id = call(&cli).await;
    let message = express.next().await;
    assert_eq!(
        message["verified"],
        json!(true),
        "Express verified the signature: {message}"
    );
    assert_eq!(
        message["body"],
        json!(format!(
            "{{\"text\":\"Job {job_id} has completed. Status: Complete.\"}}"
        ))
    );

    window
        .click("//nav//a[starts-with(normalize-space(.), 'Jobs')]")
        .await;
    window.sees_heading("Jobs").await;
    window
        .click("//main//span[normalize-space(.)='Order intake']")
        .await;
    window.sees(&format!("Job {job_id}")).await;
    window
        .click("//*[@role='tab'][starts-with(normalize-space(.), 'Webhooks')]")
        .await;
    window.sees("Tell the shop").await;
    window.sees("Delivered").await;
    window.sees("X-Webhook-Signature").await;
    window.sees(",sha256=").await;
    let text = window.text().await.to_lowercase();
    assert!(
        !text.contains(SIGNING),
        "the signing secret is on the screen"
    );
    window
        .screenshot(&pictures().join("job-webhooks.png"))
        .await;
    edits_and_saves(&window, home.path()).await;
}

/// The editor with its drawing in this engine, and a flow that is saved: the window has no downloads of its own, and says
/// where the file is.
async fn edits_and_saves(window: &Window, home: &Path) {
    window
        .click("//nav//a[starts-with(normalize-space(.), 'Flows')]")
        .await;
    window.sees_heading("Flows").await;
    window
        .click("//main//*[self::span or self::a][normalize-space(.)='Order intake']")
        .await;
    window
        .click("//*[@role='region'][@aria-label='Drawing of the flow']//*[normalize-space(text())='enrich']")
        .await;
    // No picture here: the driver's own hangs on the editor.
    window.sees("requestBody.customer.email").await;
    window.click("//button[@aria-label='More actions']").await;
    window
        .click("//*[@role='menuitem'][normalize-space(.)='Export…']")
        .await;
    window
        .click("//*[@role='dialog']//button[normalize-space(.)='Download']")
        .await;
    let saved = home.join("order_intake.json");
    window.sees(&format!("Saved as {}", saved.display())).await;
    let saved = std::fs::read(&saved).expect("it is there");
    let saved: Value = serde_json::from_slice(&saved).expect("a document");
    assert_eq!(saved["name"], json!("order_intake"));
}

/// A cURL call, as a sender would make it; gives the id of the job that it began.
async fn call(cli: &Cli) -> i64 {
    let status: Value = serde_json::from_str(&cli.run(&["doctor", "--json"], "")).expect("JSON");
    let receiver = status["receiver"]["url"]
        .as_str()
        .unwrap_or_else(|| panic!("no receiver: {status}"));
    let url = format!("{receiver}/api/webhook/local/order_intake?key={KEY}");
    let output = Command::new("curl")
        .args([
            "--silent",
            "--show-error",
            "--header",
            "Content-Type: application/json",
        ])
        .args([
            "--data",
            r#"{"customer": {"email": "ada@shop.example"}, "total": 150.0}"#,
            &url,
        ])
        .output()
        .expect("curl runs");
    let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(answer["status"], json!("accepted"), "{answer}");
    answer["job_id"].as_i64().expect("a job id")
}

fn flow(hook: &str) -> Value {
    json!({
        "format": "hookloom.flow/1", "name": "order_intake", "title": "Order intake",
        "endpoints": [{"name": "orders", "auth": {"kind": "shared_key", "secret": "orders_key"},
            "header_memory": "requestHeaders", "body_memory": "requestBody"}],
        "steps": [{"name": "enrich", "kind": "set",
            "values": {"email": "{{requestBody.customer.email}}", "total": "{{requestBody.total}}"}}],
        "outputs": [{"name": "summary", "step": "enrich"}],
        "webhook_tasks": [{"name": "Tell the shop", "url": hook, "method": "POST",
            "event": "job_finished", "object": "any_job",
            "headers": {"Content-Type": "application/json"},
            "body": "{\"text\":\"Job $jobId has completed. Status: $jobStatus.\"}",
            "secret": "shop_signing", "validate_ssl": true, "retry_on_failure": true}]
    })
}

/// The app under test has a home of its own: its web storage, its data and its secrets are nobody else's.
pub(crate) fn environment(home: &Path, data: &Path) -> Vec<(String, String)> {
    let key_file = home.join("vault.key");
    std::fs::write(&key_file, "3c".repeat(32)).expect("written");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&key_file, std::fs::Permissions::from_mode(0o600))
            .expect("private");
    }
    let text = |path: &Path| path.to_string_lossy().into_owned();
    [
        ("HOME", text(home)),
        ("XDG_DATA_HOME", text(&home.join("share"))),
        ("XDG_CACHE_HOME", text(&home.join("cache"))),
        ("XDG_CONFIG_HOME", text(&home.join("config"))),
        ("HOOKLOOM_DATA", text(data)),
        ("HOOKLOOM_VAULT", "file".to_owned()),
        ("HOOKLOOM_VAULT_KEY_FILE", text(&key_file)),
        ("HOOKLOOM_RECEIVER", "127.0.0.1:0".to_owned()),
        ("HOOKLOOM_CONTROL", "127.0.0.1:0".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

pub(crate) struct Cli {
    pub environment: Vec<(String, String)>,
}

impl Cli {
    pub fn run(&self, arguments: &[&str], input: &str) -> String {
        use std::io::Write;
        let mut child = Command::new(env!("CARGO_BIN_EXE_hookloom"))
            .args(arguments)
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("hookloom starts");
        child
            .stdin
            .take()
            .expect("piped")
            .write_all(input.as_bytes())
            .expect("written");
        let output = child.wait_with_output().expect("it ends");
        assert!(
            output.status.success(),
            "hookloom {} failed",
            arguments.join(" ")
        );
        String::from_utf8(output.stdout).expect("UTF-8")
    }
}

pub(crate) fn app() -> PathBuf {
    std::env::var_os("HOOKLOOM_APP")
        .map(PathBuf::from)
        .expect("HOOKLOOM_APP names the built app; run `make test-desktop`")
}

/// Where pictures of the window are kept, to be looked at.
fn pictures() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("pictures")
}
