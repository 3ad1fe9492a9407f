//! Operations on deliveries, a file each.

mod convert;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod resend;
pub(crate) mod shape;

pub(crate) use convert::{rows_by_id, with_documents};
pub use shape::{Certificate, Delivery, ReceivedAnswer, Timings};
