//! A Debian on which nobody has done anything yet: by the book's own commands from the deb to a delivered webhook, and
//! from a copied data folder or a backup to the same history. It needs packages, the rights of root, debootstrap and the
//! network: `make test-fresh` says what is missing.

mod disk;

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{
    Machine, Part, Started, Terminal, blocks, compare, lacking, package, parts_for_a_machine,
};

/// Jobs, deliveries and windows take a moment.
const LOOK_S_MAX: u64 = 60;
const DATA: &str = ".local/share/hookloom";
const READY: &str = "{\"receiver\":\"http://127.0.0.1:4747\"";
/// Windows on this one are drawn to memory.
const DISPLAY: &str = ":9";

#[test]
#[ignore = "needs packages, root and the network: `make dist test-fresh`"]
fn fresh_machine_gets_by_the_book_from_the_deb_to_a_webhook_and_its_data_to_the_same_history() {
    needs_what_it_takes();

    let mut first = Machine::fresh();
    install(&first, "sudo apt install ./");
    first.start();
    without_a_key_the_program_says_what_to_do(&first);
    let server = follow_the_five_minutes(&first);
    let desk = Terminal::of(&first);
    let history = history(&desk);
    assert_eq!(history[0].as_array().map(Vec::len), Some(2), "{history:?}");
    desk.done("hookloom backup shop.hookloom");
    stop(&first, server);

    let mut second = Machine::fresh();
    install(&second, "sudo apt install --no-install-recommends ./");
    second.take_from(&first, DATA);
    second.take_from(&first, "vault.key");
    second.start();
    it_goes_on_with_the_same_data(&second, &history);

    let mut third = Machine::fresh();
    install(&third, "sudo apt install --no-install-recommends ./");
    third.take_from(&first, "shop.hookloom");
    third.start();
    it_goes_on_from_the_backup(&third, &history);
    systemd_runs_it_by_the_page(&mut third);

    the_menu_opens_a_window_with_the_history(&first, &history);
    without_webkit_it_says_what_to_install(&second);
}

/// Fails where such a machine cannot be made, and says why.
fn needs_what_it_takes() {
    let lacking = lacking();
    assert!(
        lacking.is_empty(),
        "cannot be tried here, for want of: {}",
        lacking.join("; ")
    );
}

/// The line of the page about installing that begins so, in a folder that holds the package.
fn install(machine: &Machine, beginning: &str) {
    let deb = package(".deb");
    let name = deb.file_name().expect("a name");
    fs::copy(&deb, machine.home().join(name)).expect("it is copied");
    machine.with_network("sudo apt update");
    let lines = parts_for_a_machine(&page("docs/installing.md", "## Debian and Ubuntu"));
    let line = lines.iter().find_map(|part| match part {
        Part::Command { line, .. } if line.starts_with(beginning) => Some(line),
        _ => None,
    });
    machine.with_network(line.expect("the page has it"));
}

/// The control of the page's lines about a key: they are not there for nothing.
fn without_a_key_the_program_says_what_to_do(machine: &Machine) {
    let desk = Terminal::of(machine);
    let (said, code) = desk.run("printf %s x | HOOKLOOM_DATA=/tmp/keyless hookloom secret set a");
    assert_eq!(code, 4, "{said}");
    assert!(said.contains("HOOKLOOM_VAULT=file"), "{said}");
}

/// Everything on the command line, word for word. What is exported holds in the first terminal; the server runs there.
fn follow_the_five_minutes(machine: &Machine) -> Started {
    let mut desk = Terminal::of(machine);
    let mut server = None;
    for part in parts_for_a_machine(&page("docs/five-minutes.md", "## On the command line")) {
        match part {
            Part::File { name, text } => machine.write(&name, &text),
            Part::Command { line, .. } if line.starts_with("export ") => desk.export(&line),
            Part::Command { line, .. } if line.starts_with("sudo apt") => {
                machine.with_network(&line);
            }
            Part::Command { line, shown, .. } if line.starts_with("hookloom serve") => {
                let started = desk.start(&line);
                compare(&shown, &started.says(READY)).expect("the page shows it");
                server = Some(started);
                desk = Terminal::of(machine);
            }
            Part::Command { line, shown, code } => {
                until(&line, || {
                    let (printed, ended) = desk.run(&line);
                    if ended != code {
                        return Err(format!("ended with {ended}: {printed}"));
                    }
                    compare(&shown, &printed)
                });
            }
        }
    }
    server.expect("the page starts one")
}

/// What somebody sees who looks: jobs, the steps and deliveries of the first, requests, flows.
fn history(desk: &Terminal<'_>) -> Vec<Value> {
    let looks = [
        "job list",
        "job show 1",
        "delivery list",
        "request list",
        "flow list",
    ];
    let look = |look: &&str| {
        let shown = desk.done(&format!("hookloom {look} --json"));
        serde_json::from_str(&shown).unwrap_or_else(|error| panic!("{look}: {error}: {shown}"))
    };
    looks.iter().map(look).collect()
}

/// As on the page about moving, with the whole folder and the key.
fn it_goes_on_with_the_same_data(machine: &Machine, history_before: &[Value]) {
    let (desk, server) = served_with(machine, history_before);
    a_webhook_is_delivered(&desk);
    stop(machine, server);
}

/// The program with the key of this folder, and what it knows is what was known before.
fn served_with<'m>(machine: &'m Machine, history_before: &[Value]) -> (Terminal<'m>, Started) {
    let mut desk = Terminal::of(machine);
    desk.export("export HOOKLOOM_VAULT=file HOOKLOOM_VAULT_KEY_FILE=$PWD/vault.key");
    let server = desk.start("hookloom serve");
    server.says(READY);
    let desk = Terminal::of(machine);
    assert_eq!(history(&desk), history_before);
    machine.with_network("sudo apt install curl");
    (desk, server)
}

/// As on the page about backups: what is in it, putting it back, the secrets.
fn it_goes_on_from_the_backup(machine: &Machine, history_before: &[Value]) {
    let desk = Terminal::of(machine);
    let shown = desk.done("hookloom restore --dry-run shop.hookloom");
    assert!(shown.contains("hello_key, hello_signing"), "{shown}");
    desk.done("hookloom restore shop.hookloom");
    desk.done("(umask 077; head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \\n' > vault.key)");
    let (desk, server) = served_with(machine, history_before);
    // Their values are in no backup.
    desk.done("printf %s my-shared-key | hookloom secret set hello_key");
    desk.done("printf %s my-signing-secret | hookloom secret set hello_signing");
    a_webhook_is_delivered(&desk);
    stop(machine, server);
}

/// The service of the package: started by hand, again after a crash, and with the machine before anybody logs in.
fn systemd_runs_it_by_the_page(machine: &mut Machine) {
    let text = page("docs/tasks/server.md", "## Let systemd run it");
    let mut steps = blocks(&text).into_iter().map(|(_, block)| block);
    let desk = Terminal::of(machine);
    desk.done(&format!(
        "set -e\n{}",
        steps.next().expect("how it is switched on")
    ));
    let ready = |desk: &Terminal<'_>| {
        until("the service", || match desk.run("hookloom health") {
            (_, 0) => Ok(()),
            (said, _) => Err(format!(
                "{said}{}",
                desk.run("systemctl --user status hookloom").0
            )),
        });
    };
    ready(&desk);
    let said = desk.done(&steps.next().expect("how its log is read"));
    assert!(
        said.contains("\"ui\":\"http://127.0.0.1:4748/#code="),
        "{said}"
    );
    ready(&desk);
    let process = "systemctl --user show --property MainPID hookloom";
    let before = desk.done(process);
    desk.done("systemctl --user kill --signal KILL hookloom");
    until("the next process", || match desk.done(process) {
        now if now == before || now.trim().ends_with("=0") => Err(now),
        _ => Ok(()),
    });
    ready(&desk);
    desk.done("systemctl --user stop hookloom");
    let ended = desk.done("systemctl --user show --property Result,ExecMainStatus hookloom");
    assert!(
        ended.contains("Result=success") && ended.contains("Status=0"),
        "{ended}"
    );
    let owner = machine.home().join(DATA).join("owner.json");
    assert!(!owner.exists(), "it was stopped in order");
    machine.switch_off();
    machine.start();
    until("the service, without anybody", || match owner.exists() {
        true => Ok(()),
        false => Err("nobody has the folder".to_owned()),
    });
    ready(&Terminal::of(machine));
}

/// The next one, to the flow of the page: its message is signed, and its receiver believes it.
fn a_webhook_is_delivered(desk: &Terminal<'_>) {
    let url = "http://127.0.0.1:4747/api/webhook/local/hello?key=my-shared-key";
    let body = "-H 'Content-Type: application/json' -d '{\"name\": \"Grace\"}'";
    let answer = desk.done(&format!("curl -sS {body} '{url}'"));
    assert!(answer.contains("\"job_id\": 3"), "{answer}");
    for (job, says) in [(3, "delivered  200"), (4, "Hello, Grace!")] {
        until(says, || {
            let (shown, _) = desk.run(&format!("hookloom job show {job}"));
            match shown.contains("complete") && shown.contains(says) {
                true => Ok(()),
                false => Err(shown),
            }
        });
    }
}

/// What the menu starts, under a display: a window that is painted, over the history that the server left.
fn the_menu_opens_a_window_with_the_history(machine: &Machine, history_before: &[Value]) {
    machine.with_network("sudo apt install --no-install-recommends xvfb x11-utils x11-apps");
    let entry = machine.at("usr/share/applications/Hookloom.desktop");
    let entry = fs::read_to_string(entry).expect("it is installed");
    let line = entry.lines().find_map(|line| line.strip_prefix("Exec="));
    let line = line.expect("it starts something").trim_end_matches(" %u");
    let mut desk = with_display(machine);
    let _display = desk.start(&format!("Xvfb {DISPLAY} -screen 0 1280x800x24"));
    until_shown(&desk, "Screen");
    desk.export("export HOOKLOOM_VAULT=file HOOKLOOM_VAULT_KEY_FILE=$PWD/vault.key");
    let app = desk.start(line);
    until_shown(&desk, "\"Hookloom\"");
    until("the receiver", || {
        match desk.run("curl -fsS http://127.0.0.1:4747/readyz") {
            (_, 0) => Ok(()),
            (said, _) => Err(said),
        }
    });
    assert_eq!(history(&desk), history_before);
    let doctor = desk.run("hookloom doctor").0;
    assert!(doctor.contains("✓ window"), "{doctor}");
    // An empty window has a colour or two.
    until("a picture", || {
        desk.done(&format!(
            "xwd -silent -root -display {DISPLAY} -out screen.xwd"
        ));
        let picture = fs::read(machine.home().join("screen.xwd")).expect("it was taken");
        match colours(&picture) {
            0..50 => Err(format!("{} colours: {}", colours(&picture), app.said())),
            _ => Ok(()),
        }
    });
    stop(machine, app);
}

/// How many colours a picture of `xwd` has: behind its head and its table of colours stand its pixels.
fn colours(picture: &[u8]) -> usize {
    let number = |place: usize| {
        let bytes = picture[4 * place..4 * place + 4].try_into();
        u32::from_be_bytes(bytes.expect("four bytes")) as usize
    };
    let (head, table) = (number(0), 12 * number(19));
    let mut pixels: Vec<&[u8]> = picture[head + table..].chunks_exact(4).collect();
    pixels.sort_unstable();
    pixels.dedup();
    pixels.len()
}

/// A machine on which what draws the window was left out.
fn without_webkit_it_says_what_to_install(machine: &Machine) {
    let desk = Terminal::of(machine);
    // The control: the program itself cannot say anything.
    let (said, code) = desk.run("hookloom-app");
    assert!(
        code == 127 && !said.contains("hookloom serve"),
        "{code}: {said}"
    );
    let (said, code) = desk.run("hookloom app");
    assert_eq!(code, 4, "{said}");
    for part in [
        // The loader names the first that it misses, which the one package brings along.
        "the library lib",
        "which draws it, is missing",
        "sudo apt install libwebkit2gtk-4.1-0",
        "`hookloom serve`",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    machine.with_network("sudo apt install --no-install-recommends xvfb x11-utils");
    let desk = with_display(machine);
    let _display = desk.start(&format!("Xvfb {DISPLAY} -screen 0 1280x800x24"));
    until_shown(&desk, "Screen");
    // There is no desktop that tells notifications; a small window does.
    let (_, code) = desk.run("hookloom app");
    assert_eq!(code, 4);
    until_shown(&desk, "xmessage");
    // What it says to install is enough.
    machine.with_network("sudo apt install libwebkit2gtk-4.1-0");
    assert_eq!(Terminal::of(machine).run("hookloom-app --version").1, 0);
}

fn with_display(machine: &Machine) -> Terminal<'_> {
    let mut desk = Terminal::of(machine);
    desk.export(&format!("export DISPLAY={DISPLAY}"));
    desk
}

/// Waits for what is on the screen, the screen itself at first.
fn until_shown(desk: &Terminal<'_>, what: &str) {
    until(what, || {
        let (shown, _) = desk.run("xwininfo -root -tree; xdpyinfo | grep -i screen");
        match shown.to_lowercase().contains(&what.to_lowercase()) {
            true => Ok(()),
            false => Err(shown),
        }
    });
}

/// Stops the owner of the data folder in order, by its process.
fn stop(machine: &Machine, started: Started) {
    let owner = machine.home().join(DATA).join("owner.json");
    let owner: Value = serde_json::from_slice(&fs::read(owner).expect("it runs")).expect("JSON");
    Terminal::of(machine).done(&format!("kill -TERM {}", owner["pid"]));
    assert_eq!(started.ends(), 0);
}

/// Looks again and again until it is so.
#[track_caller]
fn until(what: &str, mut look: impl FnMut() -> Result<(), String>) {
    let deadline = Instant::now() + Duration::from_secs(LOOK_S_MAX);
    while let Err(found) = look() {
        assert!(Instant::now() < deadline, "{what}:\n{found}");
        thread::sleep(Duration::from_millis(100));
    }
}

/// A page from a heading to the next of its kind.
fn page(name: &str, heading: &str) -> String {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(name);
    let text = fs::read_to_string(path).expect("the page is there");
    let (_, part) = text.split_once(heading).expect("it has the heading");
    part.split("\n## ").next().unwrap_or(part).to_owned()
}
