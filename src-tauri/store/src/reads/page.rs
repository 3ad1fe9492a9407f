//! Pages of lists, and lists that are merged from several searches of one index.

use hookloom_model::FlowId;
use rusqlite::Connection;

use crate::error::Error;
use crate::table::flows;

/// A page has at most this many rows, whatever is asked for.
pub const PAGE_ROWS_MAX: u32 = 500;

/// Rows of a list, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// At most as many as were asked for.
    pub items: Vec<T>,
    /// Where the next page begins; none if this was the last.
    pub next: Option<i64>,
}

impl<T> Page<T> {
    pub(super) fn empty() -> Self {
        Self {
            items: Vec::new(),
            next: None,
        }
    }

    /// One row more than asked for tells that there is another page.
    pub(crate) fn cut(mut items: Vec<T>, limit: u32, cursor: impl Fn(&T) -> i64) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(cursor);
        Self { items, next }
    }
}

/// The flow that is asked for, or all.
pub(super) fn flow_ids(conn: &Connection, flow: Option<&str>) -> Result<Vec<FlowId>, Error> {
    match flow {
        Some(name) => Ok(flows::id_by_name(conn, name)?.into_iter().collect()),
        None => flows::ids(conn),
    }
}

/// The newest of what several searches of one index find, each of them newest first.
pub(super) fn merged<S: Copy>(
    flows: &[FlowId],
    statuses: &[S],
    limit: u32,
    search: impl Fn(FlowId, S) -> Result<Vec<i64>, Error>,
) -> Result<Vec<i64>, Error> {
    let mut found = Vec::new();
    for flow in flows {
        for status in statuses {
            found.extend(search(*flow, *status)?);
        }
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}
