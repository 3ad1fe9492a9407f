//! Webhook tasks put into a flow's document, and taken out of it.

use http::StatusCode;
use serde_json::{Map, Value};

use crate::error::{Error, ErrorCode};
use crate::flows::Edit;

/// A task that is new.
pub(super) struct Added(pub Map<String, Value>);

/// Keys of a task that change; null takes a key away.
pub(super) struct Changed {
    pub name: String,
    pub keys: Map<String, Value>,
}

/// A task that goes.
pub(super) struct Removed(pub String);

impl Edit for Added {
    fn apply(&self, document: &mut Value) -> Result<(), Error> {
        let Self(task) = self;
        let tasks = tasks(document).ok_or_else(no_list)?;
        let name = task.get("name");
        if tasks.iter().any(|known| known.get("name") == name) {
            let name = name.and_then(Value::as_str).unwrap_or_default();
            return Err(taken(name));
        }
        tasks.push(task.clone().into());
        Ok(())
    }

    fn follow(&self, draft: &mut Value) {
        let Self(task) = self;
        if let Some(tasks) = tasks(draft) {
            tasks.retain(|known| known.get("name") != task.get("name"));
            tasks.push(task.clone().into());
        }
    }
}

impl Edit for Changed {
    fn apply(&self, document: &mut Value) -> Result<(), Error> {
        let tasks = tasks(document).ok_or_else(no_list)?;
        let renamed = self.keys.get("name").and_then(Value::as_str);
        if let Some(renamed) = renamed.filter(|renamed| *renamed != self.name)
            && tasks.iter().any(|known| known["name"] == *renamed)
        {
            return Err(taken(renamed));
        }
        match tasks.iter_mut().find(|known| known["name"] == *self.name) {
            Some(task) => self.change(task),
            None => return Err(gone(&self.name)),
        }
        Ok(())
    }

    fn follow(&self, draft: &mut Value) {
        let task = tasks(draft)
            .and_then(|tasks| tasks.iter_mut().find(|known| known["name"] == *self.name));
        if let Some(task) = task {
            self.change(task);
        }
    }
}

impl Changed {
    fn change(&self, task: &mut Value) {
        let Some(task) = task.as_object_mut() else {
            return;
        };
        for (key, value) in &self.keys {
            match value {
                Value::Null => drop(task.shift_remove(key)),
                value => drop(task.insert(key.clone(), value.clone())),
            }
        }
        if !task.contains_key("secret") {
            // Without a secret nothing is signed, and a scheme would be refused.
            task.shift_remove("scheme");
        }
    }
}

impl Edit for Removed {
    fn apply(&self, document: &mut Value) -> Result<(), Error> {
        let tasks = tasks(document).ok_or_else(no_list)?;
        let before = tasks.len();
        tasks.retain(|known| known["name"] != *self.0);
        match tasks.len() < before {
            true => Ok(()),
            false => Err(gone(&self.0)),
        }
    }

    fn follow(&self, draft: &mut Value) {
        if let Some(tasks) = tasks(draft) {
            tasks.retain(|known| known["name"] != *self.0);
        }
    }
}

/// The list of tasks; an empty one if the document has none. None if there is something else in its place.
fn tasks(document: &mut Value) -> Option<&mut Vec<Value>> {
    let fields = document.as_object_mut()?;
    let list = fields
        .entry("webhook_tasks")
        .or_insert_with(|| Value::Array(Vec::new()));
    list.as_array_mut()
}

/// There is no task of this id any more.
pub(super) fn gone(name: &str) -> Error {
    let message = format!("The flow has no webhook task `{name}` any more.");
    Error::not_found(ErrorCode::TaskNotFound, message)
        .hint("GET /v4/webhookFlowTasks lists those that there are.")
}

fn taken(name: &str) -> Error {
    let shown: String = name.chars().take(80).collect();
    let message = format!("The flow has a webhook task `{shown}` already.");
    Error::new(StatusCode::CONFLICT, ErrorCode::NameTaken, message)
        .hint("Choose another name, or change that task by PATCH.")
}

fn no_list() -> Error {
    let message = "The flow's document has something else where its webhook tasks belong.";
    Error::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::FlowBroken,
        message,
    )
    .hint("Mend `webhook_tasks` in the flow's draft.")
}
