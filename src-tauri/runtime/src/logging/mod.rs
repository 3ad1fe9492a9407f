//! The log: lines for a person, for a program or for the system's journal, with every known secret value masked; and the
//! same in files of the data folder, within a bound.

mod files;
mod journal;
mod line;
mod rotating;
mod start;

pub(crate) use files::LogFiles;
pub(crate) use line::mask_values_of;
pub use start::{FORMAT_VARIABLE, LOG_VARIABLE, LogFormat, init_logging, init_logging_as};
