//! `hookloom app` where the window cannot be opened: programs that the system's own loader refuses.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::{Desktop, Workspace};

const LIBRARY: &str = "libdraws-the-window.so.7";

/// A folder with the program, and beside it what stands for the window's.
struct Installed {
    workspace: Workspace,
    programs: tempfile::TempDir,
}

impl Installed {
    fn new() -> Self {
        let workspace = Workspace::new();
        // On the disk of the program, which is large: a link of it costs nothing.
        let programs = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let program = workspace.program().get_program().to_owned();
        fs::hard_link(program, programs.path().join("hookloom")).expect("the same disk");
        Self {
            workspace,
            programs,
        }
    }

    fn app(&self) -> PathBuf {
        self.programs.path().join("hookloom-app")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.programs.path().join("hookloom"));
        for (name, value) in self.workspace.program().get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.args(arguments).env_remove("WAYLAND_DISPLAY");
        command
    }

    /// What it says where nobody sees a display.
    fn refused(&self) -> String {
        let ended = self.command(&["app"]).env_remove("DISPLAY").output();
        let ended = ended.expect("it runs");
        let said = text(&ended);
        assert_eq!(ended.status.code(), Some(4), "{said}");
        assert!(said.contains("`hookloom serve`"), "{said}");
        said
    }
}

#[test]
fn a_window_whose_library_is_missing_is_told_by_its_name_with_what_to_install() {
    let installed = Installed::new();
    assert!(
        installed.refused().contains("there is no "),
        "nothing is beside it"
    );
    linked_with_what_is_gone(&installed.app());
    // The control: the loader ends the program itself before it can say anything.
    let alone = Command::new(installed.app()).output().expect("it is there");
    assert_eq!(alone.status.code(), Some(127));
    let said = installed.refused();
    assert!(said.contains(LIBRARY), "{said}");
    assert!(said.contains("libwebkit2gtk-4.1-0"), "{said}");
    let json = installed
        .command(&["app", "--json"])
        .env_remove("DISPLAY")
        .output();
    let json = text(&json.expect("it runs"));
    assert!(json.contains("\"app_library_missing\""), "{json}");
}

#[test]
fn a_window_that_the_system_refuses_is_told_with_the_system_s_words() {
    let installed = Installed::new();
    fs::write(installed.app(), "no program at all").expect("written");
    let said = installed.refused();
    assert!(said.contains("ermission denied"), "{said}");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(installed.app(), mode).expect("it is ours");
    let said = installed.refused();
    assert!(said.contains("cannot be started here"), "{said}");
}

#[test]
fn the_window_s_program_takes_the_place_of_the_command_with_all_that_was_asked() {
    let installed = Installed::new();
    let script =
        "#!/bin/sh\n[ \"$1\" = --version ] && exit 0\nprintf '%s\\n' \"$@\"\necho $$\nexit 7\n";
    fs::write(installed.app(), script).expect("written");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(installed.app(), mode).expect("it is ours");
    let asked = [
        "app",
        "--page",
        "/jobs/1",
        "--data",
        "/a b",
        "--hidden",
        "hookloom://jobs",
    ];
    let started = installed
        .command(&asked)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("it runs");
    let id = started.id();
    let ended = started.wait_with_output().expect("it ends");
    let lines = [
        "--data",
        "/a b",
        "--page",
        "/jobs/1",
        "--hidden",
        "hookloom://jobs",
    ]
    .join("\n");
    assert_eq!(text(&ended), format!("{lines}\n{id}\n"), "the same process");
    assert_eq!(ended.status.code(), Some(7));
}

#[tokio::test]
#[ignore = "needs a session bus of its own: `make test-desktop` has it"]
async fn desktop_notification_tells_whoever_clicked_that_the_window_cannot_be_opened() {
    let desktop = Desktop::begin().await;
    let installed = Installed::new();
    linked_with_what_is_gone(&installed.app());
    let ended = installed.command(&["app"]).output().expect("it runs");
    assert_eq!(ended.status.code(), Some(4));
    let said = desktop.hears("cannot open its window").await;
    assert!(said.text.contains(LIBRARY), "{said:?}");
    assert!(said.text.contains("hookloom serve"), "{said:?}");
}

/// A real program that the real loader refuses: it is linked with a library that is deleted then.
fn linked_with_what_is_gone(program: &Path) {
    let folder = program.parent().expect("a folder");
    let (source, library) = (folder.join("source.c"), folder.join(LIBRARY));
    let compile = |text: &str, arguments: &[&str], out: &Path| {
        fs::write(&source, text).expect("written");
        let mut compiler = Command::new("cc");
        compiler.args(arguments).arg("-o").arg(out).arg(&source);
        compiler
    };
    let soname = format!("-Wl,-soname,{LIBRARY}");
    let mut made = compile(
        "int draw(void) { return 0; }",
        &["-shared", "-fPIC", &soname],
        &library,
    );
    assert!(made.status().expect("`cc` links the program too").success());
    let mut made = compile(
        "int draw(void); int main(void) { return draw(); }",
        &[],
        program,
    );
    assert!(made.arg(&library).status().expect("`cc` runs").success());
    fs::remove_file(library).expect("it was made");
}

fn text(ended: &Output) -> String {
    let (printed, said) = (&ended.stdout, &ended.stderr);
    format!(
        "{}{}",
        String::from_utf8_lossy(printed),
        String::from_utf8_lossy(said)
    )
}
