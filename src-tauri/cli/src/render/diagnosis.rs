//! What was found wrong, and what was not.

use serde_json::Value;

use super::paint::{Paint, Tone};
use super::piece::{items, text};
use super::wrap::wrapped;

/// Where texts begin: behind the mark and the area.
const INDENT: usize = 13;

/// A block for each finding, the worst first, and how it is on the whole.
pub fn diagnosis(found: &Value, paint: Paint) -> String {
    let findings = items(&found["findings"]);
    let mut shown: String = findings.iter().map(|it| finding(it, paint)).collect();
    let count = |state: &str| findings.iter().filter(|it| it["state"] == state).count();
    let (wrong, notices) = (count("wrong"), count("notice"));
    let whole = match (wrong, notices) {
        (0, 0) => paint.tone(Tone::Good, "All is well."),
        (0, 1) => paint.tone(Tone::Good, "Nothing is wrong; one thing is worth knowing."),
        (0, _) => paint.tone(
            Tone::Good,
            &format!("Nothing is wrong; {notices} things are worth knowing."),
        ),
        (1, _) => paint.tone(Tone::Bad, "One thing is wrong."),
        (_, _) => paint.tone(Tone::Bad, &format!("{wrong} things are wrong.")),
    };
    shown.push_str(&format!("\n{whole}\n"));
    shown
}

fn finding(finding: &Value, paint: Paint) -> String {
    let (mark, tone) = match finding["state"].as_str() {
        Some("wrong") => ("✗", Tone::Bad),
        Some("notice") => ("!", Tone::Busy),
        _ => ("✓", Tone::Good),
    };
    let area = text(&finding["area"]).replace('_', " ");
    let margin = " ".repeat(INDENT);
    let mut lines = wrapped(&text(&finding["what"]), INDENT).into_iter();
    let first = lines.next().unwrap_or_default();
    let mut shown = format!("{} {area:<10} {first}\n", paint.tone(tone, mark));
    let mut rest: Vec<String> = lines.collect();
    rest.extend(wrapped(&text(&finding["why"]), INDENT));
    for line in rest {
        shown.push_str(&format!("{margin}{line}\n"));
    }
    for (place, line) in wrapped(&text(&finding["hint"]), INDENT + 2)
        .into_iter()
        .enumerate()
    {
        let mark = if place == 0 { "→" } else { " " };
        shown.push_str(&format!(
            "{margin}{mark} {}\n",
            paint.tone(Tone::Strong, &line)
        ));
    }
    shown
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_finding_says_what_why_and_what_to_do_in_aligned_columns() {
        let found = json!({"is_healthy": false, "findings": [
            {"area": "ports", "state": "wrong", "what": "The receiver listener is off.", "why": "In use.", "hint": "Stop it."},
            {"area": "public_url", "state": "fine", "what": "None is set.", "why": null, "hint": null},
        ]});
        assert_eq!(
            diagnosis(&found, Paint::when(false)),
            "✗ ports      The receiver listener is off.\n             In use.\n             → Stop it.\n\
             ✓ public url None is set.\n\nOne thing is wrong.\n"
        );
    }
}
