//! Backups by the command line and by a running server: to another computer, back in place, and what is refused.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::support::{
    Canary, TestApp, TestSender, Workspace, await_json, hits_in_folder, hook_url, intake,
};

const KEY: &str = "intake-key-0123456789";

/// A workspace with a flow, a secret and one job that has ended.
fn lived() -> Workspace {
    let workspace = Workspace::new();
    workspace.set_secret("key", KEY);
    workspace.set_variable("region", "eu");
    workspace.publish(&intake("intake"));
    workspace.run(&["run", "intake", "--wait"]).ok();
    workspace
}

fn count(workspace: &Workspace, arguments: &[&str]) -> usize {
    let listed = workspace.json(arguments);
    listed.as_array().map_or(0, Vec::len)
}

/// What the doctor says of an area, as one text.
fn said_of(workspace: &Workspace, area: &str) -> String {
    let found = workspace.run(&["doctor", "--json"]).json();
    let findings = found["findings"].as_array().expect("findings");
    let of_area = findings.iter().filter(|it| it["area"] == area);
    of_area.map(Value::to_string).collect()
}

#[test]
fn a_backup_brings_a_workspace_to_another_computer_without_its_secrets() {
    let here = lived();
    let file = here.folder().join("moved.hookloom");
    let path = file.display().to_string();
    let made = here.json(&["backup", &path]);
    assert_eq!(made["contents"]["secrets_needed"], json!(["key"]), "{made}");
    assert_eq!(made["path"], path.as_str());
    assert_eq!(
        here.json(&["backup", "list"])["items"],
        json!([]),
        "it was moved"
    );
    let again = here.run(&["backup", &path, "--json"]).code_is(2).error();
    assert!(
        again["message"]
            .as_str()
            .is_some_and(|it| it.contains("already")),
        "{again}"
    );
    let shown = here.run(&["restore", "--dry-run", &path]).ok().stdout;
    assert!(
        shown.contains("Whole. Nothing was changed.") && shown.contains("1 job,"),
        "{shown}"
    );
    assert!(
        shown.contains("set these where it is restored: key"),
        "{shown}"
    );

    // The other computer has no keychain: a restore needs none.
    let there = Workspace::with_environment(&[
        ("HOOKLOOM_VAULT", "keychain"),
        ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere"),
    ]);
    let restored = there.json(&["restore", &path]);
    assert_eq!(restored["restored"], true);
    assert_eq!(count(&there, &["job", "list"]), 1);
    assert_eq!(there.json(&["variable", "list"])[0]["name"], "region");
    assert_eq!(count(&there, &["flow", "list"]), 1);
    assert!(
        said_of(&there, "keychain").contains("not there"),
        "{}",
        said_of(&there, "keychain")
    );
    // The value is nowhere in the backup, in any form, packed or not.
    let canary = Canary::of(KEY);
    let hits = hits_in_folder(&there.data(), &[canary]);
    assert!(hits.is_empty(), "{hits:?}");
}

#[test]
fn what_cannot_be_restored_is_refused_with_4_and_changes_nothing() {
    let workspace = lived();
    let file = workspace.folder().join("one.hookloom");
    let path = file.display().to_string();
    workspace.run(&["backup", &path]).ok();
    let mut bytes = fs::read(&file).expect("it is there");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let damaged = workspace.folder().join("damaged.hookloom");
    fs::write(&damaged, bytes).expect("it can be written");
    let notes = workspace.file("notes.hookloom", "my shopping list");
    for (file, says) in [
        (damaged.display().to_string(), "is damaged"),
        (notes, "is no backup of Hookloom"),
        ("/nowhere/at/all.hookloom".to_owned(), "/nowhere/at/all"),
    ] {
        for arguments in [
            vec!["restore", &file, "--json"],
            vec!["restore", "--dry-run", &file, "--json"],
        ] {
            let error = workspace.run(&arguments).code_is(4).error();
            assert_eq!(error["code"], "backup_unusable", "{error}");
            assert!(
                error["message"]
                    .as_str()
                    .is_some_and(|it| it.contains(says)),
                "{error}"
            );
        }
    }
    assert_eq!(count(&workspace, &["job", "list"]), 1);
    let _app = workspace.serve();
    let owned = workspace
        .run(&["restore", &path, "--json"])
        .code_is(4)
        .error();
    assert_eq!(owned["code"], "data_folder_owned");
    assert!(
        owned["message"]
            .as_str()
            .is_some_and(|it| it.contains("hookloom serve")),
        "{owned}"
    );
}

#[test]
fn a_database_that_is_damaged_is_put_right_by_a_restore() {
    let workspace = lived();
    workspace.run(&["backup"]).ok();
    let database = workspace.data().join("hookloom.db");
    fs::write(&database, "no database at all").expect("it is there");
    // Whoever did not note its name before finds it now: in the error, in the doctor's and in the list.
    let kept = workspace.json(&["backup", "list"]);
    let name = kept["items"][0]["name"].as_str().expect("a name");
    assert_eq!(kept["items"][0]["contents"]["jobs_count"], 1, "{kept}");
    assert!(kept["database_problem"].is_string(), "{kept}");
    let shown = workspace.run(&["backup", "list"]).ok().stdout;
    assert!(
        shown.contains(name) && shown.contains("does not begin as a database"),
        "{shown}"
    );
    let broken = workspace.run(&["job", "list", "--json"]).code_is(4).error();
    assert_eq!(broken["code"], "database_unusable");
    let wanted = format!("`hookloom restore {name}`");
    let says = |hint: &Value| hint.as_str().is_some_and(|it| it.contains(&wanted));
    assert!(says(&broken["hint"]), "{broken}");
    let served = ["serve", "--receiver", "0", "--control", "0", "--json"];
    let served = workspace.run(&served).code_is(4).error();
    assert!(says(&served["hint"]), "{served}");
    let found = workspace.run(&["doctor", "--json"]).code_is(1).json();
    assert!(says(&found["findings"][0]["hint"]), "{found}");
    let restored = workspace.json(&["restore", name]);
    assert_eq!(count(&workspace, &["job", "list"]), 1);
    assert!(said_of(&workspace, "backup").contains("is whole"));
    // What was there is still there, damaged as it is.
    let aside = PathBuf::from(restored["aside"].as_str().expect("a folder"));
    let before = fs::read_to_string(aside.join("hookloom.db")).expect("it was moved");
    assert_eq!(before, "no database at all");
}

/// A call of the control API by the owner.
async fn call(app: &TestApp, token: &str, method: Method, path: &str) -> reqwest::Response {
    let url = format!("{}/api/v1{path}", app.control());
    let call = reqwest::Client::new()
        .request(method, url)
        .bearer_auth(token);
    call.send().await.expect("it answers")
}

/// Signs in as a browser does.
async fn session(app: &TestApp) -> String {
    let code = app.ui().split_once("#code=").expect("a code").1;
    let url = format!("{}/api/v1/session", app.control());
    let begun = reqwest::Client::new()
        .post(url)
        .json(&json!({"code": code}));
    let begun: Value = begun
        .send()
        .await
        .expect("it answers")
        .json()
        .await
        .expect("JSON");
    begun["token"].as_str().expect("a token").to_owned()
}

/// Somebody who calls all the time, each time over a connection of its own, until told to end. Says how often an
/// answer came; a call without one is a panic.
fn call_all_the_time(url: String, ended: Arc<AtomicBool>) -> JoinHandle<usize> {
    tokio::spawn(async move {
        let mut answered = 0;
        while !ended.load(Ordering::Relaxed) {
            let answer = TestSender::new()
                .send(Method::GET, &url, &[], Vec::new())
                .await;
            assert!([200, 404, 503].contains(&answer.status), "{}", answer.body);
            answered += 1;
        }
        answered
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_server_backs_up_and_restores_by_itself_and_stays_where_it_is() {
    let workspace = lived();
    let app = workspace.serve();
    let token = session(&app).await;
    // By a command, while the server owns the folder.
    workspace.run(&["backup"]).ok();
    let name = workspace.json(&["backup", "list"])["items"][0]["name"].take();
    let name = name.as_str().expect("a name").to_owned();
    let sender = TestSender::new();
    let url = hook_url(&app, "intake", KEY);
    let headers = [("content-type", "application/json")];
    let later = sender
        .send(Method::POST, &url, &headers, b"{}".to_vec())
        .await;
    assert_eq!(later.status, 200);
    let last = later.json()["job_id"].as_i64().expect("a number");
    assert_eq!(count(&workspace, &["job", "list"]), 2);
    let ended = Arc::new(AtomicBool::new(false));
    let callers = [
        hook_url(&app, "nobody", KEY),
        format!("{}/healthz", app.control()),
    ];
    let callers = callers.map(|url| call_all_the_time(url, Arc::clone(&ended)));
    let begun = call(
        &app,
        &token,
        Method::POST,
        &format!("/backups/{name}/restore"),
    )
    .await;
    assert_eq!(begun.status(), 202);
    // Commands are answered all the time, too, and none takes the folder while it is opened again.
    await_json(&workspace, &["job", "list"], |jobs| {
        jobs.as_array().is_some_and(|jobs| jobs.len() == 1)
    });
    ended.store(true, Ordering::Relaxed);
    for caller in callers {
        let answered = caller.await.expect("every call has an answer");
        assert!(answered > 0);
    }
    // The same addresses, the same session, the same secrets; and no number twice.
    let shown = call(&app, &token, Method::GET, "/backups").await;
    assert_eq!(shown.status(), 200);
    let shown: Value = shown.json().await.expect("JSON");
    assert_eq!(shown["waiting_restore"], json!(null));
    assert_eq!(
        shown["set_aside"].as_array().map(Vec::len),
        Some(1),
        "{shown}"
    );
    let deadline = Instant::now() + Duration::from_secs(10);
    let again = loop {
        let again = sender
            .send(Method::POST, &url, &headers, b"{}".to_vec())
            .await;
        if again.status == 200 || Instant::now() > deadline {
            break again;
        }
    };
    assert_eq!(again.status, 200, "{}", again.body);
    assert_eq!(again.json()["job_id"], last + 1);
    #[cfg(unix)]
    {
        let (status, log) = app.stop();
        assert!(status.success(), "{log}");
        assert!(log.contains("a backup was restored"), "{log}");
        assert!(!log.contains("still has the database open"), "{log}");
    }
}
