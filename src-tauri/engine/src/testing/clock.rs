//! Virtual time: it stands still while anything can run, and jumps to the next sleeper when nothing can.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use parking_lot::Mutex;

use super::life::{Life, Point};
use crate::ports::Clock;

/// A clock that [`block_on`] moves.
pub struct VirtualClock {
    state: Mutex<State>,
}

struct State {
    now_ms: i64,
    next_id: u64,
    /// By the time that they wait for.
    sleepers: BTreeMap<(i64, u64), Waker>,
}

impl VirtualClock {
    /// A clock that shows the given time.
    pub fn new(now_ms: i64) -> Arc<Self> {
        let state = State {
            now_ms,
            next_id: 0,
            sleepers: BTreeMap::new(),
        };
        Arc::new(Self {
            state: Mutex::new(state),
        })
    }

    /// Lets time pass without waking anybody: a stretch in which nothing ran.
    pub fn skip_ms(&self, ms: i64) {
        self.state.lock().now_ms += ms;
    }

    fn jump(&self) {
        let mut state = self.state.lock();
        let Some((&(at_ms, _), _)) = state.sleepers.first_key_value() else {
            return;
        };
        state.now_ms = state.now_ms.max(at_ms);
        let after = (state.now_ms + 1, 0);
        let later = state.sleepers.split_off(&after);
        let due = std::mem::replace(&mut state.sleepers, later);
        drop(state);
        due.into_values().for_each(Waker::wake);
    }
}

#[async_trait]
impl Clock for VirtualClock {
    fn now_ms(&self) -> i64 {
        self.state.lock().now_ms
    }

    async fn sleep_until_ms(&self, at_ms: i64) {
        Sleep {
            clock: self,
            at_ms,
            id: None,
        }
        .await;
    }
}

/// The same clock for one life: the end of a wait is a point at which it may die.
pub(super) struct MortalClock {
    pub clock: Arc<VirtualClock>,
    pub life: Arc<Life>,
}

#[async_trait]
impl Clock for MortalClock {
    fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    async fn sleep_until_ms(&self, at_ms: i64) {
        let is_wait = at_ms > self.now_ms();
        self.clock.sleep_until_ms(at_ms).await;
        if is_wait {
            self.life.pass(Point::Timer).await;
        }
    }
}

struct Sleep<'a> {
    clock: &'a VirtualClock,
    at_ms: i64,
    id: Option<u64>,
}

impl Future for Sleep<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.clock.state.lock();
        if state.now_ms >= self.at_ms {
            return Poll::Ready(());
        }
        let id = self.id.unwrap_or_else(|| {
            state.next_id += 1;
            state.next_id
        });
        state
            .sleepers
            .insert((self.at_ms, id), context.waker().clone());
        drop(state);
        self.id = Some(id);
        Poll::Pending
    }
}

impl Drop for Sleep<'_> {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            self.clock.state.lock().sleepers.remove(&(self.at_ms, id));
        }
    }
}

/// Runs a future and all that it spawns on one thread, in a fixed order. When nothing can run, time jumps.
///
/// # Panics
/// When the runtime cannot be made.
pub fn block_on<T>(clock: &Arc<VirtualClock>, future: impl Future<Output = T>) -> T {
    let jumping = Arc::clone(clock);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .on_thread_park(move || jumping.jump())
        .build()
        .expect("a runtime without drivers needs nothing from the system");
    runtime.block_on(future)
}
