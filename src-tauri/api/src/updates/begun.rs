//! A download that was begun: how far it is, how it ended, and how it is ended.

use std::sync::Arc;

use hookloom_update::{Error as UpdateError, Fetched, Order, Progress, fetch};
use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

use super::releases::Releases;
use crate::error::{Error, ErrorCode};
use http::StatusCode;

/// A download that was begun.
pub(crate) struct Begun {
    pub(super) order: Order,
    /// The version that it is of.
    pub(super) version: String,
    pub(super) progress: Progress,
    pub(super) ended: Mutex<Option<Result<Fetched, UpdateError>>>,
    pub(super) stop: CancellationToken,
}

impl Begun {
    pub(super) fn is_under_way(&self) -> bool {
        self.ended.lock().is_none()
    }
}

impl Releases {
    /// Begins a download beside everything else. There is one at a time.
    pub(crate) fn begin(
        self: &Arc<Self>,
        order: Order,
        version: String,
        stop: CancellationToken,
    ) -> Result<(), Error> {
        let begun = Arc::new(Begun {
            order,
            version,
            progress: Progress::default(),
            ended: Mutex::default(),
            stop,
        });
        let mut last = self.download.lock();
        if last.as_ref().is_some_and(|it| it.is_under_way()) {
            let message = "A package is being downloaded already; there is one at a time.";
            return Err(
                Error::new(StatusCode::CONFLICT, ErrorCode::UpdateBusy, message)
                    .hint("Wait for its end, or cancel it in the settings."),
            );
        }
        *last = Some(Arc::clone(&begun));
        let downloads = Arc::clone(&self.downloads);
        tokio::spawn(async move {
            let fetched = fetch(&*downloads, &begun.order, &begun.progress, &begun.stop).await;
            if let Err(error) = &fetched {
                tracing::warn!(%error, "a package could not be downloaded");
            }
            *begun.ended.lock() = Some(fetched);
        });
        Ok(())
    }
}
