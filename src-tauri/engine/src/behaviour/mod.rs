//! What an engine does with a flow, from the outside: over ports in memory, under virtual time.

mod deliveries;
mod jobs;
mod outputs;
mod secrets;
mod speed;
mod task_tests;
mod values;
