//! Reading a flow document that may be of any release, and may have problems: as plain JSON, and leniently. What is
//! wrong with it is the model's to say.

use serde_json::Value;

/// The entries of a list of the document; none if it has none.
pub(crate) fn entries_of<'d>(document: &'d Value, list: &str) -> impl Iterator<Item = &'d Value> {
    document[list]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
}

/// A text of an entry; empty if it has none.
pub(crate) fn text_of<'d>(entry: &'d Value, key: &str) -> &'d str {
    entry[key].as_str().unwrap_or_default()
}
