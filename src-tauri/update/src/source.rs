//! Where releases are asked about, and whose signature is believed.

use std::fmt;

use minisign_verify::PublicKey;
use url::{Host, Url};

use crate::error::{Error, Kind};

/// Where this build asks, if whoever built it said so: the project has no address and no key of its own.
const BUILT_IN_URL: Option<&str> = option_env!("HOOKLOOM_UPDATE_URL");
/// Whose signature this build believes.
const BUILT_IN_KEY: Option<&str> = option_env!("HOOKLOOM_UPDATE_KEY");
/// The longest address.
pub(crate) const URL_CHARS_MAX: usize = 2_000;

/// A manifest's address, and the key that signed it.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    url: Url,
    key: TrustedKey,
}

/// The public key of whoever makes releases.
#[derive(Clone, PartialEq)]
pub struct TrustedKey {
    text: String,
    key: PublicKey,
}

/// Where this build asks; none if it asks nobody.
///
/// # Errors
/// It was built with one of the two, or with something that is none.
pub fn built_in() -> Result<Option<Source>, Error> {
    of_build(BUILT_IN_URL, BUILT_IN_KEY)
}

fn of_build(url: Option<&str>, key: Option<&str>) -> Result<Option<Source>, Error> {
    let given = |text: Option<&str>| {
        text.map(str::trim)
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
    };
    match (given(url), given(key)) {
        (None, None) => Ok(None),
        (Some(url), Some(key)) => Source::parse(&url, &key).map(Some),
        _ => Err(Error::new(
            Kind::SourceInvalid,
            "This build has an address for updates without a key, or a key without an address",
            "It has to be built with both HOOKLOOM_UPDATE_URL and HOOKLOOM_UPDATE_KEY, or with neither.",
        )),
    }
}

impl Source {
    /// An address and a key as a person writes them.
    ///
    /// # Errors
    /// One of them is none.
    pub fn parse(url: &str, key: &str) -> Result<Self, Error> {
        Ok(Self {
            url: checked(url)?,
            key: TrustedKey::parse(key)?,
        })
    }

    /// Another address for releases of the same key: a mirror.
    ///
    /// # Errors
    /// It is none.
    pub fn mirrored(&self, url: &str) -> Result<Self, Error> {
        Ok(Self {
            url: checked(url)?,
            key: self.key.clone(),
        })
    }

    /// The manifest's address.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Whose signature is believed.
    pub fn key(&self) -> &TrustedKey {
        &self.key
    }
}

/// An address that may be asked: over https, or on this computer.
fn checked(text: &str) -> Result<Url, Error> {
    let refused = |why: &str| {
        Error::new(
            Kind::SourceInvalid,
            format!("This is no address that updates can come from: {why}"),
            "Give the manifest's own URL, such as https://releases.example/hookloom/release.json.",
        )
    };
    if text.len() > URL_CHARS_MAX {
        return Err(refused("it is too long"));
    }
    let url = Url::parse(text.trim()).map_err(|error| refused(&error.to_string()))?;
    if url.host().is_none() {
        return Err(refused("it names no host"));
    }
    if !is_fit(&url) {
        return Err(refused(
            "it has to begin with https://; http:// is for this computer alone",
        ));
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(refused("it may have no user, password or fragment"));
    }
    Ok(url)
}

/// Whether something may be read from there: on the way nobody can see or hold back what is asked for.
pub(crate) fn is_fit(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_this_computer(url))
}

fn is_this_computer(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => {
            let bare = name.trim_end_matches('.').to_ascii_lowercase();
            bare == "localhost" || bare.ends_with(".localhost")
        }
        None => false,
    }
}

impl TrustedKey {
    /// The line of a `minisign.pub` file that begins with `RW`, or the whole file.
    ///
    /// # Errors
    /// It is no public key of minisign.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let line = text.lines().map(str::trim).rfind(|line| !line.is_empty());
        let line = line.unwrap_or_default();
        let key = PublicKey::from_base64(line).map_err(|_| {
            Error::new(
                Kind::SourceInvalid,
                "This is no public key of minisign",
                "Give the last line of the `minisign.pub` of whoever makes the releases: 56 characters that begin with RW.",
            )
        })?;
        Ok(Self {
            text: line.to_owned(),
            key,
        })
    }

    /// The key as one line.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn key(&self) -> &PublicKey {
        &self.key
    }
}

impl fmt::Debug for TrustedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of minisign's own documentation.
    const KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";

    #[test]
    fn releases_come_over_https_or_from_this_computer() {
        for url in [
            "https://releases.example/release.json",
            "https://10.0.0.7/release.json?channel=a",
            "http://127.0.0.1:8080/release.json",
            "http://[::1]/release.json",
            "http://localhost/release.json",
        ] {
            assert!(Source::parse(url, KEY).is_ok(), "{url}");
        }
        for url in [
            "",
            "releases.example",
            "http://releases.example/release.json",
            "http://10.0.0.7/release.json",
            "http://127.0.0.1.example/release.json",
            "http://localhost.example/release.json",
            "ftp://releases.example/release.json",
            "file:///release.json",
            "https://me:pw@releases.example/release.json",
            "https://releases.example/release.json#part",
        ] {
            let refused = Source::parse(url, KEY).expect_err(url);
            assert_eq!(refused.kind(), Kind::SourceInvalid, "{url}");
        }
    }

    #[test]
    fn a_key_is_one_line_or_the_whole_file() {
        let file = format!("untrusted comment: minisign public key\n{KEY}\n");
        let (line, file) = (TrustedKey::parse(KEY), TrustedKey::parse(&file));
        assert_eq!(line.map(|it| it.text), file.map(|it| it.text));
        for text in ["", "RWQ", &KEY[..55], &KEY.replace("RW", "XX")] {
            let refused = TrustedKey::parse(text).expect_err(text);
            assert_eq!(refused.kind(), Kind::SourceInvalid, "{text}");
        }
    }

    #[test]
    fn a_build_has_both_or_asks_nobody() {
        let url = "https://releases.example/release.json";
        assert_eq!(of_build(None, None), Ok(None));
        // A workflow that has no such variable gives an empty one.
        assert_eq!(of_build(Some(""), Some(" ")), Ok(None));
        let source = of_build(Some(url), Some(KEY)).expect("both are sound");
        assert_eq!(source.expect("it asks").url().as_str(), url);
        for (url, key) in [(Some(url), None), (None, Some(KEY)), (Some(url), Some(""))] {
            let refused = of_build(url, key).expect_err("half of it");
            assert_eq!(refused.kind(), Kind::SourceInvalid);
        }
    }
}
