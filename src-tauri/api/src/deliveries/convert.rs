//! Deliveries of the store in the shape of the API.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use hookloom_engine::ports::{self, Journal};
use hookloom_model::{DeliveryId, FlowId};
use hookloom_signature::{DEFAULT_SCHEME, Scheme};
use hookloom_store::{AttemptRow, AttemptStatus, StoredAnswer, StoredDelivery};
use serde_json::Value;

use super::shape::{
    Certificate, Delivery, DeliveryAttempt, DeliveryAttemptStatus, ReceivedAnswer, Timings,
};
use crate::document::{entries_of, text_of};
use crate::error::{Error, ErrorCode};
use crate::failures::{OrMissing, sentence};
use crate::masked::Masked;
use crate::parts::{Fault, TaskEvent};
use crate::state::ApiState;
use crate::time::At;

/// The id in a path.
pub(super) fn id_of(text: &str) -> Result<DeliveryId, Error> {
    text.parse()
        .map_err(|error| Error::not_found(ErrorCode::DeliveryNotFound, sentence(&error)))
}

/// One delivery with everything that was sent and answered.
pub(super) async fn whole(state: &ApiState, id: DeliveryId) -> Result<Delivery, Error> {
    let found = state
        .store
        .stored_delivery(id)
        .await
        .or_missing(ErrorCode::DeliveryNotFound)?;
    let mut shown = with_documents(state, vec![found], &state.masked()).await?;
    shown
        .pop()
        .ok_or_else(|| Error::internal("a delivery got lost on its way"))
}

/// The rows of these deliveries, as lists show them; one that is gone meanwhile is left out.
pub(crate) async fn rows_by_id(
    state: &ApiState,
    ids: impl IntoIterator<Item = DeliveryId>,
) -> Result<Vec<Delivery>, Error> {
    let mut found = Vec::new();
    for id in ids {
        match state.store.stored_delivery(id).await {
            Ok((delivery, mut attempts)) => {
                for attempt in &mut attempts {
                    (attempt.sent, attempt.answer) = (None, None);
                }
                found.push((delivery, attempts));
            }
            Err(hookloom_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    with_documents(state, found, &state.masked()).await
}

/// Deliveries with what their flow's version says about their tasks.
pub(crate) async fn with_documents(
    state: &ApiState,
    deliveries: Vec<(StoredDelivery, Vec<AttemptRow>)>,
    masked: &Masked,
) -> Result<Vec<Delivery>, Error> {
    let mut documents: HashMap<(FlowId, i64), Value> = HashMap::new();
    let mut shown = Vec::with_capacity(deliveries.len());
    for (delivery, attempts) in deliveries {
        let document = match documents.entry((delivery.flow_id, delivery.version)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let text = state
                    .store
                    .flow_version(delivery.flow_id, delivery.version)
                    .await?;
                unknown.insert(serde_json::from_str(&text).map_err(Error::internal)?)
            }
        };
        let header = signature_header(document, &delivery.task);
        shown.push(convert(delivery, attempts, header, masked)?);
    }
    Ok(shown)
}

/// The header that carries the signature of a task's messages.
fn signature_header(document: &Value, task: &str) -> Option<String> {
    let task =
        entries_of(document, "webhook_tasks").find(|entry| text_of(entry, "name") == task)?;
    task["secret"].as_str()?;
    if let Some(header) = task["scheme"]["header"].as_str() {
        // A scheme of one's own.
        return Some(header.to_owned());
    }
    let scheme = task["scheme"].as_str().unwrap_or(DEFAULT_SCHEME);
    let headers = Scheme::named(scheme).ok()?.headers;
    headers.last().map(|name| (*name).to_owned())
}

fn convert(
    delivery: StoredDelivery,
    attempts: Vec<AttemptRow>,
    signature_header: Option<String>,
    masked: &Masked,
) -> Result<Delivery, Error> {
    let StoredDelivery {
        n: _,
        id,
        job_id,
        flow_id: _,
        flow,
        version: _,
        task_id,
        task,
        event,
        output,
        status,
        method,
        url,
        validate_ssl,
        attempts_max,
        attempts_total: _,
        attempts_counted: _,
        created_at_ms,
        next_attempt_at_ms,
        http_status,
        duration_ms,
        error,
        resend_of,
        task_disabled,
    } = delivery;
    Ok(Delivery {
        id: id.to_string(),
        job_id: job_id.0,
        flow,
        task,
        task_id: task_id.0,
        event: event_of(&event)?,
        output,
        status: status.into(),
        http_status,
        method,
        url: masked.text(url),
        created_at: At::from_ms(created_at_ms),
        next_attempt_at: next_attempt_at_ms.map(At::from_ms),
        attempts_max,
        duration_ms,
        error: error.map(|(error, at_ms)| Fault::new(masked.error(error), at_ms)),
        validate_ssl,
        task_disabled,
        resend_of: resend_of.map(|id| id.to_string()),
        signature_header,
        attempts: attempts
            .into_iter()
            .map(|attempt| convert_attempt(attempt, masked))
            .collect(),
    })
}

fn event_of(name: &str) -> Result<TaskEvent, Error> {
    serde_json::from_value(Value::String(name.to_owned())).map_err(Error::internal)
}

fn convert_attempt(attempt: AttemptRow, masked: &Masked) -> DeliveryAttempt {
    let AttemptRow {
        n,
        status,
        started_at_ms,
        ended_at_ms,
        http_status,
        error,
        timings,
        certificate,
        sent,
        answer,
    } = attempt;
    let error_at_ms = ended_at_ms.unwrap_or(started_at_ms);
    DeliveryAttempt {
        n,
        at: At::from_ms(started_at_ms),
        status: status.into(),
        http_status,
        duration_ms: ended_at_ms.map(|ended| (ended - started_at_ms).max(0)),
        error: error.map(|error| Fault::new(masked.error(error), error_at_ms)),
        timings: timings.into(),
        certificate: certificate.map(Into::into),
        request: sent.map(|sent| masked.sent(sent).into()),
        response: answer
            .zip(http_status)
            .map(|(answer, status)| received(answer, status, masked)),
    }
}

fn received(answer: StoredAnswer, status: u16, masked: &Masked) -> ReceivedAnswer {
    let StoredAnswer {
        headers,
        body,
        body_bytes,
        body_truncated,
    } = answer;
    ReceivedAnswer {
        status,
        headers: masked.headers(headers),
        body: masked.text(body),
        body_bytes,
        body_truncated,
    }
}

impl From<AttemptStatus> for DeliveryAttemptStatus {
    fn from(status: AttemptStatus) -> Self {
        match status {
            AttemptStatus::Sending => Self::Sending,
            AttemptStatus::Delivered => Self::Delivered,
            AttemptStatus::Failed => Self::Failed,
            AttemptStatus::Interrupted => Self::Interrupted,
        }
    }
}

impl From<ports::Timings> for Timings {
    fn from(timings: ports::Timings) -> Self {
        let ports::Timings {
            dns_ms,
            connect_ms,
            tls_ms,
            answer_ms,
        } = timings;
        Self {
            dns_ms,
            connect_ms,
            tls_ms,
            answer_ms,
        }
    }
}

impl From<ports::Certificate> for Certificate {
    fn from(certificate: ports::Certificate) -> Self {
        let ports::Certificate {
            subject,
            issuer,
            expires_at_ms,
            verified,
        } = certificate;
        Self {
            subject,
            issuer,
            expires_at: At::from_ms(expires_at_ms),
            verified,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_a_task_with_a_secret_signs_and_the_scheme_names_the_header() {
        let document = json!({"webhook_tasks": [
            {"name": "plain", "url": "https://a.example"},
            {"name": "ours", "secret": "k"},
            {"name": "theirs", "secret": "k", "scheme": "github"},
            {"name": "own", "secret": "k", "scheme": {"kind": "custom", "header": "X-Own", "signed": "{body}"}},
        ]});
        assert_eq!(signature_header(&document, "plain"), None);
        assert_eq!(signature_header(&document, "gone"), None);
        assert_eq!(
            signature_header(&document, "ours").as_deref(),
            Some("X-Webhook-Signature")
        );
        assert_eq!(
            signature_header(&document, "theirs").as_deref(),
            Some("X-Hub-Signature-256")
        );
        assert_eq!(signature_header(&document, "own").as_deref(), Some("X-Own"));
    }
}
