//! Numbers as JavaScript writes them: `1.0` is `1`, `1e21` is `1e+21`, `-0` is `0`. Whole numbers keep all their digits.

use std::fmt::Write as _;

use serde_json::Number;

/// Appends a number. Text for a person and text of JSON are the same.
pub(crate) fn push_number(out: &mut String, number: &Number) {
    // Writing to a `String` cannot fail.
    if let Some(whole) = number.as_i64() {
        let _ = write!(out, "{whole}");
    } else if let Some(whole) = number.as_u64() {
        let _ = write!(out, "{whole}");
    } else {
        let float = number.as_f64().unwrap_or(0.0);
        out.push_str(ryu_js::Buffer::new().format(float));
    }
}
