//! A name out of a request that leads outside when it is looked up once and inside the next time: from the request's body
//! through the receiver, the store, the engine and the step to the one client. Only the answers to lookups are given.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use hookloom_outbound::{Lookup, Network};
use http::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::options;
use crate::options::Names;
use crate::{Role, Running, open};

const NAME: &str = "rebind.example";
/// Public, and given to nobody: what leads there arrives nowhere.
const OUTSIDE: IpAddr = IpAddr::V6(Ipv6Addr::new(0x3ffe, 0, 0, 0, 0, 0, 0, 1));
/// Requests of a round, and how many are under way at one time.
const REQUESTS: usize = 96;
const SENDERS: usize = 24;
/// Long enough for what is on this computer. What leads outside may take all of it.
const TIMEOUT_MS: u64 = 1_000;

/// Outside and inside in turns.
#[derive(Default)]
struct Alternating {
    asked: AtomicUsize,
}

#[async_trait]
impl Lookup for Alternating {
    async fn lookup(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        if name != NAME {
            return Err(io::ErrorKind::NotFound.into());
        }
        let turn = self.asked.fetch_add(1, Ordering::SeqCst);
        Ok(vec![match turn % 2 {
            0 => OUTSIDE,
            _ => Ipv4Addr::LOCALHOST.into(),
        }])
    }
}

/// A server on this computer. It counts who comes.
async fn inner_server() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let came = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&came);
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                // Every connection is looked up anew.
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
                let _ = socket.read(&mut [0; 4096]).await;
                let _ = socket.write_all(answer).await;
            });
        }
    });
    (port, came)
}

async fn call(running: &Running, method: Method, path: &str, body: Option<Value>) -> Value {
    let body = body.map(|body| body.to_string());
    let reply = running.call(method, path, body).await.expect("an answer");
    assert!((200..300).contains(&reply.status), "{path}: {}", reply.body);
    serde_json::from_str(&reply.body).unwrap_or_default()
}

/// A flow that calls the host that is found there.
async fn publish(running: &Running, host: &str, port: u16, allowed: Value) {
    let document = json!({
        "format": "hookloom.flow/1", "name": "calling", "inner_destinations": allowed,
        "endpoints": [{"name": "calling_in", "auth": {"kind": "none"}, "mode": "sync", "body_memory": "order"}],
        "steps": [{"name": "ask", "kind": "http", "url": format!("http://{{{{{host}}}}}:{port}/"),
                   "timeout_ms": TIMEOUT_MS, "retry": {"attempts_max": 1}}],
    });
    let import = json!({"document": document, "publish": true});
    call(running, Method::POST, "/api/v1/flows/import", Some(import)).await;
}

/// A sender's request; the number of its job, which has ended.
async fn send(receiver: SocketAddr) -> i64 {
    let body = json!({"host": NAME}).to_string();
    let request = format!(
        "POST /api/webhook/local/calling HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut socket = TcpStream::connect(receiver).await.expect("it listens");
    socket
        .write_all(request.as_bytes())
        .await
        .expect("it reads");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.expect("an answer");
    let (_, said) = answer.split_once("\r\n\r\n").expect("a body");
    let said: Value = serde_json::from_str(said).expect("JSON");
    said["job_id"].as_i64().expect("a job")
}

/// How the step ended, and how often, in a round of requests.
async fn round(running: &Running) -> BTreeMap<String, usize> {
    let url = running.receiver_url().expect("it listens");
    let receiver: SocketAddr = url
        .trim_start_matches("http://")
        .parse()
        .expect("an address");
    let mut senders = JoinSet::new();
    for _ in 0..SENDERS {
        senders.spawn(async move {
            let mut jobs = Vec::new();
            for _ in 0..REQUESTS / SENDERS {
                jobs.push(send(receiver).await);
            }
            jobs
        });
    }
    let mut ends = BTreeMap::new();
    for job in senders.join_all().await.into_iter().flatten() {
        let job = call(running, Method::GET, &format!("/api/v1/jobs/{job}"), None).await;
        let step = &job["steps"][0];
        let code = step["error"]["code"]
            .as_str()
            .or(step["exit_code"].as_str());
        *ends.entry(code.unwrap_or_default().to_owned()).or_default() += 1;
    }
    ends
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_out_of_a_request_that_alternates_never_leads_inside() {
    assert_eq!(Network::of(OUTSIDE), Network::Public);
    let parent = tempfile::tempdir().expect("a temporary folder");
    let lookup = Arc::new(Alternating::default());
    let mut options = options(&parent, Role::Serve);
    options.names = Names(Arc::clone(&lookup) as Arc<dyn Lookup>);
    let running = open(options).await.expect("it starts");
    let (port, came) = inner_server().await;

    publish(&running, "order.host", port, json!([])).await;
    let ends = round(&running).await;
    assert_eq!(
        ends.get("destination_refused"),
        Some(&(REQUESTS / 2)),
        "{ends:?}"
    );
    assert_eq!(ends.get("success"), None, "{ends:?}");
    assert_eq!(
        lookup.asked.load(Ordering::SeqCst),
        REQUESTS,
        "one a call: {ends:?}"
    );
    assert_eq!(came.load(Ordering::SeqCst), 0, "{ends:?}");

    // The controls: the same name leads inside every other time where a person wrote it, and where the flow allows it.
    let value = json!({"value": NAME});
    call(&running, Method::PUT, "/api/v1/variables/host", Some(value)).await;
    for (turn, (host, allowed)) in [("vars.host", json!([])), ("order.host", json!([NAME]))]
        .into_iter()
        .enumerate()
    {
        publish(&running, host, port, allowed).await;
        let ends = round(&running).await;
        assert!(ends.contains_key("success"), "{host}: {ends:?}");
        assert_eq!(ends.get("destination_refused"), None, "{host}: {ends:?}");
        let came = came.load(Ordering::SeqCst);
        assert_eq!(came, (turn + 1) * REQUESTS / 2, "{host}: {ends:?}");
    }
    running.stop().await;
}
