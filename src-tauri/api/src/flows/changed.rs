//! What the operations that change a flow have in common.

use hookloom_model::Problem;
use hookloom_model::document::{DOCUMENT_BYTES_MAX, GivenJson, canonical};
use http::StatusCode;

use super::layout::Layout;
use super::problems::{Looked, Workspace};
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::state::ApiState;

/// A document that can be kept: it may have problems, but it has a name.
pub(super) struct Given {
    pub(super) name: String,
    /// As it is kept and exported.
    pub(super) text: String,
    /// What stood in it as `layout`: kept apart.
    pub(super) layout: Option<Layout>,
    pub(super) looked: Looked,
}

/// Takes a document for a flow; for any flow if none is named.
pub(super) async fn given(
    document: GivenJson,
    flow: Option<&str>,
    workspace: &Workspace,
) -> Result<Given, Error> {
    let looked = workspace.look_at_given(document, flow).await;
    let is_repeated = |problem: &Problem| problem.code == Problem::DUPLICATE_KEY;
    if looked.problems.iter().any(is_repeated) {
        // What is kept has each key once: one of the two would be lost without a word.
        return Err(invalid(looked.problems));
    }
    let Some(name) = looked.reading.name.clone() else {
        return Err(invalid(looked.problems));
    };
    if let Some(flow) = flow.filter(|flow| *flow != name) {
        let message = format!("This is the draft of `{flow}`, and the document names `{name}`.");
        let problem = Problem::error("other_flow", "/name", message)
            .with_hint("Import it instead, to make or replace the flow that it names.");
        return Err(invalid(vec![problem]));
    }
    let mut kept = looked.json().clone();
    let layout = Layout::take_from(&mut kept);
    let text = canonical(&kept);
    if text.len() > DOCUMENT_BYTES_MAX {
        let message = format!(
            "The document has {} bytes, more than DOCUMENT_BYTES_MAX = {DOCUMENT_BYTES_MAX}.",
            text.len()
        );
        return Err(Error::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            ErrorCode::BodyTooLarge,
            message,
        ));
    }
    Ok(Given {
        name,
        text,
        layout,
        looked,
    })
}

/// Makes a version of the draft and has the receiver know it.
pub(super) async fn publish(state: &ApiState, name: &str) -> Result<i64, Error> {
    let workspace = Workspace::read(state).await?;
    let flow = state
        .store
        .flow(name)
        .await
        .or_missing(ErrorCode::FlowNotFound)?;
    let looked = workspace.look_at_draft(&flow).await?;
    if looked.blocks_publish() {
        return Err(publish_refused(looked.problems));
    }
    let now_ms = state.clock.now_ms();
    let published = state
        .store
        .publish_flow(name, &flow.draft_etag, None, now_ms)
        .await;
    let version = published.or_missing(ErrorCode::FlowNotFound)?;
    state.host.reload_endpoints().await?;
    Ok(version)
}

/// A document that cannot be taken in.
pub(super) fn invalid(problems: Vec<Problem>) -> Error {
    let code = ErrorCode::DocumentInvalid;
    refused(
        code,
        "The document cannot be taken in, and nothing was changed",
        problems,
    )
    .hint("Mend what `problems` lists, each at its place in the document, and import it again.")
}

/// A document that can be kept but not published.
pub(crate) fn publish_refused(problems: Vec<Problem>) -> Error {
    let code = ErrorCode::PublishRefused;
    refused(
        code,
        "The flow cannot be published, and nothing was changed",
        problems,
    )
    .hint("Mend what `problems` lists, each at its place in the document, and publish it again.")
}

/// A draft that cannot be tried.
pub(super) fn trial_refused(problems: Vec<Problem>) -> Error {
    let code = ErrorCode::PublishRefused;
    refused(
        code,
        "The draft cannot be tried, and nothing was started",
        problems,
    )
    .hint("Mend what `problems` lists, each at its place in the document, and try it again.")
}

fn refused(code: ErrorCode, what: &str, problems: Vec<Problem>) -> Error {
    let first = problems.iter().find(|problem| problem.blocks_publish());
    let because = first
        .map(|problem| format!(": {}", problem.message))
        .unwrap_or_default();
    let because = because.trim_end_matches('.');
    Error::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        code,
        format!("{what}{because}."),
    )
    .problems(problems.into_iter().map(Into::into).collect())
}
