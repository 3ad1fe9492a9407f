//! Columns whose type SQLite does not know: names, ids, JSON. A text that is no such value is an error with
//! its column's name, never a panic.

use std::str::FromStr;

use rusqlite::Row;
use rusqlite::types::{FromSqlError, Type};
use serde::de::DeserializeOwned;

use crate::error::Error;

type Cell<T> = rusqlite::Result<T>;

/// A status or another closed set of names.
pub(crate) fn name<T>(row: &Row<'_>, column: usize) -> Cell<T>
where
    T: FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    let text = row.get_ref(column)?.as_str()?;
    text.parse().map_err(|error| bad(column, error))
}

/// JSON that may be NULL.
pub(crate) fn json_if_any<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Cell<Option<T>> {
    let Some(text) = row.get_ref(column)?.as_str_or_null()? else {
        return Ok(None);
    };
    serde_json::from_str(text)
        .map(Some)
        .map_err(|error| bad(column, error))
}

/// JSON.
pub(crate) fn json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Cell<T> {
    let text = row.get_ref(column)?.as_str()?;
    serde_json::from_str(text).map_err(|error| bad(column, error))
}

/// The 16 bytes of an id, made into one.
pub(crate) fn id<T>(row: &Row<'_>, column: usize, make: fn([u8; 16]) -> T) -> Cell<T> {
    row.get(column).map(make)
}

/// The 16 bytes of an id, or NULL.
pub(crate) fn id_if_any<T>(
    row: &Row<'_>,
    column: usize,
    make: fn([u8; 16]) -> T,
) -> Cell<Option<T>> {
    Ok(row.get::<_, Option<[u8; 16]>>(column)?.map(make))
}

/// The text of a value that is kept as JSON.
pub(crate) fn to_json<T: serde::Serialize>(what: &'static str, value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Unreadable {
        what,
        why: error.to_string(),
    })
}

fn bad<E>(column: usize, error: E) -> rusqlite::Error
where
    E: std::error::Error + Send + Sync + 'static,
{
    rusqlite::Error::FromSqlConversionFailure(
        column,
        Type::Text,
        Box::new(FromSqlError::Other(Box::new(error))),
    )
}
