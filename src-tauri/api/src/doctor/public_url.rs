//! The URL that senders are told to call. It is looked up and never called: whoever answers there is a stranger.

use std::net::IpAddr;
use std::time::Duration;

use url::{Host, Url};

use super::finding::{Finding, FindingArea};
use crate::error::Error;
use crate::settings::PUBLIC_URL;
use crate::state::ApiState;

/// A name is looked up within this time.
const LOOKUP_MS_MAX: u64 = 3_000;

pub(super) async fn examine(state: &ApiState) -> Result<Vec<Finding>, Error> {
    let text = state.store.setting(PUBLIC_URL).await?;
    let kept: Option<String> = text
        .and_then(|text| serde_json::from_str(&text).ok())
        .flatten();
    let Some(kept) = kept else {
        let own = state.host.receiver_url();
        let what = format!("None is set: shown URLs begin with {own}.");
        return Ok(vec![Finding::fine(FindingArea::PublicUrl, what)]);
    };
    let Ok(url) = Url::parse(&kept) else {
        let found = Finding::wrong(FindingArea::PublicUrl, format!("{kept} is no URL."));
        return Ok(vec![found.hint(
            "Set it again in the settings, or with `hookloom setting set public_url URL`.",
        )]);
    };
    if let Some(Host::Domain(name)) = url.host()
        && name != "localhost"
        && let Some(problem) = lookup(name).await
    {
        let found = Finding::wrong(
            FindingArea::PublicUrl,
            format!("The name {name} of {kept} is not found."),
        );
        return Ok(vec![found.why(problem).hint(
            "Senders cannot find it either, unless they use another name service. Look at the tunnel or the name's records.",
        )]);
    }
    Ok(vec![judge(&url)])
}

/// Why the name has no address; nothing if it has.
async fn lookup(name: &str) -> Option<String> {
    let patience = Duration::from_millis(LOOKUP_MS_MAX);
    match tokio::time::timeout(patience, tokio::net::lookup_host((name, 443))).await {
        Ok(Ok(mut found)) => found
            .next()
            .is_none()
            .then(|| "It has no address.".to_owned()),
        Ok(Err(error)) => Some(format!("The system says: {error}.")),
        Err(_) => Some(format!(
            "No name service answered within {LOOKUP_MS_MAX} ms."
        )),
    }
}

fn judge(url: &Url) -> Finding {
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => is_local(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => is_local(IpAddr::V6(ip)),
        None => true,
    };
    let shown = url.as_str().trim_end_matches('/');
    if is_here {
        return Finding::notice(
            FindingArea::PublicUrl,
            format!("{shown} reaches this computer only."),
        )
        .why("Its host is an address of this computer itself.")
        .hint("Set the URL that others call, or none.");
    }
    if url.scheme() == "http" {
        return Finding::notice(FindingArea::PublicUrl, format!("{shown} is not encrypted."))
            .why("Keys in URLs and what senders send can be read on the way.")
            .hint("Use https, as tunnels and proxies offer it.");
    }
    Finding::fine(
        FindingArea::PublicUrl,
        format!("Shown URLs begin with {shown}."),
    )
}

fn is_local(ip: IpAddr) -> bool {
    ip.is_loopback() || ip.is_unspecified()
}

#[cfg(test)]
mod tests {
    use super::super::finding::FindingState::{self, Fine, Notice};
    use super::*;

    #[test]
    fn a_url_that_only_this_computer_reaches_or_that_is_open_is_worth_knowing() {
        let state = |text: &str| -> FindingState { judge(&Url::parse(text).expect(text)).state };
        assert_eq!(state("https://hooks.shop.example"), Fine);
        assert_eq!(state("http://hooks.shop.example/in"), Notice);
        assert_eq!(state("https://localhost:8080"), Notice);
        assert_eq!(state("https://127.0.0.1"), Notice);
        assert_eq!(state("https://[::1]"), Notice);
    }
}
