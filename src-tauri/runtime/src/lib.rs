//! The composition root: the only crate that picks implementations. It opens a data folder, recovers what a
//! crash left, starts everything, and stops it in order. It decides nothing about flows, requests or answers.

mod clock;
mod error;
mod folder;
mod owner;
mod private_file;

pub use clock::{SystemClock, SystemEntropy};
pub use error::{Code, Error, Listener};
pub use folder::{DataFolder, FOLDER_VARIABLE};
pub use owner::{OwnerRecord, Ownership, Role};
