//! A small WebDriver client for the desktop window: just what the tests ask of it.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use serde_json::{Value, json};

/// How long the window may take to show what a test waits for.
const PATIENCE: Duration = Duration::from_secs(20);
/// A driver that has not answered one question by then hangs.
const ANSWER_MAX: Duration = Duration::from_secs(60);

/// A window of the app that WebKit's own driver has opened; driver and app end when it is dropped.
pub struct Window {
    driver: Child,
    client: reqwest::Client,
    session: String,
}

impl Window {
    /// Starts the driver with the given environment and has it open the app.
    pub async fn open(app: &Path, environment: &[(String, String)]) -> Self {
        Self::open_with(app, &[], environment).await
    }

    /// The same, with arguments of the app's own.
    pub async fn open_with(
        app: &Path,
        arguments: &[String],
        environment: &[(String, String)],
    ) -> Self {
        let port = free_port();
        let driver = Command::new("WebKitWebDriver")
            .args([format!("--port={port}"), "--host=127.0.0.1".to_owned()])
            .envs(environment.iter().cloned())
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .stdout(Stdio::null())
            .spawn()
            .expect("WebKitWebDriver starts (Debian: apt-get install webkit2gtk-driver)");
        let mut window = Self {
            driver,
            client: reqwest::Client::builder()
                .timeout(ANSWER_MAX)
                .build()
                .expect("a client"),
            session: String::new(),
        };
        let base = format!("http://127.0.0.1:{port}");
        window.until_ready(&base).await;
        let capabilities = json!({"capabilities": {"alwaysMatch":
            {"webkitgtk:browserOptions": {"binary": app, "args": arguments}}}});
        let opened = window.post(&format!("{base}/session"), &capabilities).await;
        let id = opened["sessionId"]
            .as_str()
            .unwrap_or_else(|| panic!("no session: {opened}"));
        window.session = format!("{base}/session/{id}");
        window
    }

    /// Clicks the middle of the first element that the XPath finds, as a person would: a list that is drawn again
    /// between finding and clicking is looked at again.
    pub async fn click(&self, xpath: &str) {
        let begin = Instant::now();
        loop {
            let id = self.find(xpath).await;
            let url = format!("{}/element/{id}/click", self.session);
            let answer = self.post(&url, &json!({})).await;
            if answer.get("error").is_none() {
                return;
            }
            assert!(begin.elapsed() < PATIENCE, "cannot click {xpath}: {answer}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Presses keys together, such as `ctrl+shift+Y`. The driver gives them to the page: the window around it sees none.
    #[cfg(target_os = "linux")]
    pub async fn press(&self, keys: &str) {
        let code = |key: &str| match key {
            "shift" => "\u{e008}".to_owned(),
            "ctrl" => "\u{e009}".to_owned(),
            "alt" => "\u{e00a}".to_owned(),
            "Escape" => "\u{e00c}".to_owned(),
            key => key.to_owned(),
        };
        let keys: Vec<String> = keys.split('+').map(code).collect();
        let down = keys
            .iter()
            .map(|key| json!({"type": "keyDown", "value": key}));
        let up = keys
            .iter()
            .rev()
            .map(|key| json!({"type": "keyUp", "value": key}));
        let actions: Vec<Value> = down.chain(up).collect();
        let actions = json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]});
        let answer = self
            .post(&format!("{}/actions", self.session), &actions)
            .await;
        assert!(answer.get("error").is_none(), "{answer}");
    }

    /// Types into the first element that the XPath finds.
    #[cfg(target_os = "linux")]
    pub async fn write(&self, xpath: &str, text: &str) {
        let id = self.find(xpath).await;
        let url = format!("{}/element/{id}/value", self.session);
        let answer = self.post(&url, &json!({"text": text})).await;
        assert!(answer.get("error").is_none(), "{answer}");
    }

    /// Waits for the first element that the XPath finds, and gives its reference.
    async fn find(&self, xpath: &str) -> String {
        let begin = Instant::now();
        loop {
            let query = json!({"using": "xpath", "value": xpath});
            let found = self
                .post(&format!("{}/element", self.session), &query)
                .await;
            if found.get("error").is_none()
                && let Some(id) = found.as_object().and_then(|o| o.values().next()?.as_str())
            {
                return id.to_owned();
            }
            if begin.elapsed() > PATIENCE {
                let page = self.text().await;
                panic!("nothing matches {xpath} within {PATIENCE:?}; the window shows:\n{page}");
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until the page's text holds this.
    pub async fn sees(&self, text: &str) {
        self.find(&format!("//body[contains(., '{text}')]")).await;
    }

    /// Waits for the page with this heading.
    pub async fn sees_heading(&self, text: &str) {
        self.find(&format!("//h1[normalize-space(.)='{text}']"))
            .await;
    }

    /// Waits until the page's text holds this no more.
    #[cfg(target_os = "linux")]
    pub async fn sees_no(&self, text: &str) {
        let begin = Instant::now();
        while self.text().await.contains(text) {
            assert!(begin.elapsed() < PATIENCE, "`{text}` is still there");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// All text of the page, as a person sees it.
    pub async fn text(&self) -> String {
        let answer = self.script("return document.body.innerText").await;
        answer.as_str().unwrap_or_default().to_owned()
    }

    /// What a script on the page returns.
    pub async fn script(&self, script: &str) -> Value {
        let script = json!({"script": script, "args": []});
        let url = format!("{}/execute/sync", self.session);
        self.post(&url, &script).await
    }

    /// Keeps a picture of the window.
    pub async fn screenshot(&self, file: &Path) {
        let answer = self
            .client
            .get(format!("{}/screenshot", self.session))
            .send()
            .await;
        let body: Value = answer.expect("a screenshot").json().await.expect("JSON");
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(body["value"].as_str().unwrap_or_default())
            .expect("base64");
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("the folder can be made");
        std::fs::write(file, bytes).expect("the picture can be written");
    }

    async fn until_ready(&self, base: &str) {
        let begin = Instant::now();
        while self
            .client
            .get(format!("{base}/status"))
            .send()
            .await
            .is_err()
        {
            assert!(
                begin.elapsed() < PATIENCE,
                "WebKitWebDriver did not get ready"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn post(&self, url: &str, body: &Value) -> Value {
        let answer = self
            .client
            .post(url)
            .json(body)
            .send()
            .await
            .expect("the driver answers");
        let mut answer: Value = answer.json().await.expect("the driver answers in JSON");
        answer["value"].take()
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // Ending the session ends the app; the driver would leave it running if it were killed first.
        if let Some((_, rest)) = self.session.split_once("http://")
            && let Some((address, path)) = rest.split_once('/')
            && let Ok(mut socket) = std::net::TcpStream::connect(address)
        {
            use std::io::{Read, Write};
            let request =
                format!("DELETE /{path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
            let _ = socket.set_read_timeout(Some(Duration::from_secs(5)));
            let _ = socket.write_all(request.as_bytes());
            let _ = socket.read_to_end(&mut Vec::new());
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port()
}
