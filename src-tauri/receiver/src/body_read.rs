//! Reads a body once, within its limits: size while it streams, progress, and the memory of all bodies together.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout_at};

use crate::limits::Limits;
use crate::refusal::Refusal;
use crate::shared::Shared;

/// Bodies up to this size are not counted: a connection's buffers are larger.
const UNCOUNTED_BYTES: u64 = 16 * 1024;

/// What all bodies in memory may take together.
#[derive(Debug, Clone)]
pub(crate) struct BodyBudget {
    held_bytes: Arc<AtomicU64>,
    bytes_max: u64,
}

/// One body's share; given back when dropped.
#[derive(Debug)]
pub(crate) struct HeldBytes {
    budget: BodyBudget,
    bytes: u64,
}

impl BodyBudget {
    pub fn new(bytes_max: u64) -> Self {
        Self {
            held_bytes: Arc::default(),
            bytes_max,
        }
    }

    fn share(&self) -> HeldBytes {
        HeldBytes {
            budget: self.clone(),
            bytes: 0,
        }
    }
}

impl HeldBytes {
    fn grow_to(&mut self, bytes: u64) -> Result<(), Refusal> {
        let more = bytes.saturating_sub(self.bytes);
        if bytes <= UNCOUNTED_BYTES || more == 0 {
            return Ok(());
        }
        let before = self.budget.held_bytes.fetch_add(more, Ordering::Relaxed);
        self.bytes += more;
        if before + more > self.budget.bytes_max {
            return Err(Refusal::BodiesHeld {
                bytes_max: self.budget.bytes_max,
            });
        }
        Ok(())
    }
}

impl Drop for HeldBytes {
    fn drop(&mut self) {
        self.budget
            .held_bytes
            .fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// Reads the whole body. One that says beforehand that it is too large is not read at all.
pub(crate) async fn read(
    mut body: Body,
    bytes_max: u64,
    shared: &Shared,
) -> Result<(Bytes, HeldBytes), Refusal> {
    let mut held = shared.bodies_held.share();
    let declared = body.size_hint();
    if declared.lower() > bytes_max {
        return Err(Refusal::TooLarge { bytes_max });
    }

    let mut pace = Pace::new(&shared.limits);
    let Some(first) = pace.next(&mut body).await? else {
        return Ok((Bytes::new(), held));
    };
    check_size(first.len(), bytes_max)?;
    if body.is_end_stream() {
        // The usual case: one frame, handed on without a copy.
        held.grow_to(first.len() as u64)?;
        return Ok((first, held));
    }
    // A declared length is only a promise: memory is taken as the bytes arrive.
    let mut whole = BytesMut::with_capacity(first.len() * 2);
    whole.extend_from_slice(&first);
    while let Some(frame) = pace.next(&mut body).await? {
        check_size(whole.len().saturating_add(frame.len()), bytes_max)?;
        held.grow_to((whole.len() + frame.len()) as u64)?;
        whole.extend_from_slice(&frame);
    }
    Ok((whole.freeze(), held))
}

fn check_size(bytes: usize, bytes_max: u64) -> Result<(), Refusal> {
    if bytes as u64 > bytes_max {
        return Err(Refusal::TooLarge { bytes_max });
    }
    Ok(())
}

/// Holds a body to its minimum progress.
struct Pace<'a> {
    limits: &'a Limits,
    began: Instant,
    received_bytes: u64,
}

impl<'a> Pace<'a> {
    fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            began: Instant::now(),
            received_bytes: 0,
        }
    }

    /// The next piece that holds data, or none at the end.
    async fn next(&mut self, body: &mut Body) -> Result<Option<Bytes>, Refusal> {
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
