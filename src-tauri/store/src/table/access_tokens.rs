//! Access tokens of the control listener: the SHA-256 of each, never the token.

use std::fmt;
use std::str::FromStr;

use rusqlite::{Connection, OptionalExtension, Row};

use super::columns;
use crate::error::Error;

pub(crate) const SQL: &str = "
CREATE TABLE access_tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    -- For by_sha256.
    sha256 BLOB NOT NULL UNIQUE,
    scope TEXT NOT NULL CHECK (scope IN ('read', 'run', 'manage')),
    created_at_ms INTEGER NOT NULL,
    last_used_at_ms INTEGER
) STRICT;
";

/// What a token may do: each may also do what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenScope {
    /// Look.
    Read,
    /// Start jobs, resend.
    Run,
    /// Everything.
    Manage,
}

impl TokenScope {
    /// The name in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Run => "run",
            Self::Manage => "manage",
        }
    }
}

impl fmt::Display for TokenScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is no scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is no scope; it can be read, run, manage")]
pub struct UnknownScope {
    /// What was given.
    pub given: String,
}

impl FromStr for TokenScope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        match text {
            "read" => Ok(Self::Read),
            "run" => Ok(Self::Run),
            "manage" => Ok(Self::Manage),
            _ => Err(UnknownScope {
                given: text.chars().take(64).collect(),
            }),
        }
    }
}

/// An access token without its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// Never reused.
    pub id: i64,
    /// Unique.
    pub name: String,
    /// What it may do.
    pub scope: TokenScope,
    /// Unix milliseconds.
    pub created_at_ms: i64,
    /// Unix milliseconds; to the minute.
    pub last_used_at_ms: Option<i64>,
}

const COLUMNS: &str = "id, name, scope, created_at_ms, last_used_at_ms";

fn read(row: &Row<'_>) -> rusqlite::Result<TokenRow> {
    Ok(TokenRow {
        id: row.get(0)?,
        name: row.get(1)?,
        scope: columns::name(row, 2)?,
        created_at_ms: row.get(3)?,
        last_used_at_ms: row.get(4)?,
    })
}

/// Newest first.
pub(crate) fn list(conn: &Connection) -> Result<Vec<TokenRow>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM access_tokens ORDER BY id DESC");
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn by_sha256(conn: &Connection, sha256: &[u8; 32]) -> Result<Option<TokenRow>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM access_tokens WHERE sha256 = ?1");
    let mut statement = conn.prepare_cached(&sql)?;
    Ok(statement.query_row([sha256], read).optional()?)
}

pub(crate) fn insert(
    conn: &Connection,
    name: &str,
    sha256: &[u8; 32],
    scope: TokenScope,
    at_ms: i64,
) -> Result<(), Error> {
    let inserted = conn
        .prepare_cached(
            "INSERT OR IGNORE INTO access_tokens (name, sha256, scope, created_at_ms)
             VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute((name, sha256, scope.as_str(), at_ms))?;
    if inserted == 0 {
        return Err(Error::NameTaken {
            what: format!("an access token named `{name}`"),
        });
    }
    Ok(())
}

/// Whether it was there.
pub(crate) fn delete(conn: &Connection, name: &str) -> Result<bool, Error> {
    let mut statement = conn.prepare_cached("DELETE FROM access_tokens WHERE name = ?1")?;
    Ok(statement.execute([name])? > 0)
}

pub(crate) fn set_used(conn: &Connection, id: i64, at_ms: i64) -> Result<(), Error> {
    conn.prepare_cached("UPDATE access_tokens SET last_used_at_ms = ?2 WHERE id = ?1")?
        .execute((id, at_ms))?;
    Ok(())
}
