//! The database on a disk that forgets, tears and fails: what SQLite asks of the disk goes through a tap, which records it
//! and may refuse it.

mod acts;
mod crash_images;
mod held;
mod io_errors;
mod power_loss;
mod tap;
mod vfs;

pub(crate) use tap::{Fault, Watch};
pub(crate) use vfs::name_for;
