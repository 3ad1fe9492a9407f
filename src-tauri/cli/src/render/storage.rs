//! What the history takes on the disk.

use serde_json::Value;

use super::piece::{field, text};
use super::time::relative;

/// How it stands.
pub fn storage(storage: &Value) -> String {
    let retention = &storage["retention"];
    let days = match retention["days"].as_u64() {
        Some(1) => "1 day".to_owned(),
        Some(days) => format!("{days} days"),
        None => "for ever".to_owned(),
    };
    let most = match retention["bytes_max"].as_u64() {
        Some(_) => size(&retention["bytes_max"]),
        None => "no bound".to_owned(),
    };
    let mut shown = field("database", &size(&storage["database_bytes"]));
    shown += &field("free in it", &size(&storage["free_bytes"]));
    shown += &field("files", &size(&storage["files_bytes"]));
    shown += &field("requests", &text(&storage["requests_count"]));
    shown += &field("jobs", &text(&storage["jobs_count"]));
    shown += &field("deliveries", &text(&storage["deliveries_count"]));
    shown += &field("oldest", &relative(&storage["oldest_at"]));
    shown += &field("kept", &days);
    shown += &field("at most", &most);
    shown
}

/// In the unit that leaves one to three digits before the point.
pub(super) fn size(bytes: &Value) -> String {
    let Some(bytes) = bytes.as_u64() else {
        return String::new();
    };
    let units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
    for (unit, one) in units {
        if bytes >= one {
            let tenths = bytes * 10 / one;
            return format!("{}.{} {unit}", tenths / 10, tenths % 10);
        }
    }
    format!("{bytes} bytes")
}
