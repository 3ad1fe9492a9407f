//! What goes into a workspace and out of it as one text: our own documents, and those of other programs. Text in, text
//! out; whoever keeps something decides what to do with names that are there already.
//!
//! What another program's file says and Hookloom has no place for is never dropped in silence: every reader and every
//! writer gives its [`Note`]s. Values of secrets are never part of what is read or written: their names are.

mod curl;
mod har;
mod hooks;
mod incoming;
mod names;
mod notes;
mod request;
mod workspace;

pub use curl::write as write_curl;
pub use hooks::write as write_hooks;
pub use incoming::{Format, IMPORT_BYTES_MAX, Incoming, Unreadable, read};
pub use notes::{Fate, NOTES_MAX, Note, Notes};
pub use workspace::{
    EXCHANGED_FLOWS_MAX, EXCHANGED_ROWS_MAX, ExchangedFlow, ExchangedVariable, WORKSPACE_FORMAT,
    WorkspaceDocument,
};
