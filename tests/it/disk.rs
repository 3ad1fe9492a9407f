//! A disk that is full, and a database that another release wrote.

use std::fs;
use std::process::Command;

use reqwest::Method;

use crate::support::{TestApp, TestSender, Workspace, await_json, hook_url, intake};

const KEY: &str = "intake-key-0123456789";

#[test]
fn the_database_of_a_newer_release_is_refused_with_4_and_not_touched() {
    let workspace = Workspace::new();
    workspace.set_variable("a", "1");
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

/// No file of the server may grow beyond a bound; that is as good as a full disk, and can be lifted while it runs.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_answers_503_loses_nothing_and_work_goes_on_when_there_is_room() {
    let workspace = Workspace::new();
    workspace.set_secret("key", KEY);
    workspace.publish(&intake("intake"));
    let mut command = workspace.program_in_shell("trap '' XFSZ; exec \"$0\" \"$@\"");
    command.env("HOOKLOOM_LOG", "info");
    let app = TestApp::start_command(command, &[], &[]);
    let sender = TestSender::new();
    let url = hook_url(&app, "intake", KEY);
    let post = |number: usize| {
        let body = format!("{{\"n\": {number}, \"fill\": \"{}\"}}", "x".repeat(200_000));
        sender.send(
            Method::POST,
            &url,
            &[("content-type", "application/json")],
            body.into_bytes(),
        )
    };
    assert_eq!(post(0).await.status, 200);
    limit_file_sizes(&app, "4000000");
    let mut accepted = 1;
    let refused = loop {
        let answer = post(accepted).await;
        if answer.status != 200 {
            break answer;
        }
        accepted += 1;
        assert!(accepted < 200, "the disk is never full");
    };
    assert_eq!(
        (refused.status, refused.body.as_str()),
        (503, r#"{"error": "Service unavailable"}"#)
    );
    assert_ne!(refused.header("retry-after"), "");
    let ready = async || {
        let url = format!("{}/readyz", app.receiver());
        sender.send(Method::GET, &url, &[], Vec::new()).await.status
    };
    assert_eq!(ready().await, 503);
    workspace.run(&["health"]).code_is(1);
    limit_file_sizes(&app, "unlimited");
    // The writer needs a moment to see that there is room.
    let again = loop {
        let answer = post(accepted).await;
        if answer.status == 200 {
            break answer;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    };
    assert_eq!(ready().await, 200);
    let last = again.json()["job_id"].as_i64().expect("a number");
    let jobs = await_json(
        &workspace,
        &["job", "list", "--brief", "--limit", "1000"],
        |jobs| {
            jobs.as_array()
                .is_some_and(|jobs| jobs.iter().all(|it| it["status"] == "complete"))
        },
    );
    assert_eq!(
        jobs.as_array().map(Vec::len),
        Some(accepted + 1),
        "up to job {last}"
    );
}

#[cfg(target_os = "linux")]
fn limit_file_sizes(app: &TestApp, bytes: &str) {
    let set = Command::new("prlimit")
        .args([
            format!("--pid={}", app.id()),
            format!("--fsize={bytes}:unlimited"),
        ])
        .status()
        .expect("`prlimit` of util-linux runs");
    assert!(set.success());
}
