//! The workbench's files. They hold no data, so they need no token.

use axum::response::{Html, IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::compressed;

/// What the page may do: run and load only what comes from this listener, and be framed by nobody. The UI kit sets
/// styles at run time.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self' data:; connect-src 'self'; manifest-src 'self'; \
    worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Files with a hash in their name never change.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// The page itself is asked for again each time.
const ASK_AGAIN: &str = "no-cache";

/// A file of the UI, or the page for every address that the UI makes up.
pub(crate) async fn file(path: &str, headers: &HeaderMap) -> Response {
    let name = path.trim_start_matches('/');
    let mut found = match files::get(name) {
        Some(found) => answer(name, found, headers).await,
        None if looks_like_file(name) => (StatusCode::NOT_FOUND, "Not found").into_response(),
        None => match files::get(PAGE) {
            Some(found) => answer(PAGE, found, headers).await,
            None => Html(NOT_BUILT).into_response(),
        },
    };
    let policy = HeaderValue::from_static(POLICY);
    found
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, policy);
    found
}

const PAGE: &str = "index.html";

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Hookloom</title>\
    <h1>The workbench is not in this build</h1>\
    <p>The control API works. To have the workbench, run <code>make run</code> in the repository, or build it with \
    <code>npm ci &amp;&amp; npm run build</code> in <code>ui</code> and build Hookloom with the feature \
    <code>ui</code>.</p></html>";

/// A file that is part of the program.
struct File {
    bytes: std::borrow::Cow<'static, [u8]>,
    media_type: String,
    etag: String,
}

/// The file, in gzip where the caller reads that, and where it is not what the caller has already.
async fn answer(name: &str, file: File, headers: &HeaderMap) -> Response {
    let File {
        bytes,
        media_type,
        etag,
    } = file;
    let may_compress = compressed::is_worth_it(&media_type, bytes.len());
    let compressed = if may_compress && compressed::is_accepted(headers) {
        compressed::of(&etag, &bytes).await
    } else {
        None
    };
    let etag = match compressed {
        // Other bytes have another name.
        Some(_) => format!("{}-gzip\"", etag.trim_end_matches('"')),
        None => etag,
    };
    let is_known = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|given| given.as_bytes() == etag.as_bytes());
    let mut answer = match compressed {
        _ if is_known => StatusCode::NOT_MODIFIED.into_response(),
        Some(bytes) => {
            let kind = [(header::CONTENT_TYPE, media_type)];
            (kind, [(header::CONTENT_ENCODING, "gzip")], bytes).into_response()
        }
        None => ([(header::CONTENT_TYPE, media_type)], bytes).into_response(),
    };
    let caching = if name.starts_with("assets/") {
        FOR_EVER
    } else {
        ASK_AGAIN
    };
    let kept = answer.headers_mut();
    kept.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if may_compress {
        kept.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    if let Ok(etag) = HeaderValue::try_from(etag) {
        kept.insert(header::ETAG, etag);
    }
    answer
}

/// The UI's own addresses end in a name or an id, which have no dot.
fn looks_like_file(name: &str) -> bool {
    name.starts_with("assets/")
        || name
            .rsplit('/')
            .next()
            .is_some_and(|last| last.contains('.'))
}

#[cfg(feature = "ui")]
mod files {
    //! `ui/dist`, in the program itself; a debug build reads the folder at run time.

    use super::File;

    #[derive(rust_embed::RustEmbed)]
    #[folder = "../../ui/dist"]
    struct Dist;

    pub(super) fn get(name: &str) -> Option<File> {
        let file = Dist::get(name)?;
        let media_type = match file.metadata.mimetype() {
            text if text.starts_with("text/") => format!("{text}; charset=utf-8"),
            other => other.to_owned(),
        };
        let etag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16]));
        Some(File {
            bytes: file.data,
            media_type,
            etag,
        })
    }
}

#[cfg(not(feature = "ui"))]
mod files {
    //! A build without the UI.

    use super::File;

    pub(super) fn get(_name: &str) -> Option<File> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_address_of_the_ui_gives_a_page_and_a_missing_file_does_not() {
        let none = HeaderMap::new();
        for path in ["/", "/jobs/17", "/flows/order_intake", "/requests/mqr_0123"] {
            assert_eq!(file(path, &none).await.status(), StatusCode::OK, "{path}");
        }
        for path in [
            "/assets/gone.js",
            "/favicon.png",
            "/../Cargo.toml",
            "/assets/../../x",
        ] {
            assert_eq!(
                file(path, &none).await.status(),
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
    }

    #[tokio::test]
    async fn files_with_a_hash_in_their_name_are_kept_and_the_page_is_asked_for_again() {
        let file = || File {
            bytes: b"x".as_slice().into(),
            media_type: "text/plain".into(),
            etag: "\"1\"".into(),
        };
        let caching = |answer: &Response| {
            let header = answer.headers().get(header::CACHE_CONTROL);
            header
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
                .to_owned()
        };
        let none = HeaderMap::new();
        assert_eq!(
            caching(&answer("assets/a-1.js", file(), &none).await),
            FOR_EVER
        );
        let page = answer(PAGE, file(), &none).await;
        assert_eq!(
            (caching(&page).as_str(), page.status()),
            (ASK_AGAIN, StatusCode::OK)
        );
        let mut known = HeaderMap::new();
        known.insert(header::IF_NONE_MATCH, HeaderValue::from_static("\"1\""));
        let again = answer(PAGE, file(), &known).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn who_reads_gzip_gets_gzip_under_a_name_of_its_own() {
        let file = || File {
            bytes: vec![b'x'; 10_000].into(),
            media_type: "text/javascript; charset=utf-8".into(),
            etag: "\"big\"".into(),
        };
        let mut headers = HeaderMap::new();
        let plain = answer("assets/a-1.js", file(), &headers).await;
        assert_eq!(plain.headers()[header::VARY], "accept-encoding");
        assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        let small = answer("assets/a-1.js", file(), &headers).await;
        assert_eq!(small.headers()[header::CONTENT_ENCODING], "gzip");
        assert_eq!(small.headers()[header::ETAG], "\"big-gzip\"");
        headers.insert(
            header::IF_NONE_MATCH,
            HeaderValue::from_static("\"big-gzip\""),
        );
        let known = answer("assets/a-1.js", file(), &headers).await;
        assert_eq!(known.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn every_file_says_that_only_its_own_scripts_may_run() {
        let answer = file("/", &HeaderMap::new()).await;
        let policy = answer
            .headers()
            .get(header::CONTENT_SECURITY_POLICY)
            .expect("a policy");
        let policy = policy.to_str().expect("a policy is text");
        assert!(policy.contains("script-src 'self';"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    }
}
