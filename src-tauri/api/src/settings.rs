//! Operations on the workspace's settings.

use axum::extract::State;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::identity::{CanManage, CanRead};
use crate::input::Body;
use crate::state::ApiState;
use http::StatusCode;

/// The setting's name in the database.
pub const PUBLIC_URL: &str = "public_url";
/// The longest public URL.
const PUBLIC_URL_CHARS_MAX: usize = 1_000;

/// The workspace's settings.
#[utoipa::path(get, path = "/settings", tag = "settings", security(("bearer" = ["read"])),
    responses((status = 200, description = "The settings", body = Settings)))]
pub(crate) async fn get_settings(
    _: CanRead,
    State(state): State<ApiState>,
) -> Result<Answer<Settings>, Error> {
    Ok(Answer(read(&state).await?))
}

/// Changes settings. One that is not given stays as it is; null is the default again.
#[utoipa::path(patch, path = "/settings", tag = "settings", security(("bearer" = ["manage"])),
    request_body = SettingsChange,
    responses((status = 200, description = "The settings as they are now", body = Settings)))]
pub(crate) async fn change_settings(
    _: CanManage,
    State(state): State<ApiState>,
    Body(change): Body<SettingsChange>,
) -> Result<Answer<Settings>, Error> {
    let SettingsChange { public_url } = change;
    if let Some(url) = public_url {
        let url = url.as_deref().map(checked).transpose()?;
        let text = serde_json::to_string(&url).map_err(Error::internal)?;
        state.store.put_setting(PUBLIC_URL, &text).await?;
        state.host.public_url_changed(url);
    }
    Ok(Answer(read(&state).await?))
}

/// The workspace's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Settings {
    /// Where senders reach the receiver, if that is not its own address: a tunnel or a proxy.
    pub public_url: Option<String>,
}

/// Settings to change.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct SettingsChange {
    /// An http or https URL without query, or null for the receiver's own address.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub public_url: Option<Option<String>>,
}

/// Tells null from what was not given.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(from).map(Some)
}

async fn read(state: &ApiState) -> Result<Settings, Error> {
    let public_url = match state.store.setting(PUBLIC_URL).await? {
        Some(text) => serde_json::from_str(&text).map_err(Error::internal)?,
        None => None,
    };
    Ok(Settings { public_url })
}

/// The URL without a slash at the end.
fn checked(text: &str) -> Result<String, Error> {
    let refused = || {
        let message = "This is no URL that senders could call.";
        Error::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            ErrorCode::ValueInvalid,
            message,
        )
        .hint("Give one such as https://hooks.shop.example, without a query, a user or a fragment.")
    };
    let url = url::Url::parse(text).map_err(|_| refused())?;
    let is_fine = matches!(url.scheme(), "http" | "https")
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
        && text.len() <= PUBLIC_URL_CHARS_MAX;
    if !is_fine {
        return Err(refused());
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_one_that_a_sender_can_call() {
        assert_eq!(
            checked("https://Hooks.Shop.example:443/in/")
                .ok()
                .as_deref(),
            Some("https://hooks.shop.example/in")
        );
        for text in [
            "",
            "hooks.example",
            "ftp://a.example",
            "https://a.example/?b",
            "https://u:p@a.example",
            "https://a.example/#b",
        ] {
            assert!(checked(text).is_err(), "{text}");
        }
    }
}
