//! The routes that scripts written for another product call: `/v4`, with and without a slash at the end.
//!
//! Their names and shapes are that product's; what they do are our own operations.

pub(crate) mod flows;
pub(crate) mod job_groups;
mod task_edits;
mod task_fields;
mod task_shape;
pub(crate) mod webhook_flow_tasks;
pub(crate) mod webhook_tests;
