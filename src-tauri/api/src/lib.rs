//! The control API: operations, OpenAPI, live updates, the workbench files.
//!
//! Each operation has its types beside it, and domain types are converted by destructuring all of their fields.
//! Nothing here knows the receiver, and no router is shared with it. Who runs it (the app's window, `serve`) is
//! behind [`Host`].

mod answer;
mod deliveries;
mod error;
mod events;
mod flows;
mod identity;
mod input;
mod jobs;
mod named;
mod openapi;
mod page;
mod parts;
mod problem;
mod requests;
mod router;
mod schema;
mod secrets;
mod session;
mod state;
mod status;
mod time;
mod tokens;
mod variables;

pub use error::{Error, ErrorCode};
pub use openapi::openapi_json;
pub use state::{ApiState, Host};
