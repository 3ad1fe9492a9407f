//! Builds the scope of one attempt from the names that its templates use. Keeps what was loaded while the job's task lives.

use std::sync::Arc;

use hookloom_model::journal::ValueRef;
use hookloom_model::request::uploads;
use hookloom_model::request::{StoredRequest, sealed_headers_context, secret_state_context};
use hookloom_model::{CALL_DEPTH_HEADER, JobId, JobStatus, RequestId, StepStatus, call_depth};
use hookloom_sensitive::{Masker, credential_parts};
use hookloom_template::{Reference, Scope};
use indexmap::{IndexMap, IndexSet};
use serde_json::{Map, Value, json};

use super::Obstacle;
use super::sources::ValuePorts;
use super::trigger::{self, Trigger, TriggerMemory};
use crate::core::Core;
use crate::flow::LoadedFlow;
use crate::ports::{Journal, SecretError, StoredJob};
use crate::record;
use crate::state::JobState;

/// Large values that are kept in memory for one job, in bytes of their JSON text.
const BLOBS_KEPT_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// The values of one job.
pub(crate) struct JobValues {
    pub(super) ports: ValuePorts,
    pub(super) flow: Arc<LoadedFlow>,
    job_id: JobId,
    request_id: RequestId,
    version: i64,
    pub(super) request: Option<StoredRequest>,
    trigger: Option<Trigger>,
    variables: Option<Arc<Value>>,
    pub(super) blobs: IndexMap<String, (u64, Arc<Value>)>,
    /// Credential headers of the request, once opened.
    credentials: Option<Map<String, Value>>,
    sealed_state: Option<Vec<u8>>,
    /// Secret state, once opened.
    secret_state: Option<Map<String, Value>>,
    /// The workspace's masker, and with the job's own values on top.
    masker: Option<(Arc<Masker>, Masker)>,
}

impl JobValues {
    pub fn new(core: &Core, flow: Arc<LoadedFlow>, job: StoredJob) -> Self {
        Self::with_ports(ValuePorts::of(core), flow, job)
    }

    /// Values of a job to look at: what is sealed stays so. Credential headers are as they were recorded, masked, and of
    /// secret state there is what is given here.
    pub fn to_look_at(
        journal: Arc<dyn Journal>,
        flow: Arc<LoadedFlow>,
        job: StoredJob,
        secret_state: Map<String, Value>,
    ) -> Self {
        let mut values = Self::with_ports(ValuePorts::sealed(journal), flow, job);
        values.credentials = Some(Map::new());
        values.secret_state = Some(secret_state);
        values
    }

    fn with_ports(ports: ValuePorts, flow: Arc<LoadedFlow>, job: StoredJob) -> Self {
        Self {
            ports,
            flow,
            job_id: job.id,
            request_id: job.request_id,
            version: job.version,
            request: job.request,
            trigger: None,
            variables: None,
            blobs: IndexMap::new(),
            credentials: None,
            sealed_state: job.secret_state,
            secret_state: None,
            masker: None,
        }
    }

    pub fn job_id(&self) -> JobId {
        self.job_id
    }

    pub fn request_id(&self) -> RequestId {
        self.request_id
    }

    /// How many jobs, one calling the next, led to this one: by its request, or by the API.
    pub fn depth(&self, state: &JobState) -> u32 {
        let headers = self
            .request
            .iter()
            .flat_map(|request| &request.record.headers);
        let mut depths = headers.filter(|(name, _)| name == CALL_DEPTH_HEADER);
        let of_request = depths.next().map(|(_, depth)| depth.as_str());
        let queued = state.queued.as_ref().map_or(0, |queued| queued.depth);
        call_depth(of_request).max(queued)
    }

    /// The caller's own name for the job: the `id` of its call, else the request's id.
    pub fn business_key(&self) -> String {
        let call = self.request.as_ref().map(|request| &request.record);
        call.and_then(trigger::call_id)
            .unwrap_or_else(|| self.request_id.to_string())
    }

    /// Whether the job has secret state on disk, and with it a key.
    pub fn has_secret_state(&self) -> bool {
        self.sealed_state.is_some()
    }

    /// Secret state, opened by [`JobValues::open`].
    pub fn secret_state(&self) -> Map<String, Value> {
        self.secret_state.clone().unwrap_or_default()
    }

    /// Takes over secret state that a step changed.
    pub fn replace_secret_state(&mut self, sealed: Vec<u8>, state: Map<String, Value>) {
        self.sealed_state = Some(sealed);
        self.secret_state = Some(state);
        self.masker = None;
    }

    /// Opens what is sealed. Without it nothing may run: what cannot be opened cannot be masked either.
    pub async fn open(&mut self) -> Result<(), Obstacle> {
        if self.credentials.is_none() {
            self.credentials = Some(self.open_credentials().await?);
        }
        if self.secret_state.is_none() {
            self.secret_state = Some(self.open_secret_state().await?);
        }
        Ok(())
    }

    /// Masks every value that the workspace or this job knows. Complete once [`JobValues::open`] succeeded.
    pub fn masker(&mut self) -> &Masker {
        let base = self.ports.secrets.masker();
        let is_current = matches!(&self.masker, Some((known, _)) if Arc::ptr_eq(known, &base));
        if !is_current {
            self.masker = None;
        }
        let (credentials, state) = (&self.credentials, &self.secret_state);
        let (_, masker) = self.masker.get_or_insert_with(|| {
            let mut masker = Masker::clone(&base);
            for own in [credentials, state]
                .into_iter()
                .flatten()
                .filter(|own| !own.is_empty())
            {
                masker = masker.with_json(&Value::Object(own.clone()));
            }
            let headers = credentials.iter().flat_map(Map::values);
            let tokens = headers.filter_map(Value::as_str).flat_map(credential_parts);
            let tokens: Vec<String> = tokens.collect();
            masker = masker.with(tokens.iter().map(String::as_str));
            (base, masker)
        });
        masker
    }

    /// The values of the names that are used.
    pub async fn scope(
        &mut self,
        references: &[Reference],
        state: &JobState,
    ) -> Result<Scope, Obstacle> {
        self.open().await?;
        let mut scope = Scope::default();
        let roots: IndexSet<&str> = references.iter().map(|name| name.root.as_str()).collect();
        for root in roots {
            let used: Vec<&[String]> = references
                .iter()
                .filter(|reference| reference.root == root)
                .map(|reference| reference.path.as_slice())
                .collect();
            let value = match root {
                "job" => Some(Arc::new(self.job(state))),
                "trigger" => Some(Arc::new(self.trigger_value(state).await?)),
                "steps" => Some(Arc::new(self.steps(&used, state).await?)),
                "vars" => Some(self.variables().await?),
                "secrets" => Some(Arc::new(self.secrets(&used).await?)),
                "secretState" => Some(Arc::new(Value::Object(self.secret_state()))),
                name => self.memory(name, state).await?,
            };
            if let Some(value) = value {
                scope.insert(root, value);
            }
        }
        Ok(scope)
    }

    /// A value of the journal.
    pub async fn load(&mut self, value: &ValueRef) -> Result<Arc<Value>, Obstacle> {
        let (id, bytes) = match value {
            ValueRef::Inline(value) => return Ok(Arc::new(value.clone())),
            ValueRef::Blob { id, bytes } => (id, *bytes),
        };
        if let Some((_, value)) = self.blobs.get(id) {
            return Ok(Arc::clone(value));
        }
        let text = self.ports.journal.blob(id).await?;
        let value: Value = serde_json::from_slice(&text).map_err(|error| {
            Obstacle::Never(record::error(
                "stored_value",
                format!("the stored value {id} cannot be read: {error}; restore the data folder from a backup"),
            ))
        })?;
        let value = Arc::new(value);
        self.keep_blob(id.clone(), bytes, Arc::clone(&value));
        Ok(value)
    }

    fn keep_blob(&mut self, id: String, bytes: u64, value: Arc<Value>) {
        self.blobs.insert(id, (bytes, value));
        let kept =
            |blobs: &IndexMap<_, (u64, _)>| blobs.values().map(|(bytes, _)| bytes).sum::<u64>();
        while self.blobs.len() > 1 && kept(&self.blobs) > BLOBS_KEPT_BYTES_MAX {
            self.blobs.shift_remove_index(0);
        }
    }

    async fn open_credentials(&self) -> Result<Map<String, Value>, Obstacle> {
        let Some(request) = &self.request else {
            return Ok(Map::new());
        };
        let Some(sealed) = &request.record.sealed_headers else {
            return Ok(Map::new());
        };
        let key = self.ports.secrets.workspace_key().await?;
        let context = sealed_headers_context(request.record.id);
        let opened = key
            .open(sealed, &context)
            .map(|plain| serde_json::from_slice(plain.expose()));
        match opened {
            Ok(Ok(headers)) => Ok(headers),
            _ => Err(damaged("the request's credential headers")),
        }
    }

    async fn open_secret_state(&self) -> Result<Map<String, Value>, Obstacle> {
        let Some(sealed) = &self.sealed_state else {
            return Ok(Map::new());
        };
        let key = self.ports.job_keys.open(self.request_id).await?;
        let context = secret_state_context(self.request_id);
        let opened = key
            .open(sealed, &context)
            .map(|plain| serde_json::from_slice(plain.expose()));
        match opened {
            Ok(Ok(state)) => Ok(state),
            _ => Err(damaged("the job's secret state")),
        }
    }

    fn job(&self, state: &JobState) -> Value {
        // A template of a step sees a job that runs, also where the list shows another step's wait.
        let status = match state.status() {
            JobStatus::Queued | JobStatus::Waiting => JobStatus::Running,
            other => other,
        };
        json!({
            "id": self.job_id,
            "status": status,
            "flow": self.flow.document.name,
            "version": self.version,
            "request_id": self.request_id,
            "started_at": state.started_at_ms.map(record::time_text),
        })
    }

    async fn trigger_value(&mut self, state: &JobState) -> Result<Value, Obstacle> {
        let headers = self.trigger_part(TriggerMemory::Headers, state).await?;
        let body = self.trigger_part(TriggerMemory::Body, state).await?;
        let query = self.trigger_part(TriggerMemory::Query, state).await?;
        Ok(json!({
            "headers": *headers,
            "body": *body,
            "query": *query,
            "path": self.request.as_ref().map_or_else(Map::new, |request| request.record.path_parameters()),
            "files": self.request.as_ref().map_or_else(Map::new, |request| uploads(&request.record.files)),
            "method": self.request.as_ref().map(|request| request.record.method.as_str()),
        }))
    }

    pub(super) async fn trigger_part(
        &mut self,
        part: TriggerMemory,
        state: &JobState,
    ) -> Result<Arc<Value>, Obstacle> {
        let mut trigger = match self.trigger.take() {
            Some(trigger) => trigger,
            None => {
                let input = state
                    .queued
                    .as_ref()
                    .and_then(|queued| queued.input.as_ref());
                let input = match input {
                    Some(input) => Some(self.load(input).await?),
                    None => None,
                };
                match self.request {
                    // An edited input has the place of the body; the rest is as it came.
                    Some(_) => Trigger::with_body(input),
                    None => Trigger::of_input(input),
                }
            }
        };
        let request = self.request.as_ref();
        let value = match part {
            TriggerMemory::Headers => {
                let none = Map::new();
                Ok(trigger.headers(request, self.credentials.as_ref().unwrap_or(&none)))
            }
            TriggerMemory::Body => trigger.body(request),
            TriggerMemory::Query => Ok(trigger.query(request)),
        };
        self.trigger = Some(trigger);
        let given = state.trial.as_ref().and_then(|trial| match part {
            TriggerMemory::Headers => Some(&trial.headers),
            TriggerMemory::Query => Some(&trial.query),
            TriggerMemory::Body => None,
        });
        Ok(trigger::with_given(value?, given))
    }

    async fn memory(
        &mut self,
        name: &str,
        state: &JobState,
    ) -> Result<Option<Arc<Value>>, Obstacle> {
        if let Some(value) = state.memory.get(name) {
            return Ok(Some(self.load(value).await?));
        }
        let flow = Arc::clone(&self.flow);
        let endpoint = trigger::endpoint(&flow.document, self.request.as_ref());
        match endpoint.and_then(|endpoint| trigger::memory_named(endpoint, name)) {
            Some(part) => Ok(Some(self.trigger_part(part, state).await?)),
            None => Ok(None),
        }
    }

    async fn steps(&mut self, used: &[&[String]], state: &JobState) -> Result<Value, Obstacle> {
        let every = used.iter().any(|path| path.is_empty());
        let mut steps = Map::new();
        for (name, step) in &state.steps {
            let mut of_step = used.iter().filter(|path| path.first() == Some(name));
            let asks = |path: &&&[String]| path.get(1).is_none_or(|part| part == "data");
            let wants_data = every || of_step.clone().any(|path| asks(&path));
            if !every && of_step.next().is_none() {
                continue;
            }
            let value = match (step.status, &step.data) {
                (StepStatus::Skipped, _) => json!({"data": null, "exit_code": "skipped"}),
                (StepStatus::Complete | StepStatus::Failed, Some(data)) => {
                    let data = if wants_data {
                        self.load(data).await?
                    } else {
                        Arc::default()
                    };
                    json!({"data": *data, "exit_code": step.exit_code})
                }
                _ => continue,
            };
            steps.insert(name.clone(), value);
        }
        Ok(Value::Object(steps))
    }

    async fn variables(&mut self) -> Result<Arc<Value>, Obstacle> {
        if let Some(variables) = &self.variables {
            return Ok(Arc::clone(variables));
        }
        let mut variables: Map<String, Value> = self
            .flow
            .document
            .vars
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        variables.extend(self.ports.journal.variables().await?);
        Ok(Arc::clone(
            self.variables.insert(Arc::new(Value::Object(variables))),
        ))
    }

    async fn secrets(&self, used: &[&[String]]) -> Result<Value, Obstacle> {
        let mut secrets = Map::new();
        for path in used {
            let Some(name) = path.first() else {
                return Err(Obstacle::Never(record::error(
                    "secret_name",
                    "a secret must be named in the template, as in `secrets.NAME`; a computed name is not possible",
                )));
            };
            if !secrets.contains_key(name) {
                let value = self.ports.secrets.read(name).await?;
                secrets.insert(name.clone(), Value::String(value.expose().clone()));
            }
        }
        Ok(Value::Object(secrets))
    }
}

fn damaged(what: &str) -> Obstacle {
    SecretError::Damaged {
        what: what.to_owned(),
        reason: "it was sealed with another key, or it is damaged; a copy of the data folder without its keys cannot \
                 be read"
            .to_owned(),
    }
    .into()
}
