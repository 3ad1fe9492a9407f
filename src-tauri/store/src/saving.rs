//! Whether something can be saved at this moment, found out by saving it. For whoever asks whether this process is ready.

use std::time::{Duration, Instant};

use crate::store::Store;
use crate::table::settings;

/// What was found holds for so long: however often strangers ask, they cause one write a second.
const FOUND_KEPT_MS: u64 = 1_000;
/// A write that takes longer helps nobody who waits for it.
const SAVING_MS_MAX: u64 = 5_000;
/// What is written: a setting without a meaning.
const SETTING: &str = "saving_was_tried";

/// What was found last.
pub(crate) struct Found {
    at: Instant,
    problem: Option<String>,
}

impl Store {
    /// Why nothing can be saved at this moment; none if something was, within the last second.
    pub async fn look_at_saving(&self) -> Option<String> {
        // What is known without trying is told at once.
        if let Some(known) = self.writer().unavailable() {
            return Some(known);
        }
        let mut last = self.last_saving().lock().await;
        let patience = Duration::from_millis(FOUND_KEPT_MS);
        if let Some(found) = last.as_ref().filter(|it| it.at.elapsed() < patience) {
            return found.problem.clone();
        }
        let write = self.write("look whether it can be saved", |tx| {
            settings::set(tx, SETTING, "true")
        });
        let bound = Duration::from_millis(SAVING_MS_MAX);
        let problem = match tokio::time::timeout(bound, write).await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some(format!(
                "a write did not end within SAVING_MS_MAX = {SAVING_MS_MAX} ms"
            )),
        };
        *last = Some(Found {
            at: Instant::now(),
            problem: problem.clone(),
        });
        problem
    }
}
