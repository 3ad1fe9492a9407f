//! Recognises callers: on TCP by a bearer token in a header, in process by who composed the program.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use hookloom_store::Store;
use http::{HeaderMap, Method, header};

use super::caller::Caller;
use super::sessions::SignedIn;
use super::token::{self, TokenHash};
use crate::error::Error;
use crate::router::{BASE, is_api};
use crate::state::ApiState;

/// Every token that opens the control listener.
pub(crate) struct Tokens {
    pub(crate) owner: TokenHash,
    pub(crate) signed_in: SignedIn,
    pub(crate) store: Store,
}

impl Tokens {
    async fn recognise(&self, token: &str, now_ms: i64) -> Result<Caller, Error> {
        let given = TokenHash::of(token);
        if self.owner.is(&given) || self.signed_in.0.recognise(&given, now_ms) {
            return Ok(Caller::owner());
        }
        let row = self.store.token_by_sha256(given.0, now_ms).await?;
        let row = row.ok_or_else(Error::unauthorized)?;
        Ok(Caller {
            scope: row.scope.into(),
            name: row.name,
            token: Some(given),
            is_owner: false,
            depth: 0,
        })
    }

    /// Whether a caller that was recognised before still would be. Where that cannot be told, they would not.
    pub(crate) async fn are_still_good(&self, caller: &Caller, now_ms: i64) -> bool {
        match caller.token {
            None => true,
            Some(token) => {
                let found = self.store.token_by_sha256(token.0, now_ms).await;
                found.is_ok_and(|row| row.is_some())
            }
        }
    }
}

/// Lets nothing through without a good token but the UI's files and signing in.
pub(crate) async fn require_bearer(
    State(state): State<ApiState>,
    mut request: Request,
    next: Next,
) -> Result<Response, Error> {
    // Whatever claims to be recognised already did not come from here.
    request.extensions_mut().remove::<Caller>();
    if !is_open(request.method(), request.uri().path()) {
        let token = bearer(request.headers()).ok_or_else(Error::unauthorized)?;
        let caller = state.tokens.recognise(token, state.clock.now_ms()).await?;
        request.extensions_mut().insert(caller);
    }
    Ok(next.run(request).await)
}

/// Every caller in process is the owner.
pub(crate) async fn as_owner(mut request: Request, next: Next) -> Response {
    request.extensions_mut().insert(Caller::owner());
    next.run(request).await
}

fn is_open(method: &Method, path: &str) -> bool {
    let signs_in = method == Method::POST && path.strip_prefix(BASE) == Some("/session");
    let reads_ui = matches!(*method, Method::GET | Method::HEAD) && !is_api(path);
    signs_in || reads_ui
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(one), None) = (all.next(), all.next()) else {
        return None;
    };
    token::of_header(one.to_str().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_files_of_the_ui_and_signing_in_need_no_token() {
        assert!(is_open(&Method::GET, "/"));
        assert!(is_open(&Method::HEAD, "/assets/index.js"));
        assert!(is_open(&Method::POST, "/api/v1/session"));
        for (method, path) in [
            (Method::POST, "/"),
            (Method::GET, "/api"),
            (Method::GET, "/api/v1/session"),
            (Method::GET, "/api/v1/unknown"),
            (Method::GET, "/v4/jobGroups/1"),
            (Method::OPTIONS, "/api/v1/flows"),
        ] {
            assert!(!is_open(&method, path), "{method} {path}");
        }
    }
}
