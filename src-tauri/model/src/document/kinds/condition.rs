//! `condition`: one of two ways.

use super::super::reading::{Reading, Site};
use super::super::step_types::ConditionStep;
use super::super::types::StepKind;
use super::super::walk::Object;
use super::Kind;

pub(super) const KIND: Kind = Kind {
    name: "condition",
    keys: &["expression"],
    keys_later: &[],
    exit_codes: Some(&["true", "false", "error"]),
    needs_on: true,
    read: Some(read),
};

fn read(object: &Object<'_>, site: &Site, reading: &mut Reading) -> Option<StepKind> {
    let node = object.required("expression", "it gives true or false", &mut reading.report)?;
    let expression = reading.one_expression(&node, site)?;
    Some(StepKind::Condition(ConditionStep { expression }))
}
