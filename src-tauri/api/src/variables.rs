//! Operations on the workspace's variables: values for every environment, and sets of one environment each.

use std::collections::BTreeSet;

use axum::extract::State;
use hookloom_model::document::is_plain_name;
use hookloom_store::{VariableRow, VariableRows};
use hookloom_template::RESERVED_NAMES;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::identity::{CanManage, CanRead};
use crate::input::{Body, Named, Query};
use crate::state::ApiState;
use crate::time::At;

/// Every variable of the workspace, and the sets that there are.
#[utoipa::path(get, path = "/variables", tag = "variables", security(("bearer" = ["read"])),
    responses((status = 200, description = "All variables, by name", body = VariableList)))]
pub(crate) async fn list_variables(
    _: CanRead,
    State(state): State<ApiState>,
) -> Result<Answer<VariableList>, Error> {
    let VariableRows { rows, active_set } = state.store.variable_rows().await?;
    let shown = |VariableRow {
                     name,
                     set,
                     value,
                     updated_at_ms,
                 }| Variable {
        name,
        set,
        value,
        updated_at: At::from_ms(updated_at_ms),
    };
    Ok(Answer(VariableList {
        sets: sets_of(&rows),
        active_set,
        items: rows.into_iter().map(shown).collect(),
    }))
}

/// Sets a variable: in every environment, or in one set, which begins with its first variable. Jobs that are running
/// keep the value that they read.
#[utoipa::path(put, path = "/variables/{name}", tag = "variables", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The variable's name"), OfSet),
    request_body = VariableValue,
    responses((status = 204, description = "Set")))]
pub(crate) async fn set_variable(
    _: CanManage,
    State(state): State<ApiState>,
    Named(name): Named,
    Query(OfSet { set }): Query<OfSet>,
    Body(given): Body<VariableValue>,
) -> Result<StatusCode, Error> {
    check_name(&name, "variable")?;
    if let Some(set) = &set {
        check_name(set, "set of variables")?;
    }
    state
        .store
        .put_variable(set, &name, given.value, state.clock.now_ms())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes a variable, of every environment or of one set. Flows fall back to the other, or to their own default.
#[utoipa::path(delete, path = "/variables/{name}", tag = "variables", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The variable's name"), OfSet),
    responses((status = 204, description = "Deleted")))]
pub(crate) async fn delete_variable(
    _: CanManage,
    State(state): State<ApiState>,
    Named(name): Named,
    Query(OfSet { set }): Query<OfSet>,
) -> Result<StatusCode, Error> {
    let of_set = set.as_ref().map(|set| format!(" in the set `{set}`"));
    if state.store.delete_variable(set, &name).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    let message = format!(
        "There is no variable named `{name}`{}.",
        of_set.unwrap_or_default()
    );
    Err(Error::not_found(ErrorCode::VariableNotFound, message))
}

/// Makes the values of a set win over those for every environment, or of none.
#[utoipa::path(put, path = "/active-variable-set", tag = "variables", security(("bearer" = ["manage"])),
    request_body = ActiveVariableSet,
    responses((status = 204, description = "Active")))]
pub(crate) async fn activate_variable_set(
    _: CanManage,
    State(state): State<ApiState>,
    Body(ActiveVariableSet { name }): Body<ActiveVariableSet>,
) -> Result<StatusCode, Error> {
    let sets = sets_of(&state.store.variable_rows().await?.rows);
    if let Some(name) = &name
        && !sets.contains(name)
    {
        let known = match sets.is_empty() {
            true => "there is none yet".to_owned(),
            false => format!("there are {}", sets.join(", ")),
        };
        let message = format!("There is no set of variables named `{name}`; {known}.");
        return Err(
            Error::not_found(ErrorCode::VariableSetNotFound, message).hint(
                "A set begins with its first variable: `hookloom variable set NAME VALUE --set SET`.",
            ),
        );
    }
    state.store.activate_variables(name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which value of a variable is meant.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OfSet {
    /// The set of an environment; without it the value that counts in every one.
    pub set: Option<String>,
}

/// A value to set.
#[derive(Debug, Deserialize, ToSchema)]
pub struct VariableValue {
    /// Any JSON.
    pub value: Value,
}

/// The set to activate.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ActiveVariableSet {
    /// Null: only the values for every environment count.
    pub name: Option<String>,
}

/// All variables, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct VariableList {
    pub items: Vec<Variable>,
    /// The names of the sets, in order.
    pub sets: Vec<String>,
    /// The set whose values win; null if there is none.
    pub active_set: Option<String>,
}

/// A variable of the workspace. It is no secret.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Variable {
    pub name: String,
    /// The set of an environment; null for a value that counts in every one.
    pub set: Option<String>,
    /// Any JSON.
    pub value: Value,
    pub updated_at: At,
}

fn sets_of(rows: &[VariableRow]) -> Vec<String> {
    let sets: BTreeSet<&String> = rows.iter().filter_map(|row| row.set.as_ref()).collect();
    sets.into_iter().cloned().collect()
}

pub(crate) fn check_name(name: &str, what: &str) -> Result<(), Error> {
    if is_plain_name(name) && !RESERVED_NAMES.contains(&name) {
        return Ok(());
    }
    Err(Error::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::NameInvalid,
        format!("`{name}` cannot name a {what}."),
    )
    .hint("A name is a letter or `_`, then at most 63 letters, digits or `_`, and no word of templates."))
}
