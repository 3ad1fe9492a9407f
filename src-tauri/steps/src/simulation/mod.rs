//! The whole engine under virtual time, with ports that fail and a process that dies at any call: what a seed decides
//! can be played again.

pub(crate) mod checks;
mod deliveries;
mod flows;
mod runs;
mod world;
