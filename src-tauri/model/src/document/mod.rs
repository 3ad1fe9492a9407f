//! The flow document: what an analyst draws, a file holds, and a version freezes.

mod canonical;
mod names;
mod parse;
mod schema;
mod types;
mod walk;

pub use canonical::canonical;
pub use names::{NAME_CHARS_MAX, is_address_name, is_plain_name};
pub use parse::{DOCUMENT_BYTES_MAX, Parsed, from_value, parse};
pub use schema::json_schema;
pub use types::*;
