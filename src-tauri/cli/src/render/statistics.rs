//! What happened, by flow and by endpoint.

use serde_json::Value;

use super::paint::{Paint, Tone};
use super::piece::{items, text};
use super::table::Table;
use super::time::{duration, relative};

/// The sums of the span, then a table of flows and one of endpoints.
pub fn statistics(statistics: &Value, paint: Paint) -> String {
    let mut flows = Table::new(&[
        "FLOW", "COMPLETE", "FAILED", "SUCCESS", "P50", "P95", "LAST JOB",
    ]);
    for flow in items(&statistics["flows"]) {
        let jobs = &flow["jobs"];
        let failed = jobs["failed"].as_u64().unwrap_or(0) + jobs["timed_out"].as_u64().unwrap_or(0);
        let tone = if failed > 0 { Tone::Bad } else { Tone::Plain };
        flows.row(vec![
            (text(&flow["flow"]), Tone::Strong),
            (text(&jobs["complete"]), Tone::Plain),
            (failed.to_string(), tone),
            (percent(&flow["success_share"]), Tone::Plain),
            (duration(&flow["duration_ms"]["p50"]), Tone::Plain),
            (duration(&flow["duration_ms"]["p95"]), Tone::Plain),
            (text(&flow["last_job"]["status"]), Tone::Quiet),
        ]);
    }
    let mut endpoints = Table::new(&[
        "ENDPOINT",
        "FLOW",
        "ACCEPTED",
        "REJECTED",
        "DUPLICATE",
        "HELD",
        "A MINUTE",
        "P95",
        "LAST",
    ]);
    for endpoint in items(&statistics["endpoints"]) {
        let requests = &endpoint["requests"];
        let rejected = requests["rejected"].as_u64().unwrap_or(0);
        let tone = if rejected > 0 { Tone::Bad } else { Tone::Plain };
        endpoints.row(vec![
            (text(&endpoint["endpoint"]), Tone::Strong),
            (text(&endpoint["flow"]), Tone::Plain),
            (text(&requests["accepted"]), Tone::Plain),
            (text(&requests["rejected"]), tone),
            (text(&requests["duplicate"]), Tone::Plain),
            (text(&requests["held"]), Tone::Plain),
            (rate(&endpoint["per_minute"]), Tone::Plain),
            (duration(&endpoint["p95_ms"]), Tone::Plain),
            (relative(&endpoint["last_request_at"]), Tone::Quiet),
        ]);
    }
    let flows = flows.text(paint, "No flows.\n");
    let endpoints = endpoints.text(paint, "No endpoints.\n");
    format!("{flows}\n{endpoints}")
}

fn percent(share: &Value) -> String {
    let share = share.as_f64();
    share.map_or_else(String::new, |share| format!("{:.1} %", share * 100.0))
}

fn rate(per_minute: &Value) -> String {
    let rate = per_minute.as_f64();
    rate.map_or_else(String::new, |rate| format!("{rate:.1}"))
}
