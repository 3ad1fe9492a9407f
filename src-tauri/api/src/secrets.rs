//! Operations on secrets. A value comes in and never goes out.

use axum::extract::State;
use hookloom_sensitive::Sensitive;
use http::StatusCode;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::Error;
use crate::identity::{CanManage, CanRead};
use crate::input::{Body, Named};
use crate::named::named;
use crate::state::ApiState;
use crate::time::At;

/// Every secret that is stored, and every one that a flow names and nobody has set.
#[utoipa::path(get, path = "/secrets", tag = "secrets", security(("bearer" = ["read"])),
    responses((status = 200, description = "All secrets, by name", body = SecretList)))]
pub(crate) async fn list_secrets(
    _: CanRead,
    State(_state): State<ApiState>,
) -> Result<Answer<SecretList>, Error> {
    Err(Error::unavailable())
}

/// Sets a secret, or gives it a new value.
#[utoipa::path(put, path = "/secrets/{name}", tag = "secrets", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The secret's name")),
    request_body = SecretValue,
    responses((status = 204, description = "Set")))]
pub(crate) async fn set_secret(
    _: CanManage,
    State(_state): State<ApiState>,
    Named(_name): Named,
    Body(_value): Body<SecretValue>,
) -> Result<StatusCode, Error> {
    Err(Error::unavailable())
}

/// Deletes a secret. Flows that name it fail until it is set again.
#[utoipa::path(delete, path = "/secrets/{name}", tag = "secrets", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The secret's name")),
    responses((status = 204, description = "Deleted")))]
pub(crate) async fn delete_secret(
    _: CanManage,
    State(_state): State<ApiState>,
    Named(_name): Named,
) -> Result<StatusCode, Error> {
    Err(Error::unavailable())
}

/// The value of a secret, on its way in.
#[derive(Deserialize, ToSchema)]
pub struct SecretValue {
    /// Exactly these characters.
    #[serde(deserialize_with = "sensitive")]
    #[schema(value_type = String, format = Password, write_only)]
    pub value: Sensitive<String>,
}

fn sensitive<'de, D: Deserializer<'de>>(from: D) -> Result<Sensitive<String>, D::Error> {
    String::deserialize(from).map(Sensitive::new)
}

/// All secrets, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecretList {
    pub items: Vec<Secret>,
}

/// A secret: its name, never its value.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Secret {
    pub name: String,
    pub state: SecretState,
    /// Where flows name it, in drafts and published versions.
    pub used_by: Vec<SecretUse>,
    pub created_at: Option<At>,
    pub updated_at: Option<At>,
}

named!(
    /// Whether a secret's value can be had.
    SecretState { Stored = "stored", Unreadable = "unreadable", Missing = "missing" }
);

/// A place in a flow that names a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SecretUse {
    /// The flow's name.
    pub flow: String,
    /// A JSON pointer into its document.
    pub place: String,
}
