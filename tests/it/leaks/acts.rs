//! What is done with the secrets: everything that senders, people and scripts can do.

use reqwest::Method;
use serde_json::json;

use super::scene::Scene;
use super::values::state_of;
use crate::support::Canary;

/// Everything that the receiver takes, in every mode, by every URL, right and wrong.
pub async fn receive(scene: &mut Scene) {
    let key = scene.values.secrets[0].plain.clone();
    let body = scene.values.body(&scene.control.value).to_string();
    let secret = |scene: &Scene, n: usize| scene.values.secrets[n].plain.clone();
    let made = scene.workspace.json(&[
        "endpoint",
        "token",
        "create",
        "short",
        "short_async_60000",
        "warehouse",
    ]);
    let token = made["url"]
        .as_str()
        .and_then(|url| url.rsplit('/').next())
        .expect("a token")
        .to_owned();
    scene.made.push(Canary::of(&token));
    let (by_id, correlated, part) = (secret(scene, 24), secret(scene, 25), secret(scene, 26));
    for target in [
        "/api/webhook/local/leaks?key=KEY".to_owned(),
        format!("/in/leaks/{part}?key=KEY"),
        format!("/api/call/short_sync_60000?key=KEY&id={by_id}&correlationId={correlated}"),
        format!("/api/call/short_sync_60000?key=KEY&id={by_id}"),
        format!("/hook/{token}?key=KEY&other={correlated}"),
        "/api/webhook/local/short/short_stream_60000?key=KEY".to_owned(),
    ] {
        let (status, _) = scene.call(&target, &key, body.as_bytes(), &[]).await;
        assert!(
            matches!(status, 200 | 502),
            "{target}: {status}: {}",
            scene.heard.0.lines().last().unwrap_or_default()
        );
    }
    let (status, late) = scene
        .call(
            "/api/webhook/local/short/short_sync_1?key=KEY",
            &key,
            body.as_bytes(),
            &[],
        )
        .await;
    assert_eq!(status, 202, "{late}");
    let status_url = late["status_url"].as_str().expect("a URL").to_owned();
    let token = status_url.rsplit('/').next().expect("a token");
    // Shown to its caller here, and never again.
    scene.heard.0 = scene.heard.0.replace(token, "");
    scene.made.push(Canary::of(token));
    scene.jobs(6);
    let url = format!("{}{status_url}", scene.app.receiver());
    let told = scene.sender.send(Method::GET, &url, &[], Vec::new()).await;
    scene.heard.answer("status URL", &told);
    refused(scene, &key, &body).await;
    other_bodies(scene, &key, &body).await;
}

/// The URL of the flow's first endpoint.
const TARGET: &str = "/api/webhook/local/short?key=KEY";

/// What is refused, and what is kept of it.
async fn refused(scene: &mut Scene, key: &str, body: &str) {
    let near = format!("{key}x");
    let broken = format!("{body}}}");
    let long = key.repeat(20);
    for (key, body, more) in [
        (&*near, body, vec![]),
        (key, &*broken, vec![]),
        (key, body, vec![("content-encoding", key)]),
        (key, body, vec![("idempotency-key", &*long)]),
    ] {
        let (status, _) = scene.call(TARGET, key, body.as_bytes(), &more).await;
        assert!((400..500).contains(&status), "{status}");
    }
}

/// A key that is a secret, twice; a form with fields and a file; fields; text; XML.
async fn other_bodies(scene: &mut Scene, key: &str, body: &str) {
    let secret = |n: usize| scene.values.secrets[n].plain.clone();
    let (by_id, correlated, part) = (secret(24), secret(25), secret(26));
    let form = format!(
        "--b\r\ncontent-disposition: form-data; name=\"{part}\"\r\n\r\n{by_id}\r\n--b\r\ncontent-disposition: form-data; \
         name=\"file\"; filename=\"{correlated}.txt\"\r\ncontent-type: text/{part}\r\n\r\n{}\r\n--b--\r\n",
        scene.control.value
    );
    let fields = format!("a={by_id}&{part}=b&c=%2B{correlated}");
    let xml = format!("<a b=\"{by_id}\">{part}</a>");
    let keyed = secret(30);
    for (body, more) in [
        (body, ("idempotency-key", &*keyed)),
        (body, ("idempotency-key", &*keyed)),
        (&*form, ("content-type", "multipart/form-data; boundary=b")),
        (
            &fields,
            ("content-type", "application/x-www-form-urlencoded"),
        ),
        (&*fields, ("content-type", "text/plain")),
        (&*xml, ("content-type", "application/xml")),
    ] {
        let (status, _) = scene.call(TARGET, key, body.as_bytes(), &[more]).await;
        assert_eq!(status, 200, "{more:?}");
    }
}

/// What starts jobs apart from the receiver, and what is done with jobs afterwards.
pub async fn run_again(scene: &mut Scene) {
    let jobs = scene.jobs(11);
    let replayed = state_of(&scene.values.replayed);
    let run = state_of(&scene.values.run);
    let told = scene.values.secrets[28].value.clone();
    // The first of the short flow: the third of all.
    let first = jobs[jobs.len() - 3];
    let requests = scene.get("/requests?verdict=accepted&flow=short").await;
    let request = requests["items"][0]["id"]
        .as_str()
        .expect("a request")
        .to_owned();
    // The names that the first call brought have to be there again, some of them with other values.
    let mut state = state_of(&scene.values.states);
    let fields = state.as_object_mut().expect("an object");
    fields.extend(replayed.as_object().expect("an object").clone());
    let again = json!({"secret_state": state, "input": {"edited": told}});
    scene
        .post(&format!("/jobs/{first}/replay"), again.clone())
        .await;
    scene
        .post(&format!("/requests/{request}/replay"), again)
        .await;
    scene
        .post(
            &format!("/jobs/{first}/continue"),
            json!({"from": "throws", "secret_state": state}),
        )
        .await;
    let input = json!({"input": {"told": told, "_secretStatePut": run}});
    scene.post("/flows/short/run", input.clone()).await;
    let text = input["input"].to_string();
    scene.heard.command(
        &scene.workspace,
        &["run", "short", "--input", "-", "--wait"],
        &text,
    );
    scene.heard.command(
        &scene.workspace,
        &["run", "short", "--input", "-", "--wait", "--json"],
        &text,
    );
    by_other_api(scene, &told).await;
    let started = scene.jobs(jobs.len() + 8);
    for task in ["tell", "dead"] {
        let test = json!({"task": task, "sample": {"order": {"told": told}}});
        scene.post("/flows/short/tasks/test", test).await;
    }
    let canceled = scene.post("/flows/short/run", input).await;
    let cancel = format!("/jobs/{}/cancel", canceled["job_id"]);
    scene.post(&cancel, json!({})).await;
    scene.jobs(started.len() + 1);
}

/// The routes that scripts written for another product call.
async fn by_other_api(scene: &mut Scene, told: &str) {
    let flows = scene.workspace.json(&["flow", "list"]);
    let (flow, output) = (flows[0]["id"].clone(), flows[0]["outputs"][0]["id"].clone());
    let group = scene
        .post(
            "/v4/jobGroups",
            json!({"wrangledDataset": {"id": output}, "x": told}),
        )
        .await;
    scene
        .post(&format!("/v4/flows/{flow}/run"), json!({"x": told}))
        .await;
    scene.get(&format!("/v4/jobGroups/{}", group["id"])).await;
}

/// What a person does around jobs, with values in the wrong places.
pub async fn manage(scene: &mut Scene) {
    let value = scene.values.secrets[29].plain.clone();
    scene
        .asks(
            Method::PUT,
            "/variables/prefix?set=staging",
            json!({"value": "in staging "}),
        )
        .await;
    scene
        .asks(
            Method::PUT,
            "/active-variable-set",
            json!({"name": "staging"}),
        )
        .await;
    let token = scene
        .workspace
        .json(&["token", "create", "ci", "--scope", "run"]);
    scene.made.push(Canary::of(
        token["token"].as_str().expect("it is shown once"),
    ));
    let generated = scene.workspace.json(&["secret", "generate", "made_here"]);
    scene.made.push(Canary::of(
        generated["value"].as_str().expect("it is shown once"),
    ));
    // A rotated secret stays one.
    scene
        .asks(
            Method::PUT,
            "/secrets/s89",
            json!({"value": "another-value-0123456789"}),
        )
        .await;
    // Names and paths that are secrets, and what is no document.
    for path in [
        format!("/flows/{value}"),
        format!("/jobs/{value}"),
        format!("/secrets/{value}x y"),
        format!("/requests?flow={value}"),
    ] {
        scene.get(&path).await;
    }
    scene
        .post(
            "/flows/validate",
            json!({"document": {"name": value, "steps": [{"kind": value}]}}),
        )
        .await;
    scene
        .post(
            "/flows/import",
            json!({"document": {"format": value, "steps": value}}),
        )
        .await;
    let workspace = &scene.workspace;
    let body = workspace.file("body.json", "{}");
    scene
        .heard
        .command(workspace, &["sign", "--secret-stdin", &body], &value);
    let header = format!("X-Webhook-Signature: t=1,sha256={}", hex::encode(&value));
    scene.heard.command(
        workspace,
        &["verify", "--secret-stdin", "--header", &header, &body],
        &value,
    );
}

/// Everything that commands and lists show.
pub async fn show_everything(scene: &mut Scene) {
    for path in [
        "/requests",
        "/jobs",
        "/deliveries",
        "/secrets",
        "/variables",
        "/tokens",
        "/flows",
        "/flows/leaks",
        "/storage",
        "/status",
        "/settings",
        "/flows/leaks/export",
        "/flows/leaks/schedules",
        "/endpoint-tokens",
        "/endpoint-aliases",
    ] {
        scene.get(path).await;
    }
    let jobs = scene.jobs(1);
    for id in &jobs {
        scene.get(&format!("/jobs/{id}")).await;
        scene.get(&format!("/jobs/{id}/journal")).await;
    }
    for list in ["requests", "deliveries"] {
        let items = scene.get(&format!("/{list}?limit=500")).await;
        for item in items["items"].as_array().expect("a list") {
            scene
                .get(&format!("/{list}/{}", item["id"].as_str().expect("an id")))
                .await;
        }
    }
    show_by_commands(scene, &jobs);
}

fn show_by_commands(scene: &mut Scene, jobs: &[i64]) {
    let (first, last) = (jobs[jobs.len() - 1].to_string(), jobs[0].to_string());
    let request = scene.workspace.json(&["request", "list"])[0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let delivery = scene.workspace.json(&["delivery", "list"])[0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    for command in [
        vec!["flow", "list"],
        vec!["flow", "export", "leaks"],
        vec!["flow", "schedules", "leaks"],
        vec!["secret", "list"],
        vec!["variable", "list"],
        vec!["token", "list"],
        vec!["doctor"],
        vec!["storage", "show"],
        vec!["setting", "list"],
        vec!["endpoint", "token", "list"],
        vec!["job", "list"],
        vec!["job", "show", &first],
        vec!["job", "show", &last],
        vec!["job", "show", &first, "--journal"],
        vec!["request", "list"],
        vec!["request", "show", &request],
        vec!["delivery", "list"],
        vec!["delivery", "show", &delivery],
        vec!["delivery", "resend", &delivery],
    ] {
        let mut with_json = command.clone();
        with_json.push("--json");
        scene.heard.command(&scene.workspace, &command, "");
        scene.heard.command(&scene.workspace, &with_json, "");
    }
}
