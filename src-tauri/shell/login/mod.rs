//! Whether the app starts when a person logs in: without its window, receiving at once. The file or the entry that the
//! system looks at is the only memory of it.

#[cfg_attr(
    not(any(test, target_os = "macos")),
    expect(dead_code, reason = "of macOS; its text is tested everywhere")
)]
mod agent;
#[cfg_attr(
    not(any(test, target_os = "linux")),
    expect(dead_code, reason = "of Linux desktops; its text is tested everywhere")
)]
mod entry;
mod started;

#[cfg(target_os = "linux")]
#[path = "linux.rs"]
mod system;
#[cfg(target_os = "macos")]
#[path = "macos.rs"]
mod system;
#[cfg(windows)]
#[path = "windows.rs"]
mod system;

pub use started::Login;
