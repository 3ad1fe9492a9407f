//! Operations on tokens of endpoints: URLs that senders have. A URL is shown once, when it is made; only the hash of its
//! token is kept.

use std::collections::HashMap;

use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hookloom_store::EndpointTokenRow;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::failures::OrMissing;
use crate::identity::{CanManage, CanRead, TokenHash};
use crate::input::{Body, Query, Segments};
use crate::state::ApiState;
use crate::time::At;
use crate::tokens::check_name;

/// Random bytes of a token.
const TOKEN_BYTES: usize = 24;

/// Which endpoints a list is about.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EndpointFilter {
    /// Of this flow
    pub flow: Option<String>,
    /// Of this endpoint
    pub endpoint: Option<String>,
}

/// Every token of an endpoint, without the tokens themselves.
#[utoipa::path(get, path = "/endpoint_tokens", tag = "endpoints", security(("bearer" = ["read"])),
    params(EndpointFilter),
    responses((status = 200, description = "The tokens, newest first", body = EndpointTokenList)))]
pub(crate) async fn list_endpoint_tokens(
    _: CanRead,
    State(state): State<ApiState>,
    Query(filter): Query<EndpointFilter>,
) -> Result<Answer<EndpointTokenList>, Error> {
    let owners = owners(&state).await?;
    let shown = |row: EndpointTokenRow| {
        let EndpointTokenRow {
            id: _,
            endpoint,
            name,
            sha256: _,
            created_at_ms,
            last_used_at_ms,
        } = row;
        let flow = owners.get(&endpoint).cloned();
        filter
            .takes(flow.as_deref(), &endpoint)
            .then(|| EndpointToken {
                flow,
                endpoint,
                name,
                created_at: At::from_ms(created_at_ms),
                last_used_at: last_used_at_ms.map(At::from_ms),
            })
    };
    let rows = state.store.endpoint_tokens().await?;
    Ok(Answer(EndpointTokenList {
        items: rows.into_iter().filter_map(shown).collect(),
    }))
}

/// Makes a URL with a token that leads to an endpoint. The answer is the only place where it can ever be read.
#[utoipa::path(post, path = "/flows/{name}/endpoints/{endpoint}/tokens", tag = "endpoints", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The flow's name"), ("endpoint" = String, Path, description = "The endpoint's name")),
    request_body = EndpointTokenRequest,
    responses((status = 201, description = "Made", body = EndpointTokenMade)))]
pub(crate) async fn create_endpoint_token(
    _: CanManage,
    State(state): State<ApiState>,
    Segments((flow, endpoint)): Segments<(String, String)>,
    Body(wanted): Body<EndpointTokenRequest>,
) -> Result<(StatusCode, Answer<EndpointTokenMade>), Error> {
    let EndpointTokenRequest { name } = wanted;
    check_name(&name)?;
    check_published(&state, &flow, &endpoint).await?;
    let mut bytes = [0; TOKEN_BYTES];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    let token = URL_SAFE_NO_PAD.encode(bytes);
    let now_ms = state.clock.now_ms();
    state
        .store
        .put_endpoint_token(&endpoint, &name, TokenHash::of(&token).0, now_ms)
        .await?;
    state.host.reload_endpoints().await?;
    let url = format!("{}/hook/{token}", state.host.receiver_url());
    let made = EndpointTokenMade {
        url,
        flow,
        endpoint,
        name,
    };
    Ok((StatusCode::CREATED, Answer(made)))
}

/// Revokes a token of an endpoint: its URL is unknown from now on.
#[utoipa::path(delete, path = "/flows/{name}/endpoints/{endpoint}/tokens/{token}", tag = "endpoints", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The flow's name"), ("endpoint" = String, Path, description = "The endpoint's name"),
        ("token" = String, Path, description = "The token's name")),
    responses((status = 204, description = "Revoked")))]
pub(crate) async fn revoke_endpoint_token(
    _: CanManage,
    State(state): State<ApiState>,
    Segments((flow, endpoint, name)): Segments<(String, String, String)>,
) -> Result<StatusCode, Error> {
    state
        .store
        .flow(&flow)
        .await
        .or_missing(ErrorCode::FlowNotFound)?;
    let owner = owners(&state).await?.remove(&endpoint);
    let is_its = owner.is_none_or(|owner| owner == flow);
    let now_ms = state.clock.now_ms();
    if is_its
        && state
            .store
            .revoke_endpoint_token(&endpoint, &name, now_ms)
            .await?
    {
        state.host.reload_endpoints().await?;
        return Ok(StatusCode::NO_CONTENT);
    }
    let message = format!("The endpoint `{endpoint}` of `{flow}` has no token named `{name}`.");
    Err(Error::not_found(ErrorCode::TokenNotFound, message))
}

/// A token of an endpoint to make.
#[derive(Debug, Deserialize, ToSchema)]
pub struct EndpointTokenRequest {
    /// Who it is for, unique among the endpoint's tokens.
    pub name: String,
}

/// A token of an endpoint that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndpointTokenMade {
    /// The whole URL, shown once.
    pub url: String,
    pub flow: String,
    pub endpoint: String,
    pub name: String,
}

/// Tokens of endpoints, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndpointTokenList {
    pub items: Vec<EndpointToken>,
}

/// A token of an endpoint, without the token itself.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EndpointToken {
    /// Null while no published flow has the endpoint.
    pub flow: Option<String>,
    pub endpoint: String,
    pub name: String,
    pub created_at: At,
    /// To the minute.
    pub last_used_at: Option<At>,
}

impl EndpointFilter {
    pub(crate) fn takes(&self, flow: Option<&str>, endpoint: &str) -> bool {
        self.flow
            .as_deref()
            .is_none_or(|wanted| flow == Some(wanted))
            && self
                .endpoint
                .as_deref()
                .is_none_or(|wanted| wanted == endpoint)
    }
}

/// Which flow each published endpoint belongs to.
pub(crate) async fn owners(state: &ApiState) -> Result<HashMap<String, String>, Error> {
    Ok(state.store.endpoint_owners().await?.into_iter().collect())
}

async fn check_published(state: &ApiState, flow: &str, endpoint: &str) -> Result<(), Error> {
    state
        .store
        .flow(flow)
        .await
        .or_missing(ErrorCode::FlowNotFound)?;
    let owners = owners(state).await?;
    if owners.get(endpoint).is_some_and(|owner| owner == flow) {
        return Ok(());
    }
    let message = format!("The flow `{flow}` has no published endpoint `{endpoint}`.");
    Err(Error::not_found(ErrorCode::EndpointNotFound, message)
        .hint(format!("Publish it first: `hookloom flow publish {flow}`.")))
}
