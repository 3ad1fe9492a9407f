//! A job that a test drives event by event, without an executor.

use hookloom_model::document::FlowDocument;
use hookloom_model::journal::{Event, JournalEntry, ValueRef};
use hookloom_model::{JobStatus, StepExecutionId, TriggerKind};
use indexmap::IndexMap;
use serde_json::Value;

use crate::apply::apply;
use crate::decide::{Decision, decide};
use crate::plan::Plan;
use crate::record;
use crate::state::JobState;

/// A job that is driven by hand.
pub(crate) struct Driven {
    pub plan: Plan,
    pub needed: Vec<bool>,
    pub state: JobState,
    pub entries: Vec<JournalEntry>,
    pub now_ms: i64,
}

impl Driven {
    pub fn new(document: &FlowDocument, outputs: Option<&[&str]>) -> Self {
        let plan = Plan::new(document);
        let outputs = outputs.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
        let mut driven = Self {
            needed: plan.needed(outputs.as_deref()),
            plan,
            state: JobState::default(),
            entries: Vec::new(),
            now_ms: 1_000_000,
        };
        driven.push(Event::JobQueued {
            trigger: TriggerKind::Manual,
            trigger_name: "test".to_owned(),
            outputs,
            input: None,
            secret_state: Vec::new(),
        });
        driven
    }

    pub fn push(&mut self, event: Event) {
        let entry = JournalEntry {
            seq: self.state.seq_next,
            at_ms: self.now_ms,
            event,
        };
        apply(&mut self.state, &entry).expect("the event is legal");
        self.entries.push(entry);
    }

    pub fn decide(&self) -> Vec<Decision> {
        decide(&self.plan, &self.needed, &self.state, self.now_ms)
    }

    pub fn name(&self, place: usize) -> String {
        self.plan.steps[place].name.clone()
    }

    /// Records all decisions until only waiting is left, and gives the names of the steps that started.
    pub fn advance(&mut self) -> Vec<String> {
        let mut started = Vec::new();
        loop {
            let decisions = self.decide();
            if decisions.is_empty() {
                return started;
            }
            for decision in decisions {
                match decision {
                    Decision::StartJob => self.push(Event::JobStarted {}),
                    Decision::Skip { step } => self.push(Event::StepSkipped {
                        step: self.name(step),
                    }),
                    Decision::GiveUp { step } => self.end(&self.name(step), "error"),
                    Decision::Elapse { step } => self.end(&self.name(step), "success"),
                    Decision::Start { step } => {
                        let name = self.name(step);
                        self.start(&name);
                        started.push(name);
                    }
                    Decision::Finish {
                        status,
                        error,
                        cancel,
                    } => {
                        for step in cancel {
                            self.push(Event::StepCanceled {
                                step: self.name(step),
                            });
                        }
                        self.push(Event::JobFinished { status, error });
                    }
                    Decision::Wait { .. } => return started,
                }
            }
        }
    }

    pub fn start(&mut self, name: &str) {
        let known = self.state.steps.get(name);
        let attempt = known.map_or(0, |step| step.attempt) + 1;
        let first = StepExecutionId::new(self.now_ms, [attempt as u8; 10]);
        let execution = known.and_then(|step| step.execution).unwrap_or(first);
        self.push(Event::StepStarted {
            step: name.to_owned(),
            execution,
            attempt,
        });
    }

    pub fn end(&mut self, name: &str, exit_code: &str) {
        self.push(Event::StepFinished {
            step: name.to_owned(),
            attempt: self.state.steps[name].attempt,
            exit_code: exit_code.to_owned(),
            data: ValueRef::Inline(Value::Null),
            error: (exit_code == "error").then(|| record::error("test", "it broke")),
            memory: IndexMap::new(),
            memory_removed: Vec::new(),
            secret_state_put: Vec::new(),
            secret_state_removed: Vec::new(),
            sent: None,
            logs: Vec::new(),
        });
    }

    pub fn interrupt(&mut self, name: &str) {
        let attempt = self.state.steps[name].attempt;
        self.push(Event::StepInterrupted {
            step: name.to_owned(),
            attempt,
        });
    }

    pub fn delay(&mut self, name: &str, until_ms: i64) {
        self.push(Event::StepWaiting {
            step: name.to_owned(),
            attempt: self.state.steps[name].attempt,
            until_ms,
        });
    }

    pub fn retry(&mut self, name: &str, retry_at_ms: i64) {
        self.push(Event::StepRetrying {
            step: name.to_owned(),
            attempt: self.state.steps[name].attempt,
            error: record::error("test", "it broke"),
            retry_at_ms,
            sent: None,
            logs: Vec::new(),
        });
    }

    pub fn ends(&mut self, name: &str, exit_code: &str) -> Vec<String> {
        self.end(name, exit_code);
        self.advance()
    }

    pub fn ended(&self) -> Option<JobStatus> {
        self.state.ended.as_ref().map(|ended| ended.status)
    }
}
