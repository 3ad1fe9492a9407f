//! The names in a flow document. Reads it as plain JSON: what was published by an older release must stay readable,
//! and what is wrong with a document is the model's to say.

use serde_json::Value;

use crate::error::Error;

/// Names that have rows of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Names {
    pub(crate) title: Option<String>,
    pub(crate) steps: usize,
    pub(crate) endpoints: Vec<String>,
    pub(crate) outputs: Vec<String>,
    pub(crate) tasks: Vec<String>,
    pub(crate) schedules: Vec<ScheduleTimes>,
}

/// A schedule, and what its times depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScheduleTimes {
    pub(crate) name: String,
    pub(crate) times: String,
    pub(crate) enabled: bool,
}

impl Names {
    pub(crate) fn of(document: &str) -> Result<Self, Error> {
        let document = parse(document)?;
        Ok(Self {
            title: document["title"].as_str().map(str::to_owned),
            steps: document["steps"].as_array().map_or(0, Vec::len),
            endpoints: named(&document, "endpoints").map(first).collect(),
            outputs: named(&document, "outputs").map(first).collect(),
            tasks: named(&document, "webhook_tasks").map(first).collect(),
            schedules: named(&document, "schedules").map(times).collect(),
        })
    }

    /// Tasks of the second document that the first one has otherwise, or not at all.
    pub(crate) fn edited_tasks(before: &str, now: &str) -> Result<Vec<String>, Error> {
        let (before, now) = (parse(before)?, parse(now)?);
        let old: Vec<_> = named(&before, "webhook_tasks").collect();
        Ok(named(&now, "webhook_tasks")
            .filter(|task| !old.contains(task))
            .map(first)
            .collect())
    }
}

/// The document as JSON.
pub(crate) fn parse(document: &str) -> Result<Value, Error> {
    serde_json::from_str(document).map_err(|error| Error::Unreadable {
        what: "a flow document",
        why: error.to_string(),
    })
}

/// The entries of a list that have a name.
fn named<'d>(
    document: &'d Value,
    list: &'static str,
) -> impl Iterator<Item = (&'d str, &'d Value)> {
    let entries = document[list].as_array().map(Vec::as_slice);
    entries
        .unwrap_or_default()
        .iter()
        .filter_map(|entry| Some((entry["name"].as_str()?, entry)))
}

fn times((name, schedule): (&str, &Value)) -> ScheduleTimes {
    ScheduleTimes {
        name: name.to_owned(),
        times: format!("{} {}", schedule["cron"], schedule["time_zone"]),
        enabled: schedule["enabled"].as_bool().unwrap_or(true),
    }
}

fn first((name, _): (&str, &Value)) -> String {
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = r#"{"title": "Orders", "endpoints": [{"name": "orders"}], "outputs": [{"name": "sum", "step": "a"}],
        "webhook_tasks": [{"name": "same", "url": "https://a.example"}, {"name": "moved", "url": "https://b.example"}]}"#;

    #[test]
    fn names_are_found_and_the_rest_is_passed_over() {
        let names = Names::of(BEFORE).expect("it is JSON");
        assert_eq!(names.title.as_deref(), Some("Orders"));
        assert_eq!(names.endpoints, ["orders"]);
        assert_eq!(names.outputs, ["sum"]);
        assert_eq!(names.tasks, ["same", "moved"]);
        assert_eq!(Names::of(r#"{"outputs": 7}"#).ok(), Some(Names::default()));
    }

    #[test]
    fn an_edited_task_is_told_from_one_that_stayed() {
        let now = BEFORE.replace("b.example", "c.example");
        let edited = Names::edited_tasks(BEFORE, &now).expect("both are JSON");
        assert_eq!(edited, ["moved"]);
    }
}
