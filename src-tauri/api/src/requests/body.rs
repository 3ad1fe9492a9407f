//! The body of a request as a person sees it. It is kept exact; only what is shown is masked and cut.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::detail::{BodyKind, RequestBody};
use crate::masked::Masked;

/// A body is shown up to this many bytes.
const BODY_SHOWN_BYTES_MAX: usize = 1024 * 1024;

/// The body as text where it is some, else in base64.
pub(super) fn shown(body: &[u8], content_type: Option<&str>, masked: &Masked) -> RequestBody {
    let kind = kind(body, content_type);
    match std::str::from_utf8(body) {
        Ok(text) => {
            // Masked before it is cut: half a secret would not be found.
            let mut text = masked.text(text.to_owned());
            let truncated = text.len() > BODY_SHOWN_BYTES_MAX;
            text.truncate(text.floor_char_boundary(BODY_SHOWN_BYTES_MAX));
            RequestBody {
                text: Some(text),
                base64: None,
                truncated,
                kind,
            }
        }
        Err(_) => {
            let shown = &body[..body.len().min(BODY_SHOWN_BYTES_MAX)];
            let base64 = Some(masked.text(STANDARD.encode(shown)));
            RequestBody {
                text: None,
                base64,
                truncated: shown.len() < body.len(),
                kind,
            }
        }
    }
}

fn kind(body: &[u8], content_type: Option<&str>) -> BodyKind {
    if body.is_empty() {
        return BodyKind::Empty;
    }
    if std::str::from_utf8(body).is_err() {
        return BodyKind::Binary;
    }
    let media = content_type
        .and_then(|it| it.split(';').next())
        .unwrap_or_default();
    let media = media.trim().to_ascii_lowercase();
    let is_form = media == "application/x-www-form-urlencoded";
    let is_json = media == "application/json" || media == "text/json" || media.ends_with("+json");
    let may_be_json = media.is_empty() || media == "application/octet-stream" || is_form;
    if is_json || (may_be_json && parses(body, is_form)) {
        BodyKind::Json
    } else if is_form {
        BodyKind::Form
    } else {
        BodyKind::Text
    }
}

/// Of a form's body only an object counts: bare `curl -d '{…}'`.
fn parses(body: &[u8], only_object: bool) -> bool {
    serde_json::from_slice::<serde_json::Value>(body)
        .is_ok_and(|value| !only_object || value.is_object())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use hookloom_sensitive::Masker;

    use super::*;

    #[test]
    fn the_kind_follows_the_content_type_and_where_that_is_silent_the_bytes() {
        let form = Some("application/x-www-form-urlencoded");
        assert_eq!(kind(b"", None), BodyKind::Empty);
        assert_eq!(kind(b"{}", None), BodyKind::Json);
        assert_eq!(kind(b"{}", form), BodyKind::Json);
        assert_eq!(kind(b"17", form), BodyKind::Form);
        assert_eq!(kind(b"a=1", form), BodyKind::Form);
        assert_eq!(
            kind(b"{}", Some("text/plain; charset=utf-8")),
            BodyKind::Text
        );
        assert_eq!(
            kind(b"{}", Some("application/vnd.api+json; a=b")),
            BodyKind::Json
        );
        assert_eq!(
            kind(b"\xff\xfe", Some("application/json")),
            BodyKind::Binary
        );
    }

    #[test]
    fn a_long_body_is_cut_after_it_was_masked() {
        let masked = Masked::new(Arc::new(Masker::new(["hunter2hunter2"])));
        let mut body = "x".repeat(BODY_SHOWN_BYTES_MAX - 5);
        body.push_str("hunter2hunter2");
        let shown = shown(body.as_bytes(), Some("text/plain"), &masked);
        let text = shown.text.expect("it is text");
        assert!(
            shown.truncated && !text.contains("hunter"),
            "{}",
            &text[text.len() - 20..]
        );
    }

    #[test]
    fn bytes_that_are_no_text_are_shown_in_base64() {
        let shown = shown(b"\xff\x00", None, &Masked::default());
        assert_eq!((shown.text, shown.base64.as_deref()), (None, Some("/wA=")));
    }
}
