//! The workbench's files in gzip. Each is compressed once, when a browser first asks for it, and kept.
//!
//! Only for files of the program itself, which hold no secret: an answer with one must not be compressed.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::LazyLock;

use axum::body::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, header};
use parking_lot::Mutex;

/// Smaller files gain nothing.
const WORTH_BYTES_MIN: usize = 1_024;
/// A debug build reads files that change: what is kept begins anew beyond this many.
const KEPT_MAX: usize = 256;

/// Compressed files by the etag of what they were made of.
static KEPT: LazyLock<Mutex<HashMap<String, Bytes>>> = LazyLock::new(Mutex::default);

/// Whether compressing makes the file smaller. Images and fonts are compressed already.
pub(crate) fn is_worth_it(media_type: &str, bytes: usize) -> bool {
    let kind = media_type.split(';').next().unwrap_or_default();
    let is_text = kind.starts_with("text/")
        || matches!(
            kind,
            "application/javascript"
                | "application/json"
                | "application/manifest+json"
                | "application/wasm"
                | "image/svg+xml"
        );
    is_text && bytes >= WORTH_BYTES_MIN
}

/// Whether the caller reads gzip: it is named, and not with a weight of nothing.
pub(crate) fn is_accepted(headers: &HeaderMap) -> bool {
    let named = headers.get_all(header::ACCEPT_ENCODING);
    let mut codings = named
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    codings.any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = weight.trim().strip_prefix("q=").unwrap_or("1");
        name.trim().eq_ignore_ascii_case("gzip") && weight.parse::<f32>().is_ok_and(|q| q > 0.0)
    })
}

/// The file in gzip; none if it could not be made.
pub(crate) async fn of(etag: &str, bytes: &[u8]) -> Option<Bytes> {
    if let Some(known) = KEPT.lock().get(etag) {
        return Some(known.clone());
    }
    let plain = bytes.to_vec();
    let made = tokio::task::spawn_blocking(move || gzip(&plain)).await;
    let made = Bytes::from(made.ok()?.ok()?);
    let mut kept = KEPT.lock();
    if kept.len() >= KEPT_MAX {
        kept.clear();
    }
    kept.insert(etag.to_owned(), made.clone());
    Some(made)
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use http::HeaderValue;

    use super::*;

    #[test]
    fn gzip_is_used_only_where_the_caller_names_it() {
        let accepts = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            is_accepted(&headers)
        };
        for yes in ["gzip", "br, GZIP;q=0.8", "deflate,gzip;q=1"] {
            assert!(accepts(yes), "{yes}");
        }
        for no in ["", "br", "gzip;q=0", "x-gzip-like"] {
            assert!(!accepts(no), "{no}");
        }
        assert!(!is_accepted(&HeaderMap::new()));
    }

    #[test]
    fn only_text_of_some_length_is_worth_it() {
        assert!(is_worth_it("text/javascript; charset=utf-8", 100_000));
        assert!(is_worth_it("image/svg+xml", WORTH_BYTES_MIN));
        assert!(!is_worth_it("font/woff2", 100_000));
        assert!(!is_worth_it("text/html", WORTH_BYTES_MIN - 1));
    }

    #[tokio::test]
    async fn a_compressed_file_reads_as_it_was_and_is_made_once() {
        let text = "workbench ".repeat(1_000);
        let first = of("\"t1\"", text.as_bytes()).await.expect("it is made");
        let again = of("\"t1\"", b"not looked at").await.expect("it is kept");
        assert_eq!(first, again);
        assert!(first.len() < text.len() / 10, "{}", first.len());
        let mut read = String::new();
        flate2::read::GzDecoder::new(&first[..])
            .read_to_string(&mut read)
            .expect("gzip");
        assert_eq!(read, text);
    }
}
