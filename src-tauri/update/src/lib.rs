//! Releases: the manifest that tells of one, its signature, looking for a newer one, and downloading a package of it.
//!
//! It never asks by itself, installs nothing, and keeps nothing: when to ask, what was seen last and whom to tell is the
//! business of `api` and `runtime`. What came from the network is believed in one place, [`Manifest::verified`].

mod check;
mod download;
mod error;
mod installed;
mod manifest;
mod source;
#[cfg(test)]
mod tests;
mod unfinished;

pub use check::{Seen, look};
pub use download::{Fetched, Order, Progress, fetch};
pub use error::{Error, Kind};
pub use installed::{Installed, PACKAGE_KINDS, install_command};
pub use manifest::{
    FORMAT, MANIFEST_BYTES_MAX, MANIFEST_NAME, Manifest, Package, SIGNATURE_ENDING,
};
pub use source::{Source, TrustedKey, built_in};
