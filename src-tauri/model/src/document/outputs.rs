//! Outputs of a document: named results.

use super::names::{NameKind, nearest, read_name};
use super::reading::Reading;
use super::types::Output;
use super::walk::Node;

pub(super) const KEYS: &[&str] = &["name", "step"];
/// Reads one output.
pub(super) fn read_output(
    node: &Node<'_>,
    steps: &[String],
    reading: &mut Reading,
) -> Option<Output> {
    let report = &mut reading.report;
    let object = node.object(report)?;
    object.check_keys("an output", KEYS, &[], report);
    let name = object
        .required("name", "every output has a name", report)
        .and_then(|node| read_name(&node, NameKind::Expression, "an output", report));
    let step = object
        .required("step", "an output is the result of a step", report)
        .and_then(|node| {
            let step = node.text(report)?;
            if steps.iter().any(|known| known == step) {
                return Some(step);
            }
            let shown: String = step.chars().take(80).collect();
            let reported =
                report.error("unknown_step", &node, format!("there is no step `{shown}`"));
            if let Some(known) = nearest(step, steps.iter().map(String::as_str)) {
                reported.hint(format!("did you mean `{known}`?"));
            }
            None
        });
    Some(Output {
        name: name?.to_owned(),
        step: step?.to_owned(),
    })
}
