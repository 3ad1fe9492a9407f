//! How much a template may take. Each limit is named in the error that it raises.

/// The longest text of one template.
pub const TEMPLATE_BYTES_MAX: usize = 1024 * 1024;
/// The longest text or value that one template renders to.
pub const OUTPUT_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Steps of evaluation that one expression may take.
pub const FUEL_MAX: u64 = 50_000;
/// Names, numbers, strings and signs in one expression.
pub const EXPRESSION_TOKENS_MAX: usize = 400;
/// Brackets within brackets in one expression.
pub const EXPRESSION_DEPTH_MAX: usize = 24;
/// Lists and objects within one another, in a value that an expression gives.
pub const VALUE_DEPTH_MAX: usize = 128;
/// Items that one filter looks at.
pub const ITEMS_MAX: usize = 1_000_000;
