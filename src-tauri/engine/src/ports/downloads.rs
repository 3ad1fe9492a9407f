//! Reading somebody's long answer piece by piece.

use async_trait::async_trait;
use bytes::Bytes;

use super::http::{HttpError, OutgoingRequest};

/// The one HTTP client again, for answers that do not fit in memory.
#[async_trait]
pub trait Downloads: Send + Sync {
    /// Sends one request and gives the answer's head. `timeout_ms` holds until then, and for each wait for a piece;
    /// `answer_bytes_max` for what the head announces and for all pieces together.
    async fn begin(&self, request: OutgoingRequest) -> Result<Box<dyn Download>, HttpError>;
}

/// An answer whose body is still coming.
#[async_trait]
pub trait Download: Send {
    /// The status code.
    fn status(&self) -> u16;

    /// The next piece of the body; none at its end.
    async fn piece(&mut self) -> Result<Option<Bytes>, HttpError>;
}
