//! Typed ids. Integer ids are given by the database and never reused; the others are a prefix and a
//! UUIDv7 as 32 hex digits, so that they sort by the time they were made.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! integer_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

integer_id!(
    /// One execution of a flow version; `$jobId` in a webhook task.
    JobId
);
integer_id!(
    /// A flow, whatever it is named today.
    FlowId
);
integer_id!(
    /// A named result of a flow; kept by name over versions and imports.
    OutputId
);
integer_id!(
    /// A webhook task of a flow; kept by name over versions and imports.
    TaskId
);

/// Whether a flow version was made only to try a draft. Those that were published count from 1, trials from -1 down, so
/// that neither is ever taken for the other.
pub fn is_trial(version: i64) -> bool {
    version < 0
}

/// An id that does not look like one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not an id of this kind: expected `{prefix}` followed by 32 hex digits")]
pub struct BadId {
    /// What was given.
    pub given: String,
    /// The prefix that was expected.
    pub prefix: &'static str,
}

macro_rules! prefixed_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// The text that every id of this kind begins with.
            pub const PREFIX: &'static str = $prefix;

            /// An id of the given time (Unix milliseconds) and ten random bytes.
            pub fn new(at_ms: i64, random: [u8; 10]) -> Self {
                let at_ms = u64::try_from(at_ms).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(at_ms, &random).into_uuid())
            }

            /// The 16 bytes behind the prefix, as the database keeps them: they sort as the text does.
            pub fn to_bytes(self) -> [u8; 16] {
                *self.0.as_bytes()
            }

            /// The id of these 16 bytes.
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{}", $prefix, self.0.as_simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = BadId;

            fn from_str(text: &str) -> Result<Self, BadId> {
                let bad = || BadId { given: text.chars().take(64).collect(), prefix: $prefix };
                let digits = text.strip_prefix($prefix).ok_or_else(bad)?;
                if digits.len() != 32 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
                    return Err(bad());
                }
                Uuid::try_parse(digits).map(Self).map_err(|_| bad())
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

prefixed_id!(
    /// The call that began a job, or one inbound request.
    RequestId,
    "mqr_"
);
prefixed_id!(
    /// One step in one job; also the idempotency key that its HTTP calls carry.
    StepExecutionId,
    "ste_"
);
prefixed_id!(
    /// One message of one webhook task; also its `webhook-id`.
    DeliveryId,
    "dlv_"
);
prefixed_id!(
    /// A file that came with a request. It says nothing about the file's name or place.
    FileId,
    "fil_"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_being_written_and_read() {
        let id = RequestId::new(1_795_306_812_431, [7; 10]);
        let text = id.to_string();
        assert_eq!(text.len(), 36, "prefix and 32 digits: {text}");
        assert_eq!(text.parse::<RequestId>(), Ok(id));
        assert_eq!(RequestId::from_bytes(id.to_bytes()), id);
    }

    #[test]
    fn ids_sort_by_the_time_they_were_made() {
        assert!(StepExecutionId::new(1, [255; 10]) < StepExecutionId::new(2, [0; 10]));
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        let delivery = DeliveryId::new(1, [1; 10]).to_string();
        assert!(delivery.parse::<RequestId>().is_err());
        assert!(
            "mqr_+1234567890123456789012345678901"
                .parse::<RequestId>()
                .is_err()
        );
    }
}
