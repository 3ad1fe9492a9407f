//! Operations on the workspace's variables.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::Error;
use crate::identity::{CanManage, CanRead};
use crate::input::{Body, Named};
use crate::state::ApiState;
use crate::time::At;

/// Every variable of the workspace.
#[utoipa::path(get, path = "/variables", tag = "variables", security(("bearer" = ["read"])),
    responses((status = 200, description = "All variables, by name", body = VariableList)))]
pub(crate) async fn list_variables(
    _: CanRead,
    State(_state): State<ApiState>,
) -> Result<Answer<VariableList>, Error> {
    Err(Error::unavailable())
}

/// Sets a variable. Jobs that are running keep the value that they read.
#[utoipa::path(put, path = "/variables/{name}", tag = "variables", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The variable's name")),
    request_body = VariableValue,
    responses((status = 204, description = "Set")))]
pub(crate) async fn set_variable(
    _: CanManage,
    State(_state): State<ApiState>,
    Named(_name): Named,
    Body(_value): Body<VariableValue>,
) -> Result<StatusCode, Error> {
    Err(Error::unavailable())
}

/// Deletes a variable. Flows fall back to their own default, if they have one.
#[utoipa::path(delete, path = "/variables/{name}", tag = "variables", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The variable's name")),
    responses((status = 204, description = "Deleted")))]
pub(crate) async fn delete_variable(
    _: CanManage,
    State(_state): State<ApiState>,
    Named(_name): Named,
) -> Result<StatusCode, Error> {
    Err(Error::unavailable())
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
