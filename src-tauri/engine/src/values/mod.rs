//! The values that templates of a job can ask for, loaded only when one does: memory, trigger, steps, variables, secrets.

mod job_values;
mod memory;
mod obstacle;
mod sources;
mod trigger;

pub(crate) use job_values::JobValues;
pub(crate) use memory::MemorySnapshot;
pub(crate) use obstacle::Obstacle;
