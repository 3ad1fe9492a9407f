//! The `hookloom` command line.

fn main() {}
