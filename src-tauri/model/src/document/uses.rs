//! The names that templates use, held against what the document has: each must be there, where it is used.

use std::collections::{BTreeSet, HashMap};

use super::names::nearest;
use super::reading::{Site, Use};
use super::walk::Report;

/// What a document has.
pub(super) struct Known<'d> {
    /// Every step.
    pub(super) steps: &'d [String],
    /// The upstream steps of each step.
    pub(super) upstream: HashMap<&'d str, BTreeSet<&'d str>>,
    /// Memory variables of endpoints, and those that steps put there.
    pub(super) memory: BTreeSet<String>,
}

const ROOTS: &[&str] = &["job", "trigger", "steps", "vars", "secrets", "secretState"];
const JOB: &[&str] = &[
    "id",
    "status",
    "flow",
    "version",
    "request_id",
    "started_at",
];
/// What is known of a job that has just begun.
const JOB_BEGUN: &[&str] = &["id", "flow", "version", "request_id"];
const TRIGGER: &[&str] = &["headers", "body", "query", "path", "files", "method"];
const STEP: &[&str] = &["data", "exit_code"];

/// Reports every name that is not there.
pub(super) fn check(uses: &[Use], known: &Known<'_>, report: &mut Report) {
    for found in uses {
        let check = Check { found, known };
        if let Some((code, message, nearest)) = check.problem() {
            let reported = report.error_at(code, &found.place, message);
            if let Some(nearest) = nearest {
                reported.hint(format!("did you mean `{nearest}`?"));
            }
        }
    }
}

type Finding = (&'static str, String, Option<String>);

struct Check<'u> {
    found: &'u Use,
    known: &'u Known<'u>,
}

impl Check<'_> {
    fn problem(&self) -> Option<Finding> {
        let reference = &self.found.reference;
        let root = reference.root.as_str();
        let first = reference.path.first().map(String::as_str);
        let is_answer = self.found.site == Site::Answer;
        if is_answer && root == "job" {
            return first.and_then(|name| one_of(name, JOB_BEGUN, "job"));
        }
        if (is_answer || self.found.site == Site::Endpoint)
            && matches!(root, "job" | "steps" | "vars" | "secretState" | "secrets")
        {
            let message = format!(
                "`{root}` is not there before a job begins; an endpoint can use `trigger` and its memory"
            );
            return Some(("unknown_name", message, None));
        }
        match root {
            "job" => first.and_then(|name| one_of(name, JOB, "job")),
            "trigger" => first.and_then(|name| one_of(name, TRIGGER, "trigger")),
            "vars" => None,
            "steps" => self.step(first),
            "secrets" if first.is_none() => Some((
                "unknown_name",
                "a secret is used by its own name, as in `secrets.NAME`: what is used must be known before the job runs".to_owned(),
                None,
            )),
            "secrets" => None,
            "secretState" if self.found.site == Site::Task => Some((
                "secret_state_in_task",
                "`secretState` cannot be used here: it is gone when the job has ended, before this message is sent".to_owned(),
                None,
            )),
            "secretState" if first.is_none() => Some((
                "unknown_name",
                "secret state is used by name, as in `secretState.NAME`".to_owned(),
                None,
            )),
            "secretState" => None,
            "item" | "index" => Some((
                "unknown_name",
                format!("`{root}` is there only inside a `for_each` step"),
                None,
            )),
            _ => self.memory(root),
        }
    }

    fn step(&self, name: Option<&str>) -> Option<Finding> {
        if self.found.site == Site::Flow {
            let message = "the result of a step cannot be used here: this is for steps that need not wait for it";
            return Some(("not_upstream", message.to_owned(), None));
        }
        let Some(name) = name else {
            let message = "a step is used by its own name, as in `steps.NAME.data`: what is used must be known before the job runs";
            return Some(("unknown_name", message.to_owned(), None));
        };
        if !self.known.steps.iter().any(|step| step == name) {
            let steps = self.known.steps.iter().map(String::as_str);
            let nearest = nearest(name, steps).map(|step| format!("steps.{step}"));
            return Some((
                "unknown_step",
                format!("there is no step `{name}`"),
                nearest,
            ));
        }
        if let Site::Step(Some(own)) = &self.found.site
            && !self
                .known
                .upstream
                .get(own.as_str())
                .is_some_and(|steps| steps.contains(name))
        {
            let message = if own == name {
                format!("`{name}` uses its own result, which is not there while it runs")
            } else {
                format!("`{own}` uses the result of `{name}`, but does not wait for it")
            };
            return Some(("not_upstream", message, None));
        }
        let second = self.found.reference.path.get(1)?;
        one_of(second, STEP, &format!("steps.{name}"))
    }

    fn memory(&self, name: &str) -> Option<Finding> {
        if self.known.memory.contains(name) || self.found.optional {
            return None;
        }
        let known = self
            .known
            .memory
            .iter()
            .map(String::as_str)
            .chain(ROOTS.iter().copied());
        let nearest = nearest(name, known).map(str::to_owned);
        let message = format!(
            "there is no `{name}`: no endpoint and no step puts it into memory; if a call brings it in `_statePut`, add `| default(…)`"
        );
        Some(("unknown_name", message, nearest))
    }
}

fn one_of(name: &str, known: &[&str], of: &str) -> Option<Finding> {
    if known.contains(&name) {
        return None;
    }
    let nearest = nearest(name, known.iter().copied()).map(|name| format!("{of}.{name}"));
    let shown: String = name.chars().take(80).collect();
    let message = format!("`{of}` has no `{shown}`; it has {}", known.join(", "));
    Some(("unknown_name", message, nearest))
}
