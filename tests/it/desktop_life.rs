//! The app around its window: one for each data folder, links, closing, tray, notifications, login, restore. On the
//! display and the session bus that `make test-desktop` makes for it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::desktop::{Cli, app, environment};
use crate::support::{Desktop, Keyboard, PACKAGE, ReleaseServer, Window};

/// How long the app may take for what a test waits for.
const PATIENCE: Duration = Duration::from_secs(20);

/// An app that a test drives.
pub(crate) struct Lived {
    home: tempfile::TempDir,
    environment: Vec<(String, String)>,
    pub window: Window,
}

impl Lived {
    pub async fn begin(prepare: impl FnOnce(&Path)) -> Self {
        Self::begin_with(&[], prepare).await
    }

    /// The same with arguments.
    async fn begin_with(arguments: &[String], prepare: impl FnOnce(&Path)) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let data = home.path().join("data");
        fs::create_dir(&data).expect("made");
        prepare(&data);
        let environment = environment(home.path(), &data);
        let window = Window::open_with(&app(), arguments, &environment).await;
        window.sees_heading("Home").await;
        Self {
            home,
            environment,
            window,
        }
    }

    pub fn cli(&self) -> Cli {
        Cli {
            environment: self.environment.clone(),
        }
    }

    /// Starts the app once more, and waits until that start ends well.
    pub async fn again(&self, arguments: &[&str]) {
        let mut second = self.command(arguments).spawn().expect("it starts");
        let ended = until("the second start ends", || second.try_wait().expect("ours")).await;
        assert!(ended.success(), "{arguments:?}: {ended}");
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(app());
        command
            .args(arguments)
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::null());
        command
    }

    /// Waits until the page knows whether it can be seen.
    async fn is_seen(&self, is_seen: bool) {
        let wanted = if is_seen { "visible" } else { "hidden" };
        self.page_says(&format!("document.visibilityState === '{wanted}'"))
            .await;
    }

    /// Waits until this is true on the page.
    pub async fn page_says(&self, wanted: &str) {
        let begin = Instant::now();
        while self.window.script(&format!("return {wanted}")).await != true {
            assert!(begin.elapsed() < PATIENCE, "it is not so: {wanted}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    async fn press_mod(&self, key: &str) {
        let script = format!(
            "document.body.dispatchEvent(new KeyboardEvent('keydown', \
             {{key: '{key}', code: 'Key{}', ctrlKey: true, bubbles: true, cancelable: true}}))",
            key.to_uppercase()
        );
        self.window.script(&script).await;
    }

    /// Waits until the app has closed its folder in order.
    pub async fn has_ended(&self) {
        let owner = self.home.path().join("data/owner.json");
        until("the app ends", || (!owner.exists()).then_some(())).await;
        let token = self.home.path().join("data/control.token");
        assert!(!token.exists(), "it was closed in order");
    }
}

/// Asks again and again until there is an answer.
async fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begin.elapsed() < PATIENCE, "{what} within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
#[ignore = "needs the desktop app and a display: `make test-desktop` has both"]
async fn desktop_app_is_one_for_each_folder_and_comes_back_when_it_is_started_again() {
    let lived = Lived::begin(|data| {
        let placement = json!({"x": 140, "y": 50, "width": 1000.0, "height": 650.0});
        let kept = json!({"placement": placement}).to_string();
        fs::write(data.join("window.json"), kept).expect("written");
    })
    .await;
    let place = lived
        .window
        .script("return [screenX, screenY, innerWidth, innerHeight]")
        .await;
    assert_eq!(place, json!([140, 50, 1000, 650]), "where it was");

    lived.again(&["hookloom://jobs"]).await;
    lived.window.sees_heading("Jobs").await;
    lived.again(&["hookloom://flows/a?publish=1"]).await;
    lived.window.sees("A link was refused").await;
    lived.window.sees_heading("Jobs").await;
    lived.again(&["--page", "/secrets"]).await;
    lived.window.sees_heading("Secrets").await;
    another_folder_has_an_app_of_its_own(&lived).await;

    // There is no tray on this bus: closing asks, and says how the window comes back.
    lived.press_mod("w").await;
    lived.window.sees("start Hookloom again").await;
    // A script's click: the driver waits for a window that it can see no more.
    let keep = "[...document.querySelectorAll('[role=dialog] button')].at(-1)";
    let word = lived
        .window
        .script(&format!("return {keep}.textContent"))
        .await;
    assert_eq!(word, "Keep receiving");
    lived.window.script(&format!("{keep}.click()")).await;
    lived.is_seen(false).await;
    lived.cli().run(&["variable", "set", "region", "eu"], "");
    lived.again(&["--page", "/settings"]).await;
    lived.is_seen(true).await;

    let switch = "[...document.querySelectorAll('.mantine-Switch-root')]\
         .find((it) => it.textContent.includes('Start Hookloom when you log in')).querySelector('input')";
    lived.window.sees("Start Hookloom when you log in").await;
    lived.window.script(&format!("{switch}.click()")).await;
    let autostart = lived.home.path().join("config/autostart");
    let (file, entry) = until("it starts at login", || {
        let file = fs::read_dir(&autostart).ok()?.next()?.ok()?.path();
        let entry = fs::read_to_string(&file).ok()?;
        Some((file, entry))
    })
    .await;
    let starts = "/hookloom\" \"app\" \"--hidden\" \"--data\"";
    assert!(entry.contains(starts), "{entry}");
    restores(&lived).await;
    lived.press_mod("q").await;
    lived.has_ended().await;
    renews_an_entry_of_before(&lived, &file, &entry).await;
}

/// Older versions wrote an entry that starts the window's own program, which cannot say what is missing.
async fn renews_an_entry_of_before(lived: &Lived, file: &Path, entry: &str) {
    let before = entry.replace("/hookloom\" \"app\"", "/hookloom-app\"");
    assert_ne!(before, entry);
    fs::write(file, before).expect("written");
    let mut app = lived.command(&["--hidden"]).spawn().expect("it starts");
    until("the entry is of today", || {
        let now = fs::read_to_string(file).ok()?;
        (now == entry).then_some(())
    })
    .await;
    terminate(&mut app).await;
    // One that a person changed is theirs.
    let own = entry.replace("Name=Hookloom", "Name=My Hookloom");
    fs::write(file, &own).expect("written");
    let door = lived.data().join("door.json");
    let mut app = lived.command(&["--hidden"]).spawn().expect("it starts");
    until("it has a door", || door.exists().then_some(())).await;
    terminate(&mut app).await;
    assert_eq!(fs::read_to_string(file).expect("it is there"), own);
}

/// As a desktop ends a session.
async fn terminate(app: &mut Child) {
    let id = app.id().to_string();
    let told = Command::new("kill").args(["-TERM", &id]).status();
    assert!(told.expect("kill runs").success());
    let ended = until("it ends", || app.try_wait().expect("ours")).await;
    assert!(ended.success(), "{ended}");
}

async fn another_folder_has_an_app_of_its_own(lived: &Lived) {
    let other = lived.home.path().join("other");
    let path = other.to_string_lossy().into_owned();
    let arguments = ["--hidden", "--data", &path];
    let mut second = lived.command(&arguments).spawn().expect("it starts");
    until("it has a door", || {
        other.join("door.json").exists().then_some(())
    })
    .await;
    assert!(second.try_wait().expect("ours").is_none(), "it stays");
    terminate(&mut second).await;
    for left in ["door.json", "owner.json", "control.token"] {
        assert!(!other.join(left).exists(), "{left} is left");
    }
}

/// A restore in the app needs nobody: it opens its folder anew, and the window goes on with what was then.
async fn restores(lived: &Lived) {
    let cli = lived.cli();
    cli.run(&["backup"], "");
    cli.run(&["variable", "set", "later", "1"], "");
    let list: Value =
        serde_json::from_str(&cli.run(&["backup", "list", "--json"], "")).expect("JSON");
    let name = list["items"][0]["name"].as_str().expect("a backup");
    lived.again(&["hookloom://variables"]).await;
    lived.window.sees("later").await;
    let path = format!("/api/v1/backups/{name}/restore");
    let call = format!(
        "return window.__TAURI_INTERNALS__.invoke('api', {{method: 'POST', path: '{path}', body: null}}).then((it) => it.status)"
    );
    assert_eq!(lived.window.script(&call).await, json!(202));
    lived.window.sees_no("later").await;
    lived.window.sees("region").await;
}

#[tokio::test]
#[ignore = "needs the desktop app and a display: `make test-desktop` has both"]
async fn desktop_tray_and_notifications_say_what_goes_on_while_the_window_is_closed() {
    let desktop = Desktop::begin().await;
    let lived = Lived::begin(|_| {}).await;
    let (cli, window) = (lived.cli(), &lived.window);
    desktop.sees_in_the_tray("Receiving on 127.0.0.1:").await;
    // The page hears of changes from here on.
    lived.again(&["hookloom://jobs"]).await;
    window.sees_heading("Jobs").await;
    window.sees("Live").await;
    desktop.choose("Pause receiving").await;
    desktop.sees_in_the_tray("Receiving is paused").await;
    window.sees("Receiving is paused.").await;
    let status: Value = serde_json::from_str(&cli.run(&["doctor", "--json"], "")).expect("JSON");
    let url = status["receiver"]["url"].as_str().expect("a URL");
    let refused = reqwest::Client::new().post(format!("{url}/in/x")).send();
    assert_eq!(refused.await.expect("an answer").status(), 503);
    desktop.choose("Resume receiving").await;
    desktop.sees_in_the_tray("Receiving on").await;

    lived.press_mod("w").await;
    desktop.hears("goes on receiving").await;
    lived.is_seen(false).await;
    let file = lived.home.path().join("flow.json");
    fs::write(&file, broken_flow().to_string()).expect("written");
    let file = file.to_string_lossy().into_owned();
    cli.run(&["flow", "import", &file, "--publish"], "");
    cli.run(&["run", "broken"], "");
    let rule = ["--flow", "broken", "--threshold", "0.5", "--minimum", "1"];
    cli.run(
        &[
            &["alert", "rule", "set", "too many", "error-share"],
            &rule[..],
        ]
        .concat(),
        "",
    );
    let said = desktop.hears("Alert: too many").await;
    assert_eq!(said.replaces, 0, "the first of its kind: {said:?}");
    assert!(!said.text.is_empty(), "{said:?}");
    desktop.click(&said).await;
    lived.is_seen(true).await;
    window.sees_heading("Jobs").await;

    desktop.choose("Quit Hookloom").await;
    lived.has_ended().await;
}

/// On more than one thread: while a command waits for the server of releases, that has to answer.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the desktop app and a display: `make test-desktop` has both"]
async fn desktop_notification_tells_of_a_newer_release_that_the_daily_look_found() {
    let desktop = Desktop::begin().await;
    let releases = ReleaseServer::start().await;
    releases.publish("9.9.9", "2026-11-20T00:00:00Z", b"a package");
    let (from, key) = (releases.manifest_url(), releases.key());
    let source = ["--updates-from", &from, "--updates-key", &key].map(str::to_owned);
    let lived = Lived::begin_with(&source, |_| {}).await;
    let cli = lived.cli();
    assert_eq!(releases.asked(), Vec::<String>::new(), "nobody said so");
    desktop.sees_in_the_tray("Receiving on 127.0.0.1:").await;
    cli.run(&["setting", "set", "updates_daily", "true"], "");
    lived.again(&["hookloom://jobs"]).await;
    lived.window.sees_heading("Jobs").await;
    lived.window.sees("Live").await;
    lived.press_mod("w").await;
    desktop.hears("goes on receiving").await;
    lived.is_seen(false).await;
    cli.run(&["update", "check"], "");
    let said = desktop.hears("Hookloom 9.9.9 is there").await;
    assert!(said.text.contains("Nothing was downloaded"), "{said:?}");
    assert!(!releases.asked().iter().any(|path| path.contains(PACKAGE)));
    // The next start does not tell it again.
    let kept = lived.data().join("window.json");
    let kept: Value = serde_json::from_slice(&fs::read(kept).expect("kept")).expect("JSON");
    assert_eq!(kept["told_release"], "9.9.9", "{kept}");
    desktop.click(&said).await;
    lived.is_seen(true).await;
    lived.window.sees("Hookloom 9.9.9 is there.").await;
    desktop.choose("Quit Hookloom").await;
    lived.has_ended().await;
}

fn broken_flow() -> Value {
    json!({"format": "hookloom.flow/1", "name": "broken", "title": "Broken",
        "steps": [{"name": "stop", "kind": "fail", "message": "as wanted"}]})
}

/// Who clicked on the menu's entry has no terminal: the window that says what is wrong puts the backup back as well.
#[tokio::test]
#[ignore = "needs the desktop app and a display: `make test-desktop` has both"]
async fn desktop_app_whose_database_is_damaged_says_so_and_puts_the_newest_backup_back() {
    let home = tempfile::tempdir().expect("a folder");
    let data = home.path().join("data");
    let environment = environment(home.path(), &data);
    let cli = Cli {
        environment: environment.clone(),
    };
    cli.run(&["variable", "set", "region", "eu"], "");
    cli.run(&["backup"], "");
    let database = data.join("hookloom.db");
    fs::write(&database, "no database at all").expect("it is there");
    let start = || {
        let mut command = Command::new(app());
        command.envs(environment.iter().cloned());
        command.stderr(Stdio::piped()).spawn().expect("it starts")
    };
    // Enter means what is safe: nothing is changed.
    let first = start();
    Keyboard::at("Hookloom cannot start").press("Return");
    let ended = first.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(4), "{said}");
    assert!(said.contains("`hookloom restore hookloom-000001"), "{said}");
    let left = fs::read_to_string(&database).expect("it is there");
    assert_eq!(left, "no database at all");

    let mut second = start();
    Keyboard::at("Hookloom cannot start").press("alt+r");
    let owner = data.join("owner.json");
    until("the app has its folder", || owner.exists().then_some(())).await;
    let _window = Keyboard::at("Hookloom");
    let names = cli.run(&["variable", "list", "--json"], "");
    assert!(names.contains("region"), "{names}");
    terminate(&mut second).await;
    let aside = fs::read_dir(&data).expect("a folder").flatten();
    let aside = aside.map(|it| it.path().join("hookloom.db"));
    let kept = aside.filter_map(|it| fs::read_to_string(it).ok()).next();
    assert_eq!(kept.as_deref(), Some("no database at all"));
}
