//! The one integration binary: real programs, real sockets, real disk.

#[path = "../support/mod.rs"]
mod support;

mod ownership;
mod signatures;
