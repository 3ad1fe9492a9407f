//! A write in progress: the connection, and what is to be told once it is committed.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::ops::Deref;

use rusqlite::Connection;

use crate::change::Tag;
use crate::table::counters::Counts;
use crate::tally::Happened;

/// What a write operation gets. Reads and writes go through the connection that it derefs to.
pub(crate) struct Tx<'c> {
    conn: &'c Connection,
    tags: RefCell<Vec<Tag>>,
    counts: Cell<Counts>,
    /// Minutes that are to be counted anew.
    uncounted: RefCell<Vec<i64>>,
    happened: RefCell<Vec<Happened>>,
    /// Whether anybody listens: else collecting tags is work for nothing.
    wants_tags: bool,
    /// What the connection had changed when this began.
    changes_before: u64,
}

/// Where an operation began, to forget what it noted when it fails.
pub(crate) struct Mark {
    tags: usize,
    counts: Counts,
    happened: usize,
}

/// What the commit of a batch leads to.
pub(crate) struct Effects {
    pub(crate) tags: Vec<Tag>,
    pub(crate) counts: Counts,
    pub(crate) uncounted: Vec<i64>,
    pub(crate) happened: Vec<Happened>,
}

impl<'c> Tx<'c> {
    pub(crate) fn new(conn: &'c Connection, wants_tags: bool) -> Self {
        Self {
            conn,
            tags: RefCell::default(),
            counts: Cell::default(),
            uncounted: RefCell::default(),
            happened: RefCell::default(),
            wants_tags,
            changes_before: conn.total_changes(),
        }
    }

    /// Whether a row was changed.
    pub(crate) fn has_written(&self) -> bool {
        self.conn.total_changes() != self.changes_before
    }

    /// Notes what changes with the commit.
    pub(crate) fn changed(&self, tags: impl IntoIterator<Item = Tag>) {
        if self.wants_tags {
            self.tags.borrow_mut().extend(tags);
        }
    }

    /// Adds to the counts that are kept in memory.
    pub(crate) fn count(&self, add: impl FnOnce(&mut Counts)) {
        let mut counts = self.counts.get();
        add(&mut counts);
        self.counts.set(counts);
    }

    /// A minute has a request more that was not accepted. Naming one that has not costs nothing but the look.
    pub(crate) fn count_anew(&self, minute_at_ms: i64) {
        let mut uncounted = self.uncounted.borrow_mut();
        if uncounted.last() != Some(&minute_at_ms) {
            uncounted.push(minute_at_ms);
        }
    }

    /// Notes what is counted once it is committed.
    pub(crate) fn happened(&self, one: Happened) {
        self.happened.borrow_mut().push(one);
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark {
            tags: self.tags.borrow().len(),
            counts: self.counts.get(),
            happened: self.happened.borrow().len(),
        }
    }

    pub(crate) fn forget_since(&self, mark: &Mark) {
        self.tags.borrow_mut().truncate(mark.tags);
        self.counts.set(mark.counts);
        self.happened.borrow_mut().truncate(mark.happened);
    }

    pub(crate) fn counts(&self) -> Counts {
        self.counts.get()
    }

    pub(crate) fn into_effects(self) -> Effects {
        let mut seen = HashSet::new();
        let mut tags = self.tags.into_inner();
        tags.retain(|tag| seen.insert(tag.clone()));
        Effects {
            tags,
            counts: self.counts.get(),
            uncounted: self.uncounted.into_inner(),
            happened: self.happened.into_inner(),
        }
    }
}

impl Deref for Tx<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.conn
    }
}
