//! Updates: a real server of releases, a real key, the real program. Nothing is believed that the key did not sign, and
//! nothing lies under its name that is not what was signed.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::support::{PACKAGE, ReleaseServer, Workspace, manifest};

const EARLIER: &str = "2026-11-20T00:00:00Z";
const LATER: &str = "2026-11-21T00:00:00Z";
const CONTENT: &[u8] = b"a package of which every byte counts";

/// A release that is newer than what runs here.
async fn published() -> (Workspace, ReleaseServer) {
    let releases = ReleaseServer::start().await;
    releases.publish("9.9.9", EARLIER, CONTENT);
    (Workspace::new(), releases)
}

/// A command of the group against a server of releases.
fn asking<'a>(arguments: &[&'a str], url: &'a str, key: &'a str) -> Vec<&'a str> {
    [
        &["update"],
        arguments,
        &["--from", url, "--key", key, "--json"],
    ]
    .concat()
}

/// The code that a look is refused with.
fn check(workspace: &Workspace, releases: &ReleaseServer) -> String {
    let (url, key) = (releases.manifest_url(), releases.key());
    refused(workspace, &asking(&["check"], &url, &key))
}

/// The code that a download into `to` is refused with.
fn download(workspace: &Workspace, releases: &ReleaseServer) -> String {
    let to = workspace.folder().join("to").display().to_string();
    let (url, key) = (releases.manifest_url(), releases.key());
    refused(
        workspace,
        &asking(&["download", "--kind", "deb", "--to", &to], &url, &key),
    )
}

#[track_caller]
fn refused(workspace: &Workspace, arguments: &[&str]) -> String {
    let finished = workspace.run(arguments);
    assert_ne!(finished.code, 0, "{}", finished.stdout);
    let error = finished.error();
    assert!(
        error["hint"].as_str().is_some_and(|it| !it.is_empty()),
        "{error}"
    );
    error["code"].as_str().expect("a code").to_owned()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_is_told_then_downloaded_and_never_installed() {
    let (workspace, releases) = published().await;
    let (url, key) = (releases.manifest_url(), releases.key());
    let found = workspace.run(&asking(&["check"], &url, &key)).ok().json();
    assert_eq!(found["version"], "9.9.9");
    assert_eq!(found["installed"], env!("CARGO_PKG_VERSION"));
    assert_eq!(
        (&found["is_newer"], &found["packages"][0]["fits"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(found["notes"], "Faster, and a fault less.");
    assert_eq!(
        releases.asked(),
        ["/release.json", "/release.json.minisig"],
        "no package"
    );
    let told = workspace
        .run(&["update", "check", "--from", &url, "--key", &key])
        .ok()
        .stdout;
    assert!(
        told.contains("Hookloom 9.9.9 is there.") && told.contains("Nothing was downloaded"),
        "{told}"
    );

    let to = workspace.folder().join("new/folder");
    let place = to.display().to_string();
    let arguments = asking(&["download", "--kind", "deb", "--to", &place], &url, &key);
    let done = workspace.run(&arguments).ok().json();
    assert_eq!(
        (&done["state"], &done["was_there"]),
        (&json!("done"), &json!(false))
    );
    let file = to.join(PACKAGE);
    assert_eq!(done["path"], file.display().to_string());
    assert_eq!(
        done["install"],
        format!("sudo apt install {}", file.display())
    );
    assert_eq!(fs::read(&file).expect("it is there"), CONTENT);
    assert_eq!(names(&to), [PACKAGE]);
    // Who asks again gets the same file, and it is not sent again.
    releases.asked();
    assert_eq!(workspace.run(&arguments).ok().json()["was_there"], true);
    assert!(!releases.asked().iter().any(|path| path.contains(PACKAGE)));
    let plain = [
        "update", "download", "--kind", "deb", "--from", &url, "--key", &key,
    ];
    let told = workspace.run(&plain).ok().stdout;
    let kept = workspace.data().join("updates").join(PACKAGE);
    assert!(
        kept.is_file() && told.contains(&format!("sudo apt install {}", kept.display())),
        "{told}"
    );
    assert!(
        told.contains("Nothing was installed") && told.contains("makes a backup before"),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_build_without_an_address_asks_nobody_and_says_why() {
    let workspace = Workspace::new();
    for command in ["check", "download"] {
        let failed = workspace
            .run(&["update", command, "--json"])
            .code_is(1)
            .error();
        assert_eq!(failed["code"], "update_not_configured", "{failed}");
    }
    let wrong = [
        "update",
        "check",
        "--from",
        "http://releases.example/release.json",
        "--key",
        "x",
        "--json",
    ];
    assert_eq!(refused(&workspace, &wrong), "update_source_invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_key_signed_or_nobody_is_refused() {
    let (workspace, releases) = published().await;
    let url = releases.manifest_url();
    // The server was broken into, and whoever did that has a key of their own.
    let other = ReleaseServer::start().await;
    let forged = format!("{:#}\n", manifest("9.9.9", LATER, b"malware"));
    releases.put("/release.json", forged.as_bytes());
    releases.put("/release.json.minisig", &other.sign(forged.as_bytes()));
    assert_eq!(check(&workspace, &releases), "update_key_wrong");
    assert_eq!(download(&workspace, &releases), "update_key_wrong");
    // Or leaves the old signature there.
    releases.publish("9.9.9", EARLIER, CONTENT);
    let signed = format!("{:#}\n", manifest("9.9.9", EARLIER, CONTENT));
    releases.put("/release.json", signed.replace("9.9.9", "9.9.8").as_bytes());
    assert_eq!(check(&workspace, &releases), "update_signature_wrong");
    releases.put("/release.json.minisig", b"nonsense");
    assert_eq!(check(&workspace, &releases), "update_signature_unreadable");
    releases.remove("/release.json.minisig");
    assert_eq!(check(&workspace, &releases), "update_signature_missing");
    assert!(!releases.asked().iter().any(|path| path.contains(PACKAGE)));
    // A key that is given by mistake lets nothing through either.
    releases.publish("9.9.9", EARLIER, CONTENT);
    let key = other.key();
    assert_eq!(
        refused(&workspace, &asking(&["check"], &url, &key)),
        "update_key_wrong"
    );
    assert_eq!(names(&workspace.folder().join("to")), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_manifest_is_told_as_what_it_is() {
    let (workspace, releases) = published().await;
    releases.put(
        "/release.json",
        b"<!doctype html><title>Sign in to the network</title>",
    );
    assert_eq!(check(&workspace, &releases), "update_not_a_manifest");
    releases.put("/release.json", "{".repeat(256 * 1024 + 1).as_bytes());
    assert_eq!(check(&workspace, &releases), "update_manifest_too_large");
    let mut newer = manifest("9.9.9", EARLIER, CONTENT);
    newer["format"] = json!("hookloom.release/2");
    releases.publish_manifest(&newer);
    assert_eq!(check(&workspace, &releases), "update_manifest_newer");
    let mut broken = manifest("9.9.9", EARLIER, CONTENT);
    broken["packages"][0]["file"] = json!("../../.bashrc");
    releases.publish_manifest(&broken);
    assert_eq!(check(&workspace, &releases), "update_manifest_invalid");
    releases.remove("/release.json");
    assert_eq!(check(&workspace, &releases), "update_unreachable");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_what_was_signed_never_lies_there() {
    let (workspace, releases) = published().await;
    let path = format!("/{PACKAGE}");
    let mut changed = CONTENT.to_vec();
    changed[7] ^= 1;
    releases.put(&path, &changed);
    assert_eq!(download(&workspace, &releases), "update_file_changed");
    releases.cut(&path, CONTENT.len(), &CONTENT[..20]);
    assert_eq!(download(&workspace, &releases), "update_file_cut");
    // One that announces its end where it is cut.
    releases.put(&path, &CONTENT[..20]);
    assert_eq!(download(&workspace, &releases), "update_file_cut");
    let longer = [CONTENT, b"!"].concat();
    releases.put(&path, &longer);
    assert_eq!(download(&workspace, &releases), "update_file_too_large");
    releases.put_unannounced(&path, &longer);
    assert_eq!(download(&workspace, &releases), "update_file_too_large");
    releases.remove(&path);
    assert_eq!(download(&workspace, &releases), "update_unreachable");
    let to = workspace.folder().join("to");
    assert_eq!(names(&to), Vec::<String>::new());
    releases.put(&path, CONTENT);
    fs::write(to.join(PACKAGE), "mine").expect("a file");
    assert_eq!(download(&workspace, &releases), "update_file_taken");
    assert_eq!(
        fs::read_to_string(to.join(PACKAGE)).expect("it is there"),
        "mine"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_version_comes_only_by_its_name_and_an_older_manifest_never() {
    let (workspace, releases) = published().await;
    let to = workspace.folder().join("to").display().to_string();
    let (url, key) = (releases.manifest_url(), releases.key());
    releases.publish("0.0.1", LATER, CONTENT);
    let found = workspace.run(&asking(&["check"], &url, &key)).ok().json();
    assert_eq!(found["is_newer"], false);
    assert_eq!(download(&workspace, &releases), "update_not_newer");
    let named = |version: &'static str| {
        [
            "download",
            "--kind",
            "deb",
            "--to",
            &to,
            "--version",
            version,
        ]
        .map(str::to_owned)
    };
    let run = |arguments: &[String]| {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        workspace.run(&asking(&arguments, &url, &key))
    };
    let other = run(&named("0.0.2")).code_is(1).error();
    assert_eq!(other["code"], "update_version_other", "{other}");
    assert_eq!(run(&named("0.0.1")).ok().json()["version"], "0.0.1");
    // Somebody shows the manifest of yesterday again, which was signed all the same.
    releases.publish("9.9.9", EARLIER, CONTENT);
    assert_eq!(check(&workspace, &releases), "update_rolled_back");
    assert_eq!(download(&workspace, &releases), "update_rolled_back");
    // It is remembered by key: what one key told holds nothing back of another.
    let other = ReleaseServer::start().await;
    other.publish("9.9.9", EARLIER, CONTENT);
    let (url, key) = (other.manifest_url(), other.key());
    workspace.run(&asking(&["check"], &url, &key)).ok();
    // Somewhere else nobody knows better.
    let (url, key) = (releases.manifest_url(), releases.key());
    Workspace::new().run(&asking(&["check"], &url, &key)).ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_never_leads_to_plain_http_elsewhere() {
    let (workspace, releases) = published().await;
    releases.put("/elsewhere.json", b"{}");
    let here = format!("{}/moved.deb", releases.url());
    releases.put("/moved.deb", CONTENT);
    releases.redirect(&format!("/{PACKAGE}"), &here);
    let to = workspace.folder().join("to").display().to_string();
    let (url, key) = (releases.manifest_url(), releases.key());
    let arguments = asking(&["download", "--kind", "deb", "--to", &to], &url, &key);
    workspace.run(&arguments).ok();
    fs::remove_file(Path::new(&to).join(PACKAGE)).expect("it was there");
    releases.redirect(&format!("/{PACKAGE}"), "http://mirror.example/a.deb");
    assert_eq!(download(&workspace, &releases), "update_redirect_refused");
    releases.redirect(
        "/release.json.minisig",
        "http://mirror.example/release.json.minisig",
    );
    assert_eq!(check(&workspace, &releases), "update_redirect_refused");
    releases.redirect("/release.json", "http://mirror.example/release.json");
    assert_eq!(check(&workspace, &releases), "update_redirect_refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_that_lead_round_and_round_end_after_a_few() {
    let (workspace, releases) = published().await;
    releases.redirect("/release.json", &releases.manifest_url());
    releases.asked();
    assert_eq!(check(&workspace, &releases), "update_redirect_refused");
    assert_eq!(releases.asked().len(), 6, "the first and five more");
    releases.publish("9.9.9", EARLIER, CONTENT);
    let package = format!("/{PACKAGE}");
    releases.redirect(&package, &format!("{}{package}", releases.url()));
    releases.asked();
    assert_eq!(download(&workspace, &releases), "update_redirect_refused");
    let asked = releases.asked();
    assert_eq!(asked.iter().filter(|it| **it == package).count(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_says_nothing_is_not_waited_for_for_ever() {
    let (workspace, releases) = published().await;
    releases.be_silent_at(&format!("/{PACKAGE}"));
    assert_eq!(download(&workspace, &releases), "update_timeout");
    assert_eq!(names(&workspace.folder().join("to")), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_for_another_computer_or_of_another_kind_is_not_taken() {
    let (workspace, releases) = published().await;
    let (url, key) = (releases.manifest_url(), releases.key());
    let download = |more: &[&'static str]| {
        let arguments = [&["download"], more].concat();
        refused(&workspace, &asking(&arguments, &url, &key))
    };
    assert_eq!(
        download(&[]),
        "update_package_unknown",
        "it runs from no package"
    );
    assert_eq!(download(&["--kind", "rpm"]), "update_package_missing");
    let mut elsewhere = manifest("9.9.9", EARLIER, CONTENT);
    elsewhere["packages"][0]["arch"] = json!("m68k");
    releases.publish_manifest(&elsewhere);
    assert_eq!(download(&["--kind", "deb"]), "update_package_missing");
}

/// No file may grow beyond a bound: as good as a full disk.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_full_keeps_no_half_of_a_package() {
    let (workspace, releases) = published().await;
    // The database has its size before the bound comes.
    workspace.run(&["flow", "list"]).ok();
    releases.publish("9.9.9", LATER, &vec![7; 24_000_000]);
    let to = workspace.folder().join("to").display().to_string();
    let (url, key) = (releases.manifest_url(), releases.key());
    let mut command =
        workspace.program_in_shell("trap '' XFSZ; ulimit -f 20000; exec \"$0\" \"$@\"");
    let arguments = asking(&["download", "--kind", "deb", "--to", &to], &url, &key);
    let output = command.args(arguments).output().expect("it runs");
    assert_eq!(output.status.code(), Some(4));
    let said = String::from_utf8_lossy(&output.stderr);
    let error: serde_json::Value =
        serde_json::from_str(said.lines().last().unwrap_or_default()).expect("JSON");
    assert_eq!(error["error"]["code"], "no_room", "{error}");
    assert_eq!(names(Path::new(&to)), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_server_asks_where_it_was_told_to_and_keeps_what_it_found() {
    let (workspace, releases) = published().await;
    let (url, key) = (releases.manifest_url(), releases.key());
    let from = ["--updates-from", &url, "--updates-key", &key];
    let app = crate::support::TestApp::start(&workspace, &from);
    assert_eq!(
        releases.asked(),
        Vec::<String>::new(),
        "nobody asked for it"
    );
    workspace.run(&["update", "check"]).ok();
    let done = workspace.json(&["update", "download", "--kind", "deb"]);
    assert_eq!(done["state"], "done");
    assert!(workspace.data().join("updates").join(PACKAGE).is_file());
    drop(app);
    workspace
        .run(&["setting", "set", "updates_daily", "true"])
        .ok();
    releases.asked();
    let _app = crate::support::TestApp::start(&workspace, &from);
    for _ in 0..200 {
        let asked = releases.asked();
        if !asked.is_empty() {
            assert!(
                !asked.iter().any(|path| path.contains(PACKAGE)),
                "{asked:?}"
            );
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("it was to look by itself");
}
