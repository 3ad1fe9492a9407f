//! Somebody who calls our webhooks and our API, as cURL would.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;

use super::app::TestApp;

/// An HTTP client without proxies, redirects or patience.
#[derive(Clone)]
pub struct TestSender {
    client: Client,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl TestSender {
    pub fn new() -> Self {
        let client = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(20))
            .build()
            .expect("a client");
        Self { client }
    }

    /// POSTs JSON to a flow's webhook.
    pub async fn hook(&self, app: &TestApp, flow: &str, key: &str, body: &Value) -> Answer {
        self.hook_with(app, flow, key, body, &[]).await
    }

    /// POSTs JSON with more headers to a flow's webhook.
    pub async fn hook_with(
        &self,
        app: &TestApp,
        flow: &str,
        key: &str,
        body: &Value,
        headers: &[(&str, &str)],
    ) -> Answer {
        let url = hook_url(app, flow, key);
        let mut request = self
            .client
            .post(url)
            .header("content-type", "application/json")
            .body(body.to_string());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        send(request).await
    }

    /// Any request; headers may be none.
    pub async fn send(
        &self,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        let mut request = self.client.request(method, url).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        send(request).await
    }

    /// Like [`TestSender::hook`], but tells when nothing came back: the server may have been killed.
    pub async fn try_hook(
        &self,
        url: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Option<Answer> {
        let mut request = self
            .client
            .post(url)
            .header("content-type", "application/json")
            .body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        answer_of(request.send().await.ok()?).await.ok()
    }

    /// A call of the control API with the owner's token.
    pub async fn api(&self, app: &TestApp, method: Method, path: &str) -> Answer {
        let url = format!("{}/api/v1{path}", app.control());
        send(self.client.request(method, url).bearer_auth(app.token())).await
    }

    /// Reads the live updates of the control API into a text, until the server ends them.
    pub async fn listen(&self, app: &TestApp) -> Arc<Mutex<String>> {
        let url = format!("{}/api/v1/events", app.control());
        // The client's patience is for answers that end.
        let request = self
            .client
            .get(url)
            .bearer_auth(app.token())
            .timeout(Duration::from_secs(600));
        let mut stream = request.send().await.expect("the stream begins");
        assert_eq!(stream.status().as_u16(), 200);
        let heard = Arc::new(Mutex::new(String::new()));
        let into = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok(Some(chunk)) = stream.chunk().await {
                into.lock()
                    .expect("no panic")
                    .push_str(&String::from_utf8_lossy(&chunk));
            }
        });
        heard
    }
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

/// The URL of a flow's webhook with its key.
pub fn hook_url(app: &TestApp, flow: &str, key: &str) -> String {
    format!("{}/api/webhook/local/{flow}?key={key}", app.receiver())
}

async fn send(request: RequestBuilder) -> Answer {
    let response = request.send().await.expect("an answer comes back");
    answer_of(response)
        .await
        .expect("the whole answer comes back")
}

async fn answer_of(response: reqwest::Response) -> reqwest::Result<Answer> {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    Ok(Answer {
        status,
        headers,
        body: response.text().await?,
    })
}
