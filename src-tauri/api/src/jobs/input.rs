//! `GET /jobs/{id}/steps/{step}/input`

use axum::extract::State;
use hookloom_engine::ports::{Journal, JournalError};
use hookloom_engine::{LookError, StepInputError};
use hookloom_model::JobId;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::Shown;
use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::identity::CanRead;
use crate::input::Segments;
use crate::state::ApiState;

/// The values that the last attempt of a step found when it began. A secret is not among them.
#[utoipa::path(get, path = "/jobs/{id}/steps/{step}/input", tag = "jobs", security(("bearer" = ["read"])),
    params(("id" = i64, Path, description = "The job's id"), ("step" = String, Path, description = "The step's name")),
    responses((status = 200, description = "The values", body = StepInputShown)))]
pub(crate) async fn get_step_input(
    _: CanRead,
    State(state): State<ApiState>,
    Segments((id, step)): Segments<(i64, String)>,
) -> Result<Answer<StepInputShown>, Error> {
    let found = state.work.step_input(JobId(id), &step).await;
    let found = match found {
        Err(StepInputError::Look(LookError::Journal(error @ JournalError::NotFound { .. }))) => {
            Err(error).or_missing(ErrorCode::JobNotFound)?
        }
        other => other?,
    };
    let Some(found) = found else {
        return Ok(Answer(StepInputShown::default()));
    };
    let masked = state.masked();
    let mut shown = Shown::new(&state.store as &dyn Journal, &masked);
    let mut values = Map::new();
    let mut truncated = found.left_out;
    for (name, value) in found.values {
        let cut = shown.cut(value);
        if cut.truncated {
            truncated.push(name.clone());
        }
        values.insert(name, cut.value);
    }
    Ok(Answer(StepInputShown {
        values: Some(values),
        truncated,
    }))
}

/// What a step found.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct StepInputShown {
    /// The values that the step uses, by their first name, such as `steps`, `trigger` or the name of a memory. Of a script
    /// also every memory that it could ask for. Masked. Null if the step never began.
    #[schema(value_type = Option<Object>)]
    pub values: Option<Map<String, Value>>,
    /// Of these there is the beginning of the JSON text, or nothing.
    pub truncated: Vec<String>,
}

impl From<StepInputError> for Error {
    fn from(error: StepInputError) -> Self {
        match error {
            StepInputError::Step(error) => error.into(),
            StepInputError::Look(error) => error.into(),
            StepInputError::Broken { .. } => Self::internal(error),
        }
    }
}
