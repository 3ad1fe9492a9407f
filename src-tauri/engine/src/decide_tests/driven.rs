//! A job that a test drives event by event, without an executor.

use hookloom_model::document::FlowDocument;
use hookloom_model::journal::{Event, JournalEntry, ValueRef};
use hookloom_model::{JobId, JobStatus, StepExecutionId, StepStatus, TriggerKind};
use indexmap::IndexMap;
use serde_json::Value;

use crate::apply::{apply, fold};
use crate::decide::{Decision, decide};
use crate::plan::Plan;
use crate::record;
use crate::state::JobState;
use crate::testing::SplitMix;

/// A job that is driven by hand.
pub(crate) struct Driven {
    pub plan: Plan,
    pub needed: Vec<bool>,
    pub state: JobState,
    pub entries: Vec<JournalEntry>,
    pub now_ms: i64,
    /// Steps whose next attempt cannot begin at once: a secret cannot be read.
    pub postponed: Vec<String>,
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
            postponed: Vec::new(),
        };
        driven.push(Event::JobQueued {
            trigger: TriggerKind::Manual,
            trigger_name: "test".to_owned(),
            outputs,
            input: None,
            secret_state: Vec::new(),
            depth: 0,
        });
        driven
    }

    /// A job that takes over what succeeded in an earlier one.
    pub fn continuing(document: &FlowDocument, earlier: &Self) -> Self {
        let mut job = Self::new(document, None);
        job.push(Event::JobReplays {
            job: Some(JobId(1)),
            request: None,
        });
        let ended = earlier.state.steps.iter();
        let succeeded = ended.filter(|(_, step)| step.status == StepStatus::Complete);
        for (name, step) in succeeded {
            job.push(Event::StepCopied {
                step: name.clone(),
                exit_code: step.exit_code.clone().unwrap_or_default(),
                data: ValueRef::Inline(Value::Null),
                error: None,
                memory: IndexMap::new(),
                memory_removed: Vec::new(),
            });
        }
        job
    }

    /// A job that tries the document, with results for some of its steps.
    pub fn trial(document: &FlowDocument, random: &mut SplitMix) -> Self {
        let mut job = Self::new(document, None);
        job.push(tries());
        for step in &document.steps {
            if random.chance(300) {
                let code = if random.chance(200) {
                    "error"
                } else {
                    "success"
                };
                job.push(pinned(step.name.clone(), code));
            }
        }
        job
    }

    /// The same job as another process finds it: of its journal only the beginning is there.
    pub fn recovered(document: &FlowDocument, entries: &[JournalEntry], now_ms: i64) -> Self {
        let mut job = Self::new(document, None);
        job.entries = entries.to_vec();
        job.state = fold(entries).expect("a prefix is legal");
        job.now_ms = now_ms;
        job
    }

    pub fn running(&self) -> Vec<String> {
        let running = self.state.running_steps();
        running.map(|(name, _)| name.to_owned()).collect()
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
                        if self.postpone(&name) {
                            continue;
                        }
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

    fn postpone(&mut self, name: &str) -> bool {
        let Some(place) = self.postponed.iter().position(|known| known == name) else {
            return false;
        };
        self.postponed.swap_remove(place);
        self.push(Event::StepPostponed {
            step: name.to_owned(),
            error: record::error("secret_locked", "the keychain is locked"),
            retry_at_ms: self.now_ms + 30_000,
        });
        true
    }

    /// Ends the job whatever it is doing.
    pub fn cancel(&mut self) {
        let names = self.plan.steps.iter().map(|step| step.name.clone());
        let open = names.filter(|name| !self.state.step_status(name).is_final());
        for step in open.collect::<Vec<_>>() {
            self.push(Event::StepCanceled { step });
        }
        self.push(Event::JobFinished {
            status: JobStatus::Canceled,
            error: None,
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

/// What makes a job a trial.
pub fn tries() -> Event {
    Event::JobTries {
        send_tasks: false,
        headers: IndexMap::new(),
        query: IndexMap::new(),
    }
}

/// A result that somebody gave.
pub fn pinned(step: String, exit_code: &str) -> Event {
    Event::StepPinned {
        step,
        exit_code: exit_code.to_owned(),
        data: ValueRef::Inline(Value::Null),
    }
}
