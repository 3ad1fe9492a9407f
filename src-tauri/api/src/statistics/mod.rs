//! What happened in the last hour or day, from the counts that the store keeps per minute.

mod buckets;
pub(crate) mod get;
mod shape;
