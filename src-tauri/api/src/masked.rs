//! The last line of defence: whatever was recorded was masked before it was written, and is masked once more before
//! it is shown, with the values that are known today.
//!
//! Not for names, states and ids, which are ours: a short secret that equals one of them must not break the answer.

use std::borrow::Cow;
use std::sync::Arc;

use hookloom_model::journal::{RecordedError, SentRequest};
use hookloom_sensitive::Masker;
use serde_json::Value;

use crate::parts::Header;

/// Masks what is about to be shown.
#[derive(Clone, Default)]
pub(crate) struct Masked(Arc<Masker>);

impl Masked {
    pub(crate) fn new(masker: Arc<Masker>) -> Self {
        Self(masker)
    }

    /// Whether the other one masks the same values, as far as can be told without comparing them.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Text of any kind.
    pub(crate) fn text(&self, text: String) -> String {
        match self.0.mask_str(&text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(masked) => masked,
        }
    }

    /// Bytes of any kind. Those that hold nothing to mask stay exactly as they are.
    pub(crate) fn bytes(&self, bytes: Vec<u8>) -> Vec<u8> {
        match String::from_utf8(bytes) {
            Ok(text) => self.text(text).into_bytes(),
            Err(error) => {
                let masked = self.0.mask_bytes_lossy(error.as_bytes());
                match masked == String::from_utf8_lossy(error.as_bytes()) {
                    true => error.into_bytes(),
                    false => masked.into_bytes(),
                }
            }
        }
    }

    /// Whether there is something to mask in a text.
    pub(crate) fn hides(&self, text: &str) -> bool {
        matches!(self.0.mask_str(text), Cow::Owned(_))
    }

    /// Any JSON.
    pub(crate) fn json(&self, mut value: Value) -> Value {
        self.0.mask_json(&mut value);
        value
    }

    /// An event of the journal: everything but what is ours in it.
    pub(crate) fn json_but_names(&self, mut event: Value) -> Value {
        const OURS: [&str; 8] = [
            "type",
            "step",
            "execution",
            "trigger",
            "trigger_name",
            "exit_code",
            "status",
            "outputs",
        ];
        if let Value::Object(fields) = &mut event {
            for (name, field) in fields.iter_mut() {
                if !OURS.contains(&name.as_str()) {
                    self.0.mask_json(field);
                }
            }
        }
        event
    }

    pub(crate) fn headers(&self, headers: Vec<(String, String)>) -> Vec<Header> {
        headers
            .into_iter()
            .map(|(name, value)| Header {
                name,
                value: self.text(value),
            })
            .collect()
    }

    pub(crate) fn error(&self, error: RecordedError) -> RecordedError {
        let RecordedError { code, message } = error;
        RecordedError {
            code,
            message: self.text(message),
        }
    }

    pub(crate) fn sent(&self, sent: SentRequest) -> SentRequest {
        let SentRequest {
            method,
            url,
            headers,
            body,
            body_truncated,
        } = sent;
        SentRequest {
            method,
            url: self.text(url),
            headers: headers
                .into_iter()
                .map(|(name, value)| (name, self.text(value)))
                .collect(),
            body: self.text(body),
            body_truncated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_slipped_into_a_record_is_masked_when_it_is_shown() {
        let masked = Masked::new(Arc::new(Masker::new(["hunter2hunter2"])));
        let sent = SentRequest {
            method: "POST".into(),
            url: "https://x.example/?k=hunter2hunter2".into(),
            headers: vec![("authorization".into(), "Bearer hunter2hunter2".into())],
            body: "{\"k\": \"hunter2hunter2\"}".into(),
            body_truncated: false,
        };
        let shown = masked.sent(sent);
        let all = format!("{shown:?}");
        assert!(!all.contains("hunter2"), "{all}");
        assert_eq!(shown.method, "POST");
    }
}
