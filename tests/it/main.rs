//! The one integration binary: real programs, real sockets, real disk.

#[path = "../support/mod.rs"]
mod support;

mod answers;
#[cfg(target_os = "linux")]
mod app_start;
mod backups;
mod bodies;
mod bombs;
mod book;
mod canaries;
mod certificates;
mod commands;
#[cfg(unix)]
mod container;
mod control;
mod deliveries;
mod desktop;
#[cfg(target_os = "linux")]
mod desktop_life;
#[cfg(target_os = "linux")]
mod desktop_menu;
mod destinations;
mod disk;
mod doctor;
mod example;
mod exchange;
#[cfg(target_os = "linux")]
mod fresh_machine;
#[cfg(target_os = "linux")]
mod full_disk;
mod keychain;
mod kills;
mod leaks;
mod looking;
#[cfg(unix)]
mod numbers;
#[cfg(unix)]
mod operation;
mod ownership;
#[cfg(target_os = "linux")]
mod packages;
mod providers;
mod proxied;
mod receiving;
mod refusals;
mod runs;
mod scripts;
mod signatures;
mod slow_clients;
mod steps;
mod thin_line;
mod trials;
mod updates;
mod vaults;
