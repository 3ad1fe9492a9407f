//! What a trial of a draft is given: results of steps, and a trigger.

use std::collections::BTreeMap;

use hookloom_engine::Pin;
use hookloom_sensitive::{CREDENTIAL_HEADERS, MASK};
use http::StatusCode;
use http::header::{HeaderName, HeaderValue};
use indexmap::IndexMap;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::document::entries_of;
use crate::error::{Error, ErrorCode};

/// Headers, or parameters of a query, that are given.
const FIELDS_MAX: usize = 100;
/// Their names and values together.
const FIELDS_BYTES_MAX: usize = 64 * 1024;

/// A trigger that somebody made up. It may hold anything: there is no `Debug`.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TriggerInput {
    /// In place of those of the job.
    #[schema(value_type = BTreeMap<String, String>)]
    pub headers: IndexMap<String, String>,
    /// Any JSON, also null; that of the job if it is left out.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Value)]
    pub body: Option<Value>,
    /// In place of those of the job.
    #[schema(value_type = BTreeMap<String, String>)]
    pub query: IndexMap<String, String>,
}

/// Null is an input too.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// Results of steps that shall not run.
pub(super) fn pins(
    data: Map<String, Value>,
    mut exit_codes: BTreeMap<String, String>,
) -> Result<IndexMap<String, Pin>, Error> {
    let mut pins = IndexMap::new();
    for (step, data) in data {
        let exit_code = exit_codes.remove(&step);
        if let Some(problem) = exit_code
            .as_deref()
            .and_then(hookloom_model::document::exit_code_problem)
        {
            return Err(invalid(format!(
                "The step `{step}` cannot end so: {problem}."
            )));
        }
        pins.insert(step, Pin { data, exit_code });
    }
    match exit_codes.keys().next() {
        None => Ok(pins),
        Some(step) => Err(invalid(format!(
            "There is an exit code for the step `{step}`, and no result in `pins`."
        ))),
    }
}

/// Headers as a trigger has them: lower-case names, and text that a header can be.
pub(super) fn headers(given: IndexMap<String, String>) -> Result<IndexMap<String, String>, Error> {
    check_size(&given, "header")?;
    let mut headers = IndexMap::new();
    for (name, value) in given {
        let parsed = HeaderName::try_from(name.as_str());
        let (Ok(name), Ok(_)) = (parsed, HeaderValue::from_str(&value)) else {
            return Err(invalid(
                "A name or a value in `headers` cannot stand in a header.".to_owned(),
            ));
        };
        let twice = headers.insert(name.as_str().to_owned(), value);
        if twice.is_some() {
            return Err(invalid(format!(
                "The header `{name}` is there twice in `headers`, once with other capital letters."
            )));
        }
    }
    Ok(headers)
}

/// Parameters of a query may be anything, within bounds.
pub(super) fn check_query(given: &IndexMap<String, String>) -> Result<(), Error> {
    check_size(given, "parameter")
}

/// Credentials are not recorded: a mask has their place, as in the record of a request.
pub(super) fn hide_credentials(headers: &mut IndexMap<String, String>, document: &Value) {
    let own = entries_of(document, "endpoints")
        .flat_map(|endpoint| entries_of(endpoint, "credential_headers"))
        .filter_map(Value::as_str)
        .map(str::to_ascii_lowercase);
    let known = CREDENTIAL_HEADERS.iter().map(|name| (*name).to_owned());
    for name in known.chain(own) {
        if let Some(value) = headers.get_mut(&name) {
            MASK.clone_into(value);
        }
    }
}

fn check_size(given: &IndexMap<String, String>, what: &str) -> Result<(), Error> {
    let bytes: usize = given
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum();
    if given.len() > FIELDS_MAX || bytes > FIELDS_BYTES_MAX {
        return Err(invalid(format!(
            "There are {} {what}s with {bytes} bytes; FIELDS_MAX = {FIELDS_MAX}, FIELDS_BYTES_MAX = {FIELDS_BYTES_MAX}.",
            given.len()
        )));
    }
    Ok(())
}

pub(super) fn invalid(message: String) -> Error {
    Error::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::ValueInvalid,
        message,
    )
    .hint("GET /api/v1/openapi.json describes every operation.")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn headers_get_lower_case_names_and_their_credentials_are_hidden() {
        let given = [
            ("Zone", "1"),
            ("X-Shop", "7"),
            ("Authorization", "Bearer abc"),
            ("X-Own", "s"),
        ];
        let given = given.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let mut headers = headers(given.into()).expect("sound headers");
        let document = json!({"endpoints": [{"credential_headers": ["X-Own"]}]});
        hide_credentials(&mut headers, &document);
        assert_eq!(headers["x-shop"], "7");
        assert_eq!(
            headers.get_index(0),
            Some((&"zone".to_owned(), &"1".to_owned()))
        );
        assert_eq!(
            (headers["authorization"].as_str(), headers["x-own"].as_str()),
            (MASK, MASK)
        );
        let broken = [("a b".to_owned(), String::new())];
        assert!(super::headers(broken.into()).is_err());
        let twice = ["X-A", "x-a"].map(|name| (name.to_owned(), String::new()));
        let refused = super::headers(twice.into()).expect_err("one of them would be lost");
        assert!(format!("{refused:?}").contains("x-a"), "{refused:?}");
    }

    #[test]
    fn an_exit_code_belongs_to_a_pin_and_is_one() {
        let data = json!({"ask": {"ok": true}})
            .as_object()
            .cloned()
            .expect("an object");
        let code = |step: &str, code: &str| BTreeMap::from([(step.to_owned(), code.to_owned())]);
        let made = pins(data.clone(), code("ask", "approved")).expect("both fit");
        assert_eq!(made["ask"].exit_code.as_deref(), Some("approved"));
        assert!(pins(data.clone(), code("other", "approved")).is_err());
        assert!(pins(data, code("ask", "*")).is_err());
    }
}
