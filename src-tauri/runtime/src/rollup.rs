//! Keeps the counts per minute close behind what is committed, and takes little of the computer for it.

use std::time::{Duration, Instant};

use hookloom_engine::ports::Clock;
use hookloom_store::Store;
use tokio_util::sync::CancellationToken;

/// Between two looks.
const EVERY: Duration = Duration::from_secs(2);
/// Counting rests this many times as long as it took.
const REST_TIMES: u32 = 10;

/// Counts again and again until it is stopped.
pub(crate) async fn keep(store: Store, clock: impl Clock, stopping: CancellationToken) {
    let work = async {
        loop {
            let begun = Instant::now();
            let is_more = store.roll_up(clock.now_ms()).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "what happened is not counted for now; it is tried again");
                false
            });
            let rest = begun.elapsed() * REST_TIMES;
            // What is left over of a long time is worth less of a pause.
            let pause = if is_more { rest } else { EVERY.max(rest) };
            tokio::time::sleep(pause).await;
        }
    };
    tokio::select! {
        () = work => {}
        () = stopping.cancelled() => {}
    }
}
