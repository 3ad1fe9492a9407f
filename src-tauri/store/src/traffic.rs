//! Reads under way: how many there are, how all of them are ended, and whether new ones may begin.
//!
//! The log can only be emptied while nobody reads from it, and reads that overlap leave no such moment. So whoever empties
//! it closes the way in: what is under way comes to its end, new reads wait a moment, and the writer goes on meanwhile.
//! Nothing here touches the database.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

/// A read waits this long for the log to be emptied, and then begins all the same.
pub(crate) const READ_WAIT_MS_MAX: u64 = 1_000;

/// What the readers and whoever empties the log know of one another.
#[derive(Default)]
pub(crate) struct Traffic {
    /// Counts the calls of `interrupt_all`; a read that began at another count stops.
    interrupts: AtomicU64,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    under_way: usize,
    closed_since: Option<Instant>,
}

/// A read that has begun. It ends when this is dropped.
pub(crate) struct UnderWay<'t>(&'t Traffic);

impl Traffic {
    /// Ends every read that is under way.
    pub(crate) fn interrupt_all(&self) {
        self.interrupts.fetch_add(1, Ordering::Relaxed);
    }

    /// How often reads were ended.
    pub(crate) fn interrupts(&self) -> u64 {
        self.interrupts.load(Ordering::Relaxed)
    }

    /// Begins a read. While the way in is closed it waits, though no longer than this.
    pub(crate) fn enter(&self, wait_max: Duration) -> UnderWay<'_> {
        let until = Instant::now() + wait_max;
        let mut state = self.state.lock();
        while state.closed_since.is_some()
            && !self.changed.wait_until(&mut state, until).timed_out()
        {}
        state.under_way += 1;
        UnderWay(self)
    }

    /// New reads wait from now on.
    pub(crate) fn close(&self) {
        self.state
            .lock()
            .closed_since
            .get_or_insert_with(Instant::now);
    }

    /// New reads begin at once.
    pub(crate) fn open(&self) {
        if self.state.lock().closed_since.take().is_some() {
            self.changed.notify_all();
        }
    }

    /// How long new reads have been waiting; none if they are not.
    pub(crate) fn closed_for(&self) -> Option<Duration> {
        let since = self.state.lock().closed_since;
        since.map(|since| since.elapsed())
    }

    /// Whether no read is under way, or none is left within this time.
    pub(crate) fn have_ended_within(&self, patience: Duration) -> bool {
        let until = Instant::now() + patience;
        let mut state = self.state.lock();
        while state.under_way > 0 {
            if self.changed.wait_until(&mut state, until).timed_out() {
                return state.under_way == 0;
            }
        }
        true
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state.lock();
        state.under_way = state.under_way.saturating_sub(1);
        if state.under_way == 0 && state.closed_since.is_some() {
            self.0.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn a_read_begins_at_once_unless_the_way_in_is_closed_and_then_no_later_than_its_bound() {
        let traffic = Traffic::default();
        let began = Instant::now();
        drop(traffic.enter(LONG));
        assert!(began.elapsed() < LONG / 2 && traffic.closed_for().is_none());
        traffic.close();
        let bound = Duration::from_millis(150);
        let began = Instant::now();
        let late = traffic.enter(bound);
        assert!(began.elapsed() >= bound);
        assert!(!traffic.have_ended_within(Duration::ZERO), "it is there");
        drop(late);
        assert!(traffic.have_ended_within(Duration::ZERO));
    }

    #[test]
    fn who_waits_begins_when_the_way_is_opened() {
        let traffic = Arc::new(Traffic::default());
        traffic.close();
        let (told, begins) = mpsc::channel();
        let waiting = thread::spawn({
            let traffic = Arc::clone(&traffic);
            move || {
                let read = traffic.enter(LONG);
                told.send(()).expect("somebody listens");
                drop(read);
            }
        });
        let early = begins.recv_timeout(Duration::from_millis(100));
        assert!(early.is_err(), "it waits");
        assert!(traffic.have_ended_within(Duration::ZERO), "nobody reads");
        traffic.open();
        begins.recv_timeout(LONG / 2).expect("it begins");
        waiting.join().expect("no panic");
    }

    #[test]
    fn whoever_closes_is_told_when_the_last_read_has_ended() {
        let traffic = Arc::new(Traffic::default());
        let (one, other) = (traffic.enter(LONG), traffic.enter(LONG));
        traffic.close();
        assert!(!traffic.have_ended_within(Duration::from_millis(50)));
        drop(one);
        assert!(!traffic.have_ended_within(Duration::ZERO));
        let looking = thread::spawn({
            let traffic = Arc::clone(&traffic);
            move || traffic.have_ended_within(LONG)
        });
        drop(other);
        assert!(looking.join().expect("no panic"));
    }
}
