//! What others ask a sound document.

use std::collections::BTreeSet;

use hookloom_template::{Place, Template, ValueTemplate};

use super::graph;
use super::types::{Auth, Endpoint, FlowDocument, Step};
use super::walk::escape_pointer;

impl FlowDocument {
    /// The endpoint with this name.
    pub fn endpoint(&self, name: &str) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| endpoint.name == name)
    }

    /// The endpoint that a call without an endpoint's name reaches, and whose memory an input fills: the first.
    pub fn default_endpoint(&self) -> Option<&Endpoint> {
        self.endpoints.first()
    }

    /// The step with this name.
    pub fn step(&self, name: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.name == name)
    }

    /// The steps that a step waits for, also through others.
    pub fn upstream(&self, step: &str) -> BTreeSet<&str> {
        let edges_of = |name: &str| match self.step(name) {
            Some(step) => step.after.iter().map(|edge| edge.step.as_str()).collect(),
            None => Vec::new(),
        };
        graph::upstream(step, &edges_of)
    }

    /// Every secret that the document names, each use with its place as a JSON pointer.
    pub fn secrets_used(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for (at, endpoint) in self.endpoints.iter().enumerate() {
            let place = format!("/endpoints/{at}/auth");
            auth_secrets(&endpoint.auth, &place, &mut found);
        }
        for (at, step) in self.steps.iter().enumerate() {
            let place = format!("/steps/{at}");
            if let Some(secret) = step.kind.secret_named() {
                found.push((secret.to_owned(), format!("{place}/secret")));
            }
            for (below, value) in step.kind.texts() {
                if let Ok(template) = ValueTemplate::parse(&value) {
                    secrets_of(
                        template.references(),
                        &format!("{place}{below}"),
                        &mut found,
                    );
                }
            }
        }
        if let Some(url) = &self.remote_url
            && let Ok(template) = Template::parse(url, Place::Text)
        {
            secrets_of(template.references(), "/remote_url", &mut found);
        }
        if let Some(secret) = &self.remote_secret {
            found.push((secret.clone(), "/remote_secret".to_owned()));
        }
        for (at, task) in self.webhook_tasks.iter().enumerate() {
            let place = format!("/webhook_tasks/{at}");
            texts(
                &place,
                &task.url,
                &task.headers,
                task.body.as_deref(),
                &mut found,
            );
            if let Some(secret) = &task.secret {
                found.push((secret.clone(), format!("{place}/secret")));
            }
        }
        found
    }
}

fn auth_secrets(auth: &Auth, place: &str, found: &mut Vec<(String, String)>) {
    if let Some((secret, previous)) = auth.secret() {
        found.push((secret.to_owned(), format!("{place}/secret")));
        if let Some((secret, _)) = previous {
            found.push((secret.clone(), format!("{place}/previous/secret")));
        }
    }
    if let Auth::Any { of } | Auth::All { of } = auth {
        for (at, way) in of.iter().enumerate() {
            auth_secrets(way, &format!("{place}/of/{at}"), found);
        }
    }
}

/// Secrets in the parts of a request. The place of a text decides how it is escaped, not which names it has.
fn texts(
    place: &str,
    url: &str,
    headers: &indexmap::IndexMap<String, String>,
    body: Option<&str>,
    found: &mut Vec<(String, String)>,
) {
    let mut note = |text: &str, place: String| {
        if let Ok(template) = Template::parse(text, Place::Text) {
            secrets_of(template.references(), &place, found);
        }
    };
    note(url, format!("{place}/url"));
    for (name, value) in headers {
        note(value, format!("{place}/headers/{}", escape_pointer(name)));
    }
    if let Some(body) = body {
        note(body, format!("{place}/body"));
    }
}

fn secrets_of(
    references: &[hookloom_template::Reference],
    place: &str,
    found: &mut Vec<(String, String)>,
) {
    for reference in references
        .iter()
        .filter(|reference| reference.root == "secrets")
    {
        if let Some(name) = reference.path.first() {
            found.push((name.clone(), place.to_owned()));
        }
    }
}
