//! Saying that a connection ends. A request that is refused before its body was read leaves bytes behind that nobody
//! waits for: hyper closes the connection after the answer. A sender that is not told would send its next request into
//! the closing connection and lose it.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use axum::body::Bytes;
use http::header::{CONNECTION, HeaderValue};
use http::{HeaderMap, Request};
use hyper::body::{Body, Frame, SizeHint};

/// Whether a request's body was read to its end.
#[derive(Clone)]
pub(crate) struct Reading {
    is_done: Arc<AtomicBool>,
}

/// A body that notes when all of it was read.
pub(crate) struct Noted<B> {
    body: B,
    reading: Reading,
}

impl Reading {
    /// The request with a body that says how far it was read.
    pub fn of<B: Body>(request: Request<B>) -> (Request<Noted<B>>, Self) {
        let is_done = Arc::new(AtomicBool::new(request.body().is_end_stream()));
        let reading = Self { is_done };
        let of_body = reading.clone();
        let request = request.map(|body| Noted {
            body,
            reading: of_body,
        });
        (request, reading)
    }

    /// Tells the sender that the connection ends with this answer, if some of the request is still unread.
    pub fn tell(&self, headers: &mut HeaderMap) {
        if !self.is_done.load(Ordering::Relaxed) {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for Noted<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        // Whoever knows the length does not ask for the end.
        if frame.is_none() || self.body.is_end_stream() {
            self.reading.is_done.store(true, Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
