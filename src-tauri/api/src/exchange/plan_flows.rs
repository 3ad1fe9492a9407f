//! What becomes of the flows of a text. A new flow is off, whatever it was; of one that is there only the draft is
//! replaced. So nothing that an import brings can run before somebody turns it on.

use std::collections::{BTreeMap, BTreeSet};

use hookloom_model::document::{DOCUMENT_BYTES_MAX, NAME_CHARS_MAX, canonical};
use hookloom_model::exchange::ExchangedFlow;
use hookloom_store::{FlowRecord, ImportedFlow, KeptAs};
use http::StatusCode;
use serde_json::Value;

use super::plan::{Planner, free_name};
use super::shape::{Existing, Fate, ImportPart, PartKind};
use crate::document::text_of;
use crate::error::{Error, ErrorCode};
use crate::flows::{Layout, Looked};

const CHOICES: [Existing; 3] = [Existing::KeepBoth, Existing::Replace, Existing::Skip];

impl Planner<'_> {
    pub(super) async fn flows(&mut self, flows: Vec<ExchangedFlow>) -> Result<(), Error> {
        let mut names: BTreeSet<String> = self.here.flows.keys().cloned().collect();
        names.extend(flows.iter().map(|flow| flow.name.clone()));
        for flow in flows {
            self.flow(flow, &mut names).await?;
        }
        Ok(())
    }

    async fn flow(
        &mut self,
        flow: ExchangedFlow,
        names: &mut BTreeSet<String>,
    ) -> Result<(), Error> {
        let mut draft = flow.draft.clone();
        let layout = Layout::take_from(&mut draft);
        let Some(there) = self.here.flows.get(&flow.name).cloned() else {
            return self.new_flow(flow, draft, layout, None).await;
        };
        let published = flow.published.as_ref().map(canonical);
        let is_same = there.draft == canonical(&draft)
            && published.is_none_or(|published| there.published.as_deref() == Some(&*published));
        if is_same {
            self.tell(
                PartKind::Flow,
                &flow.name,
                Fate::Kept,
                "It is here already, and is the same.",
            );
            return Ok(());
        }
        let choice = self.choice(PartKind::Flow, &flow.name, None);
        match choice {
            Existing::Skip => {
                self.tell_taken(
                    &flow.name,
                    choice,
                    Fate::Dropped,
                    "There is a flow of that name here, and it stays as it is.",
                );
                Ok(())
            }
            Existing::Replace => self.replaced_draft(&flow, &there, draft, layout).await,
            Existing::KeepBoth => {
                let free = free_name(&flow.name, NAME_CHARS_MAX, |name| names.contains(name));
                names.insert(free.clone());
                self.renamed_flows.insert(flow.name.clone(), free.clone());
                self.new_flow(flow, draft, layout, Some(free)).await
            }
        }
    }

    async fn replaced_draft(
        &mut self,
        flow: &ExchangedFlow,
        there: &FlowRecord,
        draft: Value,
        layout: Option<Layout>,
    ) -> Result<(), Error> {
        let looked = self
            .workspace
            .look_at_given(draft.into(), Some(&flow.name))
            .await;
        self.note_secrets(&looked, &flow.name);
        let mut why = "Its draft takes the place of the one here.".to_owned();
        if there.version.is_some() {
            why.push_str(" What is published here stays until you publish the draft.");
        }
        if let Some(inner) = looked.inner_note() {
            why = format!("{why} {inner}");
        }
        why.push_str(&problems_of(&looked));
        self.tell_taken(&flow.name, Existing::Replace, Fate::Changed, &why);
        let base_etag = there.draft_etag.clone();
        self.put(
            &flow.name,
            looked.json(),
            layout,
            KeptAs::Draft { base_etag },
        )
    }

    async fn new_flow(
        &mut self,
        flow: ExchangedFlow,
        mut draft: Value,
        layout: Option<Layout>,
        second: Option<String>,
    ) -> Result<(), Error> {
        let ExchangedFlow {
            name: theirs,
            draft: _,
            mut published,
            switched_off_tasks,
        } = flow;
        let name = second.clone().unwrap_or_else(|| theirs.clone());
        let mut changes = Vec::new();
        if second.is_some() {
            changes.push(format!(
                "There is a flow of that name here; this one is called `{name}`."
            ));
        }
        changes.extend(self.make_room(&name, &mut draft, published.as_mut()));
        let mut published_text = None;
        let mut inner = BTreeSet::new();
        if let Some(document) = published {
            let looked = self
                .workspace
                .look_at_given(document.into(), Some(&name))
                .await;
            match looked.blocking() {
                Some(problem) => changes.push(format!(
                    "What was published of it cannot be here: {}. The draft came along.",
                    problem.trim_end_matches('.')
                )),
                None => {
                    self.note_secrets(&looked, &name);
                    inner.extend(looked.inner_note());
                    published_text = Some(bounded(canonical(looked.json()), &name)?);
                    self.workspace.add(looked.json(), &name);
                }
            }
        }
        let looked = self
            .workspace
            .look_at_given(draft.into(), Some(&name))
            .await;
        self.note_secrets(&looked, &name);
        inner.extend(looked.inner_note());
        let fate = if changes.is_empty() {
            Fate::Kept
        } else {
            Fate::Changed
        };
        changes.push(match &published_text {
            Some(_) => {
                "It is published and off: nothing of it runs until you turn it on.".to_owned()
            }
            None => "It is a draft: nothing of it runs until you publish it.".to_owned(),
        });
        changes.extend(inner);
        let why = format!("{}{}", changes.join(" "), problems_of(&looked));
        match second {
            Some(_) => self.tell_taken(&theirs, Existing::KeepBoth, fate, &why),
            None => self.tell(PartKind::Flow, &theirs, fate, why),
        }
        let kept = KeptAs::New {
            published: published_text,
            switched_off_tasks,
        };
        self.put(&name, looked.json(), layout, kept)
    }

    fn put(
        &mut self,
        name: &str,
        draft: &Value,
        layout: Option<Layout>,
        kept: KeptAs,
    ) -> Result<(), Error> {
        let layout = layout.map(|layout| layout.to_text()).transpose()?;
        self.import.flows.push(ImportedFlow {
            name: name.to_owned(),
            draft: bounded(canonical(draft), name)?,
            layout,
            kept,
        });
        Ok(())
    }

    /// Gives the flow its name, and takes out or renames what there can be only once. Says what was done. Only flows that
    /// are there make it necessary: among those of one text it is their own affair.
    fn make_room(
        &mut self,
        name: &str,
        draft: &mut Value,
        published: Option<&mut Value>,
    ) -> Vec<String> {
        let mut changes = BTreeSet::new();
        let mut renamed: BTreeMap<String, String> = BTreeMap::new();
        for document in [Some(draft), published].into_iter().flatten() {
            document["name"] = name.into();
            let endpoints = document.get_mut("endpoints").and_then(Value::as_array_mut);
            for endpoint in endpoints.map(Vec::as_mut_slice).unwrap_or_default() {
                let taken = text_of(endpoint, "name").to_owned();
                let owner = self.workspace.owner_of_endpoint(&taken, name);
                if owner.is_some_and(|owner| self.here.flows.contains_key(owner)) {
                    let free = renamed.entry(taken.clone()).or_insert_with(|| {
                        free_name(&taken, NAME_CHARS_MAX, |free| {
                            self.workspace.is_endpoint_taken(free, name)
                        })
                    });
                    changes.insert(format!("Its endpoint `{taken}` is called `{free}`, because names of endpoints are unique."));
                    endpoint["name"] = free.as_str().into();
                }
                let path = text_of(endpoint, "path").to_owned();
                let owner = self.workspace.owner_of_path(endpoint, name);
                if let Some(owner) = owner.filter(|owner| self.here.flows.contains_key(*owner)) {
                    changes.insert(format!("The path {path} belongs to the flow `{owner}` here, so its endpoint has none."));
                    if let Some(fields) = endpoint.as_object_mut() {
                        fields.shift_remove("path");
                    }
                }
            }
        }
        self.renamed_endpoints.extend(renamed);
        changes.into_iter().collect()
    }

    fn note_secrets(&mut self, looked: &Looked, flow: &str) {
        for secret in self.workspace.missing_secrets(looked) {
            self.missing_secrets
                .entry(secret)
                .or_default()
                .insert(flow.to_owned());
        }
    }

    fn tell_taken(&mut self, name: &str, choice: Existing, fate: Fate, why: &str) {
        self.parts.push(ImportPart {
            kind: PartKind::Flow,
            name: name.to_owned(),
            set: None,
            fate,
            why: why.to_owned(),
            choices: CHOICES.into(),
            choice: Some(choice),
        });
    }
}

fn problems_of(looked: &Looked) -> String {
    let count = looked
        .problems
        .iter()
        .filter(|problem| problem.blocks_publish())
        .count();
    match count {
        0 => String::new(),
        1 => " One problem stands in the way of publishing it.".to_owned(),
        count => format!(" {count} problems stand in the way of publishing it."),
    }
}

fn bounded(text: String, flow: &str) -> Result<String, Error> {
    if text.len() <= DOCUMENT_BYTES_MAX {
        return Ok(text);
    }
    let message = format!(
        "The document of the flow `{flow}` has {} bytes, more than DOCUMENT_BYTES_MAX = {DOCUMENT_BYTES_MAX}.",
        text.len()
    );
    let status = StatusCode::PAYLOAD_TOO_LARGE;
    Err(Error::new(status, ErrorCode::BodyTooLarge, message)
        .hint("Make two flows of it, and import those."))
}
