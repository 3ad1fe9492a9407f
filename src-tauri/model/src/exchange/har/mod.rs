//! An HTTP archive (HAR 1.2), as browsers and proxies save it: its requests become `http` steps of one flow, each after
//! the one before. Answers, times and pages are a record of the past and stay out.

mod archive;
mod entry;

pub(super) use archive::read;
