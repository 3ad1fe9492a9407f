//! Published flows, compiled once per version.

/// The compiled versions that were used last.
#[derive(Default)]
pub(crate) struct FlowCache {}
