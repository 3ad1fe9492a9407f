//! The control API: operations, OpenAPI, live updates, the workbench files.
