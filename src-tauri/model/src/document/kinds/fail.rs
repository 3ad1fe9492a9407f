//! `fail`: ends with an error on purpose.

use hookloom_template::Place;

use super::super::names::read_exit_code;
use super::super::reading::{Reading, Site};
use super::super::step_types::FailStep;
use super::super::types::StepKind;
use super::super::walk::Object;
use super::Kind;

pub(super) const KIND: Kind = Kind {
    name: "fail",
    keys: &["message", "exit_code"],
    keys_later: &[],
    // It chooses its own; see `StepKind::own_exit_codes`.
    exit_codes: None,
    needs_on: false,
    read: Some(read),
};

fn read(object: &Object<'_>, site: &Site, reading: &mut Reading) -> Option<StepKind> {
    let node = object.required("message", "it says what is wrong", &mut reading.report);
    let message = node.and_then(|node| reading.template(&node, Place::Text, site));
    let exit_code = match object.get("exit_code") {
        None => Some("error"),
        Some(node) => {
            let code = read_exit_code(&node, &mut reading.report);
            if code == Some("success") {
                reading
                    .report
                    .error(
                        "bad_exit_code",
                        &node,
                        "a step that fails cannot end with `success`",
                    )
                    .hint("leave it out for `error`, or choose a word of your own");
            }
            code
        }
    };
    Some(StepKind::Fail(FailStep {
        message: message?,
        exit_code: exit_code?.to_owned(),
    }))
}
