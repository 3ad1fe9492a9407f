//! Every operation, by noun. An operation that is listed here is routed, described and guarded; there is no other
//! way in.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::ApiState;
use crate::{
    deliveries, events, flows, jobs, openapi, requests, schema, secrets, session, status, tokens,
    variables,
};

/// Where the operations are mounted.
pub(crate) const BASE: &str = "/api/v1";

/// Every operation, without its guards.
pub(crate) fn operations() -> OpenApiRouter<ApiState> {
    let v1 = OpenApiRouter::new()
        .routes(routes!(status::get_status))
        .routes(routes!(session::create_session))
        .routes(routes!(flows::list::list_flows))
        .routes(routes!(flows::import::import_flow))
        .routes(routes!(flows::validate::validate_flow))
        .routes(routes!(flows::get::get_flow, flows::delete::delete_flow))
        .routes(routes!(flows::export::export_flow))
        .routes(routes!(flows::draft::replace_draft))
        .routes(routes!(flows::publish::publish_flow))
        .routes(routes!(flows::set_state::set_flow_state))
        .routes(routes!(flows::copy::copy_flow))
        .routes(routes!(flows::run::run_flow))
        .routes(routes!(requests::list::list_requests))
        .routes(routes!(requests::counted::list_counted_rejections))
        .routes(routes!(requests::get::get_request))
        .routes(routes!(jobs::list::list_jobs))
        .routes(routes!(jobs::get::get_job))
        .routes(routes!(jobs::journal::get_job_journal))
        .routes(routes!(deliveries::list::list_deliveries))
        .routes(routes!(deliveries::get::get_delivery))
        .routes(routes!(deliveries::resend::resend_delivery))
        .routes(routes!(secrets::list_secrets))
        .routes(routes!(secrets::set_secret, secrets::delete_secret))
        .routes(routes!(variables::list_variables))
        .routes(routes!(variables::set_variable, variables::delete_variable))
        .routes(routes!(tokens::list_tokens, tokens::create_token))
        .routes(routes!(tokens::revoke_token))
        .routes(routes!(events::stream_events))
        .routes(routes!(schema::get_flow_schema))
        .routes(routes!(schema::get_openapi));
    OpenApiRouter::with_openapi(openapi::head()).nest(BASE, v1)
}
