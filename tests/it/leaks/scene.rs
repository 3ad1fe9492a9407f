//! A workspace with every secret in it, its server, and everything that was heard of both.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use super::flow;
use super::values::Values;
use crate::support::{Answer, Canary, TestApp, TestReceiver, TestSender, Workspace, canaries};

/// Every value is looked for in everything that a job records: many jobs take their time.
const JOBS_S_MAX: u64 = 90;

/// What the whole program said, wherever.
#[derive(Default)]
pub struct Heard(pub String);

impl Heard {
    pub fn answer(&mut self, what: &str, answer: &Answer) -> Value {
        self.0.push_str(&format!(
            "\n{what}: {} {:?} {}",
            answer.status, answer.headers, answer.body
        ));
        serde_json::from_str(&answer.body).unwrap_or(Value::Null)
    }

    pub fn command(&mut self, workspace: &Workspace, arguments: &[&str], input: &str) -> Value {
        let finished = workspace.run_with_input(arguments, input);
        self.0.push_str(&format!(
            "\n{}: {} {}",
            arguments[0], finished.stdout, finished.stderr
        ));
        serde_json::from_str(&finished.stdout).unwrap_or(Value::Null)
    }
}

pub struct Scene {
    pub workspace: Workspace,
    pub app: TestApp,
    pub values: Values,
    /// A value that is no secret.
    pub control: Canary,
    /// Secrets that the program made itself.
    pub made: Vec<Canary>,
    pub heard: Heard,
    pub sender: TestSender,
}

impl Scene {
    pub async fn new(receiver: &TestReceiver, values: Values) -> Self {
        let workspace = Workspace::new();
        let app = TestApp::start_with(&workspace, &[], &[("HOOKLOOM_LOG", "trace")]);
        let mut scene = Self {
            control: canaries(1).remove(0),
            made: vec![Canary::of(&app.token()), Canary::of(&"5a".repeat(32))],
            heard: Heard::default(),
            sender: TestSender::new(),
            workspace,
            app,
            values,
        };
        for number in 0..scene.values.secrets.len() {
            let value = json!({"value": scene.values.secrets[number].value});
            let set = scene
                .api(Method::PUT, &format!("/secrets/s{number}"), &value)
                .await;
            assert_eq!(set.status, 204, "{set:?}");
        }
        let full = flow::document(receiver, &scene.values);
        let short = flow::short_document(receiver, &scene.values);
        for document in [full, short] {
            let import = json!({"document": document, "publish": true});
            let import = scene.api(Method::POST, "/flows/import", &import).await;
            assert_eq!(import.status, 200, "{import:?}");
            scene.heard.answer("import", &import);
        }
        scene
    }

    pub async fn api(&self, method: Method, path: &str, body: &Value) -> Answer {
        let root = if path.starts_with("/v4") {
            ""
        } else {
            "/api/v1"
        };
        let url = format!("{}{root}{path}", self.app.control());
        let bearer = format!("Bearer {}", self.app.token());
        let headers = [
            ("authorization", &*bearer),
            ("content-type", "application/json"),
        ];
        let body = if method == Method::GET {
            Vec::new()
        } else {
            body.to_string().into_bytes()
        };
        self.sender.send(method, &url, &headers, body).await
    }

    pub async fn get(&mut self, path: &str) -> Value {
        self.asks(Method::GET, path, Value::Null).await
    }

    pub async fn post(&mut self, path: &str, body: Value) -> Value {
        self.asks(Method::POST, path, body).await
    }

    pub async fn asks(&mut self, method: Method, path: &str, body: Value) -> Value {
        let answer = self.api(method, path, &body).await;
        self.heard.answer("an operation", &answer)
    }

    /// A call of the receiver with every header.
    pub async fn call(
        &mut self,
        target: &str,
        key: &str,
        body: &[u8],
        more: &[(&str, &str)],
    ) -> (u16, Value) {
        let url = format!("{}{target}", self.app.receiver());
        let url = url.replace("KEY", key);
        let mut headers = self.values.headers();
        headers.extend(
            more.iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        if !headers.iter().any(|(name, _)| name == "content-type") {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        let answer = self
            .sender
            .send(Method::POST, &url, &headers, body.to_vec())
            .await;
        let status = answer.status;
        // The target itself holds values: that is ours, and not what was heard.
        (status, self.heard.answer("a call", &answer))
    }

    /// Waits until there are so many jobs and none is under way any more, and gives the ids, newest first.
    pub fn jobs(&mut self, count: usize) -> Vec<i64> {
        let deadline = Instant::now() + Duration::from_secs(JOBS_S_MAX);
        loop {
            let jobs = self
                .workspace
                .json(&["job", "list", "--brief", "--limit", "500"]);
            let jobs = jobs.as_array().expect("a list");
            if jobs.len() >= count && jobs.iter().all(|it| !it["ended_at"].is_null()) {
                return jobs.iter().filter_map(|it| it["id"].as_i64()).collect();
            }
            assert!(Instant::now() < deadline, "they do not end: {jobs:#?}");
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}
