//! Signed requests and uploads, at the real program.

use std::process::{Command, Stdio};

use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{
    LIBRARIES, TestApp, TestReceiver, TestSender, Workspace, await_job, await_json, hook_url,
    intake, is_genuine_to_library, sign_by_library, tell,
};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const KEY: &str = "intake-key-0123456789";

#[tokio::test(flavor = "multi_thread")]
async fn what_a_senders_own_library_signs_is_accepted() {
    let workspace = Workspace::new();
    workspace.set_secret("key", SECRET);
    for scheme in LIBRARIES {
        let mut document = intake(&format!("f_{}", scheme.replace('-', "_")));
        let auth = json!({"kind": "signature", "scheme": scheme, "secret": "key"});
        document["endpoints"][0]["auth"] = auth;
        workspace.publish(&document);
    }
    let app = workspace.serve();
    for scheme in LIBRARIES {
        let flow = format!("f_{}", scheme.replace('-', "_"));
        let url = format!("{}/api/webhook/local/{flow}", app.receiver());
        let body = "{\"total\": 1.50, \"note\": \"grüße\"}";
        let signed = sign_by_library(scheme, SECRET, body);
        let post = |body: String| {
            let mut headers = vec![("content-type", "application/json")];
            headers.extend(
                signed
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str())),
            );
            let url = url.clone();
            async move {
                let body = body.into_bytes();
                TestSender::new()
                    .send(Method::POST, &url, &headers, body)
                    .await
            }
        };
        let genuine = post(body.to_owned()).await;
        assert_eq!(genuine.status, 200, "{scheme}: {genuine:?}");
        let changed = post(body.replace("1.50", "1.51")).await;
        assert_eq!(
            (changed.status, changed.body.as_str()),
            (401, r#"{"error": "Invalid signature"}"#),
            "{scheme}"
        );
    }
    let rejected = await_json(
        &workspace,
        &["request", "list", "--verdict", "rejected"],
        |it| it.as_array().is_some_and(|it| it.len() == LIBRARIES.len()),
    );
    for request in rejected.as_array().expect("a list") {
        assert!(
            request["reason"]
                .as_str()
                .is_some_and(|it| it.contains("does not match")),
            "{request}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hookloom_signs_is_genuine_to_the_receivers_own_library() {
    let mut receiver = TestReceiver::start().await;
    let workspace = Workspace::new();
    workspace.set_secret("key", KEY);
    workspace.set_secret("signing", SECRET);
    let mut document = intake("intake");
    document["webhook_tasks"] = LIBRARIES
        .iter()
        .map(|scheme| {
            let mut task = tell(scheme, &format!("{}/{scheme}", receiver.url()));
            task["secret"] = "signing".into();
            task["scheme"] = (*scheme).into();
            task
        })
        .collect();
    workspace.publish(&document);
    let app = workspace.serve();
    TestSender::new()
        .hook(&app, "intake", KEY, &json!({"n": 1}))
        .await;
    for _ in LIBRARIES {
        let message = receiver.next().await;
        let scheme = message.target.trim_start_matches('/').to_owned();
        let headers: Value = message
            .headers
            .iter()
            .map(|(name, value)| {
                (
                    name.to_string(),
                    Value::from(value.to_str().expect("ASCII")),
                )
            })
            .collect::<serde_json::Map<_, _>>()
            .into();
        let body = String::from_utf8(message.body.to_vec()).expect("UTF-8");
        assert!(
            is_genuine_to_library(&scheme, SECRET, &body, &headers),
            "{scheme}: {headers}"
        );
        assert!(
            !is_genuine_to_library(&scheme, SECRET, &format!("{body} "), &headers),
            "{scheme}"
        );
    }
}

fn with_limit(bytes_max: u64) -> Workspace {
    let workspace = Workspace::new();
    workspace.set_secret("key", KEY);
    let mut document = intake("intake");
    document["endpoints"][0]["limits"] = json!({"body_bytes_max": bytes_max});
    workspace.publish(&document);
    workspace
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_stored_shown_and_given_back_exactly() {
    let workspace = with_limit(1024 * 1024);
    let app = workspace.serve();
    let file: Vec<u8> = (0..300_000_u32).map(|n| (n % 251) as u8).collect();
    let mut body = b"--b\r\nContent-Disposition: form-data; name=\"order\"\r\n\r\n17\r\n--b\r\nContent-Disposition: form-data; name=\"pic\"; filename=\"../a b.png\"\r\nContent-Type: image/png\r\n\r\n".to_vec();
    body.extend_from_slice(&file);
    body.extend_from_slice(b"\r\n--b--\r\n");
    let headers = [("content-type", "multipart/form-data; boundary=b")];
    let sender = TestSender::new();
    let url = hook_url(&app, "intake", KEY);
    let accepted = sender.send(Method::POST, &url, &headers, body).await;
    assert_eq!(accepted.status, 200, "{accepted:?}");
    let id = accepted.header("x-request-id").to_owned();
    let request = workspace.json(&["request", "show", &id]);
    let stored = &request["files"][0];
    assert_eq!(
        (&stored["field"], &stored["name"], &stored["byte_count"]),
        (&"pic".into(), &"../a b.png".into(), &300_000.into())
    );
    let job = accepted.json()["job_id"].to_string();
    let shown = await_json(&workspace, &["job", "show", &job], |it| {
        it["status"] == "complete"
    });
    let got = &shown["steps"][0]["data"]["got"];
    assert_eq!(
        (&got["order"], &got["pic"]["file_id"]),
        (&"17".into(), &stored["file_id"])
    );

    let path = format!(
        "/api/v1/requests/{id}/files/{}",
        stored["file_id"].as_str().expect("an id")
    );
    let download = reqwest::Client::new()
        .get(format!("{}{path}", app.control()))
        .bearer_auth(app.token())
        .send()
        .await
        .expect("an answer");
    let header = |name: &str| download.headers()[name].to_str().expect("ASCII").to_owned();
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("content-type"), "application/octet-stream");
    assert!(header("content-disposition").starts_with("attachment; filename=\"a b.png\""));
    assert_eq!(download.bytes().await.expect("all of it"), file);
    let missing = sender
        .api(&app, Method::GET, &format!("/requests/{id}/files/fil_1"))
        .await;
    assert_eq!(
        (missing.status, missing.json()["error"]["code"].clone()),
        (404, "file_not_found".into())
    );
}

/// What the program says to cURL.
fn curl(arguments: &[&str], url: &str, stdin: Stdio) -> Value {
    let output = Command::new("curl")
        .args(["--silent", "--show-error"])
        .args(arguments)
        .arg(url)
        .stdin(stdin)
        .output()
        .expect("cURL runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    let answer: Value = serde_json::from_slice(&output.stdout).expect("an answer in JSON");
    assert_eq!(answer["status"], "accepted", "{arguments:?}: {answer}");
    answer
}

/// What the job of an answer got as its request's body.
fn got(workspace: &Workspace, answer: &Value) -> Value {
    let id = answer["job_id"].as_i64().expect("a job");
    let job = await_job(workspace, id, |it| it["status"] == "complete");
    job["steps"][0]["data"]["got"].clone()
}

/// The bytes of a file of an answer's request.
async fn download(app: &TestApp, answer: &Value, file: &Value) -> bytes::Bytes {
    let id = |value: &Value| value.as_str().expect("an id").to_owned();
    let (request, file) = (id(&answer["request_id"]), id(&file["file_id"]));
    let url = format!("{}/api/v1/requests/{request}/files/{file}", app.control());
    let answer = reqwest::Client::new().get(url).bearer_auth(app.token());
    let answer = answer.send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    answer.bytes().await.expect("all of it")
}

/// A workspace whose endpoint takes POST and PUT, and a file in it that has every byte and what looks like the end of a
/// part.
fn with_file() -> (Workspace, String, Vec<u8>) {
    let workspace = Workspace::new();
    workspace.set_secret("key", KEY);
    let mut document = intake("intake");
    document["endpoints"][0]["methods"] = json!(["POST", "PUT"]);
    workspace.publish(&document);
    let mut bytes: Vec<u8> = (0..200_000_u32).map(|n| (n % 256) as u8).collect();
    bytes.extend_from_slice(b"\r\n--------------------------0123456789abcdef--\r\n");
    let path = workspace.folder().join("all bytes.bin");
    std::fs::write(&path, &bytes).expect("it can be written");
    let path = path.to_str().expect("UTF-8").to_owned();
    (workspace, path, bytes)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_curl_arrives_byte_for_byte() {
    let (workspace, path, bytes) = with_file();
    let app = workspace.serve();
    let url = hook_url(&app, "intake", KEY);
    let (picture, empty) = (
        format!("picture=@{path};type=image/png;filename=a b.png"),
        format!("empty=@{}", workspace.file("empty.txt", "")),
    );
    let form = [
        "-F",
        "order=17",
        "--form-string",
        "note=@grüße; \"so\"\r\n",
        "-F",
        &picture,
        "-F",
        &empty,
    ];
    let answer = curl(&form, &url, Stdio::null());
    let body = got(&workspace, &answer);
    assert_eq!(
        (&body["order"], &body["note"]),
        (&json!("17"), &json!("@grüße; \"so\"\r\n")),
        "{body}"
    );
    for (part, name, kind, content) in [
        ("picture", "a b.png", "image/png", &bytes[..]),
        ("empty", "empty.txt", "text/plain", b""),
    ] {
        let file = &body[part];
        assert_eq!(
            (&file["name"], &file["content_type"], &file["byte_count"]),
            (&json!(name), &json!(kind), &json!(content.len())),
            "{body}"
        );
        assert_eq!(file["sha256"], hex::encode(Sha256::digest(content)));
        assert_eq!(download(&app, &answer, file).await, content, "{part}");
    }
    let shown = workspace.json(&[
        "request",
        "show",
        answer["request_id"].as_str().expect("an id"),
    ]);
    assert_eq!(shown["files"].as_array().map(Vec::len), Some(2), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_curl_arrives_byte_for_byte_with_a_length_and_in_chunks() {
    let (workspace, path, bytes) = with_file();
    let app = workspace.serve();
    let url = hook_url(&app, "intake", KEY);
    let sha256 = hex::encode(Sha256::digest(&bytes));
    let data = format!("@{path}");
    let binary = [
        "--data-binary",
        &data,
        "-H",
        "Content-Type: application/octet-stream",
    ];
    let whole: [(&[&str], bool); 3] = [
        (&binary, false),
        (&["-T", &path], false),
        // Without a length: in chunks.
        (&["-T", "-"], true),
    ];
    for (arguments, is_piped) in whole {
        let stdin = if is_piped {
            std::fs::File::open(&path).expect("it is there").into()
        } else {
            Stdio::null()
        };
        let answer = curl(arguments, &url, stdin);
        let file = got(&workspace, &answer);
        assert_eq!(
            (&file["byte_count"], &file["sha256"]),
            (&json!(bytes.len()), &json!(sha256)),
            "{arguments:?}: {file}"
        );
        assert_eq!(download(&app, &answer, &file).await, bytes, "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_of_100_mib_goes_to_disk_and_not_to_memory() {
    let workspace = with_limit(200 * 1024 * 1024);
    let app = workspace.serve();
    let url = hook_url(&app, "intake", KEY);
    let upload = |bytes: usize| {
        let url = url.clone();
        let piece = bytes::Bytes::from(vec![0xa5; 1024 * 1024]);
        let pieces = (0..bytes / piece.len()).map(move |_| Ok::<_, std::io::Error>(piece.clone()));
        async move {
            let body = reqwest::Body::wrap_stream(futures::stream::iter(pieces));
            let request = reqwest::Client::new()
                .post(url)
                .header("content-type", "video/mp4");
            request.body(body).send().await.expect("an answer").status()
        }
    };
    // What the first request of any size takes is not what a large one takes.
    assert_eq!(upload(1024 * 1024).await, 200);
    let before = app.memory_bytes("VmHWM");
    assert_eq!(upload(100 * 1024 * 1024).await, 200);
    let grown = app.memory_bytes("VmHWM") - before;
    assert!(grown < 16 * 1024 * 1024, "{grown} bytes");
}
