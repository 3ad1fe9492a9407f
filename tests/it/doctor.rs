//! `hookloom doctor`: with an owner, without one, and where the folder cannot be opened.

use std::fs;

use serde_json::Value;

use crate::support::{Workspace, order_intake};

/// The states of an area's findings.
fn states(found: &Value, area: &str) -> Vec<String> {
    let findings = found["findings"].as_array().expect("findings");
    let of_area = findings.iter().filter(|finding| finding["area"] == area);
    of_area
        .map(|finding| finding["state"].as_str().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn a_workspace_that_is_well_is_healthy_with_and_without_an_owner() {
    let workspace = Workspace::new();
    let alone = workspace.json(&["doctor"]);
    assert_eq!(alone["is_healthy"], true, "{alone}");
    for area in [
        "keychain",
        "ports",
        "disk",
        "clock",
        "database",
        "backup",
        "scripts",
        "public_url",
    ] {
        let states = states(&alone, area);
        assert!(!states.is_empty(), "nobody looked at {area}: {alone}");
    }
    let _app = workspace.serve();
    let asked = workspace.json(&["doctor"]);
    assert_eq!(asked["is_healthy"], true, "{asked}");
    assert_eq!(states(&asked, "ports"), ["fine", "fine"], "{asked}");
    assert_eq!(
        asked["receiver"]["state"], "listening",
        "how things stand is there, too"
    );
}

#[test]
fn what_is_wrong_is_told_with_what_to_do_and_with_exit_code_1() {
    let workspace = Workspace::new();
    workspace.publish(&order_intake());
    let found = workspace.run(&["doctor", "--json"]).code_is(1).json();
    assert_eq!(found["findings"][0]["state"], "wrong", "the worst is first");
    assert!(
        states(&found, "keychain").contains(&"wrong".to_owned()),
        "{found}"
    );
    let shown = workspace.run(&["doctor"]).code_is(1).stdout;
    assert!(
        shown.contains("→ Set them: `hookloom secret set NAME`"),
        "{shown}"
    );
    assert!(shown.contains("One thing is wrong."), "{shown}");
}

#[test]
fn a_folder_that_cannot_be_opened_is_the_first_finding() {
    let workspace = Workspace::new();
    fs::create_dir_all(workspace.data()).expect("a folder");
    fs::write(workspace.data().join("hookloom.db"), "no database at all").expect("a file");
    let found = workspace.run(&["doctor", "--json"]).code_is(1).json();
    assert_eq!(found["is_healthy"], false);
    assert_eq!(found["findings"][0]["area"], "folder", "{found}");
    assert!(found["findings"][0]["hint"].is_string(), "{found}");
    assert!(
        !states(&found, "disk").is_empty(),
        "the rest was looked at: {found}"
    );
}

#[cfg(unix)]
#[test]
fn a_folder_that_others_can_read_is_wrong_with_the_command_that_closes_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let workspace = Workspace::new();
    let found = workspace.json(&["doctor"]);
    assert_eq!(states(&found, "folder"), ["fine"], "{found}");
    let open_to_others = |path: &std::path::Path, mode: u32| {
        let mode = fs::Permissions::from_mode(mode);
        fs::set_permissions(path, mode).expect("it is ours");
    };
    open_to_others(&workspace.data(), 0o755);
    let found = workspace.json(&["doctor"]);
    assert_eq!(states(&found, "folder"), ["notice"], "{found}");
    // What came with requests; the database closes itself whenever it is opened.
    let files = workspace.data().join("files");
    fs::create_dir_all(&files).expect("it is ours");
    open_to_others(&files, 0o755);
    let found = workspace.run(&["doctor", "--json"]).code_is(1).json();
    let first = &found["findings"][0];
    assert_eq!(
        (&first["area"], &first["state"]),
        (&"folder".into(), &"wrong".into())
    );
    let hint = first["hint"].as_str().expect("what to do");
    let wanted = format!("chmod -R go-rwx {}", workspace.data().display());
    assert!(hint.contains(&wanted), "{hint}");
}
