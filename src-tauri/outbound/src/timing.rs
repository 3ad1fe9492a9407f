//! Where the time of an exchange goes. The client hides its connections, so each part notes its time in a watch
//! that belongs to the task of the exchange; connections that were opened for somebody else note nothing.

use std::cell::Cell;
use std::future::Future;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hookloom_engine::ports::Timings;
use tower::{Layer, Service};

tokio::task_local! {
    static WATCH: Watch;
}

/// The notes of one exchange.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    lookup: Cell<Option<Duration>>,
    tls_began: Cell<Option<Instant>>,
    connect: Cell<Option<Duration>>,
    tls: Cell<Option<Duration>>,
    connected: Cell<Option<Instant>>,
}

impl Watch {
    /// Runs an exchange with a watch of its own, and gives its times.
    pub async fn over<T>(exchange: impl Future<Output = T>) -> (T, Timings) {
        let began = Instant::now();
        let watched = async {
            let ended = exchange.await;
            (ended, WATCH.with(|watch| watch.timings(began)))
        };
        WATCH.scope(Self::default(), watched).await
    }

    /// What is known of the current exchange so far.
    pub fn now() -> Instant {
        Instant::now()
    }

    /// A name was looked up.
    pub fn looked_up_since(began: Instant) {
        note(|watch| watch.lookup.set(Some(began.elapsed())));
    }

    /// A TLS handshake begins.
    pub fn tls_begins() {
        note(|watch| watch.tls_began.set(Some(Instant::now())));
    }

    fn connected_since(&self, began: Instant) {
        let ended = Instant::now();
        let before_tls = self.tls_began.get().unwrap_or(ended);
        let lookup = self.lookup.get().unwrap_or_default();
        self.connect
            .set(Some((before_tls - began).saturating_sub(lookup)));
        self.tls
            .set(self.tls_began.get().map(|began| ended - began));
        self.connected.set(Some(ended));
    }

    fn timings(&self, began: Instant) -> Timings {
        let sent = self.connected.get().unwrap_or(began);
        Timings {
            dns_ms: self.lookup.get().map(whole_ms),
            connect_ms: self.connect.get().map(whole_ms),
            tls_ms: self.tls.get().map(whole_ms),
            answer_ms: Some(whole_ms(sent.elapsed())),
        }
    }
}

/// Notes something, if the current task has a watch.
fn note(into: impl FnOnce(&Watch)) {
    let _ = WATCH.try_with(into);
}

fn whole_ms(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

/// Measures the client's connector, from the lookup to the end of the handshake.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ConnectTime;

impl<S> Layer<S> for ConnectTime {
    type Service = Timed<S>;

    fn layer(&self, inner: S) -> Timed<S> {
        Timed { inner }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Timed<S> {
    inner: S,
}

impl<S, R> Service<R> for Timed<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future =
        std::pin::Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send + 'static>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let began = Instant::now();
        let connecting = self.inner.call(request);
        Box::pin(async move {
            let connected = connecting.await?;
            note(|watch| watch.connected_since(began));
            Ok(connected)
        })
    }
}
