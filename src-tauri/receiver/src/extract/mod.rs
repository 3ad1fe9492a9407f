//! From a request on the wire to one that was checked: each step is a type, and the next one needs it.

mod arrived;
mod endpoint;
mod verified;

pub(crate) use arrived::Arrived;
pub use endpoint::endpoint_at;
pub(crate) use endpoint::{Target, Way, target_of};
pub(crate) use verified::{Arriving, Verified};
