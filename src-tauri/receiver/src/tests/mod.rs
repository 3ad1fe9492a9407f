//! Tests over real sockets, with an inbox in memory.

pub(crate) mod fixtures;
