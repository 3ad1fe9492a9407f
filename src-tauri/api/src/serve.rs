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
use tokio::time::Instant;
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
/// When a stop comes, a connection this young is still waited for: its first request may be under way.
const FIRST_REQUEST_MS: u64 = 250;
/// The pause after the system refused to accept, such as when it has no file handle left.
const ACCEPT_PAUSE_MS: u64 = 100;

/// Answers connections until `stopping`, then finishes what is under way within a bound.
pub async fn serve(listener: TcpListener, router: Router, stopping: CancellationToken) {
    serve_with(listener, router, stopping, HEAD_MS_MAX).await;
}

async fn serve_with(
    listener: TcpListener,
    router: Router,
    stopping: CancellationToken,
    head_ms_max: u64,
) {
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
                let connection = answer(stream, router.clone(), stopping.clone(), head_ms_max);
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

async fn answer(stream: TcpStream, router: Router, stopping: CancellationToken, head_ms_max: u64) {
    // Small answers must not wait for the peer's acknowledgement.
    let _ = stream.set_nodelay(true);
    let young_until = Instant::now() + Duration::from_millis(FIRST_REQUEST_MS);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_millis(head_ms_max))
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut connection = std::pin::pin!(connection);
    let stopped = async {
        stopping.cancelled().await;
        tokio::time::sleep_until(young_until).await;
    };
    tokio::select! {
        // A peer that goes away in the middle is no event of ours.
        _ = connection.as_mut() => {}
        () = stopped => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use futures::StreamExt;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    async fn listening(
        router: Router,
    ) -> (
        std::net::SocketAddr,
        CancellationToken,
        tokio::task::JoinHandle<()>,
    ) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let stopping = CancellationToken::new();
        let serving = tokio::spawn(serve_with(listener, router, stopping.clone(), 300));
        (address, stopping, serving)
    }

    async fn send(address: std::net::SocketAddr, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.expect("it listens");
        stream.write_all(text.as_bytes()).await.expect("it reads");
        stream
    }

    #[tokio::test]
    async fn a_request_is_answered_and_a_stop_ends_idle_connections() {
        let (address, stopping, serving) =
            listening(Router::new().route("/", get(async || "hello"))).await;
        let mut stream = send(address, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        let mut answer = vec![0; 1024];
        let read = stream.read(&mut answer).await.expect("an answer");
        assert!(String::from_utf8_lossy(&answer[..read]).ends_with("hello"));
        stopping.cancel();
        tokio::time::timeout(Duration::from_millis(DRAIN_MS / 2), serving)
            .await
            .expect("in time")
            .expect("no panic");
        assert_eq!(stream.read(&mut answer).await.expect("the end"), 0);
    }

    #[tokio::test]
    async fn a_stop_does_not_wait_for_an_answer_without_end() {
        let endless = get(async || {
            let ticks = futures::stream::repeat("tick").then(async |tick| {
                tokio::time::sleep(Duration::from_millis(20)).await;
                Ok::<_, std::convert::Infallible>(tick)
            });
            axum::body::Body::from_stream(ticks)
        });
        let (address, stopping, serving) = listening(Router::new().route("/", endless)).await;
        let mut stream = send(address, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        stream.read_exact(&mut [0; 16]).await.expect("its head");
        stopping.cancel();
        let bound = Duration::from_millis(DRAIN_MS * 2);
        tokio::time::timeout(bound, serving)
            .await
            .expect("in time")
            .expect("no panic");
    }

    #[tokio::test]
    async fn a_head_that_does_not_arrive_ends_the_connection() {
        let (address, _stopping, _serving) = listening(Router::new()).await;
        let mut stream = send(address, "GET / HTTP/1.1\r\nhost: x\r\nslow: ").await;
        let mut answer = Vec::new();
        stream
            .read_to_end(&mut answer)
            .await
            .expect("the connection ends");
        assert!(
            !String::from_utf8_lossy(&answer).contains("200"),
            "{answer:?}"
        );
    }
}
