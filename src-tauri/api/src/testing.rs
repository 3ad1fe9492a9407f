//! Tests of the whole API: each file is a noun or a promise.

mod api;
mod backups;
mod compatible;
mod conforms;
mod doctor;
mod documents;
mod events;
mod exchange;
mod flows;
mod guards;
mod jobs;
mod listeners;
mod looking;
mod names;
mod operation;
mod requests;
mod sending;
mod sessions;
mod stand_ins;
mod storage;
mod tasks;
mod trials;
mod updates;

pub(crate) use stand_ins::TestScripts;

use api::{HOST, NOW_MS, OWNER_TOKEN, TestApi};
