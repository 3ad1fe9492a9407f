//! `{{ expression }}` in text: parsed once, rendered with the escaping of the place each expression stands in.
//!
//! No I/O. Our scanner finds the expressions and their place; minijinja evaluates the expression alone.

mod scope;

pub use scope::{Reference, Scope};
