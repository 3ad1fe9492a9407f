//! Operations on secrets. A value comes in and never goes out.

use std::collections::BTreeMap;

use axum::extract::State;
use hookloom_secrets::ListedSecret;
use hookloom_sensitive::Sensitive;
use hookloom_signature::remote_step;
use http::StatusCode;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::flows::secret_names_in;
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
    State(state): State<ApiState>,
) -> Result<Answer<SecretList>, Error> {
    let mut uses = uses(&state).await?;
    let mut items = Vec::new();
    for listed in state.secrets.list().await? {
        let ListedSecret {
            name,
            created_at_ms,
            updated_at_ms,
            version: _,
            readable,
            short,
        } = listed;
        items.push(Secret {
            used_by: uses.remove(&name).unwrap_or_default(),
            name,
            state: if readable {
                SecretState::Stored
            } else {
                SecretState::Unreadable
            },
            masked_only_whole: short,
            created_at: Some(At::from_ms(created_at_ms)),
            updated_at: Some(At::from_ms(updated_at_ms)),
        });
    }
    let missing = uses.into_iter().map(|(name, used_by)| Secret {
        name,
        state: SecretState::Missing,
        used_by,
        masked_only_whole: false,
        created_at: None,
        updated_at: None,
    });
    items.extend(missing);
    items.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Answer(SecretList { items }))
}

/// Sets a secret, or gives it a new value.
#[utoipa::path(put, path = "/secrets/{name}", tag = "secrets", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The secret's name")),
    request_body = SecretValue,
    responses((status = 204, description = "Set")))]
pub(crate) async fn set_secret(
    _: CanManage,
    State(state): State<ApiState>,
    Named(name): Named,
    Body(given): Body<SecretValue>,
) -> Result<StatusCode, Error> {
    state.secrets.set(&name, given.value).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a key for remote steps and sets the secret to it. The answer is the only place where it can ever be read.
#[utoipa::path(post, path = "/secrets/{name}/generate", tag = "secrets", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The secret's name")),
    request_body = GenerateSecret,
    responses((status = 201, description = "Made", body = SecretMade)))]
pub(crate) async fn generate_secret(
    _: CanManage,
    State(state): State<ApiState>,
    Named(name): Named,
    Body(GenerateSecret { replace }): Body<GenerateSecret>,
) -> Result<(StatusCode, Answer<SecretMade>), Error> {
    let mut known = state.secrets.list().await?.into_iter();
    if !replace && known.any(|listed| listed.name == name) {
        let message = format!("There is a secret named `{name}` already.");
        return Err(
            Error::new(StatusCode::CONFLICT, ErrorCode::NameTaken, message).hint(
                "Choose another name, or say that its value is to be replaced (`--replace`).",
            ),
        );
    }
    let key = new_key()?;
    state.secrets.set(&name, key.clone()).await?;
    let made = SecretMade {
        name,
        standard_webhooks: remote_step::standard_webhooks_secret(key.expose()),
        value: key.expose().clone(),
    };
    Ok((StatusCode::CREATED, Answer(made)))
}

/// `wsk_` and 32 letters and digits, each as likely as the other.
fn new_key() -> Result<Sensitive<String>, Error> {
    const SIGNS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut key = remote_step::KEY_PREFIX.to_owned();
    let mut bytes = [0; 64];
    while key.len() < remote_step::KEY_PREFIX.len() + remote_step::KEY_CHARS {
        getrandom::fill(&mut bytes).map_err(Error::internal)?;
        // Larger numbers would make the first signs likelier.
        let fair = bytes
            .iter()
            .filter(|byte| usize::from(**byte) < 4 * SIGNS.len());
        let signs = fair.map(|byte| char::from(SIGNS[usize::from(*byte) % SIGNS.len()]));
        let missing = remote_step::KEY_PREFIX.len() + remote_step::KEY_CHARS - key.len();
        key.extend(signs.take(missing));
    }
    Ok(Sensitive::new(key))
}

/// Deletes a secret. Flows that name it fail until it is set again.
#[utoipa::path(delete, path = "/secrets/{name}", tag = "secrets", security(("bearer" = ["manage"])),
    params(("name" = String, Path, description = "The secret's name")),
    responses((status = 204, description = "Deleted")))]
pub(crate) async fn delete_secret(
    _: CanManage,
    State(state): State<ApiState>,
    Named(name): Named,
) -> Result<StatusCode, Error> {
    if !state
        .secrets
        .list()
        .await?
        .iter()
        .any(|row| row.name == name)
    {
        let message = format!("There is no secret named `{name}`.");
        return Err(Error::not_found(ErrorCode::SecretNotFound, message));
    }
    state.secrets.delete(&name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The value of a secret, on its way in.
#[derive(Deserialize, ToSchema)]
pub struct SecretValue {
    /// Exactly these characters.
    #[serde(deserialize_with = "sensitive")]
    #[schema(value_type = String, format = Password, write_only)]
    pub value: Sensitive<String>,
}

/// How a key is made.
#[derive(Debug, Deserialize, ToSchema)]
pub struct GenerateSecret {
    /// Whether a secret of that name gets the new value; else it is left alone and the call refused.
    #[serde(default)]
    pub replace: bool,
}

/// A key that was made.
#[derive(Serialize, ToSchema)]
pub struct SecretMade {
    pub name: String,
    /// Shown once.
    pub value: String,
    /// The same key as a secret of Standard Webhooks; shown once.
    pub standard_webhooks: String,
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
    /// It has fewer than six characters, so it is masked only where it is a whole field.
    pub masked_only_whole: bool,
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

/// Where flows name secrets: in their drafts, and in what is published.
async fn uses(state: &ApiState) -> Result<BTreeMap<String, Vec<SecretUse>>, Error> {
    let mut uses: BTreeMap<String, Vec<SecretUse>> = BTreeMap::new();
    for flow in state.store.flows().await? {
        for text in [Some(flow.draft.as_str()), flow.published.as_deref()]
            .into_iter()
            .flatten()
        {
            let document = serde_json::from_str(text).map_err(Error::internal)?;
            for (name, place) in secret_names_in(&document) {
                let used = SecretUse {
                    flow: flow.name.clone(),
                    place,
                };
                let known = uses.entry(name).or_default();
                if !known.contains(&used) {
                    known.push(used);
                }
            }
        }
    }
    Ok(uses)
}
