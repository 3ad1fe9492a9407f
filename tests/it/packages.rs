//! The packages of `make dist`: what is in them, and that both programs run from where the deb puts them. It needs the
//! packages and a display: `make test-dist` has both.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::support::{TestApp, TestSender, Window, Workspace, package, packages};

/// Both programs, and where the deb was unpacked.
struct Unpacked {
    root: tempfile::TempDir,
}

impl Unpacked {
    fn new() -> Self {
        let root = tempfile::tempdir().expect("a folder");
        run(Command::new("dpkg-deb")
            .arg("--extract")
            .arg(package(".deb"))
            .arg(root.path()));
        Self { root }
    }

    fn at(&self, place: &str) -> PathBuf {
        self.root.path().join(place)
    }
}

#[test]
#[ignore = "needs packages: `make dist test-dist` makes them"]
fn packages_say_what_they_need_and_have_every_file_in_its_place() {
    let field = |name: &str| {
        run(Command::new("dpkg-deb")
            .arg("--field")
            .arg(package(".deb"))
            .arg(name))
    };
    assert_eq!(field("Package").trim(), "hookloom");
    assert_eq!(field("Version").trim(), env!("CARGO_PKG_VERSION"));
    let needed = field("Depends");
    assert!(needed.contains("libc6 (>= 2."), "{needed}");
    let recommended = field("Recommends");
    for name in ["libwebkit2gtk-4.1-0", "libgtk-3-0", "gnome-keyring"] {
        assert!(recommended.contains(name), "{recommended}");
        assert!(
            !needed.contains(name),
            "a server needs none of it: {needed}"
        );
    }
    let deb = Unpacked::new();
    for program in ["usr/bin/hookloom", "usr/bin/hookloom-app"] {
        let mode = deb
            .at(program)
            .metadata()
            .expect(program)
            .permissions()
            .mode();
        assert_eq!(mode & 0o7777, 0o755, "{program}");
    }
    // What looking for updates offers next.
    let mark = fs::read_to_string(deb.at("usr/share/hookloom/package"));
    assert_eq!(mark.expect("it is there"), "deb\n");
    let mut in_deb = files(deb.root.path());
    let mut sizes = 0;
    for place in &in_deb {
        let mode = deb.at(place).metadata().expect(place).permissions().mode();
        assert_eq!(mode & 0o022, 0, "{place} can be written by others");
        sizes +=
            usize::from(place.starts_with("usr/share/icons/hicolor/") && place.ends_with(".png"));
    }
    assert_eq!(sizes, 10, "{in_deb:#?}");
    let in_rpm = run(Command::new("rpm")
        .args(["--query", "--list", "--package"])
        .arg(package(".rpm")));
    let mut in_rpm: Vec<String> = in_rpm
        .lines()
        .map(|line| line.trim_start_matches('/').to_owned())
        .collect();
    rpm_asks_for_what_the_deb_asks();
    // Each family has places of its own for licences and for one of the shells.
    let own = |place: &String| {
        ["usr/share/doc/", "usr/share/licenses/", "usr/share/zsh/"]
            .iter()
            .any(|it| place.starts_with(it))
    };
    for (list, least) in [(&mut in_deb, 5), (&mut in_rpm, 4)] {
        let all = list.len();
        list.retain(|place| !own(place));
        assert!(all - list.len() >= least, "{list:#?}");
        list.sort();
    }
    assert_eq!(in_deb, in_rpm);
}

fn rpm_asks_for_what_the_deb_asks() {
    let ask = |what: &str| {
        let mut rpm = Command::new("rpm");
        rpm.args(["--query", what, "--package"]);
        run(rpm.arg(package(".rpm")))
    };
    let (needed, recommended) = (ask("--requires"), ask("--recommends"));
    assert!(needed.contains("libc.so.6(GLIBC_2."), "{needed}");
    for name in ["libwebkit2gtk-4.1.so.0", "libgtk-3.so.0", "gnome-keyring"] {
        assert!(recommended.contains(name), "{recommended}");
        assert!(
            !needed.contains(name),
            "a server needs none of it: {needed}"
        );
    }
    for list in [&needed, &recommended] {
        assert!(!list.contains("appindicator"), "nothing uses it: {list}");
    }
    // Its head was written anew: every sum of it, and of what is installed, is right.
    let sums = run(Command::new("rpmkeys")
        .args(["--checksig", "--verbose", "--nosignature"])
        .arg(package(".rpm")));
    for sum in ["Header SHA256 digest: OK", "Payload SHA256 digest: OK"] {
        assert!(sums.contains(sum), "{sums}");
    }
}

#[test]
#[ignore = "needs packages: `make dist test-dist` makes them"]
fn packages_for_debian_keep_to_its_rules() {
    let (remarks, said, has_none) = finished(
        Command::new("lintian")
            .args(["--tag-display-limit", "0", "--allow-root"])
            .arg(package(".deb")),
    );
    let maintainer = run(Command::new("dpkg-deb")
        .arg("--field")
        .arg(package(".deb"))
        .arg("Maintainer"));
    // Whoever makes packages may give an address; the project has none of its own.
    let of_address = ["malformed-contact", "bogus-mail-host-in-debian-changelog"];
    let is_known =
        |line: &str| !maintainer.contains('@') && of_address.iter().any(|it| line.contains(it));
    assert!(has_none || !remarks.is_empty(), "it did not look: {said}");
    let others: Vec<&str> = remarks.lines().filter(|line| !is_known(line)).collect();
    assert!(others.is_empty(), "{others:#?}");
}

#[test]
#[ignore = "needs packages: `make dist test-dist` makes them"]
fn packages_carry_pages_entries_and_a_unit_that_their_readers_accept() {
    let deb = Unpacked::new();
    for page in ["hookloom", "hookloom-app"] {
        let file = deb.at(&format!("usr/share/man/man1/{page}.1.gz"));
        let said = output(
            Command::new("man")
                .args(["--warnings", "--local-file"])
                .arg(&file)
                .env("MANWIDTH", "80"),
        );
        assert!(said.1.is_empty(), "{page}: {}", said.1);
        assert!(
            said.0.contains("NAME") && said.0.contains("SEE ALSO"),
            "{page}: {}",
            said.0
        );
    }
    run(Command::new("desktop-file-validate")
        .arg(deb.at("usr/share/applications/Hookloom.desktop")));
    let entry =
        fs::read_to_string(deb.at("usr/share/applications/Hookloom.desktop")).expect("it is there");
    for line in [
        "Name=Hookloom",
        "Exec=hookloom app %u",
        "Icon=hookloom-app",
        "MimeType=x-scheme-handler/hookloom;",
    ] {
        assert!(entry.lines().any(|it| it.starts_with(line)), "{entry}");
    }
    let described = deb.at("usr/share/metainfo/dev.hookloom.workbench.metainfo.xml");
    run(Command::new("appstreamcli")
        .args(["validate", "--no-net"])
        .arg(described));
    // The program is not installed here, so the unit is looked at with the place where it is.
    let unit =
        fs::read_to_string(deb.at("usr/lib/systemd/user/hookloom.service")).expect("it is there");
    let here = unit.replace("/usr/bin/", &format!("{}/", deb.at("usr/bin").display()));
    let here = here.replace("Documentation=", "# ");
    assert_ne!(here, unit);
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("hookloom.service"), here).expect("written");
    let verified = output(
        Command::new("systemd-analyze")
            .args(["--user", "--man=no", "verify"])
            .arg(folder.path().join("hookloom.service"))
            .env("XDG_RUNTIME_DIR", folder.path()),
    );
    assert!(!verified.1.contains("hookloom.service"), "{}", verified.1);
    for shell in [
        "bash-completion/completions/hookloom",
        "zsh/vendor-completions/_hookloom",
        "fish/vendor_completions.d/hookloom.fish",
    ] {
        let script = fs::read_to_string(deb.at(&format!("usr/share/{shell}"))).expect(shell);
        assert!(script.contains("serve"), "{shell}");
    }
    run(Command::new("bash")
        .arg("-n")
        .arg(deb.at("usr/share/bash-completion/completions/hookloom")));
    let notices = run(Command::new("zcat").arg(deb.at("usr/share/doc/hookloom/THIRD-PARTY.gz")));
    for name in ["tokio 1", "react 19", "Permission is hereby granted"] {
        assert!(notices.contains(name), "{name}");
    }
}

#[test]
#[ignore = "needs packages: `make dist test-dist` makes them"]
fn packages_stand_in_the_sums_and_their_parts_in_the_list() {
    run(Command::new("sha256sum")
        .args(["--check", "--strict", "SHA256SUMS"])
        .current_dir(packages()));
    let list: Value = serde_json::from_slice(&fs::read(package(".cdx.json")).expect("it is there"))
        .expect("JSON");
    assert_eq!(list["bomFormat"], "CycloneDX");
    let parts = list["components"].as_array().expect("parts");
    let parts: Vec<&str> = parts.iter().filter_map(|it| it["name"].as_str()).collect();
    for name in ["axum", "tauri", "rusqlite", "react"] {
        assert!(parts.contains(&name), "{name}");
    }
}

#[tokio::test]
#[ignore = "needs packages: `make dist test-dist` makes them"]
async fn packages_bring_a_server_that_takes_a_webhook_and_runs_its_script() {
    let deb = Unpacked::new();
    let workspace = Workspace::new();
    workspace.set_secret("key", "package-key-1");
    workspace.publish(&flow());
    let program = || {
        let mut command = Command::new(deb.at("usr/bin/hookloom"));
        for (name, value) in workspace.program().get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    };
    let app = TestApp::start_command(program(), &[], &[]);
    let answer = TestSender::new()
        .hook(&app, "packed", "package-key-1", &json!({"n": 20}))
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let id = answer.json()["job_id"].as_i64().expect("a job");
    crate::support::await_job(&workspace, id, |job| job["status"] == "complete");
    // The same by the packaged command line, which asks the server.
    let job = run(program().args(["job", "show", &id.to_string(), "--json"]));
    let job: Value = serde_json::from_str(&job).expect("JSON");
    assert_eq!(job["steps"][0]["data"], json!({"total": 41}), "{job}");
    // The workbench is inside the program.
    let page = TestSender::new()
        .send(
            reqwest::Method::GET,
            &format!("{}/", app.control()),
            &[],
            Vec::new(),
        )
        .await;
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("<script type=\"module\""),
        "{}",
        page.body
    );
    let (status, log) = app.stop();
    assert!(status.success(), "{log}");
}

#[tokio::test]
#[ignore = "needs packages and a display: `make test-dist` has both"]
async fn packages_bring_an_app_whose_window_shows_a_webhook_that_came_in() {
    let deb = Unpacked::new();
    let home = Workspace::new();
    home.set_secret("key", "package-key-1");
    home.publish(&flow());
    let folder = home.folder().display().to_string();
    let mut environment: Vec<(String, String)> =
        ["HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"]
            .iter()
            .map(|name| ((*name).to_owned(), folder.clone()))
            .collect();
    for (name, address) in [
        ("HOOKLOOM_RECEIVER", "127.0.0.1:0"),
        ("HOOKLOOM_CONTROL", "127.0.0.1:0"),
    ] {
        environment.push((name.to_owned(), address.to_owned()));
    }
    for (name, value) in home.program().get_envs() {
        if let Some(value) = value {
            environment.push((
                name.to_string_lossy().into_owned(),
                value.to_string_lossy().into_owned(),
            ));
        }
    }
    let window = Window::open(&deb.at("usr/bin/hookloom-app"), &environment).await;
    window.sees("Flows").await;
    let receiver = home.json(&["doctor"])["receiver"]["url"]
        .as_str()
        .expect("a receiver")
        .to_owned();
    let answer = TestSender::new()
        .try_hook(
            &format!("{receiver}/api/webhook/local/packed?key=package-key-1"),
            &[],
            json!({"n": 20}).to_string(),
        )
        .await
        .expect("an answer");
    assert_eq!(answer.status, 200, "{answer:?}");
    let id = answer.json()["job_id"].as_i64().expect("a job");
    crate::support::await_job(&home, id, |job| job["status"] == "complete");
    window
        .click("//nav//a[starts-with(normalize-space(.), 'Jobs')]")
        .await;
    window.sees_heading("Jobs").await;
    window.sees("From the package").await;
    // No picture: the driver's own hangs on some pages.
}

/// One step in the programs themselves, one in a worker process that is started from the installed program.
fn flow() -> Value {
    json!({
        "format": "hookloom.flow/1", "name": "packed", "title": "From the package",
        "endpoints": [{"name": "in", "auth": {"kind": "shared_key", "secret": "key"}, "body_memory": "requestBody"}],
        "steps": [{"name": "count", "kind": "script", "code": "return {total: memory.load('requestBody').n * 2 + 1};"}],
        "outputs": [{"name": "counted", "step": "count"}]
    })
}

/// Every file below a folder, by its place in it.
fn files(root: &Path) -> Vec<String> {
    let (mut files, mut folders) = (Vec::new(), vec![root.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder)
            .expect("a folder")
            .flatten()
            .map(|it| it.path())
        {
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(
                    path.strip_prefix(root)
                        .expect("within")
                        .to_string_lossy()
                        .into_owned(),
                );
            }
        }
    }
    files
}

/// What a command that must succeed prints.
fn run(command: &mut Command) -> String {
    let (printed, said, succeeded) = finished(command);
    assert!(succeeded, "{command:?} failed: {printed}{said}");
    printed
}

/// What a command prints, and what it says beside that.
fn output(command: &mut Command) -> (String, String) {
    let (printed, said, _) = finished(command);
    (printed, said)
}

fn finished(command: &mut Command) -> (String, String, bool) {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        text(&output.stdout),
        text(&output.stderr),
        output.status.success(),
    )
}
