//! Requests that are small to send and large to read: compressed bombs, forms without end, floods of headers. The real
//! server's memory stays within its bound, and a sender that behaves goes on meanwhile.

use std::time::{Duration, Instant};

use async_compression::tokio::bufread::{
    BrotliEncoder, DeflateEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder,
};
use async_compression::zstd::CParameter;
use async_compression::{Level, zstd};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{HealthySender, TestApp, TestSender, Workspace, await_json, hook_url, intake};

const KEY: &str = "intake-key-0123456789";
/// How often each one is sent, at the same time.
const AT_ONCE: usize = 8;
const MALFORMED: &str = r#"{"error": "Invalid request format"}"#;
const LARGE: &str = r#"{"error": "Request too large"}"#;
const UNSUPPORTED: &str = r#"{"error": "Unsupported content type"}"#;

struct Bomb {
    what: &'static str,
    headers: Vec<(&'static str, &'static str)>,
    body: Vec<u8>,
    status: u16,
    answer: &'static str,
    reason_code: &'static str,
}

async fn encoded(coding: &str, plain: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let fast = Level::Fastest;
    let read = match coding {
        "gzip" => GzipEncoder::new(plain).read_to_end(&mut out).await,
        "deflate" => ZlibEncoder::new(plain).read_to_end(&mut out).await,
        "raw deflate" => DeflateEncoder::new(plain).read_to_end(&mut out).await,
        "br" => {
            BrotliEncoder::with_quality(plain, fast)
                .read_to_end(&mut out)
                .await
        }
        "wide zstd" => {
            // A frame whose reader has to keep 128 MiB.
            let window: [CParameter; 2] = [
                zstd::CParameter::window_log(27),
                zstd::CParameter::enable_long_distance_matching(true),
            ];
            let mut encoder = ZstdEncoder::with_quality_and_params(plain, fast, &window);
            encoder.read_to_end(&mut out).await
        }
        _ => ZstdEncoder::new(plain).read_to_end(&mut out).await,
    };
    read.expect("it can be compressed");
    out
}

/// Bytes that shrink to about a fiftieth: under the ratio, and over the limit.
fn half_dense(mebibytes: usize) -> Vec<u8> {
    let mut noise = 0x9e37_79b9_u32;
    let mut random = || {
        noise ^= noise << 13;
        noise ^= noise >> 17;
        noise ^= noise << 5;
        noise.to_le_bytes()[1]
    };
    let mut plain = Vec::new();
    for _ in 0..mebibytes {
        plain.extend((0..24 * 1024).map(|_| random()));
        plain.resize(plain.len() + 1000 * 1024, b' ');
    }
    plain
}

fn form(parts: usize) -> Vec<u8> {
    let part = b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n";
    [&part.repeat(parts)[..], b"--b--\r\n"].concat()
}

const JSON: (&str, &str) = ("content-type", "application/json");
const GZIP: (&str, &str) = ("content-encoding", "gzip");

fn bomb(what: &'static str, headers: &[(&'static str, &'static str)], body: Vec<u8>) -> Bomb {
    Bomb {
        what,
        headers: headers.to_vec(),
        body,
        status: 400,
        answer: MALFORMED,
        reason_code: "malformed",
    }
}

impl Bomb {
    fn refused_as(mut self, reason_code: &'static str) -> Self {
        (self.status, self.answer, self.reason_code) = (413, LARGE, reason_code);
        self
    }

    fn unknown_coding(mut self) -> Self {
        (self.status, self.answer, self.reason_code) = (415, UNSUPPORTED, "content_encoding");
        self
    }
}

async fn bombs() -> Vec<Bomb> {
    let zeros = vec![b' '; 12 * 1024 * 1024];
    let mut bombs = Vec::new();
    for (coding, name) in [
        ("gzip", "gzip"),
        ("deflate", "deflate"),
        ("raw deflate", "deflate"),
        ("br", "br"),
        ("zstd", "zstd"),
    ] {
        let body = encoded(coding, &zeros).await;
        let headers = [JSON, ("content-encoding", name)];
        bombs.push(bomb(coding, &headers, body).refused_as("compression_ratio"));
    }
    let dense = half_dense(12);
    let much = encoded("gzip", &dense).await;
    let twice = encoded("gzip", &encoded("gzip", &zeros).await).await;
    let wide = encoded("wide zstd", &dense[..1024 * 1024]).await;
    let (zstd, nested) = (
        ("content-encoding", "zstd"),
        ("content-encoding", "gzip, gzip"),
    );
    let multipart = ("content-type", "multipart/form-data; boundary=b");
    let fields = ("content-type", "application/x-www-form-urlencoded");
    bombs.extend([
        bomb("50:1 and too large", &[JSON, GZIP], much).refused_as("too_large"),
        bomb("gzip in gzip, said once", &[JSON, GZIP], twice.clone()),
        bomb("gzip in gzip", &[JSON, nested], twice.clone()).unknown_coding(),
        bomb("gzip in two headers", &[JSON, GZIP, GZIP], twice).unknown_coding(),
        bomb("a zstd window of 128 MiB", &[JSON, zstd], wide),
        bomb("100,000 parts", &[multipart], form(100_000)),
        bomb("100,000 fields", &[fields], b"a=1&".repeat(100_000)),
        bomb("100,000 lists in one another", &[JSON], vec![b'['; 100_000]),
    ]);
    bombs
}

fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.set_secret("key", KEY);
    workspace.publish(&intake("intake"));
    workspace
}

/// Sends it several times at once.
async fn explode(url: &str, bomb: &Bomb) {
    let sender = TestSender::new();
    let began = Instant::now();
    let sent =
        (0..AT_ONCE).map(|_| sender.send(Method::POST, url, &bomb.headers, bomb.body.clone()));
    for answer in futures::future::join_all(sent).await {
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (bomb.status, bomb.answer),
            "{}",
            bomb.what
        );
    }
    eprintln!("{}: {AT_ONCE} in {:?}", bomb.what, began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn bombs_take_no_more_memory_than_bodies_may_and_keep_nobody_waiting() {
    let workspace = workspace();
    let app = workspace.serve();
    let url = hook_url(&app, "intake", KEY);
    let bombs = bombs().await;
    let healthy = HealthySender::start(&url);
    while !healthy.has_sent_enough() {
        for bomb in &bombs {
            explode(&url, bomb).await;
        }
    }
    healthy.finish().await.check("bombs");
    memory_is_bounded(&app, "bombs");
    // Each is on record with its reason: the first of a minute one by one, the others as a number.
    let arguments = ["request", "list", "--verdict", "rejected", "--limit", "500"];
    let kept = bombs.len() * AT_ONCE;
    let rejected = await_json(&workspace, &arguments, |it| {
        it.as_array().is_some_and(|it| it.len() >= kept.min(60))
    });
    for bomb in &bombs {
        let is_listed = |it: &Value| it["reason_code"] == bomb.reason_code;
        let mut rejected = rejected.as_array().expect("a list").iter();
        assert!(
            rejected.any(is_listed),
            "{}: {}",
            bomb.what,
            bomb.reason_code
        );
    }
}

/// What comes back on a connection of its own, until it is closed.
async fn exchange(app: &TestApp, request: &[u8]) -> String {
    let address = app.receiver().trim_start_matches("http://");
    let mut socket = TcpStream::connect(address).await.expect("a connection");
    // It may be answered and closed before all of it is sent.
    let _ = socket.write_all(request).await;
    let _ = socket.shutdown().await;
    let mut reply = Vec::new();
    let reading = socket.read_to_end(&mut reply);
    let read = tokio::time::timeout(Duration::from_secs(20), reading).await;
    let _ = read.expect("it is closed");
    String::from_utf8_lossy(&reply).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_headers_is_refused_and_keeps_nobody_waiting() {
    let workspace = workspace();
    let app = workspace.serve();
    let url = hook_url(&app, "intake", KEY);
    let head = |headers: &str| {
        format!(
            "POST /api/webhook/local/intake?key={KEY} HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n{headers}\r\n{{}}"
        )
    };
    let floods = [
        ("header lines", head(&"x-a: 1\r\n".repeat(1_000))),
        ("many header lines", head(&"x-a: 1\r\n".repeat(100_000))),
        (
            "one long header",
            head(&format!("x-a: {}\r\n", "v".repeat(1_000_000))),
        ),
        (
            "one long name",
            head(&format!("{}: 1\r\n", "n".repeat(1_000_000))),
        ),
        (
            "a long path",
            head("").replace("local", &"l".repeat(1_000_000)),
        ),
        (
            "a head without an end",
            format!("POST / HTTP/1.1\r\nx-a: {}", "v".repeat(1_000_000)),
        ),
    ];
    let before = TestSender::new();
    let fits = format!("x-a: {}\r\n", "v".repeat(40_000)) + &"x-b: 1\r\n".repeat(90);
    let reply = exchange(&app, head(&fits).as_bytes()).await;
    assert!(
        reply.starts_with("HTTP/1.1 200"),
        "what is within the limits is taken: {reply}"
    );

    let healthy = HealthySender::start(&url);
    while !healthy.has_sent_enough() {
        for (what, request) in &floods {
            let sent = (0..AT_ONCE).map(|_| exchange(&app, request.as_bytes()));
            for reply in futures::future::join_all(sent).await {
                let is_refused = ["HTTP/1.1 431 ", "HTTP/1.1 414 ", "HTTP/1.1 400 "];
                let is_refused = is_refused.iter().any(|it| reply.starts_with(it));
                // A sender that is cut off while it sends may lose the answer.
                assert!(is_refused || reply.is_empty(), "{what}: {reply}");
            }
        }
    }
    healthy.finish().await.check("header floods");
    memory_is_bounded(&app, "header floods");
    let fine = before.hook(&app, "intake", KEY, &json!({"n": 1})).await;
    assert_eq!(fine.status, 200);
}

#[cfg(target_os = "linux")]
fn memory_is_bounded(app: &TestApp, what: &str) {
    const MIB: u64 = 1024 * 1024;
    /// What all bodies together may hold: `bodies_held_bytes_max` of the receiver.
    const BODIES_HELD_BYTES_MAX: u64 = 256 * MIB;
    /// What the gate allows beyond it.
    const BEYOND_BYTES_MAX: u64 = 64 * MIB;
    let most = app.memory_bytes("VmHWM");
    eprintln!("{what}: {} MiB at most", most / MIB);
    assert!(
        most <= BODIES_HELD_BYTES_MAX + BEYOND_BYTES_MAX,
        "{most} bytes"
    );
}

/// Elsewhere nobody says how much it was.
#[cfg(not(target_os = "linux"))]
fn memory_is_bounded(_: &TestApp, _: &str) {}
