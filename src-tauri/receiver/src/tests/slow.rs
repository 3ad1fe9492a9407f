//! Slow connections of every kind in every place at once: whoever behaves is served, because places are given up. Each
//! limit that gives them up is switched off by itself, as a control: then nobody else is served.
//!
//! The real server with many more of them is in `tests/it/slow_clients.rs`.

use std::sync::Arc;
use std::time::Duration;

use hookloom_model::document::{EndpointAnswer, RespondBody};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::started::{KEY, Started, post};
use crate::Limits;

/// As many as there are places: nobody comes in unless one is given up.
const CONNECTIONS: usize = 24;
/// When a place is given up.
const GIVEN_UP_MS: u64 = 100;
/// Somebody who is served is so at once, on a busy machine too within this; who is not need not wait so long to show it.
const PATIENCE_MS: u64 = 20_000;
const CONTROL_MS: u64 = 15 * GIVEN_UP_MS;
/// A slow reader takes none of so much.
const ANSWER_BYTES: usize = 1_000_000;
const NEVER_MS: u64 = 60 * 60 * 1_000;

/// What a slow connection is slow with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slow {
    Head,
    Body,
    Reader,
}

const KINDS: [Slow; 3] = [Slow::Head, Slow::Body, Slow::Reader];

fn limits() -> Limits {
    Limits {
        connections_max: CONNECTIONS,
        header_read_ms_max: GIVEN_UP_MS,
        body_idle_ms_max: GIVEN_UP_MS,
        answer_idle_ms_max: GIVEN_UP_MS,
        ..Limits::default()
    }
}

/// The protection against one kind is off.
fn without(kind: Slow) -> Limits {
    let mut limits = limits();
    match kind {
        Slow::Head => limits.header_read_ms_max = NEVER_MS,
        Slow::Body => limits.body_idle_ms_max = NEVER_MS,
        Slow::Reader => limits.answer_idle_ms_max = NEVER_MS,
    }
    limits
}

/// Begins what it never ends.
async fn connect(started: &Started, kind: Slow) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(16 * 1024).expect("it is taken");
    let connecting = socket.connect(started.address);
    let mut socket = connecting.await.expect("the system takes it");
    let request = post(KEY, "", "0123456789");
    let sent = match kind {
        Slow::Head => request[..20].to_owned(),
        Slow::Body => request[..request.len() - 5].to_owned(),
        Slow::Reader => request.repeat(20),
    };
    // One that comes too late for a place may be cut off while it sends.
    let _ = socket.write_all(sent.as_bytes()).await;
    socket
}

/// Whether somebody who behaves is served while every place was taken by these.
async fn is_served(limits: Limits, kinds: &[Slow], patience_ms: u64) -> bool {
    let long = EndpointAnswer {
        status: 200,
        headers: Default::default(),
        body: Some(RespondBody::Text("x".repeat(ANSWER_BYTES))),
    };
    let started = Started::with_limits(limits, |live| live.endpoint.response = Some(long)).await;
    let started = Arc::new(started);
    let mut connecting = JoinSet::new();
    for number in 0..CONNECTIONS {
        let (started, kind) = (Arc::clone(&started), kinds[number % kinds.len()]);
        connecting.spawn(async move { connect(&started, kind).await });
    }
    // They stay open until somebody was served, or was not.
    let slow = connecting.join_all().await;
    let answer = timeout(Duration::from_millis(patience_ms), started.post("{}")).await;
    drop(slow);
    answer.is_ok_and(|answer| answer.status == 200)
}

#[tokio::test]
async fn slow_connections_in_every_place_give_them_up() {
    assert!(
        is_served(limits(), &KINDS, PATIENCE_MS).await,
        "all kinds at once"
    );
    for kind in KINDS {
        assert!(is_served(limits(), &[kind], PATIENCE_MS).await, "{kind:?}");
    }
}

#[tokio::test]
async fn without_its_limit_each_kind_of_slow_connection_keeps_everybody_waiting() {
    let [head, body, reader] =
        KINDS.map(|kind| async move { is_served(without(kind), &[kind], CONTROL_MS).await });
    let served = futures::future::join3(head, body, reader).await;
    assert_eq!(served, (false, false, false), "nothing was noticed");
}
