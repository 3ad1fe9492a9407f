//! The icon in the tray: whether requests are received, and the few things one wants without a window.

mod paint;
mod receiving;

#[cfg(target_os = "linux")]
#[path = "linux.rs"]
mod system;
#[cfg(not(target_os = "linux"))]
#[path = "elsewhere.rs"]
mod system;

pub use receiving::Receiving;
pub use system::{begin, show};

/// What one can do there.
const OPEN: &str = "Open Hookloom";
const QUIT: &str = "Quit Hookloom";
