//! A disk that is full. Linux bounds the files of a process, which is as good as one.

use std::fs;
use std::process::Command;

use reqwest::Method;
use serde_json::json;

use crate::support::{TestApp, TestSender, Workspace, await_json, hook_url, intake};

const KEY: &str = "intake-key-0123456789";

/// No file of the server may grow beyond a bound; that is as good as a full disk, and can be lifted while it runs.
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

/// What was sent is as long when it is packed: the database has room below the bound, and the backup's file has not.
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_full_while_a_backup_is_written_leaves_no_half_of_it_and_the_server_goes_on()
{
    let workspace = Workspace::new();
    workspace.set_secret("key", KEY);
    workspace.publish(&intake("intake"));
    let command = workspace.program_in_shell("trap '' XFSZ; exec \"$0\" \"$@\"");
    let app = TestApp::start_command(command, &[], &[]);
    let sender = TestSender::new();
    let url = hook_url(&app, "intake", KEY);
    let headers = [("content-type", "application/octet-stream")];
    for seed in 1..=6 {
        let sent = sender.send(Method::POST, &url, &headers, noise(seed, 1_500_000));
        assert_eq!(sent.await.status, 200);
    }
    workspace.run(&["backup"]).ok();
    let shelf = workspace.data().join("backups");
    let whole = names(&shelf);
    assert_eq!(whole.len(), 1, "{whole:?}");
    let database = fs::metadata(workspace.data().join("hookloom.db")).expect("it is there");
    let backup = fs::metadata(shelf.join(&whole[0])).expect("it is there");
    assert!(
        database.len() < 4_000_000 && backup.len() > 8_000_000,
        "{database:?} {backup:?}"
    );

    limit_file_sizes(&app, "6000000");
    let error = workspace.run(&["backup", "--json"]).code_is(1).error();
    assert_eq!(error["code"], "backup_failed", "{error}");
    let message = error["message"].as_str().expect("a text");
    assert!(
        message.contains("not enough room") && message.contains("MB are needed"),
        "{message}"
    );
    assert_eq!(names(&shelf), whole, "no half of one is left");
    let said = workspace.json(&["backup", "list"]);
    assert_eq!(said["items"].as_array().map(Vec::len), Some(1), "{said}");
    assert_eq!(said["last_failure"]["message"], message);
    let found = workspace.run(&["doctor"]).stdout;
    assert!(found.contains("not enough room"), "{found}");
    // Requests are taken all the time, and the backup of before is whole.
    let sent = sender.send(Method::POST, &url, &headers, noise(7, 1_000));
    assert_eq!(sent.await.status, 200);

    limit_file_sizes(&app, "unlimited");
    workspace.run(&["backup"]).ok();
    assert_eq!(names(&shelf).len(), 2);
    assert_eq!(
        workspace.json(&["backup", "list"])["last_failure"],
        json!(null)
    );
    let (status, log) = app.stop();
    assert!(status.success(), "{log}");
    for name in names(&shelf) {
        workspace.run(&["restore", "--dry-run", &name]).ok();
    }
}

/// Bytes that no packer makes fewer.
fn noise(seed: u64, bytes: usize) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as u8
    };
    std::iter::repeat_with(&mut next).take(bytes).collect()
}

/// What lies in a folder, in order.
fn names(folder: &std::path::Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    let mut names: Vec<String> = entries
        .map(|it| it.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

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
