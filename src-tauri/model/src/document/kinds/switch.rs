//! `switch`: one of several ways, chosen by a value.

use indexmap::IndexMap;
use serde_json::Value;

use super::super::names::read_exit_code;
use super::super::reading::{Reading, Site};
use super::super::step_types::SwitchStep;
use super::super::types::StepKind;
use super::super::walk::{Node, Object, escape_pointer};
use super::Kind;

pub(super) const KIND: Kind = Kind {
    name: "switch",
    keys: &["expression", "cases", "default"],
    keys_later: &[],
    // Its cases say which; see `StepKind::own_exit_codes`.
    exit_codes: None,
    needs_on: true,
    read: Some(read),
};

fn read(object: &Object<'_>, site: &Site, reading: &mut Reading) -> Option<StepKind> {
    let expression = object.required(
        "expression",
        "it gives the value that the cases are compared with",
        &mut reading.report,
    );
    let expression = expression.map(|node| {
        reading.value(&node, site);
        node.value.clone()
    });
    let default = object
        .get("default")
        .map(|node| read_exit_code(&node, &mut reading.report).map(str::to_owned));
    let cases = read_cases(object, site, reading);
    Some(StepKind::Switch(SwitchStep {
        expression: expression?,
        cases: cases?,
        default: match default {
            Some(default) => Some(default?),
            None => None,
        },
    }))
}

fn read_cases(
    object: &Object<'_>,
    site: &Site,
    reading: &mut Reading,
) -> Option<IndexMap<String, Value>> {
    let node = object.required(
        "cases",
        "it has a value for each exit code",
        &mut reading.report,
    )?;
    let list = node.object(&mut reading.report)?;
    if list.fields.is_empty() {
        reading
            .report
            .error(
                "empty_cases",
                &node,
                "a switch without cases chooses nothing",
            )
            .hint("write an exit code and the value that it stands for");
    }
    let mut cases = IndexMap::new();
    for (code, value) in list.fields {
        let place = format!("{}/{}", list.place, escape_pointer(code));
        let name = Value::String(code.clone());
        read_exit_code(&Node::new(&name, place.clone()), &mut reading.report);
        reading.value(&Node::new(value, place), site);
        cases.insert(code.clone(), value.clone());
    }
    Some(cases)
}
