//! Names of published endpoints: unique in the workspace.

use hookloom_model::FlowId;
use rusqlite::{Connection, OptionalExtension};

use crate::error::Error;

pub(crate) const SQL: &str = "
CREATE TABLE endpoints (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- For owner.
    name TEXT NOT NULL UNIQUE,
    flow_id INTEGER NOT NULL REFERENCES flows (id)
) STRICT;
-- For replace.
CREATE INDEX endpoints_by_flow ON endpoints (flow_id);
";

/// Whose endpoint it is.
pub(crate) fn owner(conn: &Connection, name: &str) -> Result<Option<FlowId>, Error> {
    let mut statement = conn.prepare_cached("SELECT flow_id FROM endpoints WHERE name = ?1")?;
    Ok(statement
        .query_row([name], |row| row.get(0).map(FlowId))
        .optional()?)
}

/// Every name, with the name of its flow.
pub(crate) fn owners(conn: &Connection) -> Result<Vec<(String, String)>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT endpoints.name, flows.name FROM endpoints JOIN flows ON flows.id = endpoints.flow_id",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The flow has these endpoints and no others. Refuses a name of another flow.
pub(crate) fn replace(conn: &Connection, flow_id: FlowId, names: &[String]) -> Result<(), Error> {
    for name in names {
        if let Some(owner) = owner(conn, name)?.filter(|owner| *owner != flow_id) {
            return Err(Error::EndpointTaken {
                endpoint: name.clone(),
                flow: super::flows::name_of(conn, owner)?.unwrap_or_default(),
            });
        }
    }
    let had: Vec<String> = conn
        .prepare_cached("SELECT name FROM endpoints WHERE flow_id = ?1")?
        .query_map([flow_id.0], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut delete = conn.prepare_cached("DELETE FROM endpoints WHERE name = ?1")?;
    for gone in had.iter().filter(|name| !names.contains(name)) {
        delete.execute([gone])?;
    }
    let mut insert =
        conn.prepare_cached("INSERT OR IGNORE INTO endpoints (name, flow_id) VALUES (?1, ?2)")?;
    for name in names {
        insert.execute((name, flow_id.0))?;
    }
    Ok(())
}

pub(crate) fn count(conn: &Connection) -> Result<i64, Error> {
    let mut statement = conn.prepare_cached("SELECT COUNT(*) FROM endpoints")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}
