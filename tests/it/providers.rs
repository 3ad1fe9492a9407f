//! Providers at the real program: handshakes, schemes of one's own, certificates, and files that come back.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{TestReceiver, TestSender, Workspace, await_json, intake, tell};

const SECRET: &str = "signing-secret-0123456789";

/// The headers that `hookloom sign` makes.
fn signed(workspace: &Workspace, scheme: &[&str], body: &str) -> Vec<(String, String)> {
    let file = workspace.file("body", body);
    let mut arguments = vec!["sign", "--json", "--secret-stdin"];
    arguments.extend(scheme);
    arguments.push(&file);
    let made = workspace.run_with_input(&arguments, SECRET).ok().json();
    let headers = made["headers"].as_array().expect("a list").iter();
    headers
        .map(|header| {
            let text = |key: &str| header[key].as_str().expect("a text").to_owned();
            (text("name"), text("value"))
        })
        .collect()
}

async fn post(url: &str, headers: &[(String, String)], body: &str) -> crate::support::Answer {
    let mut all = vec![("content-type", "application/json")];
    all.extend(
        headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    );
    let body = body.as_bytes().to_vec();
    TestSender::new().send(Method::POST, url, &all, body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_s_handshake_is_answered_and_seen_among_the_requests() {
    let workspace = Workspace::new();
    workspace.set_secret("key", SECRET);
    let mut document = intake("chat");
    document["endpoints"][0]["auth"] =
        json!({"kind": "signature", "scheme": "slack", "secret": "key"});
    workspace.publish(&document);
    let app = workspace.serve();
    let url = format!("{}/api/webhook/local/chat", app.receiver());
    let body = r#"{"type":"url_verification","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"}"#;
    let answer = post(
        &url,
        &signed(&workspace, &["--scheme", "slack"], body),
        body,
    )
    .await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (200, "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P")
    );
    let forged = post(&url, &[], body).await;
    assert_eq!(forged.status, 401);
    let requests = await_json(&workspace, &["request", "list"], |it| {
        it.as_array().is_some_and(|it| it.len() == 2)
    });
    let shaken = requests
        .as_array()
        .expect("a list")
        .iter()
        .find(|it| it["verdict"] == "accepted");
    let shaken = shaken.expect("the handshake is listed");
    assert!(
        shaken["reason"]
            .as_str()
            .is_some_and(|reason| reason.contains("handshake (slack)")),
        "{shaken}"
    );
    assert_eq!(shaken["job_id"], Value::Null);
    assert_eq!(workspace.json(&["job", "list"]), json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheme_of_one_s_own_is_verified_sent_and_used_on_the_command_line() {
    let scheme = json!({
        "kind": "custom", "header": "X-Shop-Sig", "value": "t={timestamp},s={signature}",
        "signed": "{method}:{timestamp}:{body}", "hash": "sha512", "encoding": "base64url",
    });
    let mut receiver = TestReceiver::start().await;
    let workspace = Workspace::new();
    workspace.set_secret("key", SECRET);
    let mut document = intake("shop");
    document["endpoints"][0]["auth"] =
        json!({"kind": "signature", "scheme": scheme, "secret": "key"});
    let mut task = tell("Tell", &format!("{}/told", receiver.url()));
    task["secret"] = "key".into();
    task["scheme"] = scheme.clone();
    document["webhook_tasks"] = json!([task]);
    workspace.publish(&document);
    let app = workspace.serve();
    let description = workspace.file("scheme.json", &scheme.to_string());
    let custom = ["--scheme", "custom", "--scheme-file", description.as_str()];
    let url = format!("{}/api/webhook/local/shop", app.receiver());
    let headers = signed(&workspace, &custom, r#"{"total": 7}"#);
    assert_eq!(post(&url, &headers, r#"{"total": 7}"#).await.status, 200);
    assert_eq!(post(&url, &headers, r#"{"total": 8}"#).await.status, 401);

    let told = receiver.next_to("/told").await;
    let header = format!("X-Shop-Sig: {}", told.header("x-shop-sig"));
    let body = workspace.file("told", &told.text());
    let mut verify = vec!["verify", "--json", "--secret-stdin", "--header", &header];
    verify.extend(custom);
    verify.push(&body);
    assert_eq!(
        workspace.run_with_input(&verify, SECRET).ok().json()["valid"],
        true
    );
    assert_eq!(
        workspace
            .run_with_input(&verify, "another")
            .code_is(1)
            .json()["code"],
        "mismatch"
    );
    workspace
        .run_with_input(
            &["sign", "--secret-stdin", "--scheme", "custom", &body],
            SECRET,
        )
        .code_is(2);
    let wrong = workspace.file("wrong.json", r#"{"kind": "custom", "header": "X"}"#);
    let wrong = [
        "sign",
        "--secret-stdin",
        "--scheme",
        "custom",
        "--scheme-file",
        &wrong,
        &body,
    ];
    let told = workspace.run_with_input(&wrong, SECRET).code_is(1);
    assert!(told.stderr.contains("`signed`"), "{}", told.stderr);
}

#[test]
fn what_is_wrong_with_a_scheme_of_one_s_own_is_told_with_its_place() {
    let workspace = Workspace::new();
    let mut document = intake("shop");
    document["endpoints"][0]["auth"] = json!({"kind": "signature", "secret": "key",
        "scheme": {"kind": "custom", "header": "X-Sig", "signed": "{timestamp}", "timestamp_header": "X-Time"}});
    let file = workspace.file("flow.json", &document.to_string());
    let refused = workspace
        .run(&["flow", "validate", &file, "--json"])
        .code_is(1);
    assert!(
        refused.stdout.contains("/endpoints/0/auth/scheme/signed"),
        "{}",
        refused.stdout
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_sent_on_and_given_back_byte_for_byte() {
    let mut receiver = TestReceiver::start().await;
    let workspace = Workspace::new();
    workspace.set_secret("key", SECRET);
    workspace.set_variable("shop_url", receiver.url());
    let mut document = intake("files");
    document["endpoints"][0]["mode"] = "sync".into();
    document["steps"] = json!([
        {"name": "upload", "kind": "http", "method": "PUT", "url": "{{vars.shop_url}}/files", "body_file": "{{trigger.body}}"},
        {"name": "answer", "kind": "respond", "after": [{"step": "upload"}], "status": 201, "body_file": "{{requestBody.file_id}}"},
    ]);
    document["outputs"] = json!([]);
    workspace.publish(&document);
    let app = workspace.serve();
    // Every byte, some of them often: no text, and longer than what is kept in memory in one piece.
    let bytes: Vec<u8> = (0..200_000_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    let url = format!("{}/api/webhook/local/files?key={SECRET}", app.receiver());
    let client = reqwest::Client::new();
    let request = client
        .post(url)
        .header("content-type", "image/png")
        .body(bytes.clone());
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 201);
    assert_eq!(answer.headers()["content-type"], "image/png");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    assert_eq!(
        answer.bytes().await.expect("a body"),
        bytes,
        "the answer is the file"
    );
    let sent = receiver.next_to("/files").await;
    assert!(sent.body == bytes, "{} bytes were sent on", sent.body.len());
    assert_eq!(sent.header("content-type"), "image/png");

    let mut document = intake("forms");
    document["endpoints"][0]["mode"] = "sync".into();
    document["steps"] = json!([
        {"name": "answer", "kind": "respond", "body_file": "{{trigger.files.scan}}", "headers": {"Content-Type": "image/jpeg"}},
    ]);
    document["outputs"] = json!([]);
    workspace.publish(&document);
    let mut form =
        b"--xx\r\ncontent-disposition: form-data; name=\"scan\"; filename=\"a.bin\"\r\n\r\n"
            .to_vec();
    form.extend(&bytes);
    form.extend(b"\r\n--xx--\r\n");
    let url = format!("{}/api/webhook/local/forms?key={SECRET}", app.receiver());
    let request = client
        .post(url)
        .header("content-type", "multipart/form-data; boundary=xx")
        .body(form);
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.headers()["content-type"], "image/jpeg");
    assert_eq!(answer.bytes().await.expect("a body"), bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correlation_id_stays_with_the_request() {
    let workspace = Workspace::new();
    workspace.set_secret("key", SECRET);
    workspace.publish(&intake("calls"));
    let app = workspace.serve();
    let url = format!(
        "{}/api/call/calls_in?key={SECRET}&id=order-7&correlationId=trace%2F1",
        app.receiver()
    );
    let answer = post(&url, &[], "{}").await.json();
    let shown = workspace.json(&[
        "request",
        "show",
        answer["request_id"].as_str().expect("an id"),
    ]);
    assert_eq!(shown["correlation_id"], "trace/1", "{shown:#}");
}

#[test]
fn settings_of_the_network_are_set_and_refused() {
    let workspace = Workspace::new();
    let settings = workspace.json(&["setting", "list"]);
    assert_eq!(
        (&settings["system_trust"], &settings["proxy_url"]),
        (&json!(true), &Value::Null)
    );
    workspace.json(&["setting", "set", "system_trust", "false"]);
    workspace.json(&["setting", "set", "proxy_password", "proxy_key"]);
    let settings = workspace.json(&["setting", "set", "proxy_url", "http://me@127.0.0.1:3128"]);
    assert_eq!(settings["proxy_url"], "http://me@127.0.0.1:3128/");
    let refused = workspace.run(&[
        "setting",
        "set",
        "proxy_url",
        "http://me:pw@proxy.example",
        "--json",
    ]);
    assert!(
        refused.code != 0
            && refused.error()["hint"]
                .as_str()
                .is_some_and(|hint| hint.contains("secret set")),
        "{refused:?}"
    );
    assert!(!refused.stderr.contains(":pw@"));
    let settings = workspace.json(&["setting", "unset", "system_trust"]);
    assert_eq!(settings["system_trust"], true);
}
