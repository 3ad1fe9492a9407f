//! Many connections that are slow in every way at once, at the real server: their places come back, memory stays where it
//! was, and a sender that behaves goes on meanwhile.
//!
//! The long form is `cargo xtask slow-clients`.

#![cfg(unix)]

use std::net::SocketAddr;
use std::process::Command;
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;

use crate::support::{HealthySender, TestApp, Workspace, hook_url, intake};

const KEY: &str = "intake-key-0123456789";
const MIB: u64 = 1024 * 1024;
/// What slow connections may cost beyond what the server had before.
const GROWTH_BYTES_MAX: u64 = 64 * MIB;
/// The pause between two bytes of a slow connection.
const DRIP_MS: u64 = 1_000;
/// A slow reader asks for this many answers, and takes none of them.
const ANSWERS_ASKED: usize = 4_000;

fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.set_secret("key", KEY);
    workspace.publish(&intake("intake"));
    workspace
}

/// One slow sender after the other in the same place, until the time is over: whoever is cut off comes again.
async fn slow_place(address: SocketAddr, number: usize, until: Instant) -> u32 {
    let mut cut_off = 0;
    while Instant::now() < until {
        let slow = async {
            match number % 3 {
                0 => slow_head(address).await,
                1 => slow_body(address).await,
                _ => slow_reader(address).await,
            }
        };
        match tokio::time::timeout_at(until.into(), slow).await {
            Ok(Ok(())) => cut_off += 1,
            // No connection at the moment: all places are taken.
            Ok(Err(_)) => tokio::time::sleep(Duration::from_millis(DRIP_MS)).await,
            Err(_) => break,
        }
    }
    cut_off
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
    let socket = socket.connect(address).await?;
    let request = b"GET /nothing HTTP/1.1\r\nhost: a\r\n\r\n".repeat(ANSWERS_ASKED);
    let mut left = &request[..];
    // Until nobody takes any more on either side; then until it is cut off.
    while !left.is_empty() {
        socket.writable().await?;
        match socket.try_write(left) {
            Ok(bytes) => left = &left[bytes..],
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => return Ok(()),
        }
    }
    drip(socket).await;
    Ok(())
}

async fn slow_clients(count: usize, seconds: u64) {
    let workspace = workspace();
    let app = workspace.serve();
    let url = hook_url(&app, "intake", KEY);
    // What the first requests take is not what slow ones take.
    HealthySender::start(&url)
        .finish_after(Duration::from_secs(2))
        .await;
    #[cfg(target_os = "linux")]
    let before = app.memory_bytes("VmHWM");
    let address: SocketAddr = app
        .receiver()
        .trim_start_matches("http://")
        .parse()
        .expect("an address");
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut slow = JoinSet::new();
    for number in 0..count {
        slow.spawn(slow_place(address, number, until));
    }
    let healthy = HealthySender::start(&url);
    let mut cut_off = 0;
    #[cfg(target_os = "linux")]
    let mut open_max = 0;
    while let Ok(ended) = tokio::time::timeout_at((until + Duration::from_secs(20)).into(), async {
        #[cfg(target_os = "linux")]
        while !slow.is_empty() && Instant::now() < until {
            open_max = open_max.max(open_files(&app));
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        slow.join_next().await
    })
    .await
    {
        match ended {
            Some(times) => cut_off += times.expect("it does not panic"),
            None => break,
        }
    }
    let what = format!("{count} slow connections for {seconds} s");
    println!("{what}: {cut_off} were cut off");
    healthy.finish().await.check(&what);
    #[cfg(target_os = "linux")]
    {
        let grown = app.memory_bytes("VmHWM") - before;
        println!(
            "{what}: {open_max} sockets and files at once, memory grew by {} MiB",
            grown / MIB
        );
        assert!(
            open_max >= count,
            "they were not all there at once: {open_max}"
        );
        assert!(grown <= GROWTH_BYTES_MAX, "{grown} bytes");
    }
    if seconds > 20 {
        assert!(
            cut_off as usize >= count,
            "each place was given up at least once: {cut_off}"
        );
    }
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
fn slowhttptest(options: &[&str], url: &str) -> String {
    let seconds = if std::env::var_os("HOOKLOOM_SLOW_SECONDS").is_some() {
        "30"
    } else {
        "7"
    };
    let output = Command::new("slowhttptest")
        .args(options)
        // 1,000 connections, 500 a second; it asks for a page of its own and waits 3 s for it.
        .args(["-c", "1000", "-r", "500", "-i", "5", "-l", seconds, "-p", "3", "-u", url])
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
                "-X", "-w", "16", "-y", "32", "-n", "5", "-z", "32", "-k", "20",
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
        println!("{mode}: {}", available.trim());
    }
    healthy.finish().await.check("slowhttptest");
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
