//! Who owns a data folder, who is a guest, and what is refused with exit code 4.

use std::fs;
use std::net::TcpListener;

use crate::support::{TestApp, Workspace};

#[test]
fn serve_says_where_it_is_in_one_line_of_json_and_is_found_by_commands() {
    let workspace = Workspace::new();
    let app = workspace.serve();
    assert!(
        app.receiver().starts_with("http://127.0.0.1:"),
        "{}",
        app.receiver()
    );
    assert!(
        app.ui().starts_with(app.control()) && app.ui().contains("#code="),
        "{}",
        app.ui()
    );
    let owner: serde_json::Value = serde_json::from_slice(
        &fs::read(workspace.data().join("owner.json")).expect("it is there"),
    )
    .expect("JSON");
    assert_eq!(owner["pid"], app.id());
    assert_eq!(owner["control"], app.control());
    let status = workspace.json(&["doctor"]);
    assert_eq!(status["receiver"]["state"], "listening");
    assert_eq!(status["receiver"]["url"], app.receiver());
}

#[cfg(unix)]
#[test]
fn the_folder_and_what_names_a_token_are_for_the_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let workspace = Workspace::new();
    let _app = workspace.serve();
    let mode = |name: &str| {
        let path = workspace.data().join(name);
        fs::metadata(path)
            .expect("it is there")
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(mode(""), 0o700);
    for name in ["owner.json", "control.token", "lock", "hookloom.db"] {
        assert_eq!(mode(name), 0o600, "{name}");
    }
}

#[test]
fn a_second_owner_is_refused_with_4_and_told_who_the_first_is() {
    let workspace = Workspace::new();
    let app = workspace.serve();
    let second = workspace
        .run(&["serve", "--receiver", "0", "--control", "0", "--json"])
        .code_is(4);
    assert_eq!(second.error()["code"], "data_folder_owned");
    let message = second.error()["message"].as_str().expect("text").to_owned();
    assert!(
        message.contains(&format!("process {}", app.id())),
        "{message}"
    );
}

#[cfg(unix)]
#[test]
fn a_stopped_owner_leaves_no_record_and_a_killed_one_is_no_hindrance() {
    let workspace = Workspace::new();
    let (status, log) = workspace.serve().stop();
    assert!(status.success(), "{status} {log}");
    assert!(!workspace.data().join("owner.json").exists());
    workspace.serve().kill();
    assert!(
        workspace.data().join("owner.json").exists(),
        "a killed owner cannot clean up"
    );
    workspace.run(&["flow", "list"]).ok();
    let again = workspace.serve();
    assert_eq!(
        workspace.json(&["doctor"])["control"]["url"],
        again.control()
    );
}

#[test]
fn commands_at_the_same_time_without_an_owner_wait_for_each_other() {
    let workspace = Workspace::new();
    workspace.run(&["flow", "list"]).ok();
    std::thread::scope(|scope| {
        for number in 0..6 {
            let workspace = &workspace;
            scope.spawn(move || workspace.set_variable(&format!("v{number}"), "1"));
        }
    });
    let variables = workspace.json(&["variable", "list"]);
    assert_eq!(variables.as_array().map(Vec::len), Some(6), "{variables}");
}

#[test]
fn an_address_in_use_is_refused_with_4_and_names_the_address_and_the_setting() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    for (setting, other) in [("--receiver", "--control"), ("--control", "--receiver")] {
        let workspace = Workspace::new();
        let refused = workspace
            .run(&["serve", setting, &address, other, "0", "--json"])
            .code_is(4);
        let error = refused.error();
        assert_eq!(error["code"], "address_in_use");
        assert!(
            error["message"]
                .as_str()
                .is_some_and(|it| it.contains(&address)),
            "{error}"
        );
        assert!(
            error["hint"]
                .as_str()
                .is_some_and(|it| it.contains(setting)),
            "{error}"
        );
        assert_eq!(refused.stdout, "", "it was never ready");
        // Nothing is left behind that would keep the next one out.
        TestApp::start(&workspace, &[]);
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_refused_with_4() {
    let workspace = Workspace::new();
    let file = workspace.file("in-the-way", "");
    for arguments in [vec!["serve"], vec!["flow", "list"]] {
        let mut arguments = arguments.clone();
        let folder = format!("{file}/data");
        arguments.extend(["--json", "--data", &folder]);
        let error = workspace.run(&arguments).code_is(4).error();
        assert_eq!(error["code"], "data_folder_unusable");
        assert!(
            error["message"]
                .as_str()
                .is_some_and(|it| it.contains("in-the-way")),
            "{error}"
        );
    }
}

#[test]
fn the_option_names_another_folder_than_the_variable() {
    let workspace = Workspace::new();
    let other = workspace.folder().join("other");
    let other = other.to_str().expect("UTF-8");
    workspace.run(&["variable", "set", "here", "1"]).ok();
    workspace
        .run(&["--data", other, "variable", "set", "there", "1"])
        .ok();
    let names = |folder: &str| {
        workspace
            .run(&["variable", "list", "--json", "--data", folder])
            .ok()
            .json()
    };
    assert_eq!(names(other)[0]["name"], "there");
    assert_eq!(
        names(workspace.data().to_str().expect("UTF-8"))[0]["name"],
        "here"
    );
}

#[test]
fn an_owner_that_goes_away_while_it_is_asked_exits_with_3() {
    let workspace = Workspace::new();
    workspace.run(&["flow", "list"]).ok();
    // An owner that takes a call and dies of it.
    let lock = fs::File::open(workspace.data().join("lock")).expect("it is there");
    lock.lock().expect("nobody has it");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let owner = serde_json::json!({
        "pid": 4711, "role": "serve", "version": "0.1.0",
        "control": format!("http://{}", listener.local_addr().expect("an address")),
        "token_file": workspace.file("token", "hkl_token"),
    });
    fs::write(workspace.data().join("owner.json"), owner.to_string()).expect("a record");
    let dying = std::thread::spawn(move || {
        // The first connection only looks whether somebody is there; the second one has the call.
        for _ in 0..2 {
            drop(listener.accept());
        }
    });
    let error = workspace
        .run(&["flow", "list", "--json"])
        .code_is(3)
        .error();
    assert_eq!(error["code"], "owner_gone", "{error}");
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|it| it.contains("4711")),
        "{error}"
    );
    dying.join().expect("it ends");
}
