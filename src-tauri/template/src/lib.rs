//! `{{ expression }}` in text: parsed once, rendered with the escaping of the place each expression stands in.
//!
//! No I/O, and never built from data: a value that holds `{{` is text. Our scanner finds the expressions and
//! their place; minijinja evaluates the expression alone.

mod described;
mod error;
mod expression;
mod limits;
mod number;
mod place;
mod scan;
mod scope;
mod template;
mod text;
mod value;
mod words;

pub use described::FILTERS_DESCRIBED;
pub use error::{RenderError, RenderFault, TemplateError, TemplateFault, TextPlace};
pub use limits::{
    EXPRESSION_DEPTH_MAX, EXPRESSION_TOKENS_MAX, FUEL_MAX, ITEMS_MAX, OUTPUT_BYTES_MAX,
    TEMPLATE_BYTES_MAX, VALUE_DEPTH_MAX,
};
pub use place::Place;
pub use scope::{Reference, Scope};
pub use template::Template;
pub use text::{json_of, text_of};
pub use value::ValueTemplate;
pub use words::TaskWords;

/// Words that mean something in an expression: no step, memory variable, secret, variable or output has such a name.
pub const RESERVED_NAMES: &[&str] = &[
    "job",
    "trigger",
    "steps",
    "vars",
    "secrets",
    "secretState",
    "item",
    "index",
    "and",
    "or",
    "not",
    "in",
    "is",
    "if",
    "else",
    "true",
    "false",
    "none",
    "null",
    "True",
    "False",
    "None",
];
