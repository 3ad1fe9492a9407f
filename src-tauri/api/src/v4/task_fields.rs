//! What a caller of `/v4` says of a webhook task, and what that is in a flow document.

use hookloom_model::OutputId;
use hookloom_sensitive::Sensitive;
use http::StatusCode;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::error::{Error, ErrorCode};
use crate::state::ApiState;

/// What a webhook task is to be. When one is made, `flow`, `name`, `url` and `triggerEvent` are needed. A field that
/// is not given has its default, or stays as it is when a task is changed.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookFlowTaskFields {
    /// Whose task.
    #[serde(default)]
    pub flow: Option<TaskFlow>,
    /// The same as `flow`, by the id alone.
    #[serde(default)]
    pub flow_id: Option<i64>,
    /// Unique in the flow.
    #[serde(default)]
    pub name: Option<String>,
    /// Template of an http or https URL.
    #[serde(default)]
    pub url: Option<String>,
    /// `job_succeeded`, `job_failed` or `job_finished`; `onJobSuccess`, `onJobFailure` and `onJobDone` are the same.
    #[serde(default)]
    pub trigger_event: Option<String>,
    /// `any_job`, or `{"outputs": […]}` with names or ids of outputs.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub trigger_object: Option<Value>,
    /// Names and templates; or a list of `{"key", "value"}`.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub headers: Option<Value>,
    /// Template; only for POST, PUT and PATCH. JSON that is no text is written as text. Null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub body: Option<Value>,
    /// GET, POST, PUT, PATCH or DELETE, in any case; POST if none is given.
    #[serde(default)]
    pub method: Option<String>,
    /// The name of a stored secret that signs. Null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub secret: Option<Value>,
    /// The key itself, instead of `secret`: it becomes a stored secret of the task's own and is never shown again.
    #[serde(default, deserialize_with = "sensitive")]
    #[schema(value_type = Option<String>, format = Password, write_only)]
    pub secret_key: Option<Sensitive<String>>,
    /// How the message is signed.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub scheme: Option<Value>,
    /// Whether a bad certificate ends an attempt.
    #[serde(default, alias = "validateSSL", alias = "sslVerification")]
    pub validate_ssl: Option<bool>,
    /// Whether a failed attempt is followed by others.
    #[serde(default)]
    pub retry_on_failure: Option<bool>,
    #[serde(default)]
    pub enabled: Option<bool>,
    /// Of one attempt.
    #[serde(default)]
    pub timeout_ms: Option<i64>,
    #[serde(flatten)]
    #[schema(ignore)]
    rest: Map<String, Value>,
}

/// A flow by its id.
#[derive(Debug, Clone, Copy, Deserialize, serde::Serialize, ToSchema)]
pub struct TaskFlow {
    pub id: i64,
}

/// What callers read and send back: it is theirs to send and not theirs to change.
const READ_ONLY: &[&str] = &["id", "disabledReason", "createdAt", "updatedAt"];

impl WebhookFlowTaskFields {
    /// The id of the flow that is named.
    pub(super) fn flow(&self) -> Option<i64> {
        self.flow.map(|flow| flow.id).or(self.flow_id)
    }

    /// The keys of a task in a flow document that these fields set; null takes a key away.
    pub(super) async fn keys(&self, state: &ApiState) -> Result<Map<String, Value>, Error> {
        let unknown = self
            .rest
            .keys()
            .find(|key| !READ_ONLY.contains(&key.as_str()));
        if let Some(unknown) = unknown {
            let shown: String = unknown.chars().take(80).collect();
            let message = format!("A webhook task has no field `{shown}`.");
            return Err(
                Error::new(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, message)
                    .hint("GET /api/v1/openapi.json describes its fields."),
            );
        }
        let mut keys = Map::new();
        let mut set = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                keys.insert(key.to_owned(), value);
            }
        };
        set("name", self.name.clone().map(Value::from));
        set("url", self.url.clone().map(Value::from));
        let method = self.method.as_deref().map(str::to_ascii_uppercase);
        set("method", method.map(Value::from));
        set("event", self.trigger_event.as_deref().map(event));
        set("object", object(self.trigger_object.as_ref(), state).await?);
        set("headers", self.headers.as_ref().map(headers).transpose()?);
        set("body", self.body.as_ref().map(body));
        set("secret", self.secret.clone());
        set("scheme", self.scheme.clone());
        set("validate_ssl", self.validate_ssl.map(Value::from));
        set("retry_on_failure", self.retry_on_failure.map(Value::from));
        set("timeout_ms", self.timeout_ms.map(Value::from));
        set("enabled", self.enabled.map(Value::from));
        Ok(keys)
    }
}

/// What is no known name is left for the document's check, which lists the known ones.
fn event(name: &str) -> Value {
    match name {
        "onJobSuccess" => "job_succeeded",
        "onJobFailure" => "job_failed",
        "onJobDone" => "job_finished",
        other => other,
    }
    .into()
}

async fn object(given: Option<&Value>, state: &ApiState) -> Result<Option<Value>, Error> {
    let Some(given) = given else { return Ok(None) };
    let Some(outputs) = given["outputs"].as_array() else {
        return Ok(Some(given.clone()));
    };
    let mut names = Vec::new();
    for output in outputs {
        let by_id = output.as_i64().or_else(|| output["id"].as_i64());
        names.push(match by_id {
            Some(id) => state
                .store
                .output(OutputId(id))
                .await
                .map_err(|error| match error {
                    hookloom_store::Error::NotFound { what } => {
                        Error::not_found(ErrorCode::OutputUnknown, format!("There is no {what}."))
                            .hint("`hookloom flow list --json` shows outputs with their ids.")
                    }
                    other => other.into(),
                })?
                .name
                .into(),
            None if output["name"].is_string() => output["name"].clone(),
            None => output.clone(),
        });
    }
    Ok(Some(json!({ "outputs": names })))
}

fn headers(given: &Value) -> Result<Value, Error> {
    let Some(pairs) = given.as_array() else {
        return Ok(given.clone());
    };
    let mut headers = Map::new();
    for pair in pairs {
        let (Some(name), value) = (pair["key"].as_str(), &pair["value"]) else {
            let message = "A header in a list is written as {\"key\", \"value\"}.";
            return Err(Error::new(
                StatusCode::BAD_REQUEST,
                ErrorCode::BadRequest,
                message,
            ));
        };
        if headers.insert(name.to_owned(), value.clone()).is_some() {
            let shown: String = name.chars().take(80).collect();
            let message = format!("The header `{shown}` is there twice.");
            return Err(Error::new(
                StatusCode::BAD_REQUEST,
                ErrorCode::BadRequest,
                message,
            ));
        }
    }
    Ok(headers.into())
}

fn body(given: &Value) -> Value {
    match given {
        Value::Null | Value::String(_) => given.clone(),
        json => json.to_string().into(),
    }
}

/// Tells null from what was not given.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(from).map(Some)
}

fn sensitive<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Sensitive<String>>, D::Error> {
    Ok(Option::<String>::deserialize(from)?
        .filter(|key| !key.is_empty())
        .map(Sensitive::new))
}
