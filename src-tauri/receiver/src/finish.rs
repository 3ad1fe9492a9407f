//! Work that goes on when the one who waits for it goes away.
//!
//! hyper drops a handler when its client disconnects. What follows a commit must happen all the same: the job
//! is on disk, and the executor has to be told of it.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A future that is finished in the background if it is dropped halfway. While it is awaited it costs no task.
pub(crate) struct FinishAnyway<T: Send + 'static> {
    work: Option<Pin<Box<dyn Future<Output = T> + Send>>>,
}

impl<T: Send + 'static> FinishAnyway<T> {
    pub fn new(work: impl Future<Output = T> + Send + 'static) -> Self {
        Self {
            work: Some(Box::pin(work)),
        }
    }
}

impl<T: Send + 'static> Future for FinishAnyway<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        // Taken out while it is polled: work that panics must not be polled again by `drop`.
        let Some(mut work) = self.work.take() else {
            return Poll::Pending;
        };
        let polled = work.as_mut().poll(context);
        if polled.is_pending() {
            self.work = Some(work);
        }
        polled
    }
}

impl<T: Send + 'static> Drop for FinishAnyway<T> {
    fn drop(&mut self) {
        if let Some(work) = self.work.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(work);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn work_that_was_begun_is_finished_though_nobody_waits() {
        let (go, may_go) = oneshot::channel::<()>();
        let (done, is_done) = oneshot::channel();
        let mut work = FinishAnyway::new(async move {
            may_go.await.expect("told to go");
            done.send(()).expect("somebody listens");
        });
        let waited = tokio::time::timeout(Duration::from_millis(5), &mut work).await;
        assert!(waited.is_err(), "it waits");
        drop(work);
        go.send(()).expect("the work is still there");
        is_done.await.expect("the work went on");
    }

    #[tokio::test]
    async fn work_that_is_awaited_gives_its_result() {
        assert_eq!(FinishAnyway::new(async { 7 }).await, 7);
    }
}
