//! Every command: what it prints for scripts and for people, and its exit code.

use serde_json::{Value, json};

use crate::support::{Workspace, intake, order_intake};

#[test]
fn a_flow_goes_through_every_command_of_its_life() {
    let workspace = Workspace::new();
    let _app = workspace.serve();
    let document = order_intake();
    let file = workspace.file("order_intake.json", &document.to_string());
    let imported = workspace.json(&["flow", "import", &file]);
    assert_eq!(imported[0]["name"], "order_intake");
    assert_eq!(
        (&imported[0]["state"], &imported[0]["version"]),
        (&"off".into(), &Value::Null)
    );
    let published = workspace.json(&["flow", "publish", "order_intake"]);
    assert_eq!(
        (&published["state"], &published["version"]),
        (&"live".into(), &1.into())
    );
    assert_eq!(
        workspace.json(&["flow", "pause", "order_intake"])["state"],
        "paused"
    );
    assert_eq!(
        workspace.json(&["flow", "resume", "order_intake"])["state"],
        "live"
    );
    assert_eq!(
        workspace.json(&["flow", "off", "order_intake"])["state"],
        "off"
    );
    let again = workspace.json(&["flow", "import", &file, "--publish"]);
    assert_eq!(
        again[0]["id"], imported[0]["id"],
        "an import over a name keeps its flow"
    );
    assert_eq!(
        again[0]["outputs"], imported[0]["outputs"],
        "outputs keep their ids by name"
    );

    let copied = workspace.json(&["flow", "copy", "order_intake", "second_intake"]);
    assert_eq!(copied["name"], "second_intake");
    let listed = workspace.json(&["flow", "list"]);
    assert_eq!(listed.as_array().map(Vec::len), Some(2), "{listed}");
    for key in ["id", "name", "title", "state", "version", "outputs"] {
        assert!(listed[0].get(key).is_some(), "no `{key}` in {listed}");
    }
    workspace.run(&["flow", "delete", "second_intake"]).ok();
    workspace
        .run(&["flow", "export", "second_intake"])
        .code_is(2);
    let table = workspace.run(&["flow", "list"]).ok().stdout;
    assert!(
        table.contains("order_intake") && !table.contains('\u{1b}'),
        "{table}"
    );
}

#[test]
fn an_export_is_the_document_in_two_spaces_and_imports_again_unchanged() {
    let workspace = Workspace::new();
    let _app = workspace.serve();
    workspace.publish(&order_intake());
    let text = workspace
        .run(&["flow", "export", "order_intake"])
        .ok()
        .stdout;
    assert!(
        text.starts_with("{\n  \"format\": \"hookloom.flow/1\",\n  \"name\""),
        "{text}"
    );
    let exported: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(exported, order_intake());
    workspace
        .run_with_input(&["flow", "import", "-"], &text)
        .ok();
    assert_eq!(
        workspace
            .run(&["flow", "export", "order_intake"])
            .ok()
            .stdout,
        text
    );
    let listed = workspace.json(&["flow", "list"]);
    assert_eq!(
        listed[0]["draft_changed"], false,
        "the same document is no change: {listed}"
    );
}

#[test]
fn a_broken_document_lists_every_problem_with_its_place_and_changes_nothing() {
    let workspace = Workspace::new();
    let _app = workspace.serve();
    workspace.publish(&order_intake());
    let mut broken = order_intake();
    broken["titel"] = "typing error".into();
    broken["steps"][1]["url"] = 7.into();
    broken["steps"][1]["after"][0]["step"] = "enrihc".into();
    broken["webhook_tasks"][0]["event"] = "job_ended".into();
    let imported = workspace
        .run_with_input(&["flow", "import", "-", "--json"], &broken.to_string())
        .code_is(1);
    let places = |problems: &Value| -> Vec<String> {
        let problems = problems.as_array().expect("a list");
        problems
            .iter()
            .map(|it| it["place"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    let listed = places(&imported.error()["problems"]);
    for place in [
        "/titel",
        "/steps/1/url",
        "/steps/1/after/0/step",
        "/webhook_tasks/0/event",
    ] {
        assert!(
            listed.iter().any(|it| it == place),
            "no {place} in {listed:?}"
        );
    }
    let exported: Value = serde_json::from_str(
        &workspace
            .run(&["flow", "export", "order_intake"])
            .ok()
            .stdout,
    )
    .expect("JSON");
    assert_eq!(exported, order_intake(), "nothing was changed");

    let file = workspace.file("broken.json", &broken.to_string());
    let validated = workspace
        .run(&["flow", "validate", &file, "--json"])
        .code_is(1)
        .json();
    // An import also knows the workspace: it warns of secrets that nobody set.
    for place in places(&validated) {
        assert!(listed.contains(&place), "no {place} in {listed:?}");
    }
    assert!(places(&validated).len() >= 4, "{validated}");
    let good = workspace.file("good.json", &order_intake().to_string());
    workspace.run(&["flow", "validate", &good]).ok();
    let text = workspace.run(&["flow", "import", &file]).code_is(1).stderr;
    assert!(
        text.contains("/steps/1/url") && text.contains("title"),
        "{text}"
    );
}

#[test]
fn what_is_no_json_is_named_with_its_line() {
    let workspace = Workspace::new();
    let file = workspace.file("flow.json", "{\n  \"name\": \"a\",\n}");
    for command in ["import", "validate"] {
        let error = workspace
            .run(&["flow", command, &file, "--json"])
            .code_is(1)
            .error();
        assert!(
            error["message"]
                .as_str()
                .is_some_and(|it| it.contains("line 3")),
            "{error}"
        );
    }
    workspace
        .run(&["flow", "import", "/nowhere.json"])
        .code_is(2);
}

#[test]
fn an_unknown_name_exits_with_2_everywhere() {
    let workspace = Workspace::new();
    let _app = workspace.serve();
    workspace.publish(&intake("known"));
    let delivery = format!("dlv_{}", "0".repeat(32));
    let request = format!("mqr_{}", "0".repeat(32));
    for command in [
        "flow export unknown",
        "flow publish unknown",
        "flow pause unknown",
        "flow copy unknown other",
        "flow delete unknown",
        "run unknown",
        "run known --output unknown",
        "job show 4711",
        "secret delete unknown",
        "variable delete unknown",
        "token revoke unknown",
        &format!("request show {request}"),
        &format!("delivery show {delivery}"),
        &format!("delivery resend {delivery}"),
        "delivery show dlv_no",
        "request show no",
    ] {
        let mut arguments: Vec<&str> = command.split(' ').collect();
        arguments.push("--json");
        let error = workspace.run(&arguments).code_is(2).error();
        assert!(
            error["message"].as_str().is_some_and(|it| !it.is_empty()),
            "{command}: {error}"
        );
    }
}

#[test]
fn wrong_use_exits_with_2_and_json_is_answered_with_json() {
    let workspace = Workspace::new();
    for command in [
        "",
        "paint",
        "job show seventeen",
        "job list --status done",
        "serve --receiver here",
    ] {
        let arguments: Vec<&str> = command.split(' ').filter(|it| !it.is_empty()).collect();
        workspace.run(&arguments).code_is(2);
    }
    let error = workspace
        .run(&["job", "show", "seventeen", "--json"])
        .code_is(2)
        .error();
    assert_eq!(error["code"], "wrong_use");
    assert!(!workspace.data().exists(), "none of these opens a folder");
}

#[test]
fn secrets_are_set_listed_and_deleted() {
    let workspace = Workspace::new();
    let _app = workspace.serve();
    workspace.publish(&order_intake());
    let set = workspace
        .run_with_input(&["secret", "set", "shop_token"], "a-very-secret-value\n")
        .ok();
    assert!(!set.stdout.contains("a-very") && !set.stderr.contains("a-very"));
    let secrets = workspace.json(&["secret", "list"]);
    let state = |name: &str| {
        let secrets = secrets.as_array().expect("a list");
        secrets
            .iter()
            .find(|it| it["name"] == name)
            .map(|it| it["state"].clone())
    };
    assert_eq!(state("shop_token"), Some("stored".into()), "{secrets}");
    assert_eq!(state("orders_key"), Some("missing".into()), "{secrets}");
    assert!(!secrets.to_string().contains("a-very"));
    workspace.run(&["secret", "delete", "shop_token"]).ok();
}

#[test]
fn variables_are_set_listed_and_deleted_in_sets() {
    let workspace = Workspace::new();
    let _app = workspace.serve();
    workspace.run(&["variable", "set", "text", "12"]).ok();
    workspace
        .run(&["variable", "set", "number", "12", "--parse"])
        .ok();
    workspace
        .run(&["variable", "set", "bad", "{", "--parse"])
        .code_is(2);
    let variables = workspace.json(&["variable", "list"]);
    let value = |name: &str| {
        let variables = variables.as_array().expect("a list");
        variables
            .iter()
            .find(|it| it["name"] == name)
            .map(|it| it["value"].clone())
    };
    assert_eq!(
        (value("text"), value("number")),
        (Some("12".into()), Some(12.into()))
    );
    workspace.run(&["variable", "delete", "text"]).ok();
    workspace
        .run(&[
            "variable", "set", "number", "13", "--set", "staging", "--parse",
        ])
        .ok();
    workspace.run(&["variable", "use", "nowhere"]).code_is(2);
    let used = workspace.json(&["variable", "use", "staging"]);
    assert_eq!(used["active_set"], "staging");
    let variables = workspace.json(&["variable", "list"]);
    let rows = variables.as_array().into_iter().flatten();
    let mut sets: Vec<_> = rows
        .filter(|it| it["name"] == "number")
        .map(|it| it["set"].as_str())
        .collect();
    sets.sort_unstable();
    assert_eq!(sets, [None, Some("staging")]);
    workspace.run(&["variable", "use", "--none"]).ok();
    workspace
        .run(&["variable", "delete", "number", "--set", "staging"])
        .ok();
}

#[test]
fn a_generated_secret_is_shown_once() {
    let workspace = Workspace::new();
    let _app = workspace.serve();
    let made = workspace.json(&["secret", "generate", "steps_key"]);
    let key = made["value"].as_str().expect("it is shown once");
    assert!(key.starts_with("wsk_") && key.len() == 36, "{key}");
    assert!(
        made["standard_webhooks"]
            .as_str()
            .is_some_and(|it| it.starts_with("whsec_"))
    );
    workspace
        .run(&["secret", "generate", "steps_key"])
        .code_is(1);
    let again = workspace.json(&["secret", "generate", "steps_key", "--replace"]);
    assert_ne!(again["value"], made["value"]);
    assert!(
        !workspace
            .json(&["secret", "list"])
            .to_string()
            .contains(key)
    );
}

#[test]
fn tokens_are_made_listed_and_revoked() {
    let workspace = Workspace::new();
    let _app = workspace.serve();
    let token = workspace.json(&["token", "create", "ci", "--scope", "run"]);
    assert!(
        token["token"].as_str().is_some_and(|it| it.len() >= 32),
        "{token}"
    );
    let tokens = workspace.json(&["token", "list"]);
    assert_eq!(
        (&tokens[0]["name"], &tokens[0]["scope"]),
        (&"ci".into(), &"run".into())
    );
    assert!(
        !tokens
            .to_string()
            .contains(token["token"].as_str().expect("text"))
    );
    workspace.run(&["token", "revoke", "ci"]).ok();
    assert_eq!(workspace.json(&["token", "list"]), json!([]));
}

#[test]
fn version_schema_and_completions_need_no_data_folder() {
    let workspace = Workspace::new();
    assert_eq!(
        workspace.json(&["version"])["version"],
        env!("CARGO_PKG_VERSION")
    );
    let schema = workspace.run(&["schema"]).ok().json();
    assert!(
        schema["properties"]["webhook_tasks"].is_object(),
        "{schema}"
    );
    let script = workspace.run(&["completions", "bash"]).ok().stdout;
    assert!(script.contains("hookloom"), "{script}");
    assert!(!workspace.data().exists());
}

/// What a command shows at a terminal of its own: `script` of util-linux makes one.
#[cfg(target_os = "linux")]
fn at_a_terminal(
    workspace: &Workspace,
    environment: &[(&str, &str)],
    arguments: &[&str],
) -> String {
    // `$0` is the program: the shell that `script` starts gets it, and the arguments, by name.
    let mut command = workspace.program_in_shell(r#"exec script -qec "$COMMAND" /dev/null"#);
    let program = command.get_args().nth(2).expect("the program").to_owned();
    let words = std::iter::once(program.to_str().expect("UTF-8")).chain(arguments.iter().copied());
    let words: Vec<String> = words.map(|word| format!("'{word}'")).collect();
    let output = command
        .env_remove("NO_COLOR")
        .env("SHELL", "/bin/sh")
        .env("COMMAND", words.join(" "))
        .envs(environment.iter().copied())
        .stdin(std::process::Stdio::null())
        .output()
        .expect("`script` runs");
    let shown = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(output.status.success(), "{arguments:?}: {shown}");
    shown
}

#[cfg(target_os = "linux")]
#[test]
fn colours_and_progress_are_for_terminals_and_no_color_takes_the_colours_alone() {
    let workspace = Workspace::new();
    let _app = workspace.serve();
    workspace.set_secret("key", "intake-key-0123456789");
    let [one, two] = ["one", "two"].map(|name| {
        let document = intake(name).to_string();
        workspace.file(&format!("{name}.json"), &document)
    });
    let input = workspace.file("input.json", "{}");
    let import = ["flow", "import", &one, &two, "--publish"];
    let run = ["run", "one", "--input", &input, "--wait"];
    let places = [format!("[1/2] {one}"), format!("[2/2] {two}")];
    let is_told = |shown: &str| places.iter().all(|place| shown.contains(place.as_str()));
    // Once when the step ends, and once in the job.
    let tellings = |shown: &str| shown.lines().filter(|it| it.contains("keep")).count();

    let imported = at_a_terminal(&workspace, &[], &import);
    assert!(is_told(&imported), "{imported}");
    assert!(imported.contains("\u{1b}[32mlive\u{1b}[0m"), "{imported}");
    let ran = at_a_terminal(&workspace, &[], &run);
    assert_eq!(tellings(&ran), 2, "{ran}");
    assert!(ran.contains("\u{1b}[32mcomplete"), "{ran}");

    for (no_color, has_colours) in [("1", false), ("", true)] {
        let environment = [("NO_COLOR", no_color)];
        let imported = at_a_terminal(&workspace, &environment, &import);
        let ran = at_a_terminal(&workspace, &environment, &run);
        assert!(is_told(&imported) && tellings(&ran) == 2, "{imported}{ran}");
        for shown in [imported, ran] {
            assert_eq!(shown.contains('\u{1b}'), has_colours, "{no_color}: {shown}");
        }
    }
    for arguments in [&import[..], &run[..]] {
        let with_json = [arguments, &["--json"]].concat();
        let shown = at_a_terminal(&workspace, &[], &with_json);
        let value: Result<Value, _> = serde_json::from_str(&shown);
        assert!(value.is_ok(), "JSON and nothing else: {shown}");
        let piped = workspace.run(arguments).ok();
        let shown = piped.stdout + &piped.stderr;
        assert!(!is_told(&shown) && !shown.contains('\u{1b}'), "{shown}");
        assert!(tellings(&shown) <= 1, "{shown}");
    }
}
