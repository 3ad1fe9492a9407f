//! Where a redirect leads, and what goes along: pure, so that every case can be tried.

use hookloom_engine::ports::{Answer, HttpErrorKind, OutgoingRequest, Redirects};
use url::{Host, Url};

use crate::failure::Failure;
use crate::guard::{Guard, Network, Policy};

/// Headers that describe a body, and go with it.
const OF_BODY: [&str; 4] = [
    "content-type",
    "content-encoding",
    "content-language",
    "content-location",
];

/// The request that follows from an answer; none if the answer is the last one.
pub(crate) fn next(
    request: &OutgoingRequest,
    answer: &Answer,
    redirects: &Redirects,
) -> Result<Option<OutgoingRequest>, Failure> {
    if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = answer.headers.iter().find(|(name, _)| name == "location");
    let Some((_, location)) = location else {
        return Ok(None);
    };
    let url = target(&request.url, location)?;
    if redirects.secure_only && url.scheme() != "https" && !is_this_computer(&url) {
        let message = "The redirect leads to plain http://, where everybody on the way can read and change what comes: it is \
                       not followed";
        return Err(Failure::new(HttpErrorKind::Redirect, message));
    }
    let is_same_origin = url.origin() == request.url.origin();
    let keeps_body = match answer.status {
        307 | 308 => true,
        303 => false,
        // What every browser does, and RFC 9110 allows: a POST becomes a GET.
        _ => request.method != http::Method::POST,
    };
    if keeps_body && !is_same_origin && redirects.body_has_secret && !request.body.is_empty() {
        let message = "The redirect leads to another host, and the body holds a secret: it is not sent there; give \
                       the URL that the redirect points to";
        return Err(Failure::new(HttpErrorKind::Redirect, message));
    }
    let is_head = request.method == http::Method::HEAD;
    let method = match keeps_body || is_head {
        true => request.method.clone(),
        false => http::Method::GET,
    };
    let is_kept = |name: &String| {
        let name = name.to_ascii_lowercase();
        let is_of_body = OF_BODY.contains(&name.as_str());
        redirects.kept_headers.contains(&name) && (keeps_body || !is_of_body)
    };
    let headers = request.headers.iter().filter(|(name, _)| is_kept(name));
    Ok(Some(OutgoingRequest {
        method,
        headers: headers.cloned().collect(),
        body: match keeps_body {
            true => request.body.clone(),
            false => Default::default(),
        },
        host_from_request: request.host_from_request || !(is_same_origin || is_local(&request.url)),
        // Who we are is said to the destination that it was meant for.
        certificates: request.certificates.clone().filter(|_| is_same_origin),
        url,
        ..request.clone()
    }))
}

/// An answer chose the next host: it reaches no further than one that a request names. Only a server that the user
/// typed, and that is local by its very name, may lead to others on the user's own networks.
fn is_local(url: &Url) -> bool {
    Guard::from(Policy::FromRequest).check_url(url).is_err()
}

/// Whether a URL names this computer, by its own address or by the name that means it everywhere.
fn is_this_computer(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => Network::of(address.into()) == Network::Loopback,
        Some(Host::Ipv6(address)) => Network::of(address.into()) == Network::Loopback,
        Some(Host::Domain(_)) => is_local(url),
        None => false,
    }
}

/// There were more of them than may be.
pub(crate) fn too_many(hops_max: u32) -> Failure {
    let message = format!(
        "There are more redirects in a row than redirects_max of {hops_max}; give the URL where they end"
    );
    Failure::new(HttpErrorKind::Redirect, message)
}

fn target(from: &Url, location: &str) -> Result<Url, Failure> {
    let wrong = |message: String| Failure::new(HttpErrorKind::Redirect, message);
    let mut url = from
        .join(location)
        .map_err(|error| wrong(format!("The redirect leads nowhere: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        let scheme = url.scheme();
        return Err(wrong(format!(
            "The redirect leads to `{scheme}:`; only http:// and https:// can be called"
        )));
    }
    if from.scheme() == "https" && url.scheme() == "http" {
        return Err(wrong(
            "The redirect leads from https:// to http://, where everybody on the way can read: it is not followed"
                .to_owned(),
        ));
    }
    // Credentials of somebody else's choice are not ours to send. Only URLs without a host refuse to lose them.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    Ok(url)
}
