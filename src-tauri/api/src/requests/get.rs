//! `GET /requests/{id}`

use axum::extract::State;
use hookloom_model::RequestId;
use hookloom_model::request::{RequestRecord, StoredFile, StoredRequest, Way};

use super::detail::{RequestDetail, RequestFile};
use super::summary::RequestSummary;
use super::{body, checks};
use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::identity::CanRead;
use crate::input::Named;
use crate::masked::Masked;
use crate::state::ApiState;

/// One request with its headers, its body and what was checked.
#[utoipa::path(get, path = "/requests/{id}", tag = "requests", security(("bearer" = ["read"])),
    params(("id" = String, Path, description = "The request's id, `mqr_…`")),
    responses((status = 200, description = "The request", body = RequestDetail)))]
pub(crate) async fn get_request(
    _: CanRead,
    State(state): State<ApiState>,
    Named(id): Named,
) -> Result<Answer<RequestDetail>, Error> {
    let id = id_of(&id)?;
    let row = state
        .store
        .request_row(id)
        .await
        .or_missing(ErrorCode::RequestNotFound)?;
    let stored = state
        .store
        .request(id)
        .await
        .or_missing(ErrorCode::RequestNotFound)?;
    let masked = state.masked();
    let StoredRequest {
        record,
        job_id: _,
        duplicate_of,
    } = stored;
    let checks = checks::of(&record, duplicate_of, &masked);
    let path_parameters = record.path_parameters();
    let correlation_id = record.correlation_id().map(|id| masked.text(id));
    let RequestRecord {
        remote_address,
        headers,
        body,
        files,
        body_sha256,
        way,
        ..
    } = record;
    let content_type = headers
        .iter()
        .find(|(name, _)| name == "content-type")
        .map(|(_, value)| value.clone());
    Ok(Answer(RequestDetail {
        summary: RequestSummary::new(row, &masked),
        remote_address,
        token: match way {
            Some(Way::Token { name }) => Some(name),
            _ => None,
        },
        correlation_id,
        path_parameters,
        body: body::shown(&body, content_type.as_deref(), &masked),
        content_type: content_type.map(|value| masked.text(value)),
        headers: masked.headers(headers),
        files: files.into_iter().map(|file| shown(file, &masked)).collect(),
        body_sha256,
        duplicate_of: duplicate_of.map(|id| id.to_string()),
        checks,
    }))
}

fn shown(file: StoredFile, masked: &Masked) -> RequestFile {
    let StoredFile {
        id,
        field,
        name,
        content_type,
        byte_count,
        sha256,
    } = file;
    RequestFile {
        file_id: id.to_string(),
        field: field.map(|field| masked.text(field)),
        name: name.map(|name| masked.text(name)),
        content_type: masked.text(content_type),
        byte_count,
        sha256,
    }
}

pub(crate) fn id_of(text: &str) -> Result<RequestId, Error> {
    text.parse().map_err(|error| {
        Error::not_found(
            ErrorCode::RequestNotFound,
            crate::failures::sentence(&error),
        )
    })
}
