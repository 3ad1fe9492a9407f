//! What the control API shows: lists by page, and single things whole. A page costs the same at a million rows as at
//! a thousand: every list begins at a cursor and reads an index in its order.

mod deliveries;
mod jobs;
mod page;
mod requests;
mod search;

pub use deliveries::{DeliveryCounts, DeliveryFilter};
pub use jobs::JobFilter;
pub use page::{PAGE_ROWS_MAX, Page};
pub use search::{SEARCH_MS_MAX, SEARCH_ROWS_MAX, Searched};
