//! What attempts leave, in few words.

use hookloom_engine::ports::Produced;
use hookloom_model::journal::RecordedError;
use indexmap::IndexMap;
use serde_json::Value;

/// A step that did what it should.
pub(crate) fn success(data: Value) -> Produced {
    Produced {
        exit_code: "success".to_owned(),
        data,
        error: None,
        memory: IndexMap::new(),
        sent: None,
        logs: Vec::new(),
        retry_after_ms: None,
    }
}

/// A step that did not.
pub(crate) fn error(error: RecordedError) -> Produced {
    Produced {
        exit_code: "error".to_owned(),
        error: Some(error),
        ..success(Value::Null)
    }
}
