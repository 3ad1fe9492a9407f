//! Which page of the workbench a link or an option opens. A link comes from anywhere: it names a page and nothing else,
//! so opening one changes nothing and sends nothing.

use std::fmt;

/// What links to Hookloom begin with.
pub const SCHEME: &str = "hookloom";

/// A link is at most this long.
const LINK_BYTES_MAX: usize = 200;
/// A name of a flow is at most this long.
const NAME_BYTES_MAX: usize = 64;
/// So many digits are always a number of a job.
const NUMBER_DIGITS_MAX: usize = 18;
/// Of what `mqr_…` and `dlv_…` have behind them.
const ID_BYTES_MAX: usize = 64;

/// The address of a page within the workbench, such as `/jobs/17`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page(String);

/// Why a link is not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error(
        "It has more than {LINK_BYTES_MAX} bytes, and no page of Hookloom has such an address."
    )]
    TooLong,
    #[error("It does not begin with `{SCHEME}://`.")]
    NotOurs,
    #[error(
        "It has signs that no page's address has. Links to Hookloom name a page and nothing more."
    )]
    Signs,
    #[error(
        "It names no page of Hookloom. `{SCHEME}://jobs/17` and `{SCHEME}://flows/NAME` are such links."
    )]
    NoPage,
}

impl Page {
    /// The page that a link such as `hookloom://jobs/17` names.
    pub fn of_link(link: &str) -> Result<Self, Refused> {
        if link.len() > LINK_BYTES_MAX {
            return Err(Refused::TooLong);
        }
        let ours = link.split_once("://").filter(|(scheme, _)| is_ours(scheme));
        let (_, place) = ours.ok_or(Refused::NotOurs)?;
        Self::of_place(place)
    }

    /// The page with this address, as `--page` gives it: the same as in a link, such as `/jobs/17`.
    pub fn of_address(address: &str) -> Result<Self, Refused> {
        if address.len() > LINK_BYTES_MAX {
            return Err(Refused::TooLong);
        }
        Self::of_place(address.strip_prefix('/').unwrap_or(address))
    }

    /// The first page.
    pub fn home() -> Self {
        Self("/".to_owned())
    }

    /// The jobs that failed, of a flow or of all.
    pub fn failed_jobs(flow: Option<&str>) -> Self {
        let of = flow.filter(|name| is_name(name));
        let of = of.map(|name| format!("&flow={name}")).unwrap_or_default();
        Self(format!("/jobs?status=failed{of}"))
    }

    /// The requests, of a flow or of all.
    pub fn requests(flow: Option<&str>) -> Self {
        let of = flow.filter(|name| is_name(name));
        let of = of.map(|name| format!("?flow={name}")).unwrap_or_default();
        Self(format!("/requests{of}"))
    }

    /// What is there of newer releases.
    pub fn updates() -> Self {
        Self("/settings#updates".to_owned())
    }

    fn of_place(place: &str) -> Result<Self, Refused> {
        let is_sign = |sign: char| sign.is_ascii_alphanumeric() || "/_-.".contains(sign);
        if !place.chars().all(is_sign) {
            return Err(Refused::Signs);
        }
        // What opens links puts a `/` behind a name that stands alone.
        let place = place.strip_suffix('/').unwrap_or(place);
        let address = match place.split_once('/') {
            None => room(place),
            Some((room, thing)) => thing_of(room, thing),
        };
        address.map(Self).ok_or(Refused::NoPage)
    }

    /// The address within the workbench.
    pub fn address(&self) -> &str {
        &self.0
    }

    /// The same as [`Page::of_address`] takes it.
    pub fn place(&self) -> String {
        self.0.replace("?id=", "/")
    }
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether somebody who started the app gave it a link of ours.
pub fn is_link(text: &str) -> bool {
    text.split_once(':')
        .is_some_and(|(scheme, _)| is_ours(scheme))
}

fn is_ours(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case(SCHEME)
}

fn room(name: &str) -> Option<String> {
    const ROOMS: [&str; 8] = [
        "flows",
        "endpoints",
        "requests",
        "jobs",
        "deliveries",
        "secrets",
        "variables",
        "settings",
    ];
    match name {
        "" | "home" => Some("/".to_owned()),
        _ => ROOMS.contains(&name).then(|| format!("/{name}")),
    }
}

fn thing_of(room: &str, thing: &str) -> Option<String> {
    match room {
        "flows" if is_name(thing) => Some(format!("/flows/{thing}")),
        "jobs" if is_number(thing) => Some(format!("/jobs/{thing}")),
        "requests" if is_id(thing, "mqr_") => Some(format!("/requests?id={thing}")),
        "deliveries" if is_id(thing, "dlv_") => Some(format!("/deliveries?id={thing}")),
        _ => None,
    }
}

fn is_name(text: &str) -> bool {
    let begins = |sign: char| sign.is_ascii_alphabetic() || sign == '_';
    let goes_on = |sign: char| sign.is_ascii_alphanumeric() || sign == '_' || sign == '-';
    text.len() <= NAME_BYTES_MAX && text.starts_with(begins) && text.chars().all(goes_on)
}

fn is_number(text: &str) -> bool {
    (1..=NUMBER_DIGITS_MAX).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit())
}

fn is_id(text: &str, begins: &str) -> bool {
    text.strip_prefix(begins).is_some_and(|rest| {
        (1..=ID_BYTES_MAX).contains(&rest.len())
            && rest.bytes().all(|it| it.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_the_page_that_it_names() {
        for (link, address) in [
            ("hookloom://", "/"),
            ("hookloom://home", "/"),
            ("hookloom://home/", "/"),
            ("HOOKLOOM://jobs/17", "/jobs/17"),
            ("hookloom://flows/order_intake", "/flows/order_intake"),
            ("hookloom://flows/", "/flows"),
            ("hookloom://requests/mqr_0aZ", "/requests?id=mqr_0aZ"),
            ("hookloom://deliveries/dlv_1", "/deliveries?id=dlv_1"),
            ("hookloom://settings", "/settings"),
        ] {
            let page = Page::of_link(link).expect(link);
            assert_eq!(page.address(), address, "{link}");
            assert!(is_link(link));
            // A second start says it to the first one in the same words.
            assert_eq!(Page::of_address(&page.place()), Ok(page), "{link}");
        }
    }

    #[test]
    fn a_hostile_link_opens_nothing() {
        let long = format!("hookloom://flows/{}", "a".repeat(300));
        let long_name = format!("hookloom://flows/{}", "a".repeat(65));
        for (link, refused) in [
            ("https://example.com/", Refused::NotOurs),
            ("hookloom:jobs/17", Refused::NotOurs),
            ("javascript://jobs", Refused::NotOurs),
            ("", Refused::NotOurs),
            (long.as_str(), Refused::TooLong),
            (long_name.as_str(), Refused::NoPage),
            ("hookloom://flows/a?publish=1", Refused::Signs),
            ("hookloom://flows/a#run", Refused::Signs),
            ("hookloom://flows/%2e%2e%2fsettings", Refused::Signs),
            ("hookloom://user:pw@flows/a", Refused::Signs),
            ("hookloom://flows\\a", Refused::Signs),
            ("hookloom://jobs/17\n--page", Refused::Signs),
            ("hookloom://jobs/17\0", Refused::Signs),
            ("hookloom://flows/<script>", Refused::Signs),
            ("hookloom://flows/a b", Refused::Signs),
            ("hookloom://flows/\u{202e}a", Refused::Signs),
            ("hookloom://jobs/１７", Refused::Signs),
            ("hookloom:///etc/passwd", Refused::NoPage),
            ("hookloom://../../etc", Refused::NoPage),
            ("hookloom://flows/..", Refused::NoPage),
            ("hookloom://flows/a/publish", Refused::NoPage),
            ("hookloom://jobs/-1", Refused::NoPage),
            ("hookloom://jobs/99999999999999999999", Refused::NoPage),
            ("hookloom://jobs/17/cancel", Refused::NoPage),
            ("hookloom://jobs//17", Refused::NoPage),
            ("hookloom://requests/dlv_1", Refused::NoPage),
            ("hookloom://requests/mqr_", Refused::NoPage),
            ("hookloom://api/v1/secrets", Refused::NoPage),
            ("hookloom://--data", Refused::NoPage),
            ("hookloom://example.com", Refused::NoPage),
        ] {
            assert_eq!(Page::of_link(link), Err(refused), "{link:?}");
        }
    }

    #[test]
    fn what_is_said_of_a_refused_link_repeats_nothing_of_it() {
        let refused = Page::of_link("hookloom://flows/<b>evil</b>").expect_err("hostile");
        assert!(!refused.to_string().contains("evil"), "{refused}");
    }
}
