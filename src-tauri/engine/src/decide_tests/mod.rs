//! Tests of `decide` and `apply` together.

mod cases;
mod driven;
mod properties;

pub(crate) use driven::Driven;
