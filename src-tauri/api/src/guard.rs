//! Keeps other web pages out of the control listener: exact `Host`, absent or same `Origin`, no request that a
//! browser marks as coming from elsewhere. There is no CORS: no page but ours can read an answer.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderName, Method, StatusCode, Uri, header};

use crate::error::{Error, ErrorCode};
use crate::router::is_api;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// The names under which the control listener is reached.
#[derive(Debug, Clone)]
pub struct Guard {
    hosts: Arc<[String]>,
}

impl Guard {
    /// For a listener at this address (with its real port), and further exact values of `Host`, such as a proxy's.
    pub fn new(address: SocketAddr, more_hosts: &[String]) -> Self {
        let port = address.port();
        let mut hosts = vec![
            format!("127.0.0.1:{port}"),
            format!("localhost:{port}"),
            format!("[::1]:{port}"),
            address.to_string(),
        ];
        if port == 80 {
            hosts.extend(["127.0.0.1", "localhost", "[::1]"].map(str::to_owned));
        }
        hosts.extend(more_hosts.iter().map(|host| host.to_ascii_lowercase()));
        Self {
            hosts: hosts.into(),
        }
    }

    fn check(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), Error> {
        let host = self.host(uri, headers)?;
        check_origin(host, headers)?;
        check_site(method, uri, headers)
    }

    fn host<'h>(&self, uri: &Uri, headers: &'h HeaderMap) -> Result<&'h str, Error> {
        let given = only(headers, &header::HOST).ok_or_else(|| self.wrong_host("none, or two"))?;
        let is_ours = |host: &str| {
            self.hosts
                .iter()
                .any(|ours| ours.eq_ignore_ascii_case(host))
        };
        // A request line with a whole URL names a host as well.
        let target_fits = uri
            .authority()
            .is_none_or(|authority| is_ours(authority.as_str()));
        if is_ours(given) && target_fits {
            Ok(given)
        } else {
            Err(self.wrong_host(given))
        }
    }

    fn wrong_host(&self, given: &str) -> Error {
        let given: String = given.chars().take(64).collect();
        Error::new(
            StatusCode::MISDIRECTED_REQUEST,
            ErrorCode::HostNotAllowed,
            format!("The request is for the host `{given}`, and the control listener answers for its own names only."),
        )
        .hint(format!("Use http://{} instead.", self.hosts[0]))
    }
}

/// The layer.
pub(crate) async fn keep_pages_out(
    State(guard): State<Guard>,
    request: Request,
    next: Next,
) -> Result<Response, Error> {
    guard.check(request.method(), request.uri(), request.headers())?;
    Ok(next.run(request).await)
}

fn check_origin(host: &str, headers: &HeaderMap) -> Result<(), Error> {
    if !headers.contains_key(header::ORIGIN) {
        return Ok(());
    }
    let same = only(headers, &header::ORIGIN).is_some_and(|origin| {
        let name = origin
            .strip_prefix("http://")
            .or_else(|| origin.strip_prefix("https://"));
        name.is_some_and(|name| name.eq_ignore_ascii_case(host))
    });
    if same {
        Ok(())
    } else {
        Err(from_elsewhere("its `Origin` is not this listener"))
    }
}

fn check_site(method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), Error> {
    if !headers.contains_key(SEC_FETCH_SITE) {
        return Ok(());
    }
    let site = only(headers, &SEC_FETCH_SITE);
    if matches!(site, Some("same-origin" | "none")) || follows_link(method, uri, headers) {
        return Ok(());
    }
    Err(from_elsewhere("the browser says that another site sent it"))
}

/// A person may follow a link to the workbench: the page that opens has no data yet, and cannot be framed.
fn follows_link(method: &Method, uri: &Uri, headers: &HeaderMap) -> bool {
    *method == Method::GET
        && !is_api(uri.path())
        && only(headers, &SEC_FETCH_MODE) == Some("navigate")
        && only(headers, &SEC_FETCH_DEST) == Some("document")
}

fn from_elsewhere(why: &str) -> Error {
    Error::new(
        StatusCode::FORBIDDEN,
        ErrorCode::OriginNotAllowed,
        format!("The request was made by another web page: {why}."),
    )
    .hint("Only the workbench of this listener and programs may call it.")
}

/// The value of a header that is there once.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut all = headers.get_all(name).iter();
    match (all.next(), all.next()) {
        (Some(one), None) => one.to_str().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn check(uri: &str, headers: &[(&str, &str)]) -> Result<(), ErrorCode> {
        let guard = Guard::new(
            "127.0.0.1:4748".parse().expect("an address"),
            &["Hooks.Example".to_owned()],
        );
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name: HeaderName = name.parse().expect("a header name");
            map.append(name, HeaderValue::from_str(value).expect("a header value"));
        }
        let uri = uri.parse().expect("a URI");
        guard
            .check(&Method::GET, &uri, &map)
            .map_err(|error| error.code())
    }

    #[test]
    fn its_own_names_are_answered() {
        for host in [
            "127.0.0.1:4748",
            "localhost:4748",
            "LOCALHOST:4748",
            "[::1]:4748",
            "hooks.example",
        ] {
            assert_eq!(check("/api/v1/flows", &[("host", host)]), Ok(()), "{host}");
        }
    }

    #[test]
    fn another_host_is_refused() {
        for host in [
            "evil.example",
            "127.0.0.1",
            "127.0.0.1:4747",
            "localhost:4748.evil.example",
            "",
        ] {
            assert_eq!(
                check("/", &[("host", host)]),
                Err(ErrorCode::HostNotAllowed),
                "{host:?}"
            );
        }
        assert_eq!(check("/", &[]), Err(ErrorCode::HostNotAllowed));
        let twice = [("host", "localhost:4748"), ("host", "localhost:4748")];
        assert_eq!(check("/", &twice), Err(ErrorCode::HostNotAllowed));
        let target = check(
            "http://evil.example/api/v1/flows",
            &[("host", "localhost:4748")],
        );
        assert_eq!(target, Err(ErrorCode::HostNotAllowed));
    }

    #[test]
    fn only_the_same_origin_may_call() {
        let with = |origin: &str| check("/", &[("host", "localhost:4748"), ("origin", origin)]);
        assert_eq!(with("http://localhost:4748"), Ok(()));
        for origin in [
            "http://evil.example",
            "null",
            "",
            "http://127.0.0.1:4748",
            "http://localhost:4747",
            "localhost:4748",
        ] {
            assert_eq!(with(origin), Err(ErrorCode::OriginNotAllowed), "{origin:?}");
        }
    }

    #[test]
    fn a_request_that_the_browser_marks_as_foreign_is_refused_except_a_link_to_the_workbench() {
        let from = |path: &str, site: &str, mode: &str| {
            let headers = [
                ("host", "localhost:4748"),
                ("sec-fetch-site", site),
                ("sec-fetch-mode", mode),
                ("sec-fetch-dest", "document"),
            ];
            check(path, &headers)
        };
        assert_eq!(from("/api/v1/flows", "same-origin", "cors"), Ok(()));
        assert_eq!(from("/api/v1/flows", "none", "navigate"), Ok(()));
        assert_eq!(from("/jobs/17", "cross-site", "navigate"), Ok(()));
        for (path, site, mode) in [
            ("/api/v1/flows", "cross-site", "navigate"),
            ("/api/v1/flows", "same-site", "cors"),
            ("/jobs/17", "cross-site", "no-cors"),
            ("/jobs/17", "", "cors"),
        ] {
            assert_eq!(
                from(path, site, mode),
                Err(ErrorCode::OriginNotAllowed),
                "{path} {site} {mode}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_other_host_and_no_other_origin_gets_in(
            host in "[a-z0-9.:\\[\\]@-]{0,24}",
            origin in "(https?://)?[a-z0-9.:\\[\\]@/-]{0,24}",
        ) {
            let ours = ["127.0.0.1:4748", "localhost:4748", "[::1]:4748", "hooks.example"];
            if !ours.contains(&host.as_str()) {
                prop_assert_eq!(check("/", &[("host", &host)]), Err(ErrorCode::HostNotAllowed));
            }
            let same = ["http://localhost:4748", "https://localhost:4748"];
            if !same.contains(&origin.as_str()) {
                let got = check("/", &[("host", "localhost:4748"), ("origin", &origin)]);
                prop_assert_eq!(got, Err(ErrorCode::OriginNotAllowed));
            }
        }
    }
}
