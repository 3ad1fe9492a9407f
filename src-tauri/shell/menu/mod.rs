//! The menu bar: the system's own on macOS, the window's elsewhere, where a person wants it. Its entries run the page's
//! own commands and show the page's keys; it decides neither.

mod bar;
#[cfg(target_os = "linux")]
mod linux;
mod offered;
mod table;
mod words;

pub use bar::{IS_A_CHOICE, act, begin, offer, show};
pub use offered::Offer;
