//! Operations on deliveries, a file each.

pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod resend;
pub(crate) mod shape;

pub use shape::Delivery;
