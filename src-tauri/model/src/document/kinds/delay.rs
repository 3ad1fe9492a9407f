//! `delay`: waits, also over a restart.

use hookloom_template::Place;
use serde_json::Value;

use super::super::reading::{Reading, Site};
use super::super::step_types::{DELAY_MS_MAX, DelayStep};
use super::super::types::StepKind;
use super::super::walk::{Node, Object};
use super::Kind;

pub(super) const KIND: Kind = Kind {
    name: "delay",
    keys: &["for_ms", "until"],
    keys_later: &[],
    exit_codes: Some(&["success", "error"]),
    needs_on: false,
    read: Some(read),
};

fn read(object: &Object<'_>, site: &Site, reading: &mut Reading) -> Option<StepKind> {
    let delay = match (object.get("for_ms"), object.get("until")) {
        (Some(node), None) => read_for(&node, site, reading).map(DelayStep::For),
        (None, Some(node)) => read_until(&node, site, reading).map(DelayStep::Until),
        (Some(_), Some(node)) => {
            reading
                .report
                .error(
                    "one_of_two",
                    &node,
                    "a delay has `for_ms` or `until`, not both",
                )
                .hint("take one of them out");
            None
        }
        (None, None) => {
            reading
                .report
                .error_at(
                    "missing",
                    &object.place,
                    "`for_ms` or `until` is missing: one of them says how long the delay is",
                )
                .hint("add the key `for_ms`, in milliseconds");
            None
        }
    };
    delay.map(StepKind::Delay)
}

fn read_for(node: &Node<'_>, site: &Site, reading: &mut Reading) -> Option<Value> {
    if node.value.is_string() {
        return reading.one_expression(node, site).map(Value::from);
    }
    let for_ms = node.whole(0, DELAY_MS_MAX, " milliseconds", &mut reading.report);
    for_ms.map(Value::from)
}

fn read_until(node: &Node<'_>, site: &Site, reading: &mut Reading) -> Option<String> {
    let text = reading.template(node, Place::Text, site)?;
    // What has no expression can be checked to its end.
    if !text.contains("{{") && text.parse::<jiff::Timestamp>().is_err() {
        reading
            .report
            .error("bad_time", node, "this is no time with an offset")
            .hint("write it as 2027-01-31T08:00:00Z, or with an offset such as +01:00");
        return None;
    }
    Some(text)
}
