//! An inbound request with its headers, its body and what was checked.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::summary::RequestSummary;
use crate::named::named;
use crate::parts::Header;

/// An inbound request with its headers, its body and what was checked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RequestDetail {
    #[serde(flatten)]
    pub summary: RequestSummary,
    /// The peer's address, without the port.
    pub remote_address: String,
    /// The name of the token in its URL, if it came by one.
    pub token: Option<String>,
    /// What the caller's own system calls it: the `correlationId` of `/api/call`.
    pub correlation_id: Option<String>,
    /// The parameters of its path.
    #[schema(value_type = Object)]
    pub path_parameters: Map<String, Value>,
    pub content_type: Option<String>,
    /// Lower-case names, in the order received; credentials are masked.
    pub headers: Vec<Header>,
    pub body: RequestBody,
    /// What lies in files: the uploads of a form, or a whole body that is no text.
    pub files: Vec<RequestFile>,
    /// SHA-256 of the body as received, hex; null if it was not read to its end.
    pub body_sha256: Option<String>,
    /// The request that it repeats.
    pub duplicate_of: Option<String>,
    /// In the order in which they were made.
    pub checks: Vec<Check>,
}

/// A file that came with a request. `GET /requests/{id}/files/{file_id}` gives its bytes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RequestFile {
    /// `fil_…`
    pub file_id: String,
    /// The field of the form that it came in; null if it is the whole body.
    pub field: Option<String>,
    /// The name that the sender gave.
    pub name: Option<String>,
    /// The type that the sender gave; empty if there was none.
    pub content_type: String,
    pub byte_count: u64,
    /// Hex.
    pub sha256: String,
}

/// The body as it is kept: without secret state.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RequestBody {
    /// The body, if it is text.
    pub text: Option<String>,
    /// The body, if it is not.
    pub base64: Option<String>,
    /// Whether only its beginning is given here.
    pub truncated: bool,
    pub kind: BodyKind,
}

named!(
    /// What the bytes of a body were taken for.
    BodyKind { Json = "json", Form = "form", Text = "text", Binary = "binary", Empty = "empty" }
);

/// One check on the way in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Check {
    pub name: CheckName,
    /// Null if the request did not get so far.
    pub ok: Option<bool>,
    /// What was found.
    pub message: String,
}

named!(
    /// The checks of the receiver, in their order.
    CheckName {
        PathMethod = "path_method", Limits = "limits", Authentication = "authentication",
        SizeType = "size_type", Format = "format", FlowState = "flow_state",
    }
);
