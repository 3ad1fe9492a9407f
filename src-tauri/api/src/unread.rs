//! Saying that a connection ends. A call that is refused before its body was read leaves bytes behind that nobody waits
//! for: hyper closes the connection after the answer. A caller that is not told would send its next call into the closing
//! connection and lose it.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use http::header::{CONNECTION, HeaderValue};
use hyper::body::{Body as _, Frame, SizeHint};

/// The layer: outside everything that may refuse a call.
pub(crate) async fn tell_of_unread_body(request: Request, next: Next) -> Response {
    let is_read = Arc::new(AtomicBool::new(request.body().is_end_stream()));
    let noting = Arc::clone(&is_read);
    let request = request.map(|body| {
        Body::new(Noted {
            body,
            is_read: noting,
        })
    });
    let mut answer = next.run(request).await;
    if !is_read.load(Ordering::Relaxed) {
        let close = HeaderValue::from_static("close");
        answer.headers_mut().insert(CONNECTION, close);
    }
    answer
}

/// A body that notes when all of it was read.
struct Noted {
    body: Body,
    is_read: Arc<AtomicBool>,
}

impl hyper::body::Body for Noted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        // Whoever knows the length does not ask for the end.
        if frame.is_none() || self.body.is_end_stream() {
            self.is_read.store(true, Ordering::Relaxed);
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
