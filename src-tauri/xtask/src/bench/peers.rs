//! The least that could do the same: a handler that stores nothing, a forwarder that stores nothing, and a sink
//! that both call. Each runs as a process of its own: this program, started again.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;

use super::{Error, Load};

/// What a peer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Peer {
    /// Answers at once.
    Handler,
    /// Calls the sink with reqwest, then answers.
    Forwarder,
    /// What forwarders and flows call.
    Sink,
}

const ANSWER: &str = r#"{"status": "accepted", "workflow_started": true}"#;

/// Serves as a peer until it is killed. Prints its address first.
pub fn run_peer(peer: Peer, sink: Option<SocketAddr>) -> Result<(), Error> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        let router = match (peer, sink) {
            (Peer::Forwarder, Some(sink)) => forwarder(sink),
            _ => Router::new().route("/", post(answer)),
        };
        axum::serve(listener, router).await?;
        Ok(())
    })
}

async fn answer(_body: Bytes) -> &'static str {
    ANSWER
}

fn forwarder(sink: SocketAddr) -> Router {
    let state = (reqwest::Client::new(), format!("http://{sink}/"));
    Router::new().route("/", post(forward)).with_state(state)
}

async fn forward(
    State((client, url)): State<(reqwest::Client, String)>,
    body: Bytes,
) -> (StatusCode, Bytes) {
    let sent = client
        .post(url)
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await;
    match sent {
        Ok(answer) => (StatusCode::OK, answer.bytes().await.unwrap_or_default()),
        Err(_) => (StatusCode::BAD_GATEWAY, Bytes::new()),
    }
}

/// A peer that runs; killed when dropped.
pub struct PeerProcess {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl PeerProcess {
    /// Starts this program again as a peer and waits for its address.
    pub fn start(peer: Peer, sink: Option<SocketAddr>) -> Result<Self, Error> {
        let what = format!("{peer:?}").to_lowercase();
        let start = |source| Error::Start {
            what: what.clone(),
            source,
        };
        let mut command = Command::new(std::env::current_exe().map_err(start)?);
        command.args(["bench-peer", &what]).stdout(Stdio::piped());
        if let Some(sink) = sink {
            command.args(["--sink", &sink.to_string()]);
        }
        let mut child = command.spawn().map_err(start)?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        let address = line.trim().parse().map_err(|_| Error::NotReady { what })?;
        Ok(Self { child, address })
    }

    /// A load for it.
    pub fn load(&self, path: &str, body: &str) -> Load {
        Load::new(self.address, path, body)
    }
}

impl Drop for PeerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
