//! `GET /flows/{name}/names`

use axum::extract::State;
use hookloom_engine::ports::JournalError;
use hookloom_engine::{JobLook, LookError};
use hookloom_model::document::{is_plain_name, saved_names};
use hookloom_sensitive::MASK;
use hookloom_template::{FILTERS_DESCRIBED, Reference, Scope};
use indexmap::IndexSet;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::subject::Subject;
use super::walk::{ValueKind, Walk, below};
use crate::answer::Answer;
use crate::document::{entries_of, text_of};
use crate::error::Error;
use crate::identity::CanRead;
use crate::input::{Named, Query};
use crate::masked::Masked;
use crate::named::named;
use crate::state::ApiState;

/// Values that lie apart and are read for the names below them; what is beyond has its own name only.
const NAMES_READ_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// What is known of every job.
const OF_JOB: &[&str] = &[
    "id",
    "status",
    "flow",
    "version",
    "request_id",
    "started_at",
];
/// What is known of every trigger.
const OF_TRIGGER: &[&str] = &["headers", "body", "query", "path", "files", "method"];

/// Lists the names that an expression can use at a place of the draft, with the values of a job. Without any job those
/// that are known from the draft and the workspace.
#[utoipa::path(get, path = "/flows/{name}/names", tag = "templates", security(("bearer" = ["read"])),
    params(("name" = String, Path, description = "The flow's name"), NamesQuery),
    responses((status = 200, description = "The names", body = TemplateNames)))]
pub(crate) async fn list_template_names(
    _: CanRead,
    State(state): State<ApiState>,
    Named(name): Named,
    Query(query): Query<NamesQuery>,
) -> Result<Answer<TemplateNames>, Error> {
    let place = query.place.unwrap_or_default();
    let mut subject = Subject::open(&state, &name, None, &place, query.job_id).await?;
    let job_id = subject.look.job().map(|id| id.0);
    let secrets = state.secrets.list().await?;
    let secrets: Vec<String> = secrets.into_iter().map(|row| row.name).collect();
    let seen = Seen::read(&mut subject, &state.masked()).await?;
    let (names, truncated) = seen.names(&subject, &secrets);
    let filter = |(name, description): &(&str, &str)| TemplateFilter {
        name: (*name).to_owned(),
        description: (*description).to_owned(),
    };
    Ok(Answer(TemplateNames {
        job_id,
        names,
        truncated,
        filters: FILTERS_DESCRIBED.iter().map(filter).collect(),
    }))
}

/// Where, and with whose values.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NamesQuery {
    /// JSON pointer of a part of the draft, such as `/steps/1`; all names if it is left out.
    pub place: Option<String>,
    /// The job whose values are the samples; the last one that has any if it is left out.
    pub job_id: Option<i64>,
}

/// The names that an expression can use.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateNames {
    /// The job whose values are the samples; null if the flow has none yet.
    pub job_id: Option<i64>,
    /// The shallow ones first.
    pub names: Vec<TemplateName>,
    /// Whether there are more than are listed.
    pub truncated: bool,
    pub filters: Vec<TemplateFilter>,
}

/// A name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TemplateName {
    /// As it is written between the braces.
    pub expression: String,
    /// Null while nobody knows a value.
    #[serde(rename = "type")]
    pub kind: Option<ValueKind>,
    /// The beginning of the value, masked; null for lists and objects, and while nobody knows a value.
    pub sample: Option<String>,
    pub source: NameSource,
}

named!(
    /// Where a name comes from.
    NameSource {
        Job = "job", Trigger = "trigger", Steps = "steps", Memory = "memory", Vars = "vars",
        Secrets = "secrets", SecretState = "secretState",
    }
);

/// A filter, as in `name | upper`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TemplateFilter {
    pub name: String,
    pub description: String,
}

/// The values at a place, masked.
#[derive(Default)]
struct Seen {
    job: Option<Value>,
    trigger: Option<Value>,
    vars: Option<Value>,
    /// By the step's name; none where no value is known, or where it is too large to read.
    steps: Vec<(String, Option<Value>)>,
    /// By the variable's name, likewise.
    memory: Vec<(String, Option<Value>)>,
}

impl Seen {
    async fn read(subject: &mut Subject, masked: &Masked) -> Result<Self, Error> {
        let (site, look) = (&subject.site, &mut subject.look);
        let mut seen = Self::default();
        for (root, value) in [
            ("job", &mut seen.job),
            ("trigger", &mut seen.trigger),
            ("vars", &mut seen.vars),
        ] {
            if site.sees(root) {
                let scope = scope_of(look, &[reference(root, &[])]).await?;
                *value = scope
                    .get(root)
                    .map(|value| masked.json(Value::clone(value)));
            }
        }
        let mut left_bytes = NAMES_READ_BYTES_MAX;
        for step in entries_of(&subject.document, "steps") {
            let name = text_of(step, "name");
            if !is_plain_name(name) || !site.sees_step(name) {
                continue;
            }
            let wanted = reference("steps", &[name]);
            let scope = within(look, wanted, &mut left_bytes).await?;
            let value = scope.get("steps").and_then(|steps| steps.get(name));
            let value = value.map(|value| masked.json(value.clone()));
            seen.steps.push((name.to_owned(), value));
        }
        for name in memory_names(&subject.document, look) {
            let scope = within(look, reference(&name, &[]), &mut left_bytes).await?;
            let value = scope
                .get(&name)
                .map(|value| masked.json(Value::clone(value)));
            seen.memory.push((name, value));
        }
        Ok(seen)
    }

    fn names(&self, subject: &Subject, secrets: &[String]) -> (Vec<TemplateName>, bool) {
        use NameSource as Source;
        let site = &subject.site;
        let mut walk = Walk::default();
        if site.sees("vars") {
            fields(&mut walk, "vars", self.vars.as_ref(), &[], Source::Vars);
        }
        if site.sees("secrets") {
            for name in secrets {
                walk.hidden(format!("secrets.{name}"), MASK, Source::Secrets);
            }
        }
        if site.sees("secretState") {
            let names = subject.look.secret_state().keys();
            for expression in names.filter_map(|name| below("secretState", name)) {
                walk.hidden(expression, MASK, Source::SecretState);
            }
        }
        for (name, value) in &self.memory {
            match value {
                Some(value) => walk.value(name.clone(), value, Source::Memory),
                None => walk.known(name.clone(), Source::Memory),
            }
        }
        for (name, value) in &self.steps {
            let step = format!("steps.{name}");
            fields(
                &mut walk,
                &step,
                value.as_ref(),
                &["data", "exit_code"],
                Source::Steps,
            );
        }
        fields(
            &mut walk,
            "trigger",
            self.trigger.as_ref(),
            OF_TRIGGER,
            Source::Trigger,
        );
        if site.sees("job") {
            fields(&mut walk, "job", self.job.as_ref(), OF_JOB, Source::Job);
        }
        walk.names()
    }
}

/// The fields of a root with what lies below them; where no value is known, the names that are there in any case.
fn fields<'v>(
    walk: &mut Walk<'v>,
    root: &str,
    value: Option<&'v Value>,
    known: &[&str],
    source: NameSource,
) {
    let Some(Value::Object(fields)) = value else {
        for name in known {
            walk.known(format!("{root}.{name}"), source);
        }
        return;
    };
    for (name, field) in fields {
        if let Some(expression) = below(root, name) {
            walk.value(expression, field, source);
        }
    }
}

fn reference(root: &str, path: &[&str]) -> Reference {
    Reference {
        root: root.to_owned(),
        path: path.iter().map(|part| (*part).to_owned()).collect(),
    }
}

/// The value of a name, if what lies apart of it still fits.
async fn within(
    look: &mut JobLook,
    wanted: Reference,
    left_bytes: &mut u64,
) -> Result<Scope, Error> {
    let wanted = [wanted];
    match left_bytes.checked_sub(look.bytes_of(&wanted)) {
        Some(left) => *left_bytes = left,
        None => return Ok(Scope::default()),
    }
    scope_of(look, &wanted).await
}

/// A value that cannot be read has no names below it; the others still have theirs.
async fn scope_of(look: &mut JobLook, wanted: &[Reference]) -> Result<Scope, Error> {
    match look.scope(wanted).await {
        Ok(scope) => Ok(scope),
        Err(LookError::Values(_) | LookError::Journal(JournalError::NotFound { .. })) => {
            Ok(Scope::default())
        }
        Err(error) => Err(error.into()),
    }
}

/// What endpoints call the parts of a request, what scripts say that they save, and what the job has.
fn memory_names(document: &Value, look: &JobLook) -> Vec<String> {
    let of_endpoints = entries_of(document, "endpoints").flat_map(|endpoint| {
        let keys = ["body_memory", "header_memory", "query_memory"];
        keys.map(|key| text_of(endpoint, key).to_owned())
    });
    let of_scripts =
        entries_of(document, "steps").flat_map(|step| saved_names(text_of(step, "code")));
    let of_job = look.state().memory.keys().cloned();
    let names: IndexSet<String> = of_endpoints.chain(of_scripts).chain(of_job).collect();
    names
        .into_iter()
        .filter(|name| is_plain_name(name))
        .collect()
}
