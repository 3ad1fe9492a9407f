//! Lists come in pages, newest first: `limit` rows, then the cursor of what comes after them.

use serde::Deserialize;
use utoipa::IntoParams;

/// A page has this many rows unless the caller says otherwise.
pub const LIMIT_DEFAULT: u32 = 50;
/// A page has at most this many rows.
pub const LIMIT_MAX: u32 = 500;

/// Which page of a list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many rows at most.
    #[param(minimum = 1, maximum = 500, default = 50)]
    pub limit: Option<u32>,
    /// The `next` of the page before this one.
    pub before: Option<String>,
}
