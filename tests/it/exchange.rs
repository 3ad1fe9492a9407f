//! A workspace goes from one folder to another by two commands, and files of other programs come in: nothing of it runs
//! before somebody turns it on.

#[cfg(target_os = "linux")]
use std::{
    fs,
    io::{Read as _, Write as _},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::support::{TestSender, Workspace, await_job};

const HOOKS: &str = include_str!("../../src-tauri/model/src/exchange/testing/hooks.json");

fn flow() -> Value {
    json!({
        "format": "hookloom.flow/1",
        "name": "orders",
        "endpoints": [{"name": "orders", "auth": {"kind": "shared_key", "secret": "orders_key"}, "body_memory": "requestBody"}],
        "schedules": [{"name": "often", "cron": "* * * * *"}],
        "steps": [{"name": "note", "kind": "set", "values": {"shop": "{{ vars.shop }}"}}],
        "outputs": [{"name": "noted", "step": "note"}],
    })
}

fn states(workspace: &Workspace) -> Vec<Value> {
    let flows = workspace.json(&["flow", "list"]);
    let flows = flows.as_array().expect("flows").iter();
    flows.map(|flow| flow["state"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_moves_by_two_commands_and_runs_nothing_until_it_is_turned_on() {
    let here = Workspace::new();
    here.set_secret("orders_key", "hunter2hunter2");
    here.set_variable("shop", "Corner shop");
    here.publish(&flow());
    let text = here.run(&["export"]).ok().stdout;
    assert!(
        text.starts_with("{\n  \"format\": \"hookloom.workspace/1\""),
        "{text}"
    );
    assert!(!text.contains("hunter2"), "{text}");

    let there = Workspace::new();
    let app = there.serve();
    let file = there.file("workspace.json", &text);
    let looked = there.run(&["import", "--dry-run", &file]).ok().stdout;
    for said in [
        "Would be kept",
        "flow orders",
        "hookloom secret set orders_key",
        "Nothing was written.",
    ] {
        assert!(looked.contains(said), "{said}: {looked}");
    }
    assert_eq!(there.json(&["flow", "list"]), json!([]));
    let imported = there.json(&["import", &file]);
    assert_eq!(imported["missing_secrets"][0]["name"], "orders_key");
    assert_eq!(
        there.run(&["export"]).ok().stdout,
        text,
        "and out again it is the same"
    );
    assert_eq!(states(&there), ["off"]);

    there.set_secret("orders_key", "hunter2hunter2");
    let sender = TestSender::new();
    let answer = sender
        .hook(&app, "orders", "hunter2hunter2", &json!({}))
        .await;
    assert_eq!(
        answer.json(),
        json!({"status": "recorded", "workflow_started": false})
    );
    assert_eq!(there.json(&["job", "list"]), json!([]));
    there.run(&["flow", "resume", "orders"]).ok();
    let answer = sender
        .hook(&app, "orders", "hunter2hunter2", &json!({}))
        .await;
    let id = answer.json()["job_id"].as_i64().expect("a job");
    await_job(&there, id, |job| job["status"] == "complete");

    let again = there
        .run(&["import", &file, "--choose", "flow:orders=skip"])
        .ok()
        .stdout;
    assert!(again.contains("the same"), "{again}");
    there
        .run(&["import", &file, "--choose", "step:a=skip"])
        .code_is(2);
}

/// A command at a terminal of its own, made by `script` of util-linux, and what somebody types at it. Each answer waits
/// for its prompt and until the terminal shows nothing of what is typed.
#[cfg(target_os = "linux")]
fn typed_at_a_terminal(
    workspace: &Workspace,
    arguments: &[&str],
    answers: &[(&str, &str)],
) -> String {
    let place = workspace.folder().join("terminal");
    let script = r#"exec script -qec "tty > '$PLACE'; exec $COMMAND" /dev/null"#;
    let mut command = workspace.program_in_shell(script);
    let program = command.get_args().nth(2).expect("the program").to_owned();
    let words = std::iter::once(program.to_str().expect("UTF-8")).chain(arguments.iter().copied());
    let words: Vec<String> = words.map(|word| format!("'{word}'")).collect();
    let mut child = command
        .env("SHELL", "/bin/sh")
        .env("PLACE", &place)
        .env("COMMAND", words.join(" "))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("`script` runs");
    let mut input = child.stdin.take().expect("piped");
    let mut output = child.stdout.take().expect("piped");
    let mut shown = Vec::new();
    let mut piece = [0; 1024];
    for (prompt, answer) in answers {
        while !String::from_utf8_lossy(&shown).ends_with(prompt) {
            let read = output.read(&mut piece).expect("it can be read");
            assert_ne!(
                read,
                0,
                "no {prompt:?}: {}",
                String::from_utf8_lossy(&shown)
            );
            shown.extend_from_slice(&piece[..read]);
        }
        let terminal = fs::read_to_string(&place).expect("its name");
        let shows_what_is_typed = || {
            let settings = Command::new("stty")
                .args(["-a", "-F", terminal.trim()])
                .output();
            let settings = settings.expect("`stty` runs").stdout;
            !String::from_utf8_lossy(&settings).contains(" -echo ")
        };
        let deadline = Instant::now() + Duration::from_secs(10);
        while shows_what_is_typed() {
            assert!(Instant::now() < deadline, "{prompt:?} shows what is typed");
            std::thread::sleep(Duration::from_millis(10));
        }
        input.write_all(answer.as_bytes()).expect("it is read");
    }
    output.read_to_end(&mut shown).expect("it can be read");
    drop(input);
    let shown = String::from_utf8(shown).expect("UTF-8");
    assert!(child.wait().expect("it ends").success(), "{shown}");
    shown
}

#[cfg(target_os = "linux")]
#[test]
fn an_import_at_a_terminal_asks_for_the_secrets_and_shows_nothing_of_them() {
    let workspace = Workspace::new();
    let mut document = flow();
    document["steps"][0]["values"]["token"] = json!("{{ secrets.shop_token }}");
    document["steps"][0]["values"]["later"] = json!("{{ secrets.zeta }}");
    let file = workspace.file("orders.json", &document.to_string());
    let answers = [
        ("orders_key: ", "hunter2hunter2\n"),
        // Left for later.
        ("shop_token: ", "\n"),
        // The end of the input leaves what is left.
        ("zeta: ", "\u{4}"),
    ];
    let shown = typed_at_a_terminal(&workspace, &["import", &file], &answers);
    assert!(
        shown.contains("Enter alone leaves one for later"),
        "{shown}"
    );
    assert!(shown.contains("The secret `orders_key` is set."), "{shown}");
    assert!(!shown.contains("hunter2"), "{shown}");
    let secrets = workspace.json(&["secret", "list"]);
    let states = secrets.as_array().expect("secrets").iter();
    let states: Vec<_> = states.map(|it| (&it["name"], &it["state"])).collect();
    assert_eq!(
        json!(states),
        json!([
            ["orders_key", "stored"],
            ["shop_token", "missing"],
            ["zeta", "missing"]
        ])
    );
    // Who looks only, a script, and an import that misses nothing are asked for nothing.
    for arguments in [
        &["import", "--dry-run", &file][..],
        &["import", "--json", &file],
    ] {
        let shown = typed_at_a_terminal(&workspace, arguments, &[]);
        assert!(!shown.contains("Enter alone"), "{shown}");
    }
    let piped = workspace.run(&["import", &file]).ok();
    assert!(!piped.stderr.contains("Enter alone"), "{}", piped.stderr);
    // What is here already asks for nothing again.
    let shown = typed_at_a_terminal(&workspace, &["import", &file], &[]);
    assert!(!shown.contains("Enter alone"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn hooks_come_in_as_drafts_and_once_published_let_in_whom_their_rules_did() {
    let workspace = Workspace::new();
    let app = workspace.serve();
    let file = workspace.file("hooks.json", HOOKS);
    let report = workspace.run(&["import", &file]).ok().stdout;
    for said in [
        "Dropped",
        "`execute-command`: Hookloom starts no programs",
        "hookloom secret set gitlab_push_x_gitlab_token",
    ] {
        assert!(report.contains(said), "{said}: {report}");
    }
    assert!(states(&workspace).iter().all(|state| state == "off"));
    workspace.set_secret("gitlab_push_x_gitlab_token", "hunter2hunter2");
    workspace.run(&["flow", "publish", "gitlab_push"]).ok();
    let url = format!("{}/in/hooks/gitlab/push", app.receiver());
    let call = |key: &'static str| {
        let sender = reqwest::Client::builder()
            .no_proxy()
            .build()
            .expect("a client");
        let call = sender
            .post(&url)
            .header("X-Gitlab-Token", key)
            .json(&json!({"ref": "main"}));
        async move { call.send().await.expect("an answer").status().as_u16() }
    };
    assert_eq!(call("wrong").await, 401);
    assert_eq!(call("hunter2hunter2").await, 200);

    // The rule about the payload is the flow's first step.
    workspace.set_variable("slack_token", "right");
    workspace.run(&["flow", "publish", "slack"]).ok();
    for (token, code) in [("right", "success"), ("wrong", "refused")] {
        let input = workspace.file("input.json", &json!({"token": token}).to_string());
        let started = workspace.json(&["run", "slack", "--input", &input]);
        let id = started["job_id"].as_i64().expect("a job");
        let job = await_job(&workspace, id, |job| job["status"] == "complete");
        assert_eq!(job["steps"][0]["exit_code"], code, "{job:#}");
    }
    let out = workspace
        .run(&["export", "gitlab_push", "--as", "hooks"])
        .ok();
    assert!(
        out.stdout
            .contains(r#""value": "{{ getenv "gitlab_push_x_gitlab_token" | js }}""#),
        "{}",
        out.stdout
    );
    assert!(out.stderr.contains("-template"), "{}", out.stderr);
}
