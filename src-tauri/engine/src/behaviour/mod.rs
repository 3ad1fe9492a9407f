//! What an engine does with a flow, from the outside: over ports in memory, under virtual time.

mod cancel;
mod deliveries;
mod jobs;
mod looks;
mod outputs;
mod replay;
mod schedules;
mod secrets;
mod speed;
mod task_tests;
mod trials;
mod values;
