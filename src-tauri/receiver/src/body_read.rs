//! What bodies may take while they arrive: time, and the memory or disk of all of them together.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout_at};

use crate::limits::Limits;
use crate::refusal::Refusal;

/// Bodies up to this size are not counted: a connection's buffers are larger.
const UNCOUNTED_BYTES: u64 = 16 * 1024;

/// What all bodies may take together, in memory or on disk.
#[derive(Debug, Clone)]
pub(crate) struct BodyBudget {
    held_bytes: Arc<AtomicU64>,
    bytes_max: u64,
    /// What the limit is called.
    name: &'static str,
}

/// One body's share; given back when dropped.
#[derive(Debug)]
pub(crate) struct HeldBytes {
    budget: BodyBudget,
    bytes: u64,
    /// Those of them that the budget knows of.
    counted_bytes: u64,
}

impl BodyBudget {
    /// Of bodies in memory.
    pub fn of_memory(bytes_max: u64) -> Self {
        Self::named(bytes_max, "bodies_held_bytes_max")
    }

    /// Of files that belong to no request yet.
    pub fn of_files(bytes_max: u64) -> Self {
        Self::named(bytes_max, "files_arriving_bytes_max")
    }

    fn named(bytes_max: u64, name: &'static str) -> Self {
        Self {
            held_bytes: Arc::default(),
            bytes_max,
            name,
        }
    }

    pub fn share(&self) -> HeldBytes {
        HeldBytes {
            budget: self.clone(),
            bytes: 0,
            counted_bytes: 0,
        }
    }
}

impl HeldBytes {
    /// Takes more. The first few bytes cost nothing.
    pub fn grow_by(&mut self, more: u64) -> Result<(), Refusal> {
        self.bytes = self.bytes.saturating_add(more);
        if self.bytes <= UNCOUNTED_BYTES {
            return Ok(());
        }
        let more = self.bytes - self.counted_bytes;
        let before = self.budget.held_bytes.fetch_add(more, Ordering::Relaxed);
        self.counted_bytes = self.bytes;
        if before.saturating_add(more) > self.budget.bytes_max {
            return Err(Refusal::BodiesHeld {
                bytes_max: self.budget.bytes_max,
                limit: self.budget.name,
            });
        }
        Ok(())
    }

    /// Another share of the same budget.
    pub fn sibling(&self) -> Self {
        self.budget.share()
    }
}

impl Drop for HeldBytes {
    fn drop(&mut self) {
        self.budget
            .held_bytes
            .fetch_sub(self.counted_bytes, Ordering::Relaxed);
    }
}

/// Holds a body to its minimum progress.
pub(crate) struct Pace<'a> {
    limits: &'a Limits,
    began: Instant,
    received_bytes: u64,
}

impl<'a> Pace<'a> {
    pub fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            began: Instant::now(),
            received_bytes: 0,
        }
    }

    /// The next piece that holds data, or none at the end.
    pub async fn next(&mut self, body: &mut Body) -> Result<Option<Bytes>, Refusal> {
        loop {
            let frame = match timeout_at(self.deadline(), body.frame()).await {
                Ok(Some(Ok(frame))) => frame,
                Ok(Some(Err(_))) => {
                    return Err(incomplete("the sender closed the connection".into()));
                }
                Ok(None) => return Ok(None),
                Err(_) => return Err(incomplete(self.too_slow())),
            };
            // Trailers are no data.
            if let Ok(data) = frame.into_data()
                && !data.is_empty()
            {
                self.received_bytes += data.len() as u64;
                return Ok(Some(data));
            }
        }
    }

    fn deadline(&self) -> Instant {
        let idle = Duration::from_millis(self.limits.body_idle_ms_max);
        let earned_ms = self.received_bytes.saturating_mul(1_000)
            / self.limits.body_bytes_per_second_min.max(1);
        let average = self.began + idle + Duration::from_millis(earned_ms);
        average.min(Instant::now() + idle)
    }

    fn too_slow(&self) -> String {
        format!(
            "{} bytes came in {} s; it has to move at least every {} ms (body_idle_ms_max) and with \
             {} bytes a second (body_bytes_per_second_min)",
            self.received_bytes,
            self.began.elapsed().as_secs(),
            self.limits.body_idle_ms_max,
            self.limits.body_bytes_per_second_min,
        )
    }
}

fn incomplete(reason: String) -> Refusal {
    Refusal::BodyIncomplete { reason }
}
