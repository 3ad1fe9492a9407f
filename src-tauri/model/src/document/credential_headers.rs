//! Which headers of a request let somebody in, and are therefore hidden wherever the request is shown.

use hookloom_sensitive::CREDENTIAL_HEADERS;

use super::types::{Auth, Endpoint};

impl Endpoint {
    /// Whether a header is a credential: one that is everywhere, or that the endpoint adds. The name is in any case.
    pub fn is_credential_header(&self, name: &str) -> bool {
        let is = |other: &str| other.eq_ignore_ascii_case(name);
        CREDENTIAL_HEADERS.into_iter().any(is)
            || self.credential_headers.iter().any(|added| is(added))
    }

    /// Whether a header holds nothing but a secret of the endpoint. A token is no secret of ours: a job may want it.
    pub fn is_key_header(&self, name: &str) -> bool {
        self.auth.ways().into_iter().any(|way| match way {
            Auth::SharedKey {
                header: Some(header),
                ..
            }
            | Auth::ApiKey { header, .. } => header.eq_ignore_ascii_case(name),
            Auth::Bearer { .. } | Auth::Basic { .. } => name.eq_ignore_ascii_case("authorization"),
            Auth::Signature(signature) => {
                signature.scheme.name() == "gitlab" && name.eq_ignore_ascii_case("x-gitlab-token")
            }
            _ => false,
        })
    }
}
