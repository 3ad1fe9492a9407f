//! The URL that says what became of a job whose caller waited too long. It answers until a day after the job's end.
//!
//! The token in it is random; only its hash is looked up, and the token itself lies on the disk sealed.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::Response;
use hookloom_engine::answers;
use hookloom_engine::ports::{JournalError, STATUS_URL_KEPT_MS, SecretError, StatusUrl};
use hookloom_model::{JobId, RequestId};
use http::Method;
use sha2::{Digest, Sha256};

use crate::answer;
use crate::call::failed;
use crate::extract::Arrived;
use crate::job_answer;
use crate::refusal::Refusal;
use crate::router::unknown_path;
use crate::shared::Shared;

/// The random bytes of a token.
const TOKEN_BYTES: usize = 16;

/// The answer of a call that waited too long, with a URL that is on disk by then.
pub(crate) async fn running(
    shared: &Shared,
    job_id: JobId,
    request_id: RequestId,
) -> Result<Response, JournalError> {
    let key = shared.deps.secrets.workspace_key().await;
    let key = key.map_err(unavailable)?;
    let token = new_token()?;
    let url = StatusUrl {
        job_id,
        sha256: hash(&token),
        sealed_token: key.seal(token.as_bytes(), &context(job_id)),
        at_ms: shared.deps.clock.now_ms(),
    };
    let kept = shared.deps.calls.keep_status_url(url).await?;
    running_at(shared, &kept, request_id).await
}

/// The same for a URL that was made before.
pub(crate) async fn running_at(
    shared: &Shared,
    url: &StatusUrl,
    request_id: RequestId,
) -> Result<Response, JournalError> {
    let key = shared.deps.secrets.workspace_key().await;
    let token = key
        .map_err(unavailable)?
        .open(&url.sealed_token, &context(url.job_id))
        .map_err(|error| JournalError::Internal(Box::new(error)))?;
    let token = String::from_utf8_lossy(token.expose());
    Ok(answer::running(
        url.job_id,
        request_id,
        &shown_url(shared, &token),
    ))
}

/// A path, unless senders reach us by another URL than our own.
fn shown_url(shared: &Shared, token: &str) -> String {
    let public_url = shared.deps.public_url.read();
    let root = public_url.as_deref().unwrap_or_default();
    format!("{root}/hook/status/{token}")
}

/// `/hook/status/{token}`
pub(crate) async fn show(
    State(shared): State<Arc<Shared>>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    let is_token = token.len() == TOKEN_BYTES * 2
        && token
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if !is_token {
        return unknown_path(&shared);
    }
    let job_id = match shared.deps.calls.job_of_status_url(hash(&token)).await {
        Ok(Some(job_id)) => job_id,
        Ok(None) => return unknown_path(&shared),
        Err(error) => return failed(JobId(0), &error),
    };
    if let Err(refusal) = check(&shared, &request) {
        return refusal.answer();
    }
    match of_job(&shared, job_id, &token).await {
        Ok(Some(answer)) => answer,
        Ok(None) => unknown_path(&shared),
        Err(error) => failed(job_id, &error),
    }
}

fn check(shared: &Shared, request: &Request) -> Result<(), Refusal> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let allowed = vec!["GET".to_owned(), "HEAD".to_owned()];
        return Err(Refusal::MethodNotAllowed { allowed });
    }
    match request.extensions().get::<Arrived>() {
        Some(arrived) => shared.source_rates.check(arrived.peer),
        None => Ok(()),
    }
}

/// What the call would have got; none once that is too long ago.
async fn of_job(
    shared: &Shared,
    job_id: JobId,
    token: &str,
) -> Result<Option<Response>, JournalError> {
    let record = match answers::read(&*shared.deps.journal, job_id).await {
        Ok(record) => record,
        Err(JournalError::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let now_ms = shared.deps.clock.now_ms();
    if record
        .ended_at_ms
        .is_some_and(|at_ms| now_ms.saturating_sub(at_ms) >= STATUS_URL_KEPT_MS)
    {
        return Ok(None);
    }
    let mut response = match &record.answer {
        Some(answer) => job_answer::of(&*shared.deps.files, &record, answer).await,
        None => answer::running(job_id, record.request_id, &shown_url(shared, token)),
    };
    answer::set_request_id(response.headers_mut(), record.request_id);
    Ok(Some(response))
}

fn new_token() -> Result<String, JournalError> {
    let mut bytes = [0; TOKEN_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| JournalError::Internal(Box::new(error)))?;
    Ok(hex::encode(bytes))
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn context(job_id: JobId) -> Vec<u8> {
    format!("status url {job_id}").into_bytes()
}

fn unavailable(error: SecretError) -> JournalError {
    JournalError::Unavailable {
        reason: error.to_string(),
    }
}
