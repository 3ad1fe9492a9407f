//! What a request's bytes mean: the value that memory gets, by content type; and the state that comes with it.
//!
//! It keeps no bytes and makes no ids: a body that is no text gets its `file_id` from whoever stores it.

mod form;
mod parse;
mod recorded;
mod schema;
mod state;
mod text;

pub use form::{parse_form, parse_query};
pub use parse::{
    BODY_DEPTH_MAX, BodyForm, BodyValue, FORM_FIELDS_MAX, Malformed, is_guessed_content_type,
    is_json_content_type, is_multipart_content_type, is_stored_content_type, parse,
};
pub use recorded::recorded;
pub use schema::{BodySchema, SchemaError};
pub use state::{
    SECRET_STATE_PUT, StateError, TakenState, mentions_secret_state, take_secret_state,
};
