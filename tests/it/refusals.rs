//! The answers table, row by row, at the real server: the exact bytes, the headers, and the reason that is on record.
//!
//! Rows that need the machine to be in trouble are beside that trouble: a full disk in `disk`, a locked keychain in
//! `keychain`. The limit of a source and a fault of our own are tested in the receiver itself.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, TestSender, Workspace, await_json};

const KEY: &str = "intake-key-0123456789";
const JSON: (&str, &str) = ("content-type", "application/json");
const NOT_FOUND: &str = r#"{"error": "Not found"}"#;
const METHOD: &str = r#"{"error": "Method not allowed"}"#;
const TOO_MANY: &str = r#"{"error": "Too many requests"}"#;
const ORIGIN: &str = r#"{"error": "Origin not allowed"}"#;
const SHARED_KEY: &str = r#"{"error": "Invalid shared key"}"#;
const CREDENTIALS: &str = r#"{"error": "Invalid credentials"}"#;
const UNSUPPORTED: &str = r#"{"error": "Unsupported content type"}"#;
const LARGE: &str = r#"{"error": "Request too large"}"#;
const SIGNATURE: &str = r#"{"error": "Invalid signature"}"#;
const MALFORMED: &str = r#"{"error": "Invalid request format"}"#;
const IN_PROGRESS: &str = r#"{"error": "Already in progress"}"#;
const LOOP: &str = r#"{"error": "Loop detected"}"#;

/// A request that is refused, and how.
struct Row {
    what: &'static str,
    method: Method,
    /// Flow, and what follows it.
    target: &'static str,
    headers: Vec<(&'static str, &'static str)>,
    body: &'static str,
    status: u16,
    answer: &'static str,
    /// Headers of the answer.
    has: Vec<(&'static str, &'static str)>,
    reason_code: &'static str,
}

/// Each endpoint in a flow of its own, named by how its callers show who they are.
fn document(name: &str, auth: Value, more: Value) -> Value {
    let mut endpoint = json!({"name": format!("{name}_in"), "methods": ["POST", "PUT"], "auth": auth, "body_memory": "order"});
    let fields = endpoint.as_object_mut().expect("an object");
    fields.extend(more.as_object().expect("an object").clone());
    json!({
        "format": "hookloom.flow/1", "name": name, "endpoints": [endpoint],
        "steps": [{"name": "keep", "kind": "set", "values": {"got": "{{order}}"}}]
    })
}

fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.set_secret("key", KEY);
    let shared = || json!({"kind": "shared_key", "secret": "key"});
    let limits = |limits: Value| json!({"limits": limits});
    for (name, auth, more) in [
        ("shared", shared(), limits(json!({"body_bytes_max": 100}))),
        (
            "in_header",
            json!({"kind": "shared_key", "secret": "key", "header": "X-Shop-Key"}),
            json!({}),
        ),
        (
            "api_key",
            json!({"kind": "api_key", "secret": "key", "header": "X-Api-Key"}),
            json!({}),
        ),
        (
            "bearer",
            json!({"kind": "bearer", "secret": "key"}),
            json!({}),
        ),
        (
            "basic",
            json!({"kind": "basic", "secret": "key", "username": "shop"}),
            json!({}),
        ),
        (
            "jwt",
            json!({"kind": "jwt", "secret": "key", "algorithm": "HS256"}),
            json!({}),
        ),
        (
            "ip",
            json!({"kind": "ip", "ranges": ["203.0.113.0/24"]}),
            json!({}),
        ),
        (
            "signed",
            json!({"kind": "signature", "scheme": "x-webhook-signature", "secret": "key"}),
            json!({}),
        ),
        (
            "pages",
            shared(),
            json!({"allowed_origins": ["https://shop.example"]}),
        ),
        (
            "typed",
            shared(),
            json!({"content_types": ["application/json"]}),
        ),
        (
            "limited",
            shared(),
            limits(json!({"requests_per_minute_max": 1})),
        ),
        (
            "schemed",
            shared(),
            json!({"schema": {"type": "object", "required": ["total"]}}),
        ),
        ("modes", shared(), json!({"modes_allowed": ["async"]})),
    ] {
        workspace.publish(&document(name, auth, more));
    }
    workspace
}

fn post(what: &'static str, target: &'static str) -> Row {
    Row {
        what,
        method: Method::POST,
        target,
        headers: vec![JSON],
        body: "{}",
        status: 401,
        answer: CREDENTIALS,
        has: vec![],
        reason_code: "wrong_credentials",
    }
}

const SHARED: &str = "shared?key=intake-key-0123456789";
const LIMITED: &str = "limited?key=intake-key-0123456789";
/// 2018: long ago.
const STALE: &str =
    "t=1568818215724,sha256=ae9c9f18381e423059604b64469099165a343deef595013525703e50e84d19f9";

#[rustfmt::skip]
fn rows() -> Vec<Row> {
    let missing = "credentials_missing";
    let json_of = |kind| vec![("content-type", kind)];
    vec![
        Row { method: Method::GET, status: 405, answer: METHOD, has: vec![("allow", "POST, PUT")], reason_code: "method_not_allowed", ..post("another method", SHARED) },
        Row { headers: vec![JSON, ("origin", "https://evil.example")], status: 403, answer: ORIGIN, reason_code: "origin", ..post("a page of another origin", "pages?key=intake-key-0123456789") },
        Row { answer: SHARED_KEY, reason_code: "wrong_key", ..post("a wrong key in the URL", "shared?key=wrong") },
        Row { answer: SHARED_KEY, reason_code: "key_missing", ..post("no key in the URL", "shared") },
        Row { headers: vec![JSON, ("x-shop-key", "wrong")], answer: SHARED_KEY, reason_code: "wrong_key", ..post("a wrong key in a header", "in_header") },
        Row { answer: SHARED_KEY, reason_code: "key_missing", ..post("no key in a header", "in_header?key=intake-key-0123456789") },
        Row { headers: vec![JSON, ("x-api-key", "wrong")], ..post("a wrong API key", "api_key") },
        Row { reason_code: missing, ..post("no API key", "api_key") },
        Row { headers: vec![JSON, ("authorization", "Bearer wrong")], has: vec![("www-authenticate", "Bearer")], ..post("a wrong bearer", "bearer") },
        Row { has: vec![("www-authenticate", "Bearer")], reason_code: missing, ..post("no bearer", "bearer") },
        Row { headers: vec![JSON, ("authorization", "Basic c2hvcDp3cm9uZw==")], has: vec![("www-authenticate", "Basic")], ..post("a wrong password", "basic") },
        Row { has: vec![("www-authenticate", "Basic")], reason_code: missing, ..post("no password", "basic") },
        Row { headers: vec![JSON, ("authorization", "Bearer eyJhbGciOiJub25lIn0.e30.")], ..post("a token without a signature", "jwt") },
        Row { reason_code: "address_not_allowed", ..post("another address", "ip") },
        Row { headers: json_of("text/html"), status: 415, answer: UNSUPPORTED, reason_code: "content_type", ..post("another content type", "typed?key=intake-key-0123456789") },
        Row { headers: vec![JSON, ("content-encoding", "compress")], status: 415, answer: UNSUPPORTED, reason_code: "content_encoding", ..post("another encoding", SHARED) },
        Row { body: LONG, status: 413, answer: LARGE, reason_code: "too_large", ..post("too much", SHARED) },
        Row { answer: SIGNATURE, reason_code: "invalid_signature", ..post("no signature", "signed") },
        Row { headers: vec![JSON, ("x-webhook-signature", "t=1,sha256=00")], answer: SIGNATURE, reason_code: "invalid_signature", ..post("a wrong signature", "signed") },
        Row { headers: vec![JSON, ("x-webhook-signature", STALE)], body: "test", answer: SIGNATURE, reason_code: "invalid_signature", ..post("a stale signature", "signed") },
        Row { body: "{\"total\": ", status: 400, answer: MALFORMED, reason_code: "malformed", ..post("half a body", SHARED) },
        Row { body: "[1]", status: 400, answer: MALFORMED, reason_code: "schema", ..post("against the schema", "schemed?key=intake-key-0123456789") },
        Row { headers: vec![JSON, ("idempotency-key", LONG)], status: 400, answer: MALFORMED, reason_code: "idempotency_key", ..post("a key without end", SHARED) },
        Row { headers: vec![JSON, ("x-hookloom-depth", "16")], status: 508, answer: LOOP, reason_code: "call_depth", ..post("a chain of jobs", SHARED) },
    ]
}

/// Longer than a body of `shared` and than an idempotency key may be.
const LONG: &str = concat!(
    "{\"filler\": \"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123",
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123\"}"
);

async fn send(app: &TestApp, row: &Row) -> Answer {
    let url = format!("{}/api/webhook/local/{}", app.receiver(), row.target);
    let body = row.body.as_bytes().to_vec();
    TestSender::new()
        .send(row.method.clone(), &url, &row.headers, body)
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_row_of_the_table_has_its_bytes_its_headers_and_its_reason() {
    let workspace = workspace();
    let app = workspace.serve();
    let mut expected = Vec::new();
    for row in rows() {
        let answer = send(&app, &row).await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (row.status, row.answer),
            "{}",
            row.what
        );
        assert_eq!(
            answer.header("content-type"),
            "application/json",
            "{}",
            row.what
        );
        for (name, value) in &row.has {
            assert!(
                answer.header(name).starts_with(value),
                "{}: {name}: {answer:?}",
                row.what
            );
        }
        if row.has.is_empty() {
            assert_eq!(
                answer.header("allow").to_owned() + answer.header("retry-after"),
                "",
                "{}",
                row.what
            );
        }
        let id = answer.header("x-request-id").to_owned();
        expected.push((id, row));
    }
    for (id, row) in expected {
        // It is written a moment after its answer.
        let listed = ["request", "list", "--verdict", "rejected", "--limit", "500"];
        let listed = await_json(&workspace, &listed, |it| it.to_string().contains(&id));
        let listed = listed
            .as_array()
            .expect("a list")
            .iter()
            .find(|it| it["id"] == *id);
        let listed = listed.expect("it is listed");
        assert_eq!(
            (&listed["reason_code"], &listed["status"]),
            (&json!(row.reason_code), &json!(row.status)),
            "{}: {listed}",
            row.what
        );
        let reason = listed["reason"].as_str().expect("a sentence");
        assert!(reason.len() > 20, "{}: {reason}", row.what);
        let shown = workspace.json(&["request", "show", &id]);
        assert!(!shown.to_string().contains(KEY), "{}: {shown}", row.what);
        assert_eq!(shown["job_id"], Value::Null, "{}", row.what);
    }
    assert_eq!(workspace.json(&["job", "list"]), json!([]), "no job began");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_path_and_a_revoked_token_are_not_found_and_on_no_record() {
    let workspace = workspace();
    let app = workspace.serve();
    let made = workspace.json(&["endpoint", "token", "create", "shared", "shared_in", "old"]);
    let url = format!("{}?key={KEY}", made["url"].as_str().expect("a URL"));
    let sender = TestSender::new();
    let answer = sender
        .send(Method::POST, &url, &[JSON], b"{}".to_vec())
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    workspace
        .run(&["endpoint", "token", "revoke", "shared", "shared_in", "old"])
        .ok();
    let unknown = format!("{}/api/webhook/local/none?key={KEY}", app.receiver());
    for url in [url, unknown] {
        let answer = sender
            .send(Method::POST, &url, &[JSON], b"{}".to_vec())
            .await;
        assert_eq!((answer.status, answer.body.as_str()), (404, NOT_FOUND));
        assert!(answer.header("x-request-id").starts_with("mqr_"));
    }
    let listed = workspace.json(&["request", "list"]);
    assert_eq!(
        listed.as_array().map(Vec::len),
        Some(1),
        "only the accepted one: {listed}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_gets_too_much_says_when_to_come_again() {
    let workspace = workspace();
    let app = workspace.serve();
    let row = Row {
        status: 429,
        answer: TOO_MANY,
        reason_code: "endpoint_rate_limit",
        ..post("too often", LIMITED)
    };
    assert_eq!(send(&app, &row).await.status, 200);
    let refused = send(&app, &row).await;
    assert_eq!((refused.status, refused.body.as_str()), (429, TOO_MANY));
    let seconds: u64 = refused
        .header("retry-after")
        .parse()
        .expect("whole seconds");
    assert!((1..=60).contains(&seconds), "{seconds}");
    await_json(
        &workspace,
        &["request", "list", "--verdict", "rejected"],
        |it| it[0]["reason_code"] == row.reason_code,
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_is_told_to_wait_while_the_first_call_does_and_then_gets_its_answer() {
    let slow = HeldServer::start();
    let workspace = Workspace::new();
    workspace.set_secret("key", KEY);
    let shared = json!({"kind": "shared_key", "secret": "key"});
    let mut waiting = document("waiting", shared, json!({"mode": "sync"}));
    waiting["steps"] = json!([
        {"name": "call", "kind": "http", "method": "POST", "url": slow.url, "timeout_ms": 20000},
        {"name": "reply", "kind": "respond", "after": [{"step": "call", "on": ["*"]}], "status": 418,
         "headers": {"X-Tea": "green"}, "body": "short and stout"},
    ]);
    workspace.publish(&waiting);
    let app = std::sync::Arc::new(workspace.serve());
    let first = {
        let app = std::sync::Arc::clone(&app);
        tokio::spawn(async move { keyed(&app).await })
    };
    // The job has begun once the step's call is there.
    slow.is_called();
    let meanwhile = keyed(&app).await;
    assert_eq!(
        (meanwhile.status, meanwhile.body.as_str()),
        (409, IN_PROGRESS)
    );
    assert_eq!(meanwhile.header("idempotent-replayed"), "");
    slow.let_go();
    let first = first.await.expect("it is answered");
    let again = keyed(&app).await;
    for answer in [&first, &again] {
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (418, "short and stout")
        );
        assert_eq!(answer.header("x-tea"), "green");
    }
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.header("x-request-id"), first.header("x-request-id"));
    // What a caller that waited was answered is noted behind its answer.
    let statuses_of = |repeats: &Value| {
        let repeats = repeats.as_array().expect("a list").iter();
        let mut statuses: Vec<_> = repeats.filter_map(|it| it["status"].as_i64()).collect();
        statuses.sort_unstable();
        statuses
    };
    await_json(
        &workspace,
        &["request", "list", "--verdict", "duplicate"],
        |it| statuses_of(it) == [409, 418],
    );
}

/// A server that answers one request when it is told to.
struct HeldServer {
    url: String,
    called: mpsc::Receiver<()>,
    go: mpsc::Sender<()>,
}

impl HeldServer {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        let (is_called, called) = mpsc::channel();
        let (go, may_go) = mpsc::channel();
        std::thread::spawn(move || {
            let (mut socket, _) = listener.accept().expect("a call");
            let _ = socket.read(&mut [0; 4096]);
            let _ = is_called.send(());
            // Whether it is told to, or the test is over.
            let _ = may_go.recv();
            let _ = socket
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        });
        Self { url, called, go }
    }

    fn is_called(&self) {
        let waited = self.called.recv_timeout(Duration::from_secs(20));
        waited.expect("the step calls");
    }

    fn let_go(&self) {
        self.go.send(()).expect("the server waits");
    }
}

async fn keyed(app: &TestApp) -> Answer {
    let headers = vec![JSON, ("idempotency-key", "order-1")];
    let row = Row {
        headers,
        ..post("a call", "waiting?key=intake-key-0123456789")
    };
    send(app, &row).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flow_that_is_off_answers_as_its_endpoint_says() {
    let workspace = workspace();
    let own = json!({"off_response": {"status": 202, "headers": {"Content-Type": "text/plain"}, "body": "closed"}});
    workspace.publish(&document(
        "own",
        json!({"kind": "shared_key", "secret": "key"}),
        own,
    ));
    let app = workspace.serve();
    for flow in ["shared", "own"] {
        workspace.run(&["flow", "off", flow]).ok();
    }
    let usual = send(&app, &post("off", SHARED)).await;
    assert_eq!(
        (usual.status, usual.body.as_str()),
        (200, r#"{"status": "recorded", "workflow_started": false}"#)
    );
    let own = send(&app, &post("off", "own?key=intake-key-0123456789")).await;
    assert_eq!(
        (own.status, own.body.as_str(), own.header("content-type")),
        (202, "closed", "text/plain")
    );
    let held = workspace.json(&["request", "list", "--verdict", "held"]);
    assert_eq!(held.as_array().map(Vec::len), Some(2), "{held}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_asks_those_who_come_meanwhile_to_come_again() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let workspace = workspace();
    let app = workspace.serve();
    // A request that is still being sent keeps the stop waiting.
    let address = app.receiver().trim_start_matches("http://").to_owned();
    let mut sending = tokio::net::TcpStream::connect(&address)
        .await
        .expect("a connection");
    let head = format!(
        "POST /api/webhook/local/{SHARED} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{{"
    );
    sending.write_all(head.as_bytes()).await.expect("sent");
    // Only when this one was answered is the other surely being read.
    assert_eq!(send(&app, &post("before", SHARED)).await.status, 200);
    app.ask_to_stop();
    let refused = loop {
        let answer = send(&app, &post("meanwhile", SHARED)).await;
        if answer.status != 200 {
            break answer;
        }
    };
    assert_eq!(
        (refused.status, refused.body.as_str()),
        (503, r#"{"error": "Service unavailable"}"#)
    );
    assert_ne!(refused.header("retry-after"), "");
    sending.write_all(b"}").await.expect("sent");
    let mut reply = String::new();
    sending.read_to_string(&mut reply).await.expect("an answer");
    assert!(
        reply.starts_with("HTTP/1.1 200"),
        "what was begun is answered: {reply}"
    );
    let (status, log) = app.until_stopped();
    assert!(status.success(), "{log}");
    let _again = workspace.serve();
    let rejected = workspace.json(&["request", "list", "--verdict", "rejected"]);
    assert_eq!(rejected[0]["reason_code"], "stopping", "{rejected}");
}
