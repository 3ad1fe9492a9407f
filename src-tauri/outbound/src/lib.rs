//! The one HTTP client, with its destination guard.
//!
//! It sends one request and reads one answer: no cookies, no retries, a proxy and redirects only where it is told so. What is sent, when
//! it is tried again and what is recorded is the business of `engine` and `steps`.

mod certificate;
mod client;
mod download;
mod failure;
mod guard;
mod headers;
mod hops;
mod pools;
mod read;
mod resolve;
#[cfg(test)]
mod tests;
mod timing;
mod tls;

pub use client::{Options, Outbound};
pub use guard::{Guard, Network, Policy, Refused};
pub use resolve::{Lookup, SystemLookup};
