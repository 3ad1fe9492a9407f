//! Operations on alerts and their rules, a file each.

pub(crate) mod list;
pub(crate) mod rules;
