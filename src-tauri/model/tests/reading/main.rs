//! Reading documents and bodies through the crate's public face. One binary, so that it links once.

mod body;
mod document;
mod hostile;
mod kinds;
mod schedules;
mod schema;
mod support;
