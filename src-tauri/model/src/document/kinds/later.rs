//! Kinds that a later release runs: their keys are known, so that a document with them can be imported and kept.

use super::Kind;

const fn later(
    name: &'static str,
    keys: &'static [&'static str],
    exit_codes: Option<&'static [&'static str]>,
) -> Kind {
    Kind {
        name,
        keys,
        keys_later: &[],
        exit_codes,
        needs_on: false,
        read: None,
    }
}

const PLAIN: Option<&[&str]> = Some(&["success", "error"]);

pub(super) const FOR_EACH: Kind = later(
    "for_each",
    &["items", "steps", "parallel_max", "on_error"],
    PLAIN,
);
pub(super) const WAIT_FOR_REQUEST: Kind = later("wait_for_request", &["methods"], None);
pub(super) const RUN_FLOW: Kind = later("run_flow", &["flow", "input", "wait"], None);
pub(super) const VALIDATE: Kind = later("validate", &["schema", "value"], PLAIN);
pub(super) const JQ: Kind = later("jq", &["program", "value"], PLAIN);
