//! Lists come in pages, newest first: `limit` rows, then the cursor of what comes after them.

use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::error::{Error, ErrorCode};

/// A page has this many rows unless the caller says otherwise.
const LIMIT_DEFAULT: u32 = 50;
/// A page has at most this many rows.
const LIMIT_MAX: u32 = 500;

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

impl PageQuery {
    /// The limit, kept within its bounds, and the cursor.
    pub(crate) fn read(&self) -> Result<(u32, Option<i64>), Error> {
        let limit = self.limit.unwrap_or(LIMIT_DEFAULT);
        if !(1..=LIMIT_MAX).contains(&limit) {
            let message =
                format!("The limit {limit} is not between 1 and LIMIT_MAX = {LIMIT_MAX}.");
            return Err(Error::new(
                StatusCode::BAD_REQUEST,
                ErrorCode::BadRequest,
                message,
            ));
        }
        let before = self.before.as_deref().map(cursor).transpose()?;
        Ok((limit, before))
    }
}

fn cursor(given: &str) -> Result<i64, Error> {
    given.parse().map_err(|_| {
        let given: String = given.chars().take(64).collect();
        Error::new(
            StatusCode::BAD_REQUEST,
            ErrorCode::BadRequest,
            format!("`{given}` is not the `next` of a page of this list."),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_out_of_bounds_and_a_cursor_from_elsewhere_are_refused() {
        let read = |limit, before: Option<&str>| {
            PageQuery {
                limit,
                before: before.map(str::to_owned),
            }
            .read()
            .map_err(|e| e.code())
        };
        assert_eq!(read(None, None), Ok((LIMIT_DEFAULT, None)));
        assert_eq!(read(Some(LIMIT_MAX), Some("17")), Ok((LIMIT_MAX, Some(17))));
        assert_eq!(read(Some(0), None), Err(ErrorCode::BadRequest));
        assert_eq!(read(Some(LIMIT_MAX + 1), None), Err(ErrorCode::BadRequest));
        assert_eq!(read(None, Some("mqr_1")), Err(ErrorCode::BadRequest));
    }
}
