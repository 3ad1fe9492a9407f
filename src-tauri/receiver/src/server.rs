//! The sockets: how many, how long, how large a head. hyper's own connection loop, because the timeouts that
//! keep slow clients off are set nowhere else.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use hookloom_engine::histogram::HistogramLook;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service;

use crate::extract::Arrived;
use crate::first_head;
use crate::limits::Limits;
use crate::linger::{Lingering, ReadingPace};
use crate::pause::Pause;
use crate::probe::Probes;
use crate::router::router;
use crate::shared::{Deps, Shared};
use crate::source::source_of;
use crate::unread::Reading;

/// How long accepting rests after a failure of the system, such as too many open files.
const ACCEPT_PAUSE_MS: u64 = 100;

/// At a stop, a connection this young is still waited for: its first request may be under way.
const FIRST_REQUEST_MS: u64 = 250;

/// How long a connection may take to write its last answer once everything was answered.
const CLOSING_MS_MAX: u64 = 250;

/// Why the listener stopped by itself.
#[derive(Debug, thiserror::Error)]
#[error(
    "the receiver's socket failed: {0}; start it again, on another address if this one is gone"
)]
pub struct ServeError(#[source] io::Error);

/// The public listener.
#[derive(Clone)]
pub struct Receiver {
    shared: Arc<Shared>,
    router: Router,
    http: http1::Builder,
}

impl Receiver {
    /// A receiver that nothing reaches yet.
    pub fn new(deps: Deps, limits: Limits) -> Self {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(Duration::from_millis(limits.header_read_ms_max))
            .max_headers(limits.headers_max)
            .max_buf_size(limits.header_bytes_max.max(8 * 1024))
            // A sender may close its side once it has said everything.
            .half_close(true);
        // Not `pipeline_flush`: it gathers the answers to pipelined requests without any bound.
        let shared = Arc::new(Shared::new(deps, limits));
        Self {
            router: router(Arc::clone(&shared)),
            shared,
            http,
        }
    }

    /// Requests to paths that no endpoint has, since the start: they are counted, not recorded.
    pub fn unknown_paths(&self) -> u64 {
        self.shared.unknown_paths.load(Ordering::Relaxed)
    }

    /// How long answers took, from the head of a request to the head of its answer.
    pub fn answer_times(&self) -> HistogramLook {
        self.shared.answer_times.look()
    }

    /// Requests that are being answered at this moment.
    pub fn under_way(&self) -> usize {
        self.shared.in_flight.len()
    }

    /// What says whether a request of our own arrives here.
    pub fn probes(&self) -> Probes {
        self.shared.probes.clone()
    }

    /// What says whether requests are taken.
    pub fn pause(&self) -> Pause {
        self.shared.pause.clone()
    }

    /// Takes requests until `shutdown` is cancelled. Then what was begun is answered, senders that come
    /// meanwhile are asked to come again, and at last the port is given up.
    pub async fn serve(
        &self,
        listener: TcpListener,
        shutdown: CancellationToken,
    ) -> Result<(), ServeError> {
        let connections = TaskTracker::new();
        let closing = CancellationToken::new();
        let accepting = self.accept_all(&listener, &connections, &closing);
        let stopping = async {
            shutdown.cancelled().await;
            self.shared.stopping.cancel();
            self.shared.in_flight.close();
            self.within_drain("requests", self.shared.in_flight.wait())
                .await;
            Ok(())
        };
        let ended = tokio::select! {
            failed = accepting => failed,
            stopped = stopping => stopped,
        };
        self.shared.stopping.cancel();
        drop(listener);
        closing.cancel();
        connections.close();
        self.within_drain("connections", connections.wait()).await;
        ended.map_err(ServeError)
    }

    async fn accept_all(
        &self,
        listener: &TcpListener,
        connections: &TaskTracker,
        closing: &CancellationToken,
    ) -> io::Result<()> {
        let room = Arc::new(Semaphore::new(self.shared.limits.connections_max));
        loop {
            // Beyond the bound nothing is accepted: new connections wait in the system's backlog.
            let Ok(place) = Arc::clone(&room).acquire_owned().await else {
                return Ok(());
            };
            let (socket, peer) = accept_one(listener).await?;
            let connection = self.clone().connection(socket, peer.ip(), closing.clone());
            connections.spawn(async move {
                connection.await;
                drop(place);
            });
        }
    }

    async fn within_drain(&self, what: &str, ending: impl Future<Output = ()>) {
        let drain_ms_max = self.shared.limits.drain_ms_max;
        if tokio::time::timeout(Duration::from_millis(drain_ms_max), ending)
            .await
            .is_err()
        {
            tracing::warn!(
                what,
                drain_ms_max,
                "the receiver stops though some are still open"
            );
        }
    }

    async fn connection(self, socket: TcpStream, peer: IpAddr, closing: CancellationToken) {
        // Without it an answer may wait for the acknowledgement of the last one.
        let _ = socket.set_nodelay(true);
        let young_until = tokio::time::Instant::now() + Duration::from_millis(FIRST_REQUEST_MS);
        let closing = Closing {
            closing,
            young_until,
        };
        let limits = &self.shared.limits;
        let within = Duration::from_millis(limits.header_read_ms_max);
        let begun = tokio::select! {
            begun = first_head::gather(&socket, within, limits.header_bytes_max) => begun,
            () = closing.is_over() => None,
        };
        if let Some(begun) = begun {
            // On the heap: a connection that says nothing has no room for it.
            Box::pin(self.talk(socket, begun, peer, closing)).await;
        }
    }

    async fn talk(&self, socket: TcpStream, begun: Bytes, peer: IpAddr, closing: Closing) {
        let limits = &self.shared.limits;
        let pace = ReadingPace {
            idle_ms_max: limits.answer_idle_ms_max,
            bytes_per_second_min: limits.body_bytes_per_second_min,
        };
        let (socket, sender) = Lingering::new(socket, begun, pace);
        let io = TokioIo::new(socket);
        let asking = &sender;
        let service = service_fn(move |request: hyper::Request<Incoming>| async move {
            asking.has_taken_all().await;
            self.answer(request, peer).await
        });
        let mut connection = pin!(self.http.serve_connection(io, service));
        let ended = tokio::select! {
            biased;
            ended = connection.as_mut() => ended,
            () = closing.has_come() => {
                connection.as_mut().graceful_shutdown();
                // hyper waits for the first request of a connection that never sent one.
                let closing_max = Duration::from_millis(CLOSING_MS_MAX);
                tokio::time::timeout(closing_max, connection).await.unwrap_or(Ok(()))
            }
            // Whoever waits for a job gives up its place; what was begun for it goes on.
            () = sender.is_gone(self.shared.limits.half_closed_ms_max) => {
                tracing::debug!(%peer, "a sender left before its answer");
                Ok(())
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%peer, %error, "a connection broke off");
        }
    }

    async fn answer(
        &self,
        request: hyper::Request<Incoming>,
        peer: IpAddr,
    ) -> Result<Response, Infallible> {
        let at_ms = self.shared.deps.clock.now_ms();
        let id = self.shared.new_request_id(at_ms);
        let peer = source_of(peer, request.headers(), &self.shared.limits.proxies_trusted);
        let (request, reading) = Reading::of(request);
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Arrived { id, at_ms, peer });
        let began = Instant::now();
        let mut response = self.router.clone().call(request).await?;
        self.shared.answer_times.add(began.elapsed());
        reading.tell(response.headers_mut());
        Ok(response)
    }
}

/// The end of the listener, as one connection sees it.
struct Closing {
    closing: CancellationToken,
    young_until: tokio::time::Instant,
}

impl Closing {
    /// Returns once everything was answered, and the connection had time to bring its first request.
    async fn has_come(&self) {
        self.closing.cancelled().await;
        tokio::time::sleep_until(self.young_until).await;
    }

    /// Returns once a connection had as long after that as one that writes its last answer.
    async fn is_over(&self) {
        self.has_come().await;
        tokio::time::sleep(Duration::from_millis(CLOSING_MS_MAX)).await;
    }
}

/// The next connection. A failure that concerns one connection, or that passes, is no end.
async fn accept_one(listener: &TcpListener) -> io::Result<(TcpStream, SocketAddr)> {
    loop {
        match listener.accept().await {
            Ok(accepted) => return Ok(accepted),
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) if is_passing(&error) => {
                tracing::warn!(%error, "no connection can be taken at the moment");
                tokio::time::sleep(Duration::from_millis(ACCEPT_PAUSE_MS)).await;
            }
            Err(error) => return Err(error),
        }
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::Interrupted
    )
}

/// Too many open files, or no memory for another socket: it gets better when connections end.
fn is_passing(error: &io::Error) -> bool {
    !matches!(
        error.kind(),
        io::ErrorKind::InvalidInput | io::ErrorKind::NotConnected
    )
}
