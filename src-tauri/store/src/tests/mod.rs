//! Tests of the store as a whole, on real files.

mod accepting;
mod backing_up;
mod bounds;
mod calls;
mod committing;
mod counting;
mod crashes;
mod delivering;
#[cfg(unix)]
pub(crate) mod disk;
mod endpoint_urls;
mod exchanging;
mod files;
mod fixture;
mod full_disk;
mod health;
mod lists;
mod log_bounds;
mod million;
mod opening;
mod projection;
mod publishing;
mod replays;
mod restoring;
mod retaining;
mod schedules;
mod support;
mod trials;
mod upgrading;
mod workspace;
