//! A text that is looked for in what is recorded. It is looked for in what would be shown, so that nobody can find out a
//! secret by asking for its parts.

use http::StatusCode;

use crate::error::{Error, ErrorCode};
use crate::masked::Masked;

/// What is looked for is at most this long.
const CHARS_MAX: usize = 200;

/// What is looked for.
pub(crate) struct Wanted {
    /// Lower case.
    text: String,
    masked: Masked,
}

impl Wanted {
    pub(crate) fn new(text: &str, masked: Masked) -> Result<Self, Error> {
        let chars = text.chars().count();
        if !(1..=CHARS_MAX).contains(&chars) {
            let message = format!(
                "What is searched for has {chars} characters; 1 to CHARS_MAX = {CHARS_MAX} are possible."
            );
            return Err(Error::new(
                StatusCode::BAD_REQUEST,
                ErrorCode::BadRequest,
                message,
            ));
        }
        Ok(Self {
            text: text.to_lowercase(),
            masked,
        })
    }

    /// Whether it stands in a text as that is shown.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        // Masking takes text away and puts only masks in: what is not in it before is not in it after.
        (self.text.contains('•') || text.to_lowercase().contains(&self.text))
            && self
                .masked
                .text(text.to_owned())
                .to_lowercase()
                .contains(&self.text)
    }

    /// The same for a body. One that is no text has nothing that could be shown.
    pub(crate) fn is_in_bytes(&self, bytes: &[u8]) -> bool {
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            // It may only have been cut within a letter.
            Err(error) if error.error_len().is_none() => {
                std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default()
            }
            Err(_) => return false,
        };
        self.is_in(text)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use hookloom_sensitive::Masker;

    use super::*;

    fn wanted(text: &str) -> Wanted {
        let masked = Masked::new(Arc::new(Masker::new(["hunter2hunter2"])));
        let Ok(wanted) = Wanted::new(text, masked) else {
            panic!("`{text}` is short");
        };
        wanted
    }

    #[test]
    fn a_text_is_found_in_any_case_and_a_secret_is_not_even_in_parts() {
        let body = br#"{"name": "Ada Lovelace", "key": "hunter2hunter2"}"#;
        for text in ["ada love", "ADA", "••••", "\"key\": \"••••\""] {
            assert!(wanted(text).is_in_bytes(body), "{text}");
        }
        for text in ["hunter2hunter2", "hunter2", "er2hun", "grace"] {
            assert!(!wanted(text).is_in_bytes(body), "{text}");
        }
    }

    #[test]
    fn what_is_no_text_is_not_searched_and_what_was_cut_is() {
        assert!(!wanted("a").is_in_bytes(b"\xff\xfea"));
        assert!(wanted("a").is_in_bytes(&"aé".as_bytes()[..2]));
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        for text in [String::new(), "x".repeat(CHARS_MAX + 1)] {
            assert!(Wanted::new(&text, Masked::default()).is_err());
        }
    }
}
