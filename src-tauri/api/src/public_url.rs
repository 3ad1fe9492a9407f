//! `POST /public_url/check`

use axum::extract::State;
use bytes::Bytes;
use hookloom_engine::ports::{HttpError, HttpErrorKind, OutgoingRequest};
use http::{Method, StatusCode};
use serde::Serialize;
use url::Url;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::identity::CanRun;
use crate::named::named;
use crate::network;
use crate::settings::PUBLIC_URL;
use crate::state::ApiState;

/// A tunnel that is up answers sooner.
const TIMEOUT_MS: i64 = 15_000;
/// Whoever answers in our place may say much.
const ANSWER_BYTES_MAX: u64 = 1024 * 1024;

/// Sends a request to the public URL and looks whether it arrives at this receiver. It is known by a nonce: an answer
/// of somebody else proves nothing.
#[utoipa::path(post, path = "/public_url/check", tag = "settings", security(("bearer" = ["run"])),
    responses((status = 200, description = "Whether it arrived", body = PublicUrlChecked)))]
pub(crate) async fn check_public_url(
    _: CanRun,
    State(state): State<ApiState>,
) -> Result<Answer<PublicUrlChecked>, Error> {
    let kept: Option<String> = network::read(&state.store, PUBLIC_URL).await?;
    let Some(kept) = kept else {
        let message = "No public URL is set, so there is nothing to check.";
        return Err(Error::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            ErrorCode::ValueInvalid,
            message,
        )
        .hint("Set the URL of your tunnel or proxy: `hookloom setting set public_url URL`."));
    };
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(Error::internal)?;
    let nonce = hex::encode(random);
    let path = state.host.expect_probe(&nonce);
    let url = Url::parse(&format!("{}{path}", kept.trim_end_matches('/')));
    let url = url.map_err(Error::internal)?;
    let begun_ms = state.clock.now_ms();
    let answered = state.http.send(request(url)).await;
    let took_ms = (state.clock.now_ms() - begun_ms).max(0);
    let has_come = state.host.probe_has_come(&nonce);
    let masked = state.masked();
    let (status, detail) = match (has_come, answered) {
        (true, _) => (
            PublicUrlStatus::Reached,
            format!("A request to {kept} arrived here, and was answered after {took_ms} ms."),
        ),
        (false, Ok(answer)) => (
            PublicUrlStatus::OtherAnswered,
            format!(
                "{kept} answered with status {}, but the request did not arrive here: the tunnel or proxy leads elsewhere, or changes paths.",
                answer.status
            ),
        ),
        (false, Err(error)) if is_an_answer(&error) => (
            PublicUrlStatus::OtherAnswered,
            format!("Somebody answers at {kept}, but the request did not arrive here: {error}"),
        ),
        (false, Err(error)) => (
            PublicUrlStatus::NotReached,
            format!("{kept} could not be reached: {error}"),
        ),
    };
    Ok(Answer(PublicUrlChecked {
        status,
        detail: masked.text(detail),
    }))
}

named!(
    /// Whether a request through the public URL arrives: here, nowhere, or at somebody else.
    PublicUrlStatus { Reached = "reached", NotReached = "not_reached", OtherAnswered = "other_answered" }
);

/// What became of a request through the public URL.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicUrlChecked {
    pub status: PublicUrlStatus,
    /// What happened, for a person. Masked.
    pub detail: String,
}

fn request(url: Url) -> OutgoingRequest {
    OutgoingRequest {
        method: Method::GET,
        url,
        headers: Vec::new(),
        body: Bytes::new(),
        timeout_ms: TIMEOUT_MS,
        validate_ssl: true,
        host_from_request: false,
        inner_destinations: Default::default(),
        answer_bytes_max: ANSWER_BYTES_MAX,
        redirects: None,
        certificates: None,
    }
}

/// Whether there was an answer, though none that could be read whole.
fn is_an_answer(error: &HttpError) -> bool {
    matches!(
        error.kind,
        HttpErrorKind::TooLarge | HttpErrorKind::Interrupted
    )
}
