//! `POST /import/preview` and `POST /import`

use axum::extract::State;
use http::StatusCode;

use super::plan::{Plan, plan};
use super::shape::{ImportReport, ImportText};
use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::identity::CanManage;
use crate::input::Body;
use crate::state::ApiState;

/// A body with the longest text, every letter of it escaped once.
pub(crate) const BODY_BYTES_MAX: usize = 2 * hookloom_model::exchange::IMPORT_BYTES_MAX + 64 * 1024;

/// Says what an import of a text would keep, change and drop, with reasons. Writes nothing.
#[utoipa::path(post, path = "/import/preview", tag = "exchange", security(("bearer" = ["manage"])),
    request_body = ImportText,
    responses((status = 200, description = "What it would do", body = ImportReport)))]
pub(crate) async fn preview_import(
    _: CanManage,
    State(state): State<ApiState>,
    Body(asked): Body<ImportText>,
) -> Result<Answer<ImportReport>, Error> {
    let Plan { import: _, report } = plan(&state, &asked).await?;
    Ok(Answer(report))
}

/// Imports a text: all of it that its preview keeps, in one write, or nothing. Nothing that it brings runs: new flows are
/// off, and of flows that are there only drafts are replaced.
#[utoipa::path(post, path = "/import", tag = "exchange", security(("bearer" = ["manage"])),
    request_body = ImportText,
    responses((status = 200, description = "Imported", body = ImportReport)))]
pub(crate) async fn import_text(
    _: CanManage,
    State(state): State<ApiState>,
    Body(asked): Body<ImportText>,
) -> Result<Answer<ImportReport>, Error> {
    let Plan { mut import, report } = plan(&state, &asked).await?;
    if asked.plan.is_some_and(|previewed| previewed != report.plan) {
        let message = "Something was changed since the preview, so this import would do something else. Nothing was written.";
        return Err(
            Error::new(StatusCode::CONFLICT, ErrorCode::PreviewOutdated, message)
                .hint("Look at the preview again, then import."),
        );
    }
    let changes_rules = !import.alert_rules.is_empty();
    let now_ms = state.clock.now_ms();
    for view in &mut import.views {
        view.updated_at_ms = now_ms;
    }
    state.store.import(import, now_ms).await?;
    state.host.reload_endpoints().await?;
    if changes_rules {
        state.host.alert_rules_changed();
    }
    Ok(Answer(report))
}
