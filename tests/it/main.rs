//! The one integration binary: real programs, real sockets, real disk.

#[path = "../support/mod.rs"]
mod support;

mod answers;
mod bodies;
mod canaries;
mod certificates;
mod commands;
mod control;
mod deliveries;
mod desktop;
mod disk;
mod example;
mod keychain;
mod kills;
mod ownership;
mod providers;
mod receiving;
mod runs;
mod scripts;
mod signatures;
mod steps;
mod thin_line;
mod vaults;
