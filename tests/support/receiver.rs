//! Somebody else's server: it keeps what it gets and answers as the test wants.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, StatusCode, Uri};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

const WAIT_S_MAX: u64 = 20;

/// A request that came.
#[derive(Debug, Clone)]
pub struct Received {
    pub method: Method,
    /// Path and query.
    pub target: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// How the receiver answers.
type Script = Arc<Mutex<Box<dyn FnMut(&Received) -> Response<Body> + Send>>>;

/// A receiver on a free port.
pub struct TestReceiver {
    url: String,
    script: Script,
    received: mpsc::UnboundedReceiver<Received>,
    server: JoinHandle<()>,
}

#[derive(Clone)]
struct Shared {
    script: Script,
    sender: mpsc::UnboundedSender<Received>,
}

impl TestReceiver {
    /// A receiver that answers 200 with `{}`.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (sender, received) = mpsc::unbounded_channel();
        let script: Script = Arc::new(Mutex::new(Box::new(|_| answer(200, "{}"))));
        let shared = Shared {
            script: Arc::clone(&script),
            sender,
        };
        let router = Router::new().fallback(receive).with_state(shared);
        let server = tokio::spawn(async move {
            axum::serve(listener, router)
                .await
                .expect("the receiver runs");
        });
        Self {
            url,
            script,
            received,
            server,
        }
    }

    /// Where it is, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Answers with this status from now on.
    pub fn answer_with(&self, status: u16) {
        self.script(move |_| answer(status, "{}"));
    }

    /// Answers as a function says from now on.
    pub fn script(&self, script: impl FnMut(&Received) -> Response<Body> + Send + 'static) {
        *self.script.lock().expect("no panic") = Box::new(script);
    }

    /// The next request; fails if none comes.
    #[track_caller]
    pub fn next(&mut self) -> impl Future<Output = Received> {
        let caller = std::panic::Location::caller();
        async move {
            match timeout(Duration::from_secs(WAIT_S_MAX), self.received.recv()).await {
                Ok(Some(received)) => received,
                _ => panic!("nothing came to the receiver ({caller})"),
            }
        }
    }

    /// The next request to a path; others are dropped.
    #[track_caller]
    pub fn next_to(&mut self, path: &'static str) -> impl Future<Output = Received> {
        let caller = std::panic::Location::caller();
        async move {
            let found = timeout(Duration::from_secs(WAIT_S_MAX), async {
                while let Some(received) = self.received.recv().await {
                    if received.target.starts_with(path) {
                        return Some(received);
                    }
                }
                None
            });
            match found.await {
                Ok(Some(received)) => received,
                _ => panic!("nothing came to {path} ({caller})"),
            }
        }
    }

    /// Whether nothing comes for a while.
    pub async fn stays_silent(&mut self, for_ms: u64) -> bool {
        timeout(Duration::from_millis(for_ms), self.received.recv())
            .await
            .is_err()
    }

    /// Everything that has come and was not looked at.
    pub fn drain(&mut self) -> Vec<Received> {
        std::iter::from_fn(|| self.received.try_recv().ok()).collect()
    }
}

impl Drop for TestReceiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A JSON answer.
pub fn answer(status: u16, body: &str) -> Response<Body> {
    Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .body(Body::from(body.to_owned()))
        .expect("a valid answer")
}

async fn receive(
    State(shared): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response<Body>, StatusCode> {
    let target = uri
        .path_and_query()
        .map_or_else(String::new, ToString::to_string);
    let received = Received {
        method,
        target,
        headers,
        body,
    };
    let answer = (shared.script.lock().expect("no panic"))(&received);
    let _ = shared.sender.send(received);
    Ok(answer)
}
