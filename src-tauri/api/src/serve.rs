//! The control listener's connections. `axum::serve` has no timer, so a slow client could hold it for ever; this
//! loop gives the head of a request a time, and bounds the number of connections.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// At most this many connections are open; more wait to be accepted.
const CONNECTIONS_MAX: usize = 256;
/// The head of a request must arrive within this time.
const HEAD_MS_MAX: u64 = 10_000;
/// The head of a request is at most this long.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// A stop waits this long for answers that are under way.
const DRAIN_MS: u64 = 2_000;
/// The pause after the system refused to accept, such as when it has no file handle left.
const ACCEPT_PAUSE_MS: u64 = 100;

/// Answers connections until `stopping`, then finishes what is under way within a bound.
pub async fn serve(listener: TcpListener, router: Router, stopping: CancellationToken) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let open = TaskTracker::new();
    loop {
        let place = tokio::select! {
            () = stopping.cancelled() => break,
            place = Arc::clone(&places).acquire_owned() => place,
        };
        let accepted = tokio::select! {
            () = stopping.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                let connection = answer(stream, router.clone(), stopping.clone());
                open.spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "the control listener could not accept a connection");
                tokio::time::sleep(Duration::from_millis(ACCEPT_PAUSE_MS)).await;
            }
        }
    }
    drop(listener);
    open.close();
    // Whatever is open after this is dropped with the runtime.
    let _ = tokio::time::timeout(Duration::from_millis(DRAIN_MS), open.wait()).await;
}

async fn answer(stream: TcpStream, router: Router, stopping: CancellationToken) {
    // Small answers must not wait for the peer's acknowledgement.
    let _ = stream.set_nodelay(true);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_millis(HEAD_MS_MAX))
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        // A peer that goes away in the middle is no event of ours.
        _ = connection.as_mut() => {}
        () = stopping.cancelled() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}
