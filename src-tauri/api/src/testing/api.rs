//! The control API over a real store in a folder of its own, with a vault in memory. Every answer is held against
//! the OpenAPI description.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use axum::Router;
use axum::body::Body;
use hookloom_engine::ports::{Clock, Downloads, Http};
use hookloom_secrets::{Custodian, MemoryVault, Opening};
use hookloom_store::{Store, StoreOptions};
use hookloom_update::{Installed, Source};
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::conforms;
use super::stand_ins::{StoreWork, TestClock, TestHost, TestHttp, TestScripts};
use crate::identity::TokenHash;
use crate::updates::Releases;
use crate::{ApiState, Guard, Host, Parts, SignedIn, in_process, router};

/// 2026-11-22T00:20:12Z
pub(super) const NOW_MS: i64 = 1_795_306_812_000;
pub(super) const OWNER_TOKEN: &str = "hkl_the-owner-s-token";
pub(super) const HOST: &str = "127.0.0.1:4748";

/// The API and what stands behind it.
pub(super) struct TestApi {
    pub(super) store: Store,
    pub(super) state: ApiState,
    pub(super) clock: Arc<TestClock>,
    pub(super) host: Arc<TestHost>,
    pub(super) http: Arc<TestHttp>,
    pub(super) vault: MemoryVault,
    in_process: Router,
    tcp: Router,
    folder: TempDir,
}

/// An answer that fits the description.
pub(super) struct Answered {
    pub(super) status: StatusCode,
    pub(super) body: Value,
}

impl Answered {
    pub(super) fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    #[track_caller]
    pub(super) fn ok(self) -> Value {
        assert!(self.status.is_success(), "{} {:#}", self.status, self.body);
        self.body
    }

    #[track_caller]
    pub(super) fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!(
            (self.status.as_u16(), self.code()),
            (status, code),
            "{:#}",
            self.body
        );
        self.body
    }
}

impl TestApi {
    pub(super) async fn new() -> Self {
        Self::asking(None).await
    }

    /// One that was built with a place to ask for releases.
    pub(super) async fn asking(source: Option<Source>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), StoreOptions::default()).expect("a store");
        let clock = Arc::new(TestClock(AtomicI64::new(NOW_MS)));
        let vault = MemoryVault::default();
        let custodian = Custodian::open(Opening {
            data_folder: folder.path().to_path_buf(),
            vault: Box::new(vault.clone()),
            known: Arc::new(store.clone()),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            bound_ms: 500,
        })
        .expect("a vault");
        custodian.refresh().await;
        let host = Arc::new(TestHost::default());
        let http = Arc::new(TestHttp::default());
        let installed = Installed::this().expect("a version");
        let (state, owner) = ApiState::new(Parts {
            store: store.clone(),
            work: Arc::new(StoreWork(store.clone(), Arc::clone(&clock))),
            vault: custodian,
            host: Arc::clone(&host) as Arc<dyn Host>,
            scripts: Arc::new(TestScripts),
            http: Arc::clone(&http) as Arc<dyn Http>,
            releases: Releases::new(source, installed, Arc::clone(&http) as Arc<dyn Downloads>),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            owner_token: TokenHash::of(OWNER_TOKEN),
            signed_in: SignedIn::default(),
            stopping: CancellationToken::new(),
        });
        let guard = Guard::new(HOST.parse().expect("an address"), &[]);
        Self {
            in_process: in_process(&state, &owner),
            tcp: router(&state, guard, true),
            store,
            state,
            clock,
            host,
            http,
            vault,
            folder,
        }
    }

    /// A call by the owner in this process.
    pub(super) async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Answered {
        self.call_at(method, &format!("/api/v1{path}"), body).await
    }

    /// The same for a whole path.
    pub(super) async fn call_at(&self, method: &str, path: &str, body: Option<Value>) -> Answered {
        let body = body.map(|body| body.to_string());
        self.call_text(method, path, body).await
    }

    async fn call_text(&self, method: &str, path: &str, body: Option<String>) -> Answered {
        let mut request = Request::builder().method(method).uri(path);
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or_else(Body::empty, Body::from);
        let request = request.body(body).expect("a request");
        let answered = answer(&self.in_process, request).await;
        conforms::check(method, path.trim_end_matches('/'), &answered);
        answered
    }

    pub(super) async fn get(&self, path: &str) -> Answered {
        self.call("GET", path, None).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Answered {
        self.call("POST", path, Some(body)).await
    }

    /// A body whose text matters.
    pub(super) async fn post_text(&self, path: &str, body: String) -> Answered {
        let path = format!("/api/v1{path}");
        self.call_text("POST", &path, Some(body)).await
    }

    pub(super) async fn put(&self, path: &str, body: Value) -> Answered {
        self.call("PUT", path, Some(body)).await
    }

    pub(super) async fn delete(&self, path: &str) -> Answered {
        self.call("DELETE", path, None).await
    }

    /// A request as it comes over TCP, with all its headers.
    pub(super) async fn over_tcp(&self, request: Request<Body>) -> Answered {
        let (method, path) = (
            request.method().to_string(),
            request.uri().path().to_owned(),
        );
        let answered = answer(&self.tcp, request).await;
        conforms::check(&method, &path, &answered);
        answered
    }

    /// The bare answer, for what is no JSON.
    pub(super) async fn raw_over_tcp(&self, request: Request<Body>) -> http::Response<Body> {
        self.tcp
            .clone()
            .oneshot(request)
            .await
            .expect("the router answers")
    }

    pub(super) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

async fn answer(router: &Router, request: Request<Body>) -> Answered {
    let answer = router
        .clone()
        .oneshot(request)
        .await
        .expect("the router answers");
    let status = answer.status();
    let bytes = answer
        .into_body()
        .collect()
        .await
        .expect("a body")
        .to_bytes();
    let body = if bytes.is_empty() {
        Value::Null
    } else {
        serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()))
    };
    Answered { status, body }
}
