//! Which newer release is told of on the desktop: one that the daily look found, once for each version.

use serde::Deserialize;
use serde_json::Value;

/// What the shell reads of updates.
#[derive(Deserialize)]
struct Updates {
    daily: bool,
    found: Option<Found>,
}

#[derive(Deserialize)]
struct Found {
    version: String,
    is_newer: bool,
}

/// The version to tell of. Who looks by hand alone, sees what came of it, and asked for nothing more.
pub fn untold(updates: &Value, told: Option<&str>) -> Option<String> {
    let updates = Updates::deserialize(updates).inspect_err(|error| {
        tracing::warn!(%error, "what is known of newer releases cannot be read");
    });
    let Updates { daily, found } = updates.ok()?;
    let found = found.filter(|found| daily && found.is_newer);
    let version = found.map(|found| found.version);
    version.filter(|version| told != Some(version.as_str()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn updates(daily: bool, version: &str, is_newer: bool) -> Value {
        let found = json!({"version": version, "is_newer": is_newer, "notes": null});
        json!({"daily": daily, "found": found, "version": "0.1.0"})
    }

    #[test]
    fn each_version_is_told_of_once() {
        let found = updates(true, "9.9.9", true);
        assert_eq!(untold(&found, None).as_deref(), Some("9.9.9"));
        assert_eq!(untold(&found, Some("9.9.8")).as_deref(), Some("9.9.9"));
        assert_eq!(untold(&found, Some("9.9.9")), None);
    }

    #[test]
    fn only_what_the_daily_look_found_and_is_newer_is_told_of() {
        assert_eq!(untold(&updates(false, "9.9.9", true), None), None);
        assert_eq!(untold(&updates(true, "0.1.0", false), None), None);
        let nothing = json!({"daily": true, "found": null});
        assert_eq!(untold(&nothing, None), None);
        assert_eq!(untold(&json!({"found": 1}), None), None);
    }
}
