//! Rendering through the crate's public face. One binary, so that it links once.

mod places;
mod refusals;
mod structure;
mod support;
mod urls;
mod values;
