//! Times of the API: RFC 3339, UTC, always with milliseconds.

use serde::{Serialize, Serializer};
use utoipa::PartialSchema;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};

/// A moment. Written as `2026-11-22T01:02:03.004Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct At(i64);

impl At {
    /// A moment in Unix milliseconds.
    pub fn from_ms(at_ms: i64) -> Self {
        Self(at_ms)
    }
}

impl std::fmt::Display for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A time outside what the calendar can say would be damage in the database: it is shown as the epoch.
        let moment =
            jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        write!(f, "{moment:.3}")
    }
}

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl PartialSchema for At {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .into()
    }
}

impl utoipa::ToSchema for At {}

#[cfg(test)]
mod tests {
    use super::At;

    #[test]
    fn a_time_has_milliseconds_even_when_they_are_zero() {
        assert_eq!(
            At::from_ms(1_795_306_812_000).to_string(),
            "2026-11-22T00:20:12.000Z"
        );
        assert_eq!(At::from_ms(7).to_string(), "1970-01-01T00:00:00.007Z");
    }
}
