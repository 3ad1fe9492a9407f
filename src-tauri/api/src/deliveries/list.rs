//! `GET /deliveries`

use axum::extract::State;
use hookloom_model::JobId;
use hookloom_store::{DeliveryFilter, Page};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::convert::with_documents;
use super::shape::Delivery;
use crate::answer::Answer;
use crate::error::Error;
use crate::identity::CanRead;
use crate::input::Query;
use crate::page::PageQuery;
use crate::parts::DeliveryStatus;
use crate::state::ApiState;

/// Deliveries, newest first, without the requests and answers of their attempts.
#[utoipa::path(get, path = "/deliveries", tag = "deliveries", security(("bearer" = ["read"])),
    params(DeliveriesQuery, PageQuery),
    responses((status = 200, description = "A page of deliveries", body = DeliveryList)))]
pub(crate) async fn list_deliveries(
    _: CanRead,
    State(state): State<ApiState>,
    Query(filter): Query<DeliveriesQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Answer<DeliveryList>, Error> {
    let (limit, before) = page.read()?;
    let DeliveriesQuery { status, flow, job } = filter;
    let filter = DeliveryFilter {
        flow,
        status: status.map(Into::into),
        job: job.map(JobId),
    };
    let Page { items, next } = state.store.deliveries(filter, before, limit).await?;
    let items = with_documents(&state, items, &state.masked()).await?;
    Ok(Answer(DeliveryList {
        items,
        next: next.map(|cursor| cursor.to_string()),
    }))
}

/// Which deliveries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DeliveriesQuery {
    pub status: Option<DeliveryStatus>,
    /// The name of a flow.
    pub flow: Option<String>,
    /// The id of a job.
    pub job: Option<i64>,
}

/// A page of deliveries.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryList {
    pub items: Vec<Delivery>,
    /// Give it as `before` to get the next page; null at the end.
    pub next: Option<String>,
}
