//! Whether requests are taken at all: a person may want none for a while. What was accepted before goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether requests are refused for now. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Pause(Arc<AtomicBool>);

impl Pause {
    /// Begins or ends it.
    pub fn set(&self, is_on: bool) {
        self.0.store(is_on, Ordering::Relaxed);
    }

    /// Whether requests are refused.
    pub fn is_on(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
