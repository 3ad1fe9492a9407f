//! Failures and the problems of a document.

use serde_json::Value;

use crate::failure::Failure;

use super::paint::{Paint, Tone, harmless};
use super::piece::{state, text};

/// What happened, why, and what to do.
pub fn failure(failure: &Failure, paint: Paint) -> String {
    let mut shown = format!(
        "{} {}\n",
        paint.tone(Tone::Bad, "error:"),
        harmless(&failure.message)
    );
    for problem in &failure.problems {
        shown.push_str(&line(problem, paint));
    }
    if let Some(hint) = &failure.hint {
        shown.push_str(&format!(
            "{} {}\n",
            paint.tone(Tone::Strong, "what to do:"),
            harmless(hint)
        ));
    }
    shown
}

/// Every problem of a document.
pub fn problems(problems: &[Value], paint: Paint) -> String {
    if problems.is_empty() {
        return paint.tone(Tone::Good, "No problems.");
    }
    problems
        .iter()
        .map(|problem| line(problem, paint))
        .collect()
}

fn line(problem: &Value, paint: Paint) -> String {
    let (severity, tone) = state(&problem["severity"]);
    let place = match text(&problem["place"]) {
        place if place.is_empty() => "the document".to_owned(),
        place => place,
    };
    let mut shown = format!(
        "  {} {}: {}\n",
        paint.tone(tone, &format!("{severity:<7}")),
        paint.tone(Tone::Strong, &place),
        text(&problem["message"])
    );
    let hint = text(&problem["hint"]);
    if !hint.is_empty() {
        shown.push_str(&format!("          {}\n", paint.tone(Tone::Quiet, &hint)));
    }
    shown
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::exit::Exit;

    use super::*;

    #[test]
    fn a_failure_says_what_happened_where_and_what_to_do() {
        let mut shown = Failure::new(
            Exit::Failed,
            "document_invalid",
            "The document is not valid.",
        )
        .with_hint("Mend the problems.");
        shown.problems = vec![json!({
            "severity": "error", "place": "/steps/0/kind", "message": "`htp` is unknown.",
            "hint": "Did you mean `http`?"
        })];
        assert_eq!(
            failure(&shown, Paint::when(false)),
            "error: The document is not valid.\n  error   /steps/0/kind: `htp` is unknown.\n          Did you mean `http`?\nwhat to do: Mend the problems.\n"
        );
    }
}
