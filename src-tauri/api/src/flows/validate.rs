//! `POST /flows/validate`

use axum::extract::State;
use hookloom_model::document::GivenJson;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problems::Workspace;
use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanRead;
use crate::input::Body;
use crate::problem::Problem;
use crate::state::ApiState;

/// Lists everything that is wrong with a document, and changes nothing.
#[utoipa::path(post, path = "/flows/validate", tag = "flows", security(("bearer" = ["read"])),
    request_body = FlowToValidate,
    responses((status = 200, description = "Its problems; none if it is sound", body = Problems)))]
pub(crate) async fn validate_flow(
    _: CanRead,
    State(state): State<ApiState>,
    Body(given): Body<FlowToValidate>,
) -> Result<Answer<Problems>, Error> {
    let workspace = Workspace::read(&state).await?;
    let problems = workspace.look_at_given(given.document, None).await.problems;
    Ok(Answer(Problems {
        problems: problems.into_iter().map(Into::into).collect(),
    }))
}

/// A document to look at.
#[derive(Debug, Deserialize, ToSchema)]
pub struct FlowToValidate {
    /// The flow document.
    #[schema(value_type = Object)]
    pub document: GivenJson,
}

/// Everything that is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problems {
    pub problems: Vec<Problem>,
}
