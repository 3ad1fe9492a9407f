//! Every operation, by noun. An operation that is listed here is routed, described and guarded; there is no other
//! way in.

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use crate::error::{Error, ErrorCode, mask_errors};
use crate::guard::{Guard, keep_pages_out};
use crate::identity::{Owner, as_owner, require_bearer};
use crate::input::BODY_BYTES_MAX;
use crate::sending::send;
use crate::state::ApiState;
use crate::tasks as tasks_preview;
use crate::unread::tell_of_unread_body;
use crate::v4::webhook_flow_tasks as tasks;
use crate::{
    alerts, backups, deliveries, doctor, endpoint_aliases, endpoint_tokens, events, exchange,
    flows, health, jobs, listeners, metrics, openapi, public_url, receiving, requests, schema,
    secrets, session, settings, statistics, status, storage, templates, tokens, ui, updates, v4,
    variables, views,
};

/// The head of an answer comes within this time.
const ANSWER_MS_MAX: u64 = 60_000;

/// Where the operations are mounted.
pub(crate) const BASE: &str = "/api/v1";

/// What takes a workspace in and out. A text may be longer than any other body.
fn exchanged() -> OpenApiRouter<ApiState> {
    let bound = || DefaultBodyLimit::max(exchange::import::BODY_BYTES_MAX);
    OpenApiRouter::new()
        .routes(routes!(exchange::export::export_workspace))
        .routes(routes!(exchange::import::preview_import).layer(bound()))
        .routes(routes!(exchange::import::import_text).layer(bound()))
}

/// What runs here, and what there is that is newer.
fn about_updates() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(updates::get_updates))
        .routes(routes!(updates::check_for_updates))
        .routes(routes!(
            updates::download_update,
            updates::cancel_update_download
        ))
}

/// Every operation, without its guards.
pub(crate) fn operations() -> OpenApiRouter<ApiState> {
    let v1 = history()
        .merge(exchanged())
        .merge(about_updates())
        .routes(routes!(status::get_status))
        .routes(
            routes!(session::create_session).layer(DefaultBodyLimit::max(session::BODY_BYTES_MAX)),
        )
        .routes(routes!(listeners::move_listener))
        .routes(routes!(receiving::set_receiving))
        .routes(routes!(doctor::examine_workspace))
        .routes(routes!(health::get_readiness))
        .routes(routes!(metrics::get::get_metrics))
        .routes(routes!(storage::get_storage))
        .routes(routes!(storage::set_retention))
        .routes(routes!(backups::list_backups, backups::make_backup))
        .routes(routes!(backups::set_backup_schedule))
        .routes(routes!(backups::cancel_waiting_restore))
        .routes(routes!(backups::delete_backup))
        .routes(routes!(backups::restore_backup))
        .routes(routes!(flows::list::list_flows))
        .routes(routes!(flows::import::import_flow))
        .routes(routes!(flows::validate::validate_flow))
        .routes(routes!(flows::get::get_flow, flows::delete::delete_flow))
        .routes(routes!(flows::export::export_flow))
        .routes(routes!(flows::draft::replace_draft))
        .routes(routes!(flows::versions::list_flow_versions))
        .routes(routes!(flows::publish::publish_flow))
        .routes(routes!(flows::set_state::set_flow_state))
        .routes(routes!(flows::copy::copy_flow))
        .routes(routes!(flows::run::run_flow))
        .routes(routes!(flows::try_step::try_step))
        .routes(routes!(flows::schedules::list_schedules))
        .routes(routes!(flows::test_task::test_webhook_task))
        .routes(routes!(flows::test_task::switch_webhook_task))
        .routes(routes!(templates::names::list_template_names))
        .routes(routes!(templates::preview::preview_template))
        .routes(routes!(tasks_preview::preview_task))
        .routes(routes!(secrets::list_secrets))
        .routes(routes!(secrets::set_secret, secrets::delete_secret))
        .routes(routes!(secrets::generate_secret))
        .routes(routes!(variables::list_variables))
        .routes(routes!(variables::set_variable, variables::delete_variable))
        .routes(routes!(variables::activate_variable_set))
        .routes(routes!(tokens::list_tokens, tokens::create_token))
        .routes(routes!(tokens::revoke_token))
        .routes(routes!(endpoint_tokens::list_endpoint_tokens))
        .routes(routes!(endpoint_tokens::create_endpoint_token))
        .routes(routes!(endpoint_tokens::revoke_endpoint_token))
        .routes(routes!(send::send_request))
        .routes(routes!(public_url::check_public_url))
        .routes(routes!(endpoint_aliases::list_endpoint_aliases))
        .routes(routes!(endpoint_aliases::delete_endpoint_alias))
        .routes(routes!(settings::get_settings, settings::change_settings))
        .routes(routes!(events::stream_events))
        .routes(routes!(schema::get_flow_schema))
        .routes(routes!(schema::get_openapi));
    // A flow may be called `import` or `validate`; those words must not hide it.
    let v1 = ["/flows/import", "/flows/validate"]
        .into_iter()
        .fold(v1, |v1, path| {
            v1.route(
                path,
                get(flows::get::get_flow).delete(flows::delete::delete_flow),
            )
        });
    OpenApiRouter::with_openapi(openapi::head())
        .nest(BASE, v1)
        .merge(compatible())
}

/// What happened: requests, jobs, deliveries, and what is made of them.
fn history() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(requests::list::list_requests))
        .routes(routes!(requests::counted::list_counted_rejections))
        .routes(routes!(requests::get::get_request))
        .routes(routes!(requests::replay::replay_request))
        .routes(routes!(requests::file::get_request_file))
        .routes(routes!(requests::raw::get_raw_body))
        .routes(routes!(jobs::list::list_jobs))
        .routes(routes!(jobs::expanded::list_expanded_jobs))
        .routes(routes!(jobs::get::get_job))
        .routes(routes!(jobs::journal::get_job_journal))
        .routes(routes!(jobs::input::get_step_input))
        .routes(routes!(jobs::cancel::cancel_job))
        .routes(routes!(jobs::replay::replay_job))
        .routes(routes!(jobs::continued::continue_job))
        .routes(routes!(deliveries::list::list_deliveries))
        .routes(routes!(deliveries::get::get_delivery))
        .routes(routes!(deliveries::resend::resend_delivery))
        .routes(routes!(statistics::get::get_statistics))
        .routes(routes!(alerts::rules::list_alert_rules))
        .routes(routes!(
            alerts::rules::set_alert_rule,
            alerts::rules::delete_alert_rule
        ))
        .routes(routes!(alerts::list::list_alerts))
        .routes(routes!(alerts::list::mark_alert_seen))
        .routes(routes!(views::list_views))
        .routes(routes!(views::save_view, views::delete_view))
}

/// The routes that scripts written for another product call.
fn compatible() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(v4::job_groups::create_job_group))
        .routes(routes!(v4::job_groups::get_job_group))
        .routes(routes!(v4::job_groups::get_job_group_status))
        .routes(routes!(v4::flows::run_flow_by_id))
        .routes(routes!(
            tasks::list_webhook_flow_tasks,
            tasks::create_webhook_flow_task
        ))
        .routes(routes!(
            tasks::get_webhook_flow_task,
            tasks::change_webhook_flow_task,
            tasks::delete_webhook_flow_task
        ))
        .routes(routes!(v4::webhook_tests::test_webhook))
        .route("/v4/jobGroups/", post(v4::job_groups::create_job_group))
        .route("/v4/jobGroups/{id}/", get(v4::job_groups::get_job_group))
        .route(
            "/v4/jobGroups/{id}/status/",
            get(v4::job_groups::get_job_group_status),
        )
        .route("/v4/flows/{id}/run/", post(v4::flows::run_flow_by_id))
        .route(
            "/v4/webhookFlowTasks/",
            get(tasks::list_webhook_flow_tasks).post(tasks::create_webhook_flow_task),
        )
        .route(
            "/v4/webhookFlowTasks/{id}/",
            get(tasks::get_webhook_flow_task)
                .patch(tasks::change_webhook_flow_task)
                .delete(tasks::delete_webhook_flow_task),
        )
        .route("/v4/webhooks/test/", post(v4::webhook_tests::test_webhook))
}

/// Everything that the control listener answers, behind its guards: other web pages are kept out first, then
/// callers are recognised, then what they send is bounded.
pub fn router(state: &ApiState, guard: Guard, ui: bool) -> Router {
    let (api, _) = operations().split_for_parts();
    let api = api
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready));
    let fallback =
        move |request: Request| async move { elsewhere(ui, &request.into_parts().0).await };
    api.method_not_allowed_fallback(wrong_method)
        .fallback(fallback)
        .layer(from_fn(bound_time))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn_with_state(state.clone(), require_bearer))
        .layer(from_fn_with_state(guard, keep_pages_out))
        .layer(from_fn_with_state(state.clone(), mask_errors))
        .layer(map_response(harden))
        .layer(from_fn(tell_of_unread_body))
        .with_state(state.clone())
}

/// The same operations for this process itself. Every call is the owner's, which is why it wants to see one.
pub fn in_process(state: &ApiState, _owner: &Owner) -> Router {
    let (api, _) = operations().split_for_parts();
    api.method_not_allowed_fallback(wrong_method)
        .fallback(async |request: Request| elsewhere(false, &request.into_parts().0).await)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn(as_owner))
        .layer(from_fn_with_state(state.clone(), mask_errors))
        .with_state(state.clone())
}

/// Whether a path belongs to programs. Everything else is the UI's.
pub(crate) fn is_api(path: &str) -> bool {
    let is_below = |root: &str| {
        path.strip_prefix(root)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    is_below("/api") || is_below("/v4")
}

async fn elsewhere(ui: bool, request: &Parts) -> Response {
    let path = request.uri.path();
    let reads = matches!(request.method, Method::GET | Method::HEAD);
    if ui && reads && !is_api(path) {
        return ui::file(path, &request.headers).await;
    }
    let message = format!("There is no operation {} {path}.", request.method);
    Error::not_found(ErrorCode::RouteNotFound, message)
        .hint("GET /api/v1/openapi.json describes every operation.")
        .into_response()
}

async fn wrong_method(method: Method, uri: Uri) -> Error {
    let message = format!("{} cannot be called by {method}.", uri.path());
    Error::new(
        StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::MethodNotAllowed,
        message,
    )
    .hint("GET /api/v1/openapi.json describes every operation.")
}

/// The head of an answer comes within a time. Live updates go on after it.
async fn bound_time(request: Request, next: Next) -> Result<Response, Error> {
    let answer = tokio::time::timeout(Duration::from_millis(ANSWER_MS_MAX), next.run(request));
    answer.await.map_err(|_| {
        let message = format!("The operation took longer than ANSWER_MS_MAX = {ANSWER_MS_MAX} ms.");
        Error::new(StatusCode::GATEWAY_TIMEOUT, ErrorCode::Timeout, message)
            .hint("Ask for less at once, or try again.")
    })
}

/// No answer is guessed at, framed or shared, and none tells where its reader came from.
async fn harden(mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    let set = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in set {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(
            "default-src 'none'; frame-ancestors 'none'",
        ));
    answer
}
