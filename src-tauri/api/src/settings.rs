//! Operations on the workspace's settings.

use axum::extract::State;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::identity::{CanManage, CanRead};
use crate::input::Body;
use crate::network::{self, network_settings};
use crate::state::ApiState;
use crate::updates;
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
    let SettingsChange {
        public_url,
        system_trust,
        proxy_url,
        proxy_password,
        proxy_bypass,
        updates_daily,
    } = change;
    // All of them are checked before one is changed.
    let public_url = checked_by(public_url, checked)?;
    let texts = [
        (
            network::PROXY_URL,
            checked_by(proxy_url, network::checked_proxy)?,
        ),
        (
            network::PROXY_PASSWORD,
            checked_by(proxy_password, network::checked_password)?,
        ),
        (
            network::PROXY_BYPASS,
            checked_by(proxy_bypass, network::checked_bypass)?,
        ),
    ];
    for (name, text) in &texts {
        if let Some(text) = text {
            put(&state, name, text).await?;
        }
    }
    if let Some(system_trust) = system_trust {
        put(&state, network::SYSTEM_TRUST, &system_trust).await?;
    }
    if system_trust.is_some() || texts.iter().any(|(_, text)| text.is_some()) {
        let network = network_settings(&state.store).await?;
        state.host.network_changed(network);
    }
    if let Some(updates_daily) = updates_daily {
        put(&state, updates::DAILY, &updates_daily).await?;
    }
    if let Some(url) = public_url {
        put(&state, PUBLIC_URL, &url).await?;
        state.host.public_url_changed(url);
    }
    Ok(Answer(read(&state).await?))
}

/// The workspace's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Settings {
    /// Where senders reach the receiver, if that is not its own address: a tunnel or a proxy.
    pub public_url: Option<String>,
    /// Whether the system's certificates are believed in calls; else Mozilla's alone.
    pub system_trust: bool,
    /// The proxy that calls go through, except those to this computer. It looks names up, so the destination guard sees
    /// only names then.
    pub proxy_url: Option<String>,
    /// The name of the secret that is the password of the proxy's user.
    pub proxy_password: Option<String>,
    /// Hosts, domains and networks that are called without the proxy, separated by commas.
    pub proxy_bypass: Option<String>,
    /// Whether it is asked once a day whether there is a newer release. Off at first: nobody is asked without being told to.
    pub updates_daily: bool,
}

/// Settings to change.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct SettingsChange {
    /// An http or https URL without query, or null for the receiver's own address.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub public_url: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<bool>)]
    pub system_trust: Option<Option<bool>>,
    /// An http or https URL, with a user and without a password; null for none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub proxy_url: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub proxy_password: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub proxy_bypass: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<bool>)]
    pub updates_daily: Option<Option<bool>>,
}

/// Tells null from what was not given.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// What was given, checked.
fn checked_by(
    given: Option<Option<String>>,
    check: fn(&str) -> Result<String, Error>,
) -> Result<Option<Option<String>>, Error> {
    given
        .map(|text| text.as_deref().map(check).transpose())
        .transpose()
}

async fn put(state: &ApiState, name: &str, value: &impl Serialize) -> Result<(), Error> {
    let text = serde_json::to_string(value).map_err(Error::internal)?;
    Ok(state.store.put_setting(name, &text).await?)
}

async fn read(state: &ApiState) -> Result<Settings, Error> {
    let store = &state.store;
    Ok(Settings {
        public_url: network::read(store, PUBLIC_URL).await?,
        system_trust: network::read(store, network::SYSTEM_TRUST)
            .await?
            .unwrap_or(true),
        proxy_url: network::read(store, network::PROXY_URL).await?,
        proxy_password: network::read(store, network::PROXY_PASSWORD).await?,
        proxy_bypass: network::read(store, network::PROXY_BYPASS).await?,
        updates_daily: network::read(store, updates::DAILY).await?.unwrap_or(false),
    })
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
