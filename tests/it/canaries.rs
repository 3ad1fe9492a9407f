//! Fifty secret values go through everything, and are found nowhere: no file of the data folder, no log line, no answer.

use serde_json::{Value, json};

use crate::support::{
    Canary, TestApp, TestReceiver, TestSender, Workspace, await_json, canaries, echo,
    hits_in_folder, hits_in_text,
};

const SECRETS: usize = 20;
const STATES: usize = 20;
const CREDENTIALS: usize = 10;

struct Values {
    secrets: Vec<Canary>,
    states: Vec<Canary>,
    credentials: Vec<Canary>,
}

impl Values {
    fn new() -> Self {
        let mut all = canaries(SECRETS + STATES + CREDENTIALS);
        for credential in &mut all[SECRETS + STATES..] {
            // A header cannot have every character.
            credential.value.clone_from(&credential.plain);
        }
        let credentials = all.split_off(SECRETS + STATES);
        let states = all.split_off(SECRETS);
        Self {
            secrets: all,
            states,
            credentials,
        }
    }

    fn all(&self) -> Vec<Canary> {
        [&self.secrets[..], &self.states[..], &self.credentials[..]].concat()
    }

    fn credential_headers(&self) -> Vec<(String, String)> {
        let names = [
            "authorization".to_owned(),
            "cookie".to_owned(),
            "x-api-key".to_owned(),
        ];
        let more = (3..CREDENTIALS).map(|number| format!("x-credential-{number}"));
        names
            .into_iter()
            .chain(more)
            .zip(&self.credentials)
            .map(|(name, it)| (name, it.plain.clone()))
            .collect()
    }

    fn body(&self) -> Value {
        let mut state = serde_json::Map::new();
        for (number, canary) in self.states.iter().enumerate() {
            let value = match number % 3 {
                0 => json!(canary.value),
                1 => json!({"user": "app", "password": canary.value}),
                _ => json!([canary.value]),
            };
            state.insert(format!("t{number}"), value);
        }
        json!({"n": 1, "_secretStatePut": state})
    }
}

/// Every place of a flow that takes a template has a secret in it.
fn document(receiver: &TestReceiver) -> Value {
    let all_secrets: String = (0..SECRETS)
        .map(|n| format!("{{{{secrets.s{n}}}}} "))
        .collect();
    let state = |number: usize| match number % 3 {
        0 => format!("{{{{secretState.t{number}}}}} "),
        1 => format!("{{{{secretState.t{number}.password}}}} "),
        _ => format!("{{{{secretState.t{number}[0]}}}} "),
    };
    let all_states: String = (0..STATES).map(state).collect();
    let credentials = "{{requestHeaders.authorization}} {{requestHeaders.cookie}} {{requestHeaders[\"x-api-key\"]}} {{requestHeaders[\"x-credential-3\"]}}";
    let more: Vec<String> = (3..CREDENTIALS)
        .map(|number| format!("x-credential-{number}"))
        .collect();
    let task = |name: &str, url: String| {
        json!({
            "name": name, "url": url, "method": "POST", "event": "job_finished", "object": "any_job",
            "headers": {"Content-Type": "application/json", "X-Extra": "{{secrets.s0}}"},
            "body": format!("{{\"secrets\": \"{all_secrets}\", \"job\": $jobId}}"),
            "secret": "s1", "retry_on_failure": false
        })
    };
    json!({
        "format": "hookloom.flow/1", "name": "canary_flow",
        "endpoints": [{
            "name": "canary_in", "methods": ["POST"], "mode": "async",
            "auth": {"kind": "shared_key", "secret": "s0"},
            "header_memory": "requestHeaders", "body_memory": "requestBody", "credential_headers": more
        }],
        "steps": [
            {"name": "keep", "kind": "set", "values": {"all_secrets": all_secrets, "all_states": all_states}},
            {"name": "call", "kind": "http", "after": [{"step": "keep", "on": ["*"]}], "method": "POST",
             "url": format!("{}/called/{{{{secrets.s2}}}}?key={{{{secrets.s3}}}}", receiver.url()),
             "headers": {"Content-Type": "text/plain", "Authorization": "Bearer {{secrets.s0}}"},
             "body": format!("{all_secrets}{all_states}{credentials}")},
            {"name": "again", "kind": "http", "after": [{"step": "call", "on": ["*"]}], "method": "POST",
             "url": format!("{}/again", receiver.url()),
             "headers": {"Content-Type": "application/json"},
             "body": "{\"echoed\": {{steps.call.data}}}"},
            {"name": "dead", "kind": "http", "after": [{"step": "again", "on": ["*"]}], "method": "POST",
             "url": "http://127.0.0.1:1/{{secrets.s4}}?key={{secrets.s5}}",
             "headers": {"Content-Type": "text/plain"}, "body": "{{secretState.t0}}"}
        ],
        "outputs": [{"name": "call", "step": "call"}],
        "webhook_tasks": [
            task("tell", format!("{}/told/{{{{secrets.s6}}}}", receiver.url())),
            task("dead", "http://127.0.0.1:1/{{secrets.s7}}".to_owned()),
        ]
    })
}

/// Everything that a command shows.
fn everything_shown(workspace: &Workspace) -> String {
    let mut shown = String::new();
    let mut show = |arguments: &[&str]| {
        for json in [true, false] {
            let mut arguments = arguments.to_vec();
            if json {
                arguments.push("--json");
            }
            let finished = workspace.run(&arguments);
            shown.push_str(&finished.stdout);
            shown.push_str(&finished.stderr);
        }
    };
    for command in [
        "flow list",
        "flow export canary_flow",
        "secret list",
        "variable list",
        "doctor",
        "job list",
    ] {
        show(&command.split(' ').collect::<Vec<_>>());
    }
    for (list, key) in [("request", "id"), ("job", "id"), ("delivery", "id")] {
        let items = workspace.json(&[list, "list"]);
        for item in items.as_array().expect("a list") {
            let id = item[key]
                .as_str()
                .map_or_else(|| item[key].to_string(), str::to_owned);
            show(&[list, "show", &id]);
            if list == "job" {
                show(&[list, "show", &id, "--journal"]);
            }
        }
    }
    shown
}

async fn send_everything(workspace: &Workspace, app: &TestApp, values: &Values) {
    let sender = TestSender::new();
    let headers = values.credential_headers();
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    let key = values.secrets[0].plain.as_str();
    let accepted = sender
        .hook_with(app, "canary_flow", key, &values.body(), &headers)
        .await;
    assert_eq!(accepted.status, 200, "{accepted:?}");
    // A wrong key that is nearly right, and a body that cannot be parsed: what is kept of these must be clean too.
    let wrong = sender
        .hook_with(
            app,
            "canary_flow",
            &format!("{key}x"),
            &values.body(),
            &headers,
        )
        .await;
    assert_eq!(wrong.status, 401);
    let url = crate::support::hook_url(app, "canary_flow", key);
    let broken = format!("{}}}", values.body());
    let mut all = vec![("content-type", "application/json")];
    all.extend(&headers);
    let broken = sender
        .send(reqwest::Method::POST, &url, &all, broken.into_bytes())
        .await;
    assert_eq!(broken.status, 400);
    await_json(workspace, &["delivery", "list"], |it| {
        let deliveries = it.as_array().expect("a list");
        deliveries.len() == 2
            && deliveries
                .iter()
                .all(|it| it["status"] == "delivered" || it["status"] == "failed")
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_canaries_appear_in_no_file_no_log_and_no_answer_in_any_encoding() {
    let mut receiver = TestReceiver::start().await;
    let values = Values::new();
    // The receiver of a task cannot know what only lived as long as the job; steps' receivers know everything.
    let (secrets, all) = (values.secrets.clone(), values.all());
    receiver.script(move |it| {
        echo(if it.target.starts_with("/told") {
            &secrets
        } else {
            &all
        })
    });
    let workspace = Workspace::new();
    for (number, canary) in values.secrets.iter().enumerate() {
        workspace.set_secret(&format!("s{number}"), &canary.value);
    }
    let app = TestApp::start_with(&workspace, &[], &[("HOOKLOOM_LOG", "trace")]);
    workspace.publish(&document(&receiver));
    let heard = TestSender::new().listen(&app).await;
    send_everything(&workspace, &app, &values).await;

    // The values did go out where they belong: a flow that never used them would be a test that cannot fail.
    let called = receiver.next_to("/called").await;
    let body = called.text();
    for canary in values
        .secrets
        .iter()
        .chain(&values.states)
        .chain(&values.credentials[..4])
    {
        assert!(
            body.contains(&canary.value),
            "{} was not sent: {body}",
            canary.value
        );
    }

    let all = values.all();
    let shown = everything_shown(&workspace);
    assert!(shown.contains("••••"));
    let heard = heard.lock().expect("no panic").clone();
    assert!(heard.contains("\"jobs\""), "live updates came: {heard}");
    assert_eq!(
        hits_in_text(&heard, &all),
        Vec::<String>::new(),
        "live updates"
    );
    assert_eq!(hits_in_text(&shown, &all), Vec::<String>::new(), "shown");
    assert_eq!(
        hits_in_folder(&workspace.data(), &all),
        Vec::<String>::new(),
        "while it runs"
    );
    let log = app.kill();
    assert_eq!(hits_in_text(&log, &all), Vec::<String>::new(), "the log");
    assert_eq!(
        hits_in_folder(&workspace.data(), &all),
        Vec::<String>::new(),
        "after a kill"
    );
    let again = workspace.serve();
    workspace.run(&["doctor"]);
    drop(again);
    assert_eq!(
        hits_in_folder(&workspace.data(), &all),
        Vec::<String>::new(),
        "after a restart"
    );
}

#[test]
fn the_search_for_canaries_finds_each_in_every_encoding() {
    let workspace = Workspace::new();
    let all = canaries(6);
    for canary in &all {
        for (form, text) in canary.forms() {
            std::fs::write(workspace.folder().join("planted"), format!("…{text}…"))
                .expect("a file");
            let hits = hits_in_folder(workspace.folder(), &all);
            assert!(
                !hits.is_empty(),
                "{form} of {} is not found: {text}",
                canary.value
            );
        }
    }
    std::fs::remove_file(workspace.folder().join("planted")).expect("it is there");
    assert_eq!(
        hits_in_folder(workspace.folder(), &all),
        Vec::<String>::new()
    );
}
