//! Operations on views: filters of lists that somebody saved under a name.

use axum::extract::State;
use hookloom_store::ViewRow;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::identity::{CanManage, CanRead};
use crate::input::{Body, Named};
use crate::named::named;
use crate::state::ApiState;
use crate::time::At;

/// More views than this are no help.
pub(crate) const VIEWS_MAX: usize = 200;
pub(crate) const NAME_CHARS_MAX: usize = 80;
/// A filter as JSON.
const FILTER_BYTES_MAX: usize = 8 * 1024;

/// Every saved view, by name.
#[utoipa::path(get, path = "/views", tag = "views", security(("bearer" = ["read"])),
    responses((status = 200, description = "The views", body = ViewList)))]
pub(crate) async fn list_views(
    _: CanRead,
    State(state): State<ApiState>,
) -> Result<Answer<ViewList>, Error> {
    let masked = state.masked();
    let rows = state.store.views().await?;
    let views = rows.into_iter().filter_map(|row| {
        let ViewRow {
            name,
            list,
            filter,
            updated_at_ms,
        } = row;
        let Value::Object(filter) = masked.json(Value::Object(filter)) else {
            return None;
        };
        Some(View {
            name: masked.text(name),
            list: ListName::of(&list)?,
            filter,
            updated_at: At::from_ms(updated_at_ms),
        })
    });
    Ok(Answer(ViewList {
        views: views.collect(),
    }))
}

/// Saves a view, in place of the one of that name.
#[utoipa::path(put, path = "/views/{name}", tag = "views", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The view's name")),
    request_body = ViewToSave,
    responses((status = 204, description = "Saved")))]
pub(crate) async fn save_view(
    _: CanManage,
    State(state): State<ApiState>,
    Named(name): Named,
    Body(given): Body<ViewToSave>,
) -> Result<StatusCode, Error> {
    let view = checked(name, given, state.clock.now_ms())?;
    if state.store.put_view(view, VIEWS_MAX).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    let message = format!("There are VIEWS_MAX = {VIEWS_MAX} views already.");
    Err(refused(ErrorCode::TooMany, message).hint("Delete one that nobody uses."))
}

/// Deletes a view. What it showed stays.
#[utoipa::path(delete, path = "/views/{name}", tag = "views", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The view's name")),
    responses((status = 204, description = "Deleted")))]
pub(crate) async fn delete_view(
    _: CanManage,
    State(state): State<ApiState>,
    Named(name): Named,
) -> Result<StatusCode, Error> {
    if state.store.delete_view(&name).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    let message = format!("There is no view named `{name}`.");
    Err(Error::not_found(ErrorCode::ViewNotFound, message))
}

named!(
    /// A list that a view is for.
    ListName { Jobs = "jobs", Requests = "requests", Deliveries = "deliveries" }
);

impl ListName {
    fn text(self) -> &'static str {
        match self {
            Self::Jobs => "jobs",
            Self::Requests => "requests",
            Self::Deliveries => "deliveries",
        }
    }

    fn of(text: &str) -> Option<Self> {
        [Self::Jobs, Self::Requests, Self::Deliveries]
            .into_iter()
            .find(|list| list.text() == text)
    }
}

/// A view to save.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ViewToSave {
    pub list: ListName,
    /// What the list is filtered by, in the words of the list.
    #[schema(value_type = Object)]
    pub filter: Map<String, Value>,
}

/// Every view, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct ViewList {
    pub views: Vec<View>,
}

/// A filter of a list that somebody saved. Masked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct View {
    pub name: String,
    pub list: ListName,
    #[schema(value_type = Object)]
    pub filter: Map<String, Value>,
    pub updated_at: At,
}

/// As it is kept.
pub(crate) fn checked(name: String, given: ViewToSave, at_ms: i64) -> Result<ViewRow, Error> {
    let ViewToSave { list, filter } = given;
    check_name(&name)?;
    let bytes = Value::Object(filter.clone()).to_string().len();
    if bytes > FILTER_BYTES_MAX {
        let message = format!(
            "The filter has {bytes} bytes as JSON, more than FILTER_BYTES_MAX = {FILTER_BYTES_MAX}."
        );
        return Err(refused(ErrorCode::ValueInvalid, message));
    }
    Ok(ViewRow {
        name,
        list: list.text().to_owned(),
        filter,
        updated_at_ms: at_ms,
    })
}

fn check_name(name: &str) -> Result<(), Error> {
    let chars = name.chars().count();
    let is_fine = (1..=NAME_CHARS_MAX).contains(&chars)
        && name.trim() == name
        && !name.chars().any(char::is_control);
    if is_fine {
        return Ok(());
    }
    Err(
        refused(ErrorCode::NameInvalid, "This cannot name a view.").hint(format!(
            "A name has 1 to {NAME_CHARS_MAX} characters, and none of them is a line break."
        )),
    )
}

fn refused(code: ErrorCode, message: impl Into<String>) -> Error {
    Error::new(StatusCode::UNPROCESSABLE_ENTITY, code, message)
}
