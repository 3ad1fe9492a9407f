//! The body of a request as a person sees it. It is kept exact; only what is shown is masked and cut.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hookloom_model::body::{self, BodyForm, BodyValue};

use super::detail::{BodyKind, RequestBody};
use crate::masked::Masked;

/// A body is shown up to this many bytes.
const BODY_SHOWN_BYTES_MAX: usize = 1024 * 1024;
/// The same in base64, in whole groups of four.
const BASE64_SHOWN_BYTES_MAX: usize = BODY_SHOWN_BYTES_MAX / 3 * 4;

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
            let mut base64 = masked.text(STANDARD.encode(body));
            let truncated = base64.len() > BASE64_SHOWN_BYTES_MAX;
            base64.truncate(base64.floor_char_boundary(BASE64_SHOWN_BYTES_MAX));
            RequestBody {
                text: None,
                base64: Some(base64),
                truncated,
                kind,
            }
        }
    }
}

/// As the receiver read it; a body that it refused is text if it can be shown as text.
fn kind(bytes: &[u8], content_type: Option<&str>) -> BodyKind {
    if bytes.is_empty() {
        return BodyKind::Empty;
    }
    match body::parse(content_type, bytes, "POST") {
        Ok(BodyValue::Parsed { form, .. }) => match form {
            BodyForm::Empty => BodyKind::Empty,
            BodyForm::Json => BodyKind::Json,
            BodyForm::Form => BodyKind::Form,
            BodyForm::Text => BodyKind::Text,
        },
        Ok(BodyValue::Bytes { .. }) => BodyKind::Binary,
        Err(_) if std::str::from_utf8(bytes).is_ok() => BodyKind::Text,
        Err(_) => BodyKind::Binary,
    }
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
    fn a_long_binary_body_is_cut_after_it_was_masked_too() {
        let masked = Masked::new(Arc::new(Masker::new(["hunter2hunter2"])));
        let mut body = vec![0xff; BODY_SHOWN_BYTES_MAX / 3 * 3 - 6];
        body.extend_from_slice(b"hunter2hunter2");
        let shown = shown(&body, None, &masked);
        let base64 = shown.base64.expect("it is no text");
        let half = STANDARD.encode("hunter");
        let end = &base64[base64.floor_char_boundary(base64.len() - 20)..];
        assert!(shown.truncated && !base64.contains(&half), "{end}");
    }

    #[test]
    fn bytes_that_are_no_text_are_shown_in_base64() {
        let shown = shown(b"\xff\x00", None, &Masked::default());
        assert_eq!((shown.text, shown.base64.as_deref()), (None, Some("/wA=")));
    }
}
