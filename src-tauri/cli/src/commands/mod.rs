//! One file per group of commands.

pub mod alert;
pub mod app;
pub mod backup;
pub mod completions;
pub mod delivery;
pub mod doctor;
pub mod endpoint;
pub mod exchange;
pub mod flow;
pub mod health;
pub mod input;
pub mod job;
pub mod listen;
pub mod replay;
pub mod request;
pub mod restore;
pub mod run;
pub mod schema;
pub mod secret;
pub mod send;
pub mod serve;
pub mod setting;
pub mod signature;
pub mod stats;
pub mod storage;
pub mod token;
pub mod update;
pub mod variable;
pub mod version;

mod dispatch;

pub use dispatch::run;
