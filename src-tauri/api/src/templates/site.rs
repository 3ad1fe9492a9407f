//! Where in a document a template stands, which decides what it can see. Reads the document leniently: a draft with
//! problems is written in, too. What is wrong there is the model's to say.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::document::{entries_of, text_of};

/// Where a template stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Site {
    /// An endpoint, before there is a job.
    Endpoint,
    /// An endpoint's own answer, when its job has just begun.
    Answer,
    /// The flow itself, for steps that have nothing of their own in its place.
    Flow,
    /// A step, with the steps that it comes after.
    Step(BTreeSet<String>),
    /// A webhook task, after the job's end.
    Task,
    /// Nowhere in particular.
    Anywhere,
}

impl Site {
    /// The site of a JSON pointer.
    pub(super) fn of(place: &str, document: &Value) -> Self {
        let mut parts = place.split('/').skip(1);
        let (list, number, part) = (parts.next(), parts.next(), parts.next());
        match list {
            None | Some("") => Self::Anywhere,
            Some("endpoints") if matches!(part, Some("response" | "off_response")) => Self::Answer,
            Some("endpoints") => Self::Endpoint,
            Some("webhook_tasks") => Self::Task,
            Some("steps") => {
                let step =
                    number.and_then(|number| document["steps"].get(number.parse::<usize>().ok()?));
                Self::Step(
                    step.map(|step| upstream(step, document))
                        .unwrap_or_default(),
                )
            }
            Some(_) => Self::Flow,
        }
    }

    /// Whether a template here can use the root name.
    pub(super) fn sees(&self, root: &str) -> bool {
        let hidden: &[&str] = match self {
            Self::Endpoint => &["job", "steps", "vars", "secrets", "secretState"],
            Self::Answer => &["steps", "vars", "secrets", "secretState"],
            Self::Flow => &["steps"],
            Self::Task => &["secretState"],
            Self::Step(_) | Self::Anywhere => &[],
        };
        !hidden.contains(&root)
    }

    /// Whether a template here can use the result of the step.
    pub(super) fn sees_step(&self, step: &str) -> bool {
        match self {
            Self::Step(upstream) => upstream.contains(step),
            _ => self.sees("steps"),
        }
    }

    /// Whether the job has ended when a template here is rendered.
    pub(super) fn is_after_the_end(&self) -> bool {
        matches!(self, Self::Task | Self::Anywhere)
    }
}

/// Every step that has ended when this one begins.
fn upstream(step: &Value, document: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&Value> = vec![step];
    while let Some(step) = open.pop() {
        for edge in entries_of(step, "after") {
            let name = text_of(edge, "step");
            let from = entries_of(document, "steps").find(|step| text_of(step, "name") == name);
            if let Some(from) = from
                && found.insert(name.to_owned())
            {
                open.push(from);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_step_sees_what_it_comes_after_also_in_a_circle_and_nothing_else() {
        let document = json!({"steps": [
            {"name": "a"}, {"name": "b", "after": [{"step": "a"}, {"step": "c"}, {"step": "gone"}]},
            {"name": "c", "after": [{"step": "b"}]}, {"name": "d"},
        ]});
        let site = Site::of("/steps/2/url", &document);
        assert_eq!(site, Site::Step(["a", "b", "c"].map(str::to_owned).into()));
        assert!(site.sees_step("a") && !site.sees_step("d") && site.sees("secretState"));
        assert_eq!(Site::of("/steps/9", &document), Site::Step(BTreeSet::new()));
    }

    #[test]
    fn the_place_decides_which_roots_there_are() {
        let site = |place| Site::of(place, &Value::Null);
        assert_eq!(site(""), Site::Anywhere);
        assert!(!site("/endpoints/0/idempotency_key").sees("vars"));
        assert!(site("/endpoints/0/response/body").sees("job"));
        assert!(!site("/remote_url").sees_step("a"));
        let task = site("/webhook_tasks/1/url");
        assert!(task.sees_step("a") && !task.sees("secretState") && task.is_after_the_end());
    }
}
