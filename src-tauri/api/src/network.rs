//! How the network is reached, as settings: whom we believe, and through whom calls go.

use hookloom_engine::ports::{NetworkSettings, ProxySettings};
use hookloom_model::document::is_plain_name;
use hookloom_store::Store;
use http::StatusCode;
use serde::de::DeserializeOwned;
use url::Url;

use crate::error::{Error, ErrorCode};

/// The settings' names in the database.
pub(crate) const SYSTEM_TRUST: &str = "system_trust";
pub(crate) const PROXY_URL: &str = "proxy_url";
pub(crate) const PROXY_PASSWORD: &str = "proxy_password";
pub(crate) const PROXY_BYPASS: &str = "proxy_bypass";
/// The longest text of one of them.
const SETTING_CHARS_MAX: usize = 1_000;

/// How the network is reached today.
pub async fn network_settings(store: &Store) -> Result<NetworkSettings, Error> {
    let url: Option<String> = read(store, PROXY_URL).await?;
    let (password, bypass) = (
        read(store, PROXY_PASSWORD).await?,
        read(store, PROXY_BYPASS).await?,
    );
    let proxy = match url {
        Some(url) => Some(ProxySettings {
            url: Url::parse(&url).map_err(Error::internal)?,
            password,
            bypass,
        }),
        None => None,
    };
    Ok(NetworkSettings {
        system_trust: read(store, SYSTEM_TRUST).await?.unwrap_or(true),
        proxy,
    })
}

/// A setting; none if it is what it was at first.
pub(crate) async fn read<T: DeserializeOwned>(
    store: &Store,
    name: &str,
) -> Result<Option<T>, Error> {
    match store.setting(name).await? {
        Some(text) => serde_json::from_str(&text).map_err(Error::internal),
        None => Ok(None),
    }
}

/// The URL of a proxy: it never holds a password.
pub(crate) fn checked_proxy(text: &str) -> Result<String, Error> {
    let refused = |hint: &str| refused("This is no URL of an outgoing proxy.", hint);
    let form = "Give one such as http://proxy.example:3128, with a user before an @ if the proxy wants one.";
    let url = Url::parse(text).map_err(|_| refused(form))?;
    if url.password().is_some() {
        return Err(refused(
            "A password is never part of a setting: store it with `hookloom secret set NAME`, and give that NAME as \
             `proxy_password`.",
        ));
    }
    let is_fine = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && matches!(url.path(), "" | "/")
        && url.query().is_none()
        && url.fragment().is_none()
        && text.len() <= SETTING_CHARS_MAX;
    match is_fine {
        true => Ok(url.into()),
        false => Err(refused(form)),
    }
}

/// The name of the secret that is the proxy's password.
pub(crate) fn checked_password(name: &str) -> Result<String, Error> {
    match is_plain_name(name) {
        true => Ok(name.to_owned()),
        false => Err(refused(
            "This is no name of a secret.",
            "`proxy_password` names a stored secret; it is not the password itself.",
        )),
    }
}

/// Hosts that are called without the proxy.
pub(crate) fn checked_bypass(text: &str) -> Result<String, Error> {
    let hosts: Vec<&str> = text.split(',').map(str::trim).collect();
    let is_host = |host: &&str| {
        !host.is_empty()
            && host
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b".-:/_[]".contains(&b))
    };
    match hosts.iter().all(is_host) && text.len() <= SETTING_CHARS_MAX {
        true => Ok(hosts.join(",")),
        false => Err(refused(
            "These are no hosts to call without the proxy.",
            "List names, domains and networks, separated by commas: shop.example,.internal.example,10.0.0.0/8.",
        )),
    }
}

fn refused(message: &str, hint: &str) -> Error {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    Error::new(status, ErrorCode::ValueInvalid, message).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_a_host_to_call_and_never_a_password() {
        let proxy = checked_proxy("http://me@Proxy.example:3128");
        assert_eq!(proxy.ok().as_deref(), Some("http://me@proxy.example:3128/"));
        for text in [
            "",
            "proxy.example:3128",
            "socks5://proxy.example",
            "http://me:pw@proxy.example",
            "http://proxy.example/path",
            "http://proxy.example/?a",
        ] {
            assert!(checked_proxy(text).is_err(), "{text}");
        }
        assert!(checked_password("my password").is_err());
        let hosts = checked_bypass("shop.example, .internal.example,10.0.0.0/8,[::1]");
        assert_eq!(
            hosts.ok().as_deref(),
            Some("shop.example,.internal.example,10.0.0.0/8,[::1]")
        );
        for text in ["", "a,,b", "a b", "a;b"] {
            assert!(checked_bypass(text).is_err(), "{text}");
        }
    }
}
