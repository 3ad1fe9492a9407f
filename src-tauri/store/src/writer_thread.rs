//! The thread's own loop: take what waits, run it in one transaction, commit, answer; then chores and checkpoints.
//!
//! Inbound requests go first, because a sender waits for each. What waits beside them has a share of every batch, so that
//! no flood of requests keeps a job, or a person, waiting for ever.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::backup::{self, CopyOrder};
use crate::change::Change;
use crate::checkpoint::Checkpoints;
use crate::error::Error;
use crate::table::counters;
use crate::tx::Tx;
use crate::writer::{Operation, Queued, Shared};

/// How many operations share a transaction at most.
const BATCH_OPERATIONS_MAX: usize = 512;
/// How many inbound requests there are in a batch for each other operation, while more of both wait.
const ARRIVALS_PER_OTHER: usize = 4;
/// The least share of other operations in a batch.
const OTHERS_MIN: usize = 8;
/// How often the writer looks for things to do when nobody asks.
const TICK: Duration = Duration::from_millis(200);

/// Work that the thread does by itself, between batches.
pub(crate) trait Chore: Send {
    /// Whether there is something to do. Cheap.
    fn is_due(&self) -> bool;

    /// Does a bounded piece of it.
    fn run(&mut self, tx: &Tx<'_>) -> Result<(), Error>;

    /// Told after the commit of `run`, or after its failure.
    fn ended(&mut self, saved: Result<(), Error>);
}

/// What the thread owns.
pub(crate) struct WriterThread<'c> {
    conn: &'c Connection,
    shared: Arc<Shared>,
    checkpoints: Checkpoints,
    chores: Vec<Box<dyn Chore>>,
    /// Empty between turns; kept for its room.
    batch: Vec<Box<dyn Operation>>,
    /// Not after every batch: each run of a chore is a commit.
    chores_at: Instant,
}

impl<'c> WriterThread<'c> {
    pub(crate) fn new(
        conn: &'c Connection,
        shared: Arc<Shared>,
        checkpoints: Checkpoints,
        chores: Vec<Box<dyn Chore>>,
    ) -> Self {
        Self {
            conn,
            shared,
            checkpoints,
            chores,
            batch: Vec::with_capacity(BATCH_OPERATIONS_MAX),
            chores_at: Instant::now() + TICK,
        }
    }

    /// Until every handle of the queue is gone and what waits is written.
    pub(crate) fn run(mut self, queue: &Receiver<Queued>) {
        let mut waiting = Waiting::default();
        while self.turn(queue, &mut waiting, TICK) {
            let order = self.shared.take_copy_order();
            if let Some(order) = order
                && !self.copy(order, queue, &mut waiting)
            {
                break;
            }
        }
        // Nobody is left who could wait for it.
        drop(self.shared.take_copy_order());
        self.run_chores();
        self.checkpoints.at_end(self.conn);
    }

    /// One batch, and what is due beside it. Waits so long for something to do. False once nobody can ask any more.
    fn turn(
        &mut self,
        queue: &Receiver<Queued>,
        waiting: &mut Waiting,
        patience: Duration,
    ) -> bool {
        if waiting.is_empty() {
            match queue.recv_timeout(patience) {
                Ok(first) => waiting.put(first),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return false,
            }
        }
        queue.try_iter().for_each(|next| waiting.put(next));
        let mut batch = std::mem::take(&mut self.batch);
        waiting.next_batch(&mut batch);
        if !batch.is_empty() {
            self.run_batch(&mut batch);
        }
        self.batch = batch;
        if Instant::now() >= self.chores_at {
            self.run_chores();
        }
        self.checkpoints.after_batch(self.conn);
        true
    }

    /// Copies the database, and does everything else meanwhile. False once nobody can ask any more.
    fn copy(&mut self, order: CopyOrder, queue: &Receiver<Queued>, waiting: &mut Waiting) -> bool {
        let (conn, mut is_asked) = (self.conn, true);
        let copied = backup::copy(conn, &order.path, &order.underway, |patience| {
            is_asked = self.turn(queue, waiting, patience);
            is_asked
        });
        // Who does not wait any more cleans up by itself.
        drop(order.answer.send(copied));
        is_asked
    }

    fn run_batch(&mut self, batch: &mut Vec<Box<dyn Operation>>) {
        match self.together(batch) {
            Together::Done(saved) => {
                for operation in batch.drain(..) {
                    operation.answer(saved.clone());
                }
            }
            Together::Undone => {
                for mut operation in batch.drain(..) {
                    let saved = self.alone(|tx| operation.run(tx));
                    self.note(operation.failure());
                    operation.answer(saved);
                }
            }
        }
    }

    /// All in one transaction.
    fn together(&mut self, batch: &mut [Box<dyn Operation>]) -> Together {
        let tx = match begin(self.conn, &self.shared) {
            Ok(tx) => tx,
            Err(error) => return Together::Done(Err(error)),
        };
        for operation in batch.iter_mut() {
            let mark = tx.mark();
            let changes = tx.total_changes();
            if operation.run(&tx) {
                continue;
            }
            self.note(operation.failure());
            if tx.total_changes() != changes || tx.is_autocommit() {
                // It left something behind, or SQLite gave the transaction up.
                roll_back(self.conn);
                return Together::Undone;
            }
            tx.forget_since(&mark);
        }
        Together::Done(commit(self.conn, tx, &self.shared))
    }

    /// One in a transaction of its own.
    fn alone(&self, run: impl FnOnce(&Tx<'_>) -> bool) -> Result<(), Error> {
        let tx = begin(self.conn, &self.shared)?;
        if run(&tx) {
            return commit(self.conn, tx, &self.shared);
        }
        roll_back(self.conn);
        Ok(())
    }

    fn note(&self, failure: Option<&Error>) {
        if let Some(error) = failure {
            self.shared.trouble.failed(error);
        }
    }

    fn run_chores(&mut self) {
        let mut chores = std::mem::take(&mut self.chores);
        for chore in chores.iter_mut().filter(|chore| chore.is_due()) {
            let mut result = Ok(());
            let saved = self.alone(|tx| {
                result = chore.run(tx);
                result.is_ok()
            });
            let ended = result.and(saved);
            self.note(ended.as_ref().err());
            if let Err(error) = &ended
                && !error.is_of_the_disk()
            {
                tracing::warn!(%error, "a chore of the store failed");
            }
            chore.ended(ended);
        }
        self.chores = chores;
        self.chores_at = Instant::now() + TICK;
    }
}

enum Together {
    /// The transaction ended: saved or not, every operation is answered.
    Done(Result<(), Error>),
    /// Rolled back because of one of them.
    Undone,
}

/// Operations that the thread has seen. Each keeps its place in the queue until a batch takes it.
#[derive(Default)]
struct Waiting {
    arrivals: VecDeque<Queued>,
    others: VecDeque<Queued>,
}

impl Waiting {
    fn is_empty(&self) -> bool {
        self.arrivals.is_empty() && self.others.is_empty()
    }

    fn put(&mut self, queued: Queued) {
        if queued.is_arrival {
            self.arrivals.push_back(queued);
        } else {
            self.others.push_back(queued);
        }
    }

    /// Moves what comes next into the batch, in the order of each kind.
    fn next_batch(&mut self, batch: &mut Vec<Box<dyn Operation>>) {
        let others_max = others_max(self.arrivals.len());
        let others = self.others.len().min(others_max);
        let arrivals = self.arrivals.len().min(BATCH_OPERATIONS_MAX - others);
        let next = self.arrivals.drain(..arrivals);
        batch.extend(
            next.chain(self.others.drain(..others))
                .map(|it| it.operation),
        );
    }
}

/// How many other operations may share a batch while so many arrivals wait.
fn others_max(arrivals: usize) -> usize {
    match arrivals {
        0 => BATCH_OPERATIONS_MAX,
        waiting => (waiting / ARRIVALS_PER_OTHER)
            .clamp(OTHERS_MIN, BATCH_OPERATIONS_MAX / ARRIVALS_PER_OTHER),
    }
}

fn begin<'c>(conn: &'c Connection, shared: &Shared) -> Result<Tx<'c>, Error> {
    let begun = conn
        .prepare_cached("BEGIN IMMEDIATE")
        .and_then(|mut begin| begin.execute([]));
    if let Err(error) = begun {
        let error = Error::from(error);
        shared.trouble.failed(&error);
        return Err(error);
    }
    Ok(Tx::new(conn, shared.changes.receiver_count() > 0))
}

fn commit(conn: &Connection, tx: Tx<'_>, shared: &Shared) -> Result<(), Error> {
    let began = Instant::now();
    let committed = counters::add(conn, tx.counts())
        .and_then(|()| Ok(conn.prepare_cached("COMMIT")?.execute([])?));
    if let Err(error) = committed {
        shared.trouble.failed(&error);
        if !error.is_of_the_disk() {
            tracing::error!(%error, "a transaction could not be committed");
        }
        roll_back(conn);
        return Err(error);
    }
    if tx.has_written() {
        // One that only looked proves nothing of the disk.
        shared.trouble.is_over();
        shared.tally.commit_times.add(began.elapsed());
    }
    let effects = tx.into_effects();
    shared.tally.add(effects.happened);
    let total = shared.counts.read().plus(effects.counts);
    *shared.counts.write() = total;
    if !effects.uncounted.is_empty() {
        shared.uncounted.lock().extend(&effects.uncounted);
    }
    if !effects.tags.is_empty() {
        // Nobody listens: nobody misses it.
        drop(shared.changes.send(Change { tags: effects.tags }));
    }
    Ok(())
}

fn roll_back(conn: &Connection) {
    if !conn.is_autocommit()
        && let Err(error) = conn.execute_batch("ROLLBACK")
    {
        tracing::error!(%error, "a transaction could not be rolled back");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Named(usize);

    impl Operation for Named {
        fn run(&mut self, _: &Tx<'_>) -> bool {
            true
        }

        fn failure(&self) -> Option<&Error> {
            None
        }

        fn answer(self: Box<Self>, _: Result<(), Error>) {
            SEEN.with_borrow_mut(|seen| seen.push(self.0));
        }
    }

    #[cfg_attr(
        all(windows, target_env = "gnu"),
        expect(
            clippy::missing_const_for_thread_local,
            reason = "it is const: the lint does not see it in what the macro makes there"
        )
    )]
    mod seen {
        thread_local! {
            pub static SEEN: std::cell::RefCell<Vec<usize>> =
                const { std::cell::RefCell::new(Vec::new()) };
        }
    }
    use seen::SEEN;

    /// The names in the next batch.
    fn next(waiting: &mut Waiting) -> Vec<usize> {
        let mut batch = Vec::new();
        waiting.next_batch(&mut batch);
        batch.into_iter().for_each(|it| it.answer(Ok(())));
        SEEN.take()
    }

    fn waiting(arrivals: usize, others: usize) -> Waiting {
        let mut waiting = Waiting::default();
        // Mixed, as they come.
        for name in 0..arrivals.max(others) {
            if name < others {
                waiting.put(Queued::of(Box::new(Named(1_000_000 + name)), false));
            }
            if name < arrivals {
                waiting.put(Queued::of(Box::new(Named(name)), true));
            }
        }
        waiting
    }

    #[test]
    fn requests_go_first_and_each_kind_keeps_its_order() {
        let mut both = waiting(3, 2);
        assert_eq!(next(&mut both), [0, 1, 2, 1_000_000, 1_000_001]);
        assert!(both.is_empty());
    }

    #[test]
    fn a_flood_of_requests_leaves_a_share_of_each_batch_to_the_others() {
        for arrivals in [1, 10, 64, 511, 512, 5_000] {
            let mut both = waiting(arrivals, 600);
            let batch = next(&mut both);
            assert!(batch.len() <= BATCH_OPERATIONS_MAX);
            let others = batch.iter().filter(|name| **name >= 1_000_000).count();
            assert!(others >= OTHERS_MIN, "{others} beside {arrivals}");
            assert!(
                others <= OTHERS_MIN.max(arrivals / ARRIVALS_PER_OTHER),
                "{others} beside {arrivals}"
            );
        }
    }

    #[test]
    fn without_requests_the_others_have_the_whole_batch() {
        assert_eq!(next(&mut waiting(0, 600)).len(), BATCH_OPERATIONS_MAX);
    }
}
