//! What is gathered while a document is read: problems, and the names that templates use, to be checked at the end.

use hookloom_template::{Place, Reference, Template, TemplateError};
use indexmap::IndexMap;
use serde_json::Value;

use super::requests::check_body;
use super::walk::{Node, Report, escape_pointer};

/// The state of one reading.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) report: Report,
    pub(super) uses: Vec<Use>,
    /// Whether the flow has a URL for `remote` steps without one.
    pub(super) has_remote_url: bool,
    /// Whether the flow has a secret for `remote` steps without one.
    pub(super) has_remote_secret: bool,
}

/// A name that a template uses.
pub(super) struct Use {
    pub(super) reference: Reference,
    /// Whether `default` takes care of it.
    pub(super) optional: bool,
    pub(super) place: String,
    pub(super) site: Site,
}

/// Where a template stands, which decides what it can see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Site {
    /// An endpoint, before there is a job.
    Endpoint,
    /// The flow itself, for steps that have nothing of their own in its place.
    Flow,
    /// An endpoint's own answer, when its job has just begun.
    Answer,
    /// The step with this name; none if the step has no valid name.
    Step(Option<String>),
    /// A webhook task, after the job's end.
    Task,
}

impl Reading {
    /// Reads a text with expressions.
    pub(super) fn template(
        &mut self,
        node: &Node<'_>,
        place: Place,
        site: &Site,
    ) -> Option<String> {
        let text = node.text(&mut self.report)?;
        self.parsed(Template::parse(text, place), node, site)?;
        Some(text.to_owned())
    }

    /// Reads the body of a request; one of a webhook task also has words such as `$jobId`.
    pub(super) fn body(
        &mut self,
        node: &Node<'_>,
        place: Place,
        headers: &IndexMap<String, String>,
        site: &Site,
    ) -> Option<String> {
        let text = node.text(&mut self.report)?;
        let template = match site {
            Site::Task => Template::parse_task_body(text, place),
            _ => Template::parse(text, place),
        };
        let template = self.parsed(template, node, site)?;
        check_body(node, &template, place, headers, self);
        Some(text.to_owned())
    }

    /// Reads a text that must be exactly one expression, so that its value keeps its type.
    pub(super) fn one_expression(&mut self, node: &Node<'_>, site: &Site) -> Option<String> {
        let text = node.text(&mut self.report)?;
        let template = self.parsed(Template::parse(text, Place::Text), node, site)?;
        if !template.is_one_expression() {
            self.report
                .error(
                    "not_one_expression",
                    node,
                    "this must be exactly one expression, with nothing around it: else its value is a text",
                )
                .hint("write one expression, as in {{ requestBody.total > 100 }}");
            return None;
        }
        Some(text.to_owned())
    }

    fn parsed(
        &mut self,
        template: Result<Template, TemplateError>,
        node: &Node<'_>,
        site: &Site,
    ) -> Option<Template> {
        match template {
            Ok(template) => {
                self.note(&template, &node.place, site);
                Some(template)
            }
            Err(error) => {
                self.report.error("template", node, error.to_string());
                None
            }
        }
    }

    /// Reads JSON whose strings are templates, and reports each string that is none.
    pub(super) fn value(&mut self, node: &Node<'_>, site: &Site) {
        match node.value {
            Value::String(_) => {
                self.template(node, Place::Text, site);
            }
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.value(&Node::new(item, format!("{}/{at}", node.place)), site);
                }
            }
            Value::Object(fields) => {
                for (name, field) in fields {
                    let place = format!("{}/{}", node.place, escape_pointer(name));
                    self.value(&Node::new(field, place), site);
                }
            }
            _ => {}
        }
    }

    fn note(&mut self, template: &Template, place: &str, site: &Site) {
        for (reference, optional) in template.references_with_need() {
            self.uses.push(Use {
                reference: reference.clone(),
                optional,
                place: place.to_owned(),
                site: site.clone(),
            });
        }
    }
}
