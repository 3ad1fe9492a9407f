//! From a path to the endpoint that it means, and how the request got there.

use std::borrow::Cow;
use std::sync::Arc;

use hookloom_engine::endpoints::{EndpointTable, LiveEndpoint, TokenUrl};
use http::Method;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

const BY_FLOW: &str = "/api/webhook/";
const BY_NAME: &str = "/api/call/";
const BY_TOKEN: &str = "/hook/";
const BY_PATH: &str = "/in/";

/// What a path leads to.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub live: Arc<LiveEndpoint>,
    pub way: Way,
    /// The methods that the path takes.
    pub allowed: Vec<String>,
}

/// How a request got to its endpoint.
#[derive(Debug, Clone)]
pub(crate) enum Way {
    /// By the names of its flow and itself.
    Flow,
    /// By its own name: the query can choose how it is answered.
    Call,
    Token(Arc<TokenUrl>),
    /// By the user's own path, with its parameters.
    Path(Map<String, Value>),
}

/// The endpoint that a path leads to, for whoever wants to call it.
pub fn endpoint_at(
    table: &EndpointTable,
    method: &Method,
    path: &str,
) -> Option<Arc<LiveEndpoint>> {
    target_of(table, method, path).map(|target| target.live)
}

/// What a path leads to, if it leads anywhere. Several endpoints can share a path of the user's own; the method tells
/// them apart then.
pub(crate) fn target_of(table: &EndpointTable, method: &Method, path: &str) -> Option<Target> {
    if let Some(names) = path.strip_prefix(BY_FLOW) {
        return by_flow(table, names)
            .or_else(|| table.at_alias(path))
            .map(|live| target(live, Way::Flow));
    }
    if let Some(name) = path.strip_prefix(BY_NAME) {
        return table
            .by_name(&decoded(name)?)
            .or_else(|| table.at_alias(path))
            .map(|live| target(live, Way::Call));
    }
    if let Some(token) = path.strip_prefix(BY_TOKEN) {
        let url = table.by_token(&Sha256::digest(token.as_bytes()).into())?;
        return Some(target(&url.live, Way::Token(Arc::clone(url))));
    }
    by_path(table, method, path.strip_prefix(BY_PATH)?)
}

fn target(live: &Arc<LiveEndpoint>, way: Way) -> Target {
    Target {
        live: Arc::clone(live),
        way,
        allowed: live.endpoint.methods.clone(),
    }
}

/// `{workspace}/{flow}` (the flow's default one) or `{workspace}/{flow}/{endpoint}`.
fn by_flow<'t>(table: &'t EndpointTable, names: &str) -> Option<&'t Arc<LiveEndpoint>> {
    let mut names = names.split('/').map(decoded);
    let (workspace, flow) = (names.next()??, names.next()??);
    let live = match names.next() {
        None => table.default_of(&workspace, &flow),
        Some(endpoint) => table.named(&workspace, &flow, &endpoint?),
    };
    live.filter(|_| names.next().is_none())
}

fn by_path(table: &EndpointTable, method: &Method, path: &str) -> Option<Target> {
    let segments: Option<Vec<Cow<'_, str>>> = path.split('/').map(decoded).collect();
    let segments = segments?;
    let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
    let mut found = table.at_path(&segments);
    let takes = |live: &LiveEndpoint| {
        let mut methods = live.endpoint.methods.iter();
        methods.any(|taken| taken == method.as_str())
    };
    let place = found.iter().position(|(live, _)| takes(live)).unwrap_or(0);
    let mut allowed: Vec<String> = Vec::new();
    for (live, _) in &found {
        for taken in &live.endpoint.methods {
            if !allowed.contains(taken) {
                allowed.push(taken.clone());
            }
        }
    }
    if found.is_empty() {
        return None;
    }
    let (live, parameters) = found.swap_remove(place);
    Some(Target {
        live: Arc::clone(live),
        way: Way::Path(parameters),
        allowed,
    })
}

fn decoded(name: &str) -> Option<Cow<'_, str>> {
    percent_decode_str(name).decode_utf8().ok()
}

#[cfg(test)]
mod tests {
    use hookloom_model::document::PathPattern;
    use serde_json::json;

    use super::*;
    use crate::tests::fixtures::{live_endpoint, table_of};

    fn at(name: &str, path: &str, method: &str) -> LiveEndpoint {
        let mut live = live_endpoint(name);
        live.endpoint.path = Some(PathPattern::parse(path).expect("a path"));
        live.endpoint.methods = vec![method.to_owned()];
        live
    }

    fn name(table: &EndpointTable, path: &str) -> Option<String> {
        target_of(table, &Method::POST, path).map(|target| target.live.endpoint.name.clone())
    }

    #[test]
    fn a_path_names_the_default_endpoint_or_one_by_its_name() {
        let table = table_of([live_endpoint("orders"), live_endpoint("refunds")]);
        for (path, endpoint) in [
            ("/api/webhook/local/intake", "orders"),
            ("/api/webhook/local/intake/refunds", "refunds"),
            ("/api/webhook/local/%69ntake/refund%73", "refunds"),
            ("/api/call/refunds", "refunds"),
            ("/api/call/refund%73", "refunds"),
        ] {
            assert_eq!(name(&table, path).as_deref(), Some(endpoint), "{path}");
        }
    }

    #[test]
    fn every_other_path_is_unknown() {
        let table = table_of([live_endpoint("orders"), at("refunds", "a/{b}", "POST")]);
        for path in [
            "/",
            "/api/webhook",
            "/api/webhook/",
            "/api/webhook/local",
            "/api/webhook/local/",
            "/api/webhook/local/intake/",
            "/api/webhook/local/intake/orders/",
            "/api/webhook/local/intake/orders/more",
            "/api/webhook/local/INTAKE",
            "/api/webhook//local/intake",
            "/api/webhook/local/%ff",
            "/api/webhook/local%2Fintake",
            "api/webhook/local/intake",
            "/api/call/",
            "/api/call/orders/",
            "/api/call/local/orders",
            "/hook/",
            "/hook/orders",
            "/in",
            "/in/",
            "/in/a",
            "/in/a/",
            "/in/a/b/c",
            "/in//a/b",
            "/in/a/%ff",
        ] {
            assert_eq!(name(&table, path), None, "{path}");
        }
    }

    #[test]
    fn a_path_of_the_user_s_own_has_parameters_and_the_method_tells_endpoints_apart() {
        let table = table_of([
            at("shown", "orders/{id}", "GET"),
            at("changed", "orders/{order}", "PUT"),
        ]);
        let found = |method| target_of(&table, &method, "/in/orders/a%2Fb%20c").expect("a target");
        let put = found(Method::PUT);
        assert_eq!(put.live.endpoint.name, "changed");
        let Way::Path(parameters) = put.way else {
            panic!("{:?}", put.way);
        };
        assert_eq!(Value::Object(parameters), json!({"order": "a/b c"}));
        let other = found(Method::POST);
        assert_eq!(other.allowed, ["GET", "PUT"]);
    }
}
