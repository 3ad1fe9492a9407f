//! What is kept of an HTTP exchange: text, masked, cut at a named limit.

use hookloom_model::journal::{RecordedError, SentRequest};
use hookloom_sensitive::Masker;

/// A body in a record is cut at this length.
pub const RECORD_BODY_BYTES_MAX: usize = 64 * 1024;

/// The message of an error is cut at this length.
pub const RECORD_MESSAGE_BYTES_MAX: usize = 8 * 1024;

/// A body is masked up to here before it is cut, so that no secret is cut in half and missed.
const MASKED_BODY_BYTES_MAX: usize = 1024 * 1024;

/// The text of a body as far as it is worth masking: lossy, and whether it was cut.
pub fn body_text(body: &[u8]) -> (String, bool) {
    let cut = body.len() > MASKED_BODY_BYTES_MAX;
    let kept = &body[..body.len().min(MASKED_BODY_BYTES_MAX)];
    (String::from_utf8_lossy(kept).into_owned(), cut)
}

/// A body for the record: masked, then cut. Also gives whether it was cut.
pub fn record_body(masker: &Masker, body: &[u8]) -> (String, bool) {
    let (text, cut) = body_text(body);
    let (text, cut_again) = cut_text(mask(masker, text));
    (text, cut || cut_again)
}

/// Masks what was sent, and cuts its body.
pub fn record_sent(masker: &Masker, sent: SentRequest) -> SentRequest {
    let (body, cut) = cut_text(mask(masker, sent.body));
    SentRequest {
        method: sent.method,
        url: mask(masker, sent.url),
        headers: record_headers(masker, sent.headers),
        body,
        body_truncated: sent.body_truncated || cut,
    }
}

/// Masks header values.
pub fn record_headers(masker: &Masker, headers: Vec<(String, String)>) -> Vec<(String, String)> {
    headers
        .into_iter()
        .map(|(name, value)| (name, mask(masker, value)))
        .collect()
}

/// Masks an error's message, and cuts it.
pub fn record_error(masker: &Masker, error: RecordedError) -> RecordedError {
    let mut message = mask(masker, error.message);
    if cut(&mut message, RECORD_MESSAGE_BYTES_MAX) {
        message.push('…');
    }
    RecordedError {
        code: error.code,
        message,
    }
}

/// Masks what a step logged.
pub fn record_logs(masker: &Masker, logs: Vec<String>) -> Vec<String> {
    logs.into_iter().map(|line| mask(masker, line)).collect()
}

/// An error for the record.
pub fn error(code: &str, message: impl Into<String>) -> RecordedError {
    RecordedError {
        code: code.to_owned(),
        message: message.into(),
    }
}

/// A time as templates and answers show it: RFC 3339, UTC, milliseconds.
pub fn time_text(at_ms: i64) -> String {
    match jiff::Timestamp::from_millisecond(at_ms) {
        Ok(at) => format!("{at:.3}"),
        Err(_) => at_ms.to_string(),
    }
}

fn mask(masker: &Masker, text: String) -> String {
    match masker.mask_str(&text) {
        std::borrow::Cow::Borrowed(_) => text,
        std::borrow::Cow::Owned(masked) => masked,
    }
}

fn cut_text(mut text: String) -> (String, bool) {
    let is_cut = cut(&mut text, RECORD_BODY_BYTES_MAX);
    (text, is_cut)
}

fn cut(text: &mut String, bytes_max: usize) -> bool {
    if text.len() <= bytes_max {
        return false;
    }
    text.truncate(text.floor_char_boundary(bytes_max));
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_on_the_cut_of_a_body_is_masked_before_it_is_cut() {
        let masker = Masker::new(["a-long-enough-secret"]);
        let mut body = "x".repeat(RECORD_BODY_BYTES_MAX - 5);
        body.push_str("a-long-enough-secret");
        let (text, cut) = record_body(&masker, body.as_bytes());
        assert!(cut);
        assert!(text.len() <= RECORD_BODY_BYTES_MAX);
        assert!(
            !text.contains("a-lo"),
            "the end is {:?}",
            &text[text.len() - 8..]
        );
    }

    #[test]
    fn a_time_has_milliseconds_also_on_the_full_second() {
        assert_eq!(time_text(1_795_306_812_000), "2026-11-22T00:20:12.000Z");
    }

    #[test]
    fn a_body_that_fits_is_kept_whole() {
        let (text, cut) = record_body(&Masker::default(), "grün".as_bytes());
        assert_eq!((text.as_str(), cut), ("grün", false));
    }
}
