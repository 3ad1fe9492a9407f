//! How much of a job's data one answer has: each value up to a limit, and all together up to another one.

use hookloom_engine::ports::Journal;
use hookloom_model::journal::ValueRef;
use serde_json::Value;

use crate::error::Error;
use crate::masked::Masked;

/// One value is shown up to this many bytes of JSON text.
pub(crate) const VALUE_SHOWN_BYTES_MAX: usize = 1024 * 1024;
/// All values of a job together are shown up to this many bytes; what comes after has its beginning only.
pub(crate) const VALUES_SHOWN_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Of a value that does not fit, this much is shown in any case.
const BEGINNING_BYTES: usize = 4 * 1024;

/// Reads values and cuts what is too long.
pub(crate) struct Shown<'a> {
    journal: &'a dyn Journal,
    masked: &'a Masked,
    left_bytes: usize,
}

/// A value, or the beginning of its JSON text as a string.
#[derive(Debug, PartialEq)]
pub(crate) struct ShownValue {
    pub(crate) value: Value,
    pub(crate) truncated: bool,
}

impl<'a> Shown<'a> {
    pub(crate) fn new(journal: &'a dyn Journal, masked: &'a Masked) -> Self {
        Self {
            journal,
            masked,
            left_bytes: VALUES_SHOWN_BYTES_MAX,
        }
    }

    /// A value of the journal, wherever it lies.
    pub(crate) async fn value(&mut self, value: &ValueRef) -> Result<ShownValue, Error> {
        match value {
            ValueRef::Inline(value) => Ok(self.cut(value.clone())),
            ValueRef::Blob { id, bytes: _ } => {
                let text = self.journal.blob(id).await?;
                let value = serde_json::from_slice(&text).map_err(Error::internal)?;
                Ok(self.cut(value))
            }
        }
    }

    /// A value that is at hand.
    pub(crate) fn cut(&mut self, value: Value) -> ShownValue {
        let value = self.masked.json(value);
        let text = value.to_string();
        let room = self
            .left_bytes
            .clamp(BEGINNING_BYTES, VALUE_SHOWN_BYTES_MAX);
        if text.len() <= room {
            self.left_bytes = self.left_bytes.saturating_sub(text.len());
            return ShownValue {
                value,
                truncated: false,
            };
        }
        let beginning = beginning(&text, room);
        self.left_bytes = self.left_bytes.saturating_sub(beginning.len());
        ShownValue {
            value: Value::String(beginning.to_owned()),
            truncated: true,
        }
    }
}

fn beginning(text: &str, bytes_max: usize) -> &str {
    &text[..text.floor_char_boundary(bytes_max)]
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use async_trait::async_trait;
    use hookloom_engine::ports::{Commit, JournalError, StoredJob};
    use hookloom_model::journal::RecordedError;
    use hookloom_model::request::StoredRequest;
    use hookloom_model::{FlowId, JobId, RequestId};
    use hookloom_sensitive::Masker;
    use serde_json::{Map, json};

    use super::*;

    /// Has one blob and nothing else.
    struct OneBlob(Vec<u8>);

    #[async_trait]
    impl Journal for OneBlob {
        async fn commit(&self, _: Commit) -> Result<(), JournalError> {
            Err(JournalError::NotFound {
                what: "a writer".into(),
            })
        }
        async fn load(&self, _: JobId) -> Result<StoredJob, JournalError> {
            Err(JournalError::NotFound {
                what: "a job".into(),
            })
        }
        async fn unfinished(&self, _: JobId, _: u32) -> Result<Vec<JobId>, JournalError> {
            Ok(Vec::new())
        }
        async fn flow_version(&self, _: FlowId, _: i64) -> Result<Arc<str>, JournalError> {
            Err(JournalError::NotFound {
                what: "a version".into(),
            })
        }
        async fn variables(&self) -> Result<Map<String, Value>, JournalError> {
            Ok(Map::new())
        }
        async fn park(&self, _: JobId, _: RecordedError, _: i64) -> Result<(), JournalError> {
            Ok(())
        }
        async fn request(&self, id: RequestId) -> Result<StoredRequest, JournalError> {
            Err(JournalError::NotFound {
                what: id.to_string(),
            })
        }
        async fn blob(&self, _: &str) -> Result<Vec<u8>, JournalError> {
            Ok(self.0.clone())
        }
    }

    #[tokio::test]
    async fn a_value_that_lies_apart_is_read_and_masked() {
        let journal = OneBlob(json!({"k": "hunter2hunter2"}).to_string().into_bytes());
        let masked = Masked::new(Arc::new(Masker::new(["hunter2hunter2"])));
        let mut shown = Shown::new(&journal, &masked);
        let blob = ValueRef::Blob {
            id: "b".into(),
            bytes: 20,
        };
        let value = shown.value(&blob).await.expect("the blob is there");
        assert_eq!(
            value,
            ShownValue {
                value: json!({"k": "••••"}),
                truncated: false
            }
        );
    }

    #[test]
    fn a_long_value_is_cut_between_characters_and_says_so() {
        let journal = OneBlob(Vec::new());
        let masked = Masked::default();
        let mut shown = Shown::new(&journal, &masked);
        let cut = shown.cut(Value::String("€".repeat(VALUE_SHOWN_BYTES_MAX)));
        assert!(cut.truncated);
        let text = cut.value.as_str().expect("text");
        assert!(text.len() <= VALUE_SHOWN_BYTES_MAX && text.len() > VALUE_SHOWN_BYTES_MAX - 4);
    }

    #[test]
    fn all_values_together_stay_within_the_limit() {
        let journal = OneBlob(Vec::new());
        let masked = Masked::default();
        let mut shown = Shown::new(&journal, &masked);
        let large = Value::String("x".repeat(VALUE_SHOWN_BYTES_MAX - 2));
        let sizes: Vec<usize> = (0..20)
            .map(|_| shown.cut(large.clone()).value.to_string().len())
            .collect();
        assert!(sizes.iter().sum::<usize>() <= VALUES_SHOWN_BYTES_MAX + 20 * 2 * BEGINNING_BYTES);
        assert!(sizes[19] > 0, "even the last one has its beginning");
    }
}
