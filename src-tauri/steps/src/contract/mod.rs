//! What every kind of step keeps to, one suite for all, and what is special about each.

mod cases;
mod choices;
mod crashes;
mod http;
mod llm;
mod remote;
mod script;
mod suite;
mod waits;
