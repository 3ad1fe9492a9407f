//! Many connections that are slow in every way at once, at the real server: their places come back, memory stays where it
//! was, and a sender that behaves goes on meanwhile.
//!
//! The long form is `cargo xtask slow-clients`.

#![cfg(unix)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use socket2::SockRef;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;

use crate::support::{HealthySender, TestApp, Workspace, hook_url, intake};

const KEY: &str = "intake-key-0123456789";
const MIB: u64 = 1024 * 1024;
/// What slow connections may cost beyond what the server has when it works for senders that behave.
const GROWTH_BYTES_MAX: u64 = 64 * MIB;
/// Senders that behave, and what they send in all at least, before anything is measured.
const WARM_SENDERS: usize = 64;
const WARM_REQUESTS_MIN: usize = 2_560;
/// No place of a slow reader is given up sooner.
const READER_S_MIN: u64 = 10;
/// The pause between two bytes of a slow connection.
const DRIP_MS: u64 = 1_000;
/// A slow reader asks for this many answers, and takes none of them: more than fits between it and the server.
const ANSWERS_ASKED: usize = 4;
const ANSWER_BYTES: usize = 32 * 1024;
/// How small its packets are: the system gives a connection less room then.
const PACKET_BYTES: u32 = 536;

fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.set_secret("key", KEY);
    workspace.publish(&intake("intake"));
    let mut wordy = intake("wordy");
    wordy["endpoints"][0]["response"] = json!({"status": 200, "body": "x".repeat(ANSWER_BYTES)});
    workspace.publish(&wordy);
    workspace
}

/// One slow sender after the other in the same place, until it is told to stop: whoever is cut off comes again.
async fn slow_place(address: SocketAddr, number: usize, cut_off: Arc<AtomicUsize>) {
    loop {
        let slow = match number % 3 {
            0 => slow_head(address).await,
            1 => slow_body(address).await,
            _ => slow_reader(address).await,
        };
        match slow {
            Ok(()) => {
                cut_off.fetch_add(1, Ordering::Relaxed);
            }
            // No connection at the moment: all places are taken.
            Err(_) => tokio::time::sleep(Duration::from_millis(DRIP_MS)).await,
        }
    }
}

/// Returns once the server has cut it off.
async fn drip(mut socket: TcpStream) {
    loop {
        tokio::time::sleep(Duration::from_millis(DRIP_MS)).await;
        // What is written to a connection that the other side has closed comes back as an error, at the second try.
        if socket.write_all(b"a").await.is_err() {
            return;
        }
    }
}

async fn slow_head(address: SocketAddr) -> std::io::Result<()> {
    let mut socket = TcpStream::connect(address).await?;
    socket
        .write_all(b"POST /api/webhook/local/intake HTTP/1.1\r\nhost: a\r\nx-slow: ")
        .await?;
    drip(socket).await;
    Ok(())
}

async fn slow_body(address: SocketAddr) -> std::io::Result<()> {
    let mut socket = TcpStream::connect(address).await?;
    let head = format!(
        "POST /api/webhook/local/intake?key={KEY} HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).await?;
    drip(socket).await;
    Ok(())
}

async fn slow_reader(address: SocketAddr) -> std::io::Result<()> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(4 * 1024)?;
    SockRef::from(&socket).set_tcp_mss(PACKET_BYTES)?;
    let socket = socket.connect(address).await?;
    let request = format!(
        "POST /api/webhook/local/wordy?key={KEY} HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\ncontent-length: 1\r\n\r\nx"
    );
    let mut socket = socket;
    socket
        .write_all(request.repeat(ANSWERS_ASKED).as_bytes())
        .await?;
    drip(socket).await;
    Ok(())
}

/// Work as usual: what the server keeps for it, such as the database's pages, is not what slow connections cost. The slow
/// readers ask for real jobs, so there is as much of it as they will ask for.
async fn warm_up(url: &str, count: usize, seconds: u64) {
    let turns = seconds.div_ceil(READER_S_MIN) as usize;
    let requests = (count / 3 * ANSWERS_ASKED * turns).max(WARM_REQUESTS_MIN);
    let client = reqwest::Client::builder().no_proxy().build();
    let client = client.expect("a client");
    let mut senders = JoinSet::new();
    for _ in 0..WARM_SENDERS {
        let (client, url) = (client.clone(), url.to_owned());
        senders.spawn(async move {
            for _ in 0..requests.div_ceil(WARM_SENDERS) {
                let answer = client.post(&url).json(&json!({})).send().await;
                assert_eq!(answer.expect("an answer").status(), 200);
            }
        });
    }
    while let Some(sent) = senders.join_next().await {
        sent.expect("every answer was 200");
    }
}

/// Holds so many slow connections for a while, and longer if the sender that behaves needs more time to say something.
async fn slow_clients(count: usize, seconds: u64) {
    let workspace = workspace();
    let app = workspace.serve();
    let url = hook_url(&app, "intake", KEY);
    warm_up(&url, count, seconds).await;
    let before = memory(&app);
    let address = app.receiver().trim_start_matches("http://");
    let address: SocketAddr = address.parse().expect("an address");
    let cut_off = Arc::new(AtomicUsize::new(0));
    let mut slow = JoinSet::new();
    for number in 0..count {
        slow.spawn(slow_place(address, number, Arc::clone(&cut_off)));
    }
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut open_max = 0;
    // All of them are there before anything is measured.
    while open_max < count {
        assert!(
            Instant::now() < until + Duration::from_secs(60),
            "they were never all there at once: {open_max}"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
        open_max = open_max.max(open_files(&app));
    }
    let healthy = HealthySender::start(&url);
    while Instant::now() < until || !healthy.has_sent_enough() {
        tokio::time::sleep(Duration::from_millis(100)).await;
        open_max = open_max.max(open_files(&app));
    }
    let what = format!("{count} slow connections for {seconds} s");
    let cut_off = cut_off.load(Ordering::Relaxed);
    let grown = memory(&app).saturating_sub(before);
    eprintln!(
        "{what}: {open_max} files and sockets at once, {cut_off} cut off, memory grew by {} MiB",
        grown / MIB
    );
    healthy.finish().await.check(&what);
    drop(slow);
    assert!(grown <= GROWTH_BYTES_MAX, "{grown} bytes");
    if seconds >= 30 {
        assert!(
            cut_off >= count,
            "each place was given up at least once: {cut_off}"
        );
    }
}

#[cfg(target_os = "linux")]
fn memory(app: &TestApp) -> u64 {
    app.memory_bytes("VmHWM")
}

/// Nobody tells it in the same way elsewhere.
#[cfg(not(target_os = "linux"))]
fn memory(_: &TestApp) -> u64 {
    0
}

#[cfg(not(target_os = "linux"))]
fn open_files(_: &TestApp) -> usize {
    usize::MAX
}

#[cfg(target_os = "linux")]
fn open_files(app: &TestApp) -> usize {
    let open = std::fs::read_dir(format!("/proc/{}/fd", app.id()));
    open.expect("it runs").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn six_hundred_slow_connections_keep_nobody_waiting() {
    slow_clients(600, 6).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the long form: `cargo xtask slow-clients`"]
async fn as_many_slow_connections_as_are_asked_for_keep_nobody_waiting() {
    let number = |name: &str| {
        let text = std::env::var(name)
            .unwrap_or_else(|_| panic!("{name} is set by `cargo xtask slow-clients`"));
        text.parse().expect("a number")
    };
    let count: usize = number("HOOKLOOM_SLOW_CONNECTIONS");
    slow_clients(count, number("HOOKLOOM_SLOW_SECONDS") as u64).await;
}

/// What `slowhttptest` found: whether it could still be served while it held its connections.
#[cfg(target_os = "linux")]
fn slowhttptest(options: &[&str], url: &str) -> String {
    let seconds = if std::env::var_os("HOOKLOOM_SLOW_SECONDS").is_some() {
        "30"
    } else {
        "8"
    };
    let output = std::process::Command::new("slowhttptest")
        .args(options)
        // 1,000 connections, 250 a second; it asks for a page of its own and waits 3 s for it.
        .args(["-c", "1000", "-r", "250", "-i", "5", "-l", seconds, "-p", "3", "-u", url])
        .output()
        .expect("`slowhttptest` is installed: `.ci/setup test` installs it on Debian; elsewhere see its own page");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text + &String::from_utf8_lossy(&output.stderr)
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn the_service_stays_available_under_slowhttptest() {
    let workspace = workspace();
    let app = workspace.serve();
    let url = hook_url(&app, "intake", KEY);
    let healthy = HealthySender::start(&url);
    let modes: [(&str, &[&str]); 3] = [
        ("slow heads", &["-H"]),
        ("slow bodies", &["-B", "-s", "100000"]),
        (
            "slow reading",
            &[
                "-X", "-w", "16", "-y", "32", "-n", "5", "-z", "32", "-k", "10",
            ],
        ),
    ];
    let mut running = JoinSet::new();
    for (mode, options) in modes {
        let url = url.clone();
        running.spawn_blocking(move || (mode, slowhttptest(options, &url)));
    }
    while let Some(ended) = running.join_next().await {
        let (mode, said) = ended.expect("it runs");
        let said = without_colours(&said);
        let available = said
            .lines()
            .rev()
            .find(|line| line.contains("service available"));
        let available = available.unwrap_or_else(|| panic!("{mode}: {said}"));
        assert!(available.contains("YES"), "{mode}: {said}");
        eprintln!("{mode}: {}", available.trim());
    }
    // Whoever asks in the middle of it is answered, too: its own question is asked at the end. How soon says something
    // where nothing else works the machine hard: three of these programs and other tests beside them do.
    while !healthy.has_sent_enough() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let waits = healthy.finish().await;
    if std::env::var_os("HOOKLOOM_WAIT_MS_MAX").is_some() {
        waits.check("3,000 connections of slowhttptest");
    }
}

#[cfg(target_os = "linux")]
fn without_colours(text: &str) -> String {
    let mut plain = String::new();
    let mut parts = text.split('\u{1b}');
    plain.push_str(parts.next().unwrap_or_default());
    for part in parts {
        plain.push_str(part.split_once('m').map_or("", |(_, rest)| rest));
    }
    plain
}
