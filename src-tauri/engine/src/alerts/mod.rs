//! Alerts: rules about what was counted, looked at again and again; each tells once that something began, and once that
//! it ended.

mod judge;
#[cfg(test)]
mod tests;
mod watch;

pub use watch::watch;
