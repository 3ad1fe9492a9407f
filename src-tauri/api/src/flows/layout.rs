//! Where a flow's nodes stand on the canvas: kept beside the document, because moving a node changes no flow.

use std::collections::BTreeMap;

use hookloom_store::Error as StoreError;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::state::ApiState;

/// Its key in a document.
const KEY: &str = "layout";

/// Nodes of one layout: every part of the largest document, and room for what a canvas has beside them.
const LAYOUT_NODES_MAX: usize = 5_000;
/// The longest id of a node, in characters.
const NODE_ID_CHARS_MAX: usize = 200;

/// The position of every node that somebody put somewhere, by the node's id.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Layout(BTreeMap<String, Position>);

/// A place on the canvas.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Position {
    pub x: f64,
    pub y: f64,
}

impl Layout {
    /// Takes the layout out of a document that somebody gave. What is no position means nothing to us and is left out.
    pub(crate) fn take_from(document: &mut Value) -> Option<Self> {
        let given = document.as_object_mut()?.shift_remove(KEY)?;
        let Value::Object(nodes) = given else {
            return None;
        };
        let positions = nodes.into_iter().filter_map(|(id, place)| {
            let place: Position = serde_json::from_value(place).ok()?;
            (id.chars().count() <= NODE_ID_CHARS_MAX).then_some((id, place))
        });
        Some(Self(positions.take(LAYOUT_NODES_MAX).collect()))
    }

    /// As it is kept.
    pub(super) fn of_text(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).map_err(Error::internal)
    }

    /// Puts it at the end of a document that leaves the house.
    pub(crate) fn put_into(text: &str, document: &mut Value) -> Result<(), Error> {
        document[KEY] = serde_json::from_str(text).map_err(Error::internal)?;
        Ok(())
    }

    /// Refuses more than a canvas has.
    pub(super) fn check(&self) -> Result<(), Error> {
        let refuse = |message: String| {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Err(Error::new(status, ErrorCode::ValueInvalid, message)
                .hint("Leave out the nodes that the document does not have any more."))
        };
        if self.0.len() > LAYOUT_NODES_MAX {
            return refuse(format!(
                "The layout has {} nodes, more than LAYOUT_NODES_MAX = {LAYOUT_NODES_MAX}.",
                self.0.len()
            ));
        }
        let too_long = |id: &&String| id.chars().count() > NODE_ID_CHARS_MAX;
        match self.0.keys().find(too_long) {
            None => Ok(()),
            Some(_) => refuse(format!(
                "A node of the layout has an id of more than NODE_ID_CHARS_MAX = {NODE_ID_CHARS_MAX} characters."
            )),
        }
    }

    /// As it is kept.
    pub(crate) fn to_text(&self) -> Result<String, Error> {
        serde_json::to_string(self).map_err(Error::internal)
    }

    /// Keeps it for a flow.
    pub(super) async fn save(&self, state: &ApiState, flow: &str) -> Result<(), Error> {
        let text = self.to_text()?;
        let saved: Result<(), StoreError> = state.store.save_layout(flow, &text).await;
        saved.or_missing(ErrorCode::FlowNotFound)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_layout_is_taken_out_of_a_document_and_what_is_no_position_is_left_there() {
        let mut document = json!({"name": "a", "layout": {
            "step:x": {"x": 1.5, "y": -2, "colour": "red"}, "z": 1, "step:y": {"x": "left", "y": 0},
        }});
        let layout = Layout::take_from(&mut document).expect("there is one");
        assert_eq!(document, json!({"name": "a"}));
        assert_eq!(
            serde_json::to_value(&layout).ok(),
            Some(json!({"step:x": {"x": 1.5, "y": -2.0}}))
        );
        assert_eq!(Layout::take_from(&mut document), None);
    }

    #[test]
    fn a_layout_that_no_canvas_has_is_refused_by_the_name_of_its_bound() {
        let place = Position { x: 0.0, y: 0.0 };
        let many = Layout(
            (0..=LAYOUT_NODES_MAX)
                .map(|n| (n.to_string(), place))
                .collect(),
        );
        let refused = many.check().expect_err("one too many").to_string();
        assert!(refused.contains("LAYOUT_NODES_MAX = 5000"), "{refused}");
        let long = Layout([("x".repeat(NODE_ID_CHARS_MAX + 1), place)].into());
        assert!(long.check().is_err());
    }
}
