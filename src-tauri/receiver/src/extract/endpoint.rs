//! From a path to the endpoint that it means.

use std::borrow::Cow;
use std::sync::Arc;

use hookloom_engine::endpoints::{EndpointTable, LiveEndpoint};
use percent_encoding::percent_decode_str;

const PREFIX: &str = "/api/webhook/";

/// The endpoint of `/api/webhook/{workspace}/{flow}` (the flow's default one) or
/// `/api/webhook/{workspace}/{flow}/{endpoint}`.
pub(crate) fn endpoint_of(table: &EndpointTable, path: &str) -> Option<Arc<LiveEndpoint>> {
    let mut names = path.strip_prefix(PREFIX)?.split('/').map(decoded);
    let (workspace, flow) = (names.next()??, names.next()??);
    let live = match names.next() {
        None => table.default_of(&workspace, &flow),
        Some(endpoint) => table.named(&workspace, &flow, &endpoint?),
    };
    match names.next() {
        None => live.cloned(),
        Some(_) => None,
    }
}

fn decoded(name: &str) -> Option<Cow<'_, str>> {
    percent_decode_str(name).decode_utf8().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::fixtures::{live_endpoint, table_of};

    #[test]
    fn a_path_names_the_default_endpoint_or_one_by_its_name() {
        let table = table_of([live_endpoint("orders"), live_endpoint("refunds")]);
        let name = |path: &str| endpoint_of(&table, path).map(|live| live.endpoint.name.clone());
        assert_eq!(name("/api/webhook/local/intake").as_deref(), Some("orders"));
        assert_eq!(
            name("/api/webhook/local/intake/refunds").as_deref(),
            Some("refunds")
        );
        assert_eq!(
            name("/api/webhook/local/%69ntake/refund%73").as_deref(),
            Some("refunds")
        );
    }

    #[test]
    fn every_other_path_is_unknown() {
        let table = table_of([live_endpoint("orders")]);
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
        ] {
            assert!(endpoint_of(&table, path).is_none(), "{path}");
        }
    }
}
