//! Times as a person says them.

use serde_json::Value;

const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 60 * MINUTE_S;
const DAY_S: i64 = 24 * HOUR_S;

/// How long ago, or how soon, a time of the API is: `12 s ago`, `in 3 min`. Empty for null.
pub fn relative(at: &Value) -> String {
    let Some(Ok(at)) = at.as_str().map(str::parse::<jiff::Timestamp>) else {
        return String::new();
    };
    distance(at.as_second() - hookloom_runtime::now_ms() / 1_000)
}

/// A duration in the unit that fits: `4 ms`, `1.2 s`, `3 min`. Empty for null.
pub fn duration(ms: &Value) -> String {
    match ms.as_i64() {
        None => String::new(),
        Some(ms) if ms < 1_000 => format!("{ms} ms"),
        Some(ms) if ms < 60_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        Some(ms) => count(ms / 1_000),
    }
}

fn distance(seconds: i64) -> String {
    match seconds {
        0 => "now".to_owned(),
        ..0 => format!("{} ago", count(seconds.saturating_neg())),
        1.. => format!("in {}", count(seconds)),
    }
}

fn count(seconds: i64) -> String {
    match seconds {
        ..MINUTE_S => format!("{seconds} s"),
        MINUTE_S..HOUR_S => format!("{} min", seconds / MINUTE_S),
        HOUR_S..DAY_S => format!("{} h", seconds / HOUR_S),
        DAY_S.. => format!("{} d", seconds / DAY_S),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_distance_is_in_its_largest_whole_unit() {
        assert_eq!(distance(0), "now");
        assert_eq!(distance(-59), "59 s ago");
        assert_eq!(distance(-3_599), "59 min ago");
        assert_eq!(distance(7_200), "in 2 h");
        assert_eq!(distance(-200_000), "2 d ago");
        assert!(distance(i64::MIN).ends_with("d ago"));
    }

    #[test]
    fn a_duration_has_the_unit_that_fits() {
        assert_eq!(duration(&json!(4)), "4 ms");
        assert_eq!(duration(&json!(1_250)), "1.2 s");
        assert_eq!(duration(&json!(61_000)), "1 min");
        assert_eq!(duration(&Value::Null), "");
    }

    #[test]
    fn what_is_no_time_is_shown_as_nothing() {
        assert_eq!(relative(&Value::Null), "");
        assert_eq!(relative(&json!("soon")), "");
        assert!(relative(&json!("2020-01-01T00:00:00.000Z")).ends_with("d ago"));
    }
}
