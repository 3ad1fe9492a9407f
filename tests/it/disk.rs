//! A database that another release wrote, or that is none.

use std::fs;

use crate::support::Workspace;

#[test]
fn the_database_of_a_newer_release_is_refused_with_4_and_not_touched() {
    let workspace = Workspace::new();
    workspace.set_variable("a", "1");
    // As before an upgrade.
    workspace.run(&["backup"]).ok();
    workspace.set_variable("b", "2");
    let file = workspace.data().join("hookloom.db");
    let database = rusqlite::Connection::open(&file).expect("it opens");
    database
        .pragma_update(None, "user_version", 9_999)
        .expect("it is set");
    database.close().expect("it closes");
    let before = fs::read(&file).expect("it is there");
    for arguments in [
        vec!["serve", "--receiver", "0", "--control", "0"],
        vec!["flow", "list"],
    ] {
        let mut arguments = arguments.clone();
        arguments.push("--json");
        let error = workspace.run(&arguments).code_is(4).error();
        assert_eq!(error["code"], "newer_database", "{error}");
        assert!(
            error["message"]
                .as_str()
                .is_some_and(|it| it.contains("9999")),
            "{error}"
        );
    }
    assert_eq!(fs::read(&file).expect("it is there"), before);
    // The way back to this release: what the newer one wrote stays, beside it.
    let kept = workspace.json(&["backup", "list"]);
    let name = kept["items"][0]["name"].as_str().expect("a name");
    let error = workspace
        .run(&["flow", "list", "--json"])
        .code_is(4)
        .error();
    assert!(
        error["hint"]
            .as_str()
            .is_some_and(|it| it.contains("newer release") && it.contains(name)),
        "{error}"
    );
    let restored = workspace.json(&["restore", name]);
    let names = workspace.json(&["variable", "list"]);
    assert_eq!(names.as_array().map(Vec::len), Some(1), "{names}");
    let aside = std::path::Path::new(restored["aside"].as_str().expect("a folder"));
    assert_eq!(fs::read(aside.join("hookloom.db")).expect("moved"), before);
}

#[test]
fn a_file_that_is_no_database_is_refused_with_4_and_not_touched() {
    let workspace = Workspace::new();
    fs::create_dir_all(workspace.data()).expect("a folder");
    let file = workspace.data().join("hookloom.db");
    fs::write(&file, "my shopping list, ".repeat(1_000)).expect("a file");
    let before = fs::read(&file).expect("it is there");
    let error = workspace
        .run(&["flow", "list", "--json"])
        .code_is(4)
        .error();
    assert_eq!(error["code"], "database_unusable", "{error}");
    assert_eq!(fs::read(&file).expect("it is there"), before);
}
