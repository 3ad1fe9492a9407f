//! `script`: runs JavaScript. Whether the code is JavaScript is not found here: nobody reads it in this process.

use super::super::reading::{Reading, Site};
use super::super::types::{ScriptStep, StepKind};
use super::super::walk::Object;
use super::Kind;

/// The longest code of one step.
pub const CODE_BYTES_MAX: usize = 256 * 1024;

pub(super) const KIND: Kind = Kind {
    name: "script",
    keys: &["code"],
    keys_later: &[],
    exit_codes: None,
    needs_on: false,
    read: Some(read),
};

fn read(object: &Object<'_>, _site: &Site, reading: &mut Reading) -> Option<StepKind> {
    let report = &mut reading.report;
    let node = object.required("code", "it is the JavaScript that the step runs", report)?;
    let code = node.text(report)?;
    if code.trim().is_empty() {
        report
            .error("empty_code", &node, "there is no code")
            .hint("write JavaScript, such as `return {total: 1};`");
        return None;
    }
    if code.len() > CODE_BYTES_MAX {
        let message = format!(
            "the code has {} bytes; at most {CODE_BYTES_MAX} are possible (script_code_bytes_max)",
            code.len()
        );
        report.error("too_large", &node, message);
        return None;
    }
    Some(StepKind::Script(ScriptStep {
        code: code.to_owned(),
    }))
}

/// The names that a script saves into memory, as far as they stand in its code: `memory.save('name', …)`.
pub fn saved_names(code: &str) -> Vec<String> {
    let calls = code.match_indices("memory").filter_map(|(at, word)| {
        let rest = code[at + word.len()..].trim_start().strip_prefix('.')?;
        let rest = rest.trim_start().strip_prefix("save")?.trim_start();
        let rest = rest.strip_prefix('(')?.trim_start();
        let quote = rest.chars().next().filter(|it| "'\"`".contains(*it))?;
        let (name, _) = rest[1..].split_once(quote)?;
        super::super::is_plain_name(name).then(|| name.to_owned())
    });
    calls.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::from_value;

    #[test]
    fn names_that_a_script_saves_are_read_from_its_code() {
        let code = "memory.save('a', 1); memory . save ( \"b\", 2);\nmemory\n  .save(`c`, x)\nmemory.save(name, 1); \
                    memory.save('no name', 1); memory.load('d'); memory.save('";
        assert_eq!(saved_names(code), ["a", "b", "c"]);
    }

    #[test]
    fn what_a_script_saves_is_known_to_templates_after_it() {
        let flow = |code: &str| {
            from_value(json!({
                "format": "hookloom.flow/1", "name": "f",
                "steps": [
                    {"name": "count", "kind": "script", "code": code},
                    {"name": "use", "kind": "set", "after": [{"step": "count"}], "values": {"n": "{{total}}"}},
                ],
            }))
        };
        assert_eq!(flow("memory.save('total', 5)").problems, []);
        assert_eq!(flow("return 5").problems[0].place, "/steps/1/values/n");
    }

    #[test]
    fn code_is_required_and_has_a_limit() {
        let codes = |step: serde_json::Value| {
            let flow = json!({"format": "hookloom.flow/1", "name": "f", "steps": [step]});
            let problems = from_value(flow).problems;
            problems
                .into_iter()
                .map(|it| (it.code, it.place))
                .collect::<Vec<_>>()
        };
        let step = |code: String| json!({"name": "s", "kind": "script", "code": code});
        let at = |code: &str, place: &str| vec![(code.to_owned(), place.to_owned())];
        assert_eq!(codes(step("return 1".to_owned())), []);
        assert_eq!(
            codes(step(" \n".to_owned())),
            at("empty_code", "/steps/0/code")
        );
        let long = "x".repeat(CODE_BYTES_MAX + 1);
        assert_eq!(codes(step(long)), at("too_large", "/steps/0/code"));
        assert_eq!(codes(json!({"name": "s", "kind": "script"})).len(), 1);
    }
}
