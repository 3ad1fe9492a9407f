//! The guard over every spelling, and exchanges with real servers on this computer.

mod destinations;
mod downloads;
mod exchanges;
mod inner;
mod network;
mod redirects;
mod secure;
mod servers;
mod spellings;
