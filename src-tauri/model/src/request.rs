//! An inbound request as it is recorded: masked, with credentials and secret state taken out.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::ids::{FileId, FlowId, JobId, RequestId};
use crate::status::Verdict;

/// Why a request was not simply accepted. The caller never learns more than the answer's status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// A stable name: `wrong_key`, `too_large`, `malformed`, …
    pub code: String,
    /// What was wrong, for the owner of the endpoint. Masked.
    pub message: String,
}

/// One inbound request, as it goes to disk. Nothing in here is secret in clear.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestRecord {
    /// Its id, also the answer's `X-Request-Id`.
    pub id: RequestId,
    /// When its head had arrived, Unix milliseconds.
    pub at_ms: i64,
    /// The endpoint's name.
    pub endpoint: String,
    /// The endpoint's flow.
    pub flow_id: FlowId,
    /// GET, POST, …
    pub method: String,
    /// Path and query as shown: keys and tokens are masked.
    pub path: String,
    /// The peer's address, without the port.
    pub remote_address: String,
    /// Lower-case names and values in the order received; credential headers are masked.
    pub headers: Vec<(String, String)>,
    /// The credential headers as a JSON object, sealed with the workspace's key; none if there were none.
    pub sealed_headers: Option<Vec<u8>>,
    /// The body after secret state was taken out; empty for requests whose body was not read or must not be kept.
    pub body: Vec<u8>,
    /// What lies in files: uploads of a form, or a whole body that is no text.
    pub files: Vec<StoredFile>,
    /// The length of the body as received, after a Content-Encoding was taken off.
    pub body_bytes: u64,
    /// SHA-256 of the body as received, hex; none if the body was not read to its end.
    pub body_sha256: Option<String>,
    /// What became of it.
    pub verdict: Verdict,
    /// The HTTP status of our answer.
    pub status: u16,
    /// Why it was not simply accepted.
    pub reason: Option<Reason>,
    /// How it reached its endpoint, where that says more than the path.
    pub way: Option<Way>,
}

/// How a request reached its endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// By a URL with a token.
    Token {
        /// The token's name.
        name: String,
    },
    /// By the user's own path.
    Path {
        /// What stood in the place of each parameter, decoded. Masked.
        parameters: Map<String, Value>,
    },
}

impl RequestRecord {
    /// The parameters of the path, as templates see them.
    pub fn path_parameters(&self) -> Map<String, Value> {
        match &self.way {
            Some(Way::Path { parameters }) => parameters.clone(),
            Some(Way::Token { .. }) | None => Map::new(),
        }
    }
}

/// Calls by an endpoint's name come here, and bring parameters of their own.
const CALL_PATH: &str = "/api/call/";

impl RequestRecord {
    /// What the caller's own system calls this call: the `correlationId` of `/api/call`. Masked, as the path is.
    pub fn correlation_id(&self) -> Option<String> {
        self.call_parameter("correlationId")
    }

    /// A parameter of `/api/call`, if it is there and not empty.
    pub fn call_parameter(&self, wanted: &str) -> Option<String> {
        parameter_in(&self.path, wanted)
    }
}

fn parameter_in(target: &str, wanted: &str) -> Option<String> {
    let (path, query) = target.split_once('?')?;
    path.starts_with(CALL_PATH).then_some(())?;
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    let (_, value) = pairs.find(|(name, value)| name == wanted && !value.is_empty())?;
    Some(value.into_owned())
}

/// The context (see `SealKey::seal`) of a request's sealed credential headers.
pub fn sealed_headers_context(id: RequestId) -> Vec<u8> {
    format!("request headers {id}").into_bytes()
}

/// The context (see `SealKey::seal`) of a job's sealed secret state. The id is that of the call that began the job.
pub fn secret_state_context(id: RequestId) -> Vec<u8> {
    format!("secret state {id}").into_bytes()
}

/// A recorded request, as it is read back.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRequest {
    /// What was recorded.
    pub record: RequestRecord,
    /// The job that it began.
    pub job_id: Option<JobId>,
    /// The request that it repeats.
    pub duplicate_of: Option<RequestId>,
}

/// A file that came with a request. Its bytes are kept exact, in a file of the data folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Its id, which is also its name on disk.
    pub id: FileId,
    /// The field of the form that it came in; none if it is the whole body.
    pub field: Option<String>,
    /// The name that the sender gave. It is data, never a path of ours.
    pub name: Option<String>,
    /// The type that the sender gave; empty if there was none.
    pub content_type: String,
    /// How long it is.
    pub byte_count: u64,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
}

impl StoredFile {
    /// What memory holds in its place.
    pub fn to_memory(&self) -> Value {
        let mut memory = json!({
            "file_id": self.id,
            "content_type": self.content_type,
            "byte_count": self.byte_count,
        });
        if let Some(name) = &self.name {
            memory["name"] = name.as_str().into();
        }
        memory["sha256"] = self.sha256.as_str().into();
        memory
    }
}

/// The uploads of a form by their fields: a field once is the file, more often a list in order.
pub fn uploads(files: &[StoredFile]) -> Map<String, Value> {
    let mut fields = Map::new();
    for file in files {
        if let Some(field) = &file.field {
            put_field(&mut fields, field, file.to_memory());
        }
    }
    fields
}

/// Puts a value under a form's name: there once it is itself, more often a list in order.
pub fn put_field(fields: &mut Map<String, Value>, name: &str, value: Value) {
    match fields.get_mut(name) {
        None => {
            fields.insert(name.to_owned(), value);
        }
        Some(Value::Array(values)) => values.push(value),
        Some(first) => {
            let first_value = first.take();
            *first = Value::Array(vec![first_value, value]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_call_to_an_endpoint_by_its_name_brings_parameters() {
        for (target, expected) in [
            (
                "/api/call/orders?id=order%207&apiCallType=SYNC",
                Some("order 7"),
            ),
            ("/api/call/orders?correlationId=x&id=a&id=b", Some("a")),
            ("/api/call/orders?id=", None),
            ("/api/call/orders", None),
            ("/api/webhook/local/orders?id=7", None),
            ("/hook/x?id=7", None),
        ] {
            assert_eq!(parameter_in(target, "id").as_deref(), expected, "{target}");
        }
        let target = "/api/call/orders?id=a&correlationId=trace%2D7";
        assert_eq!(
            parameter_in(target, "correlationId").as_deref(),
            Some("trace-7")
        );
    }
}
