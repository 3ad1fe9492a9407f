//! `GET /doctor`

use axum::extract::State;

use super::finding::Diagnosis;
use super::{backup, database, public_url, vault};
use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanManage;
use crate::state::ApiState;

/// Looks for what is wrong with the keychain, ports, disk, clock, database, backups, scripts and public URL. Takes some seconds
/// with a large database, and changes nothing.
#[utoipa::path(get, path = "/doctor", tag = "status", security(("bearer" = ["manage"])),
    responses((status = 200, description = "What was found, the worst first", body = Diagnosis)))]
pub(crate) async fn examine_workspace(
    _: CanManage,
    State(state): State<ApiState>,
) -> Result<Answer<Diagnosis>, Error> {
    let (vault, process, database, backup, public_url) = tokio::join!(
        vault::examine(&state),
        state.host.examine(),
        database::examine(&state),
        backup::examine(&state),
        public_url::examine(&state),
    );
    let mut findings = vault?;
    findings.extend(process);
    findings.extend(database);
    findings.extend(backup?);
    findings.extend(public_url?);
    Ok(Answer(Diagnosis::of(findings)))
}
