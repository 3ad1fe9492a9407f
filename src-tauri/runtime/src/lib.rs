//! The composition root: open, recover, start, drain, stop.
