//! Operations on the workspace's variables.

use axum::extract::State;
use hookloom_model::document::is_plain_name;
use hookloom_store::VariableRow;
use hookloom_template::RESERVED_NAMES;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::identity::{CanManage, CanRead};
use crate::input::{Body, Named};
use crate::state::ApiState;
use crate::time::At;

/// Every variable of the workspace.
#[utoipa::path(get, path = "/variables", tag = "variables", security(("bearer" = ["read"])),
    responses((status = 200, description = "All variables, by name", body = VariableList)))]
pub(crate) async fn list_variables(
    _: CanRead,
    State(state): State<ApiState>,
) -> Result<Answer<VariableList>, Error> {
    let rows = state.store.variable_rows().await?;
    let shown = |VariableRow {
                     name,
                     value,
                     updated_at_ms,
                 }| Variable {
        name,
        value,
        updated_at: At::from_ms(updated_at_ms),
    };
    Ok(Answer(VariableList {
        items: rows.into_iter().map(shown).collect(),
    }))
}

/// Sets a variable. Jobs that are running keep the value that they read.
#[utoipa::path(put, path = "/variables/{name}", tag = "variables", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The variable's name")),
    request_body = VariableValue,
    responses((status = 204, description = "Set")))]
pub(crate) async fn set_variable(
    _: CanManage,
    State(state): State<ApiState>,
    Named(name): Named,
    Body(given): Body<VariableValue>,
) -> Result<StatusCode, Error> {
    if !is_plain_name(&name) || RESERVED_NAMES.contains(&name.as_str()) {
        return Err(Error::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            ErrorCode::NameInvalid,
            format!("`{name}` cannot name a variable."),
        )
        .hint("A name is a letter or `_`, then at most 63 letters, digits or `_`, and no word of templates."));
    }
    state
        .store
        .put_variable(&name, given.value, state.clock.now_ms())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes a variable. Flows fall back to their own default, if they have one.
#[utoipa::path(delete, path = "/variables/{name}", tag = "variables", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The variable's name")),
    responses((status = 204, description = "Deleted")))]
pub(crate) async fn delete_variable(
    _: CanManage,
    State(state): State<ApiState>,
    Named(name): Named,
) -> Result<StatusCode, Error> {
    if state.store.delete_variable(&name).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    let message = format!("There is no variable named `{name}`.");
    Err(Error::not_found(ErrorCode::VariableNotFound, message))
}

/// A value to set.
#[derive(Debug, Deserialize, ToSchema)]
pub struct VariableValue {
    /// Any JSON.
    pub value: Value,
}

/// All variables, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct VariableList {
    pub items: Vec<Variable>,
}

/// A variable of the workspace. It is no secret.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Variable {
    pub name: String,
    /// Any JSON.
    pub value: Value,
    pub updated_at: At,
}
