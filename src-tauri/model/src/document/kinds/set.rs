//! `set`: computes values from templates.

use indexmap::IndexMap;

use super::super::names::{NameKind, read_name};
use super::super::reading::{Reading, Site};
use super::super::types::{SetStep, StepKind};
use super::super::walk::{Node, Object, escape_pointer};
use super::Kind;

pub(super) const KIND: Kind = Kind {
    name: "set",
    keys: &["values"],
    keys_later: &[],
    exit_codes: Some(&["success", "error"]),
    needs_on: false,
    read: Some(read),
};

fn read(object: &Object<'_>, site: &Site, reading: &mut Reading) -> Option<StepKind> {
    let node = object.required(
        "values",
        "it has a name and a value for each thing to compute",
        &mut reading.report,
    )?;
    let list = node.object(&mut reading.report)?;
    let mut values = IndexMap::new();
    for (name, value) in list.fields {
        let place = format!("{}/{}", list.place, escape_pointer(name));
        let name_value = serde_json::Value::String(name.clone());
        let name_node = Node::new(&name_value, place.clone());
        read_name(
            &name_node,
            NameKind::Expression,
            "a value",
            &mut reading.report,
        );
        reading.value(&Node::new(value, place), site);
        values.insert(name.clone(), value.clone());
    }
    Some(StepKind::Set(SetStep { values }))
}
