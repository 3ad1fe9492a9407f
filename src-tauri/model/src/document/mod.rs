//! The flow document: what an analyst draws, a file holds, and a version freezes.

mod auth;
mod canonical;
mod credential_headers;
mod endpoint;
mod endpoint_answer;
mod endpoint_modes;
mod endpoint_path;
mod flow;
mod graph;
mod handshake;
mod inner_destinations;
mod json;
mod kinds;
mod names;
mod outputs;
mod own_exit_codes;
mod parse;
mod questions;
mod reading;
pub(crate) mod requests;
mod schedule;
mod schema;
mod step;
mod step_schema;
mod step_types;
mod task;
mod task_certificates;
mod task_types;
mod types;
mod uses;
mod walk;

pub use auth::{
    API_KEY_HEADER_DEFAULT, AUTH_DEPTH_MAX, AUTH_WAYS_MAX, IP_RANGES_MAX, SIGNATURE_SCHEMES,
    TOLERANCE_S_DEFAULT, TOLERANCE_S_MAX,
};
pub use canonical::canonical;
pub use endpoint::{BODY_BYTES_MAX_MAX, REQUESTS_PER_MINUTE_MAX_MAX};
pub use endpoint_answer::EndpointAnswer;
pub use endpoint_modes::SYNC_TIMEOUT_MS_MAX;
pub use endpoint_path::{PATH_ROOT, PathPattern, PathProblem, PathSegment};
pub use flow::{
    DESCRIPTION_CHARS_MAX, ENDPOINTS_MAX, FLOW_TIMEOUT_MS_MAX, OUTPUTS_MAX, SCHEDULES_MAX,
    STEPS_MAX, TITLE_CHARS_MAX,
};
pub use handshake::{HANDSHAKE_ORIGINS_MAX, Handshake};
pub use inner_destinations::{INNER_DESTINATIONS_MAX, InnerDestinations};
pub use json::GivenJson;
pub use kinds::{
    LLM_TEMPERATURE_MAX, LLM_TOKENS_MAX, RESPOND_STATUS_MAX, RESPOND_STATUS_MIN,
    SCRIPT_CODE_BYTES_MAX, saved_names,
};
pub use names::{NAME_CHARS_MAX, exit_code_problem, is_address_name, is_plain_name};
pub use parse::{DOCUMENT_BYTES_MAX, DOCUMENT_DEPTH_MAX, Parsed, from_json, from_value, parse};
pub use schedule::{CRON_CHARS_MAX, TIME_ZONE_DEFAULT};
pub use schema::json_schema;
pub use step::{ATTEMPTS_MAX_MAX, RETRY_DELAY_MS_MAX, STEP_TIMEOUT_MS_MAX};
pub use step_types::*;
pub use task::{TASK_NAME_CHARS_MAX, TASK_SCHEDULE_MAX, TASK_TIMEOUT_MS_MAX, TASK_WAIT_MS_MAX};
pub use task_certificates::{CERTIFICATES_CHARS_MAX, ClientCertificate};
pub use types::*;
pub use walk::PROBLEMS_MAX;
