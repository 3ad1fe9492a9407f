//! `POST /templates/preview`

use axum::extract::State;
use hookloom_model::JobStatus;
use hookloom_sensitive::MASK;
use hookloom_template::{
    Place, Reference, RenderError, RenderFault, Scope, TaskWords, Template, TemplateError,
    TemplateFault, TextPlace, ValueTemplate, json_of, text_of,
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::subject::Subject;
use super::walk::ValueKind;
use crate::answer::Answer;
use crate::error::{Error, ErrorCode};
use crate::identity::CanRead;
use crate::input::Body;
use crate::masked::Masked;
use crate::named::named;
use crate::state::ApiState;

/// The longest text that is previewed.
const PREVIEW_TEXT_BYTES_MAX: usize = 256 * 1024;
/// Expressions in one text that is previewed: each may take its fuel.
const PREVIEW_EXPRESSIONS_MAX: usize = 500;
/// A result is shown up to here.
const PREVIEW_SHOWN_BYTES_MAX: usize = 64 * 1024;

/// What stands for a secret where a URL takes no mask: it is replaced by one in what comes out.
const STAND_INS: [&str; 2] = ["https://hidden-value.invalid", "hidden-value.invalid"];

/// Says what a text with expressions gives with the values of a job. Nothing runs, nothing is recorded, no secret is
/// read: each shows as a mask.
#[utoipa::path(post, path = "/templates/preview", tag = "templates", security(("bearer" = ["read"])),
    request_body = TemplatePreview,
    responses((status = 200, description = "The result, or what is wrong", body = TemplatePreviewed)))]
pub(crate) async fn preview_template(
    _: CanRead,
    State(state): State<ApiState>,
    Body(preview): Body<TemplatePreview>,
) -> Result<Answer<TemplatePreviewed>, Error> {
    let TemplatePreview {
        flow,
        document,
        place,
        job_id,
        text,
        kind,
        in_task,
    } = preview;
    if text.len() > PREVIEW_TEXT_BYTES_MAX {
        return Err(too_much(format!(
            "The text has {} bytes, more than PREVIEW_TEXT_BYTES_MAX = {PREVIEW_TEXT_BYTES_MAX}.",
            text.len()
        )));
    }
    let mut subject = Subject::open(&state, &flow, document, &place, job_id).await?;
    let job_id = subject.look.job().map(|id| id.0);
    let masked = state.masked();
    let parsed = match Parsed::of(&text, kind, in_task) {
        Ok(parsed) => parsed,
        Err(error) => {
            return Ok(Answer(TemplatePreviewed {
                job_id,
                result: None,
                error: Some(of_template_error(&error, &text, &masked)),
            }));
        }
    };
    if parsed.template.expressions() > PREVIEW_EXPRESSIONS_MAX {
        return Err(too_much(format!(
            "The text has {} expressions, more than PREVIEW_EXPRESSIONS_MAX = {PREVIEW_EXPRESSIONS_MAX}.",
            parsed.template.expressions()
        )));
    }
    let scope = scope(&mut subject, parsed.template.references()).await?;
    let secrets = state.secrets.list().await?;
    let secrets: Vec<String> = match subject.site.sees("secrets") {
        true => secrets.into_iter().map(|row| row.name).collect(),
        false => Vec::new(),
    };
    let words = in_task.then(|| words(&subject));
    let has_job = job_id.is_some();
    // An expression may take all of its fuel, and others wait for this thread.
    let rendered = tokio::task::spawn_blocking(move || {
        let rendered = parsed.render_hidden(scope, &secrets, words.as_ref());
        (rendered, text)
    });
    let (rendered, text) = rendered.await.map_err(Error::internal)?;
    let (result, error) = match rendered {
        Ok(value) => (Some(shown(value, kind, &masked)), None),
        Err(error) => (None, Some(of_render_error(&error, &text, has_job, &masked))),
    };
    Ok(Answer(TemplatePreviewed {
        job_id,
        result,
        error,
    }))
}

/// A text to preview.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TemplatePreview {
    /// The flow's name.
    pub flow: String,
    /// The draft as the caller has it; the stored one if it is left out.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub document: Option<Value>,
    /// JSON pointer of the part of the document that the text is for, such as `/steps/1/url`: it decides which names
    /// there are. All of them if it is left out.
    #[serde(default)]
    pub place: String,
    /// The job whose values are taken; the last one that has any if it is left out.
    #[serde(default)]
    pub job_id: Option<i64>,
    pub text: String,
    /// `text` if it is left out.
    #[serde(default = "TextKind::default")]
    pub kind: TextKind,
    /// Whether it is the body of a webhook task, which has words such as `$jobId`.
    #[serde(default)]
    pub in_task: bool,
}

named!(
    /// What a text with expressions becomes: it decides how values are escaped. `value` keeps the type of a value where
    /// the text is exactly one expression.
    TextKind {
        Text = "text", Json = "json", Form = "form", Xml = "xml", Url = "url", Header = "header",
        Value = "value",
    }
);

impl TextKind {
    fn default() -> Self {
        Self::Text
    }

    fn place(self) -> Place {
        match self {
            Self::Text | Self::Value => Place::Text,
            Self::Json => Place::Json,
            Self::Form => Place::Form,
            Self::Xml => Place::Xml,
            Self::Url => Place::Url,
            Self::Header => Place::Header,
        }
    }
}

/// What a text gives.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplatePreviewed {
    /// The job whose values were taken; null if the flow has none yet.
    pub job_id: Option<i64>,
    /// Null if something is wrong.
    pub result: Option<PreviewResult>,
    pub error: Option<PreviewError>,
}

/// The result of a text. Masked.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewResult {
    #[serde(rename = "type")]
    pub kind: ValueKind,
    /// As it would stand there.
    pub text: String,
    /// Whether `text` is only the beginning, and `value` is left out.
    pub truncated: bool,
    /// Of a text of the kind `value`; else null.
    #[schema(value_type = Value)]
    pub value: Value,
}

/// What is wrong with a text.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewError {
    pub message: String,
    /// Where it begins, in UTF-16 units, as editors count.
    pub offset: usize,
    /// How much of the text is meant, in UTF-16 units.
    pub length: usize,
    /// The name that may be meant.
    pub nearest: Option<String>,
}

/// A text that was parsed.
struct Parsed {
    template: Template,
    /// Of the kind `value`.
    value: Option<ValueTemplate>,
    kind: TextKind,
}

impl Parsed {
    fn of(text: &str, kind: TextKind, in_task: bool) -> Result<Self, TemplateError> {
        let template = match in_task {
            true => Template::parse_task_body(text, kind.place())?,
            false => Template::parse(text, kind.place())?,
        };
        let value = match kind {
            TextKind::Value => {
                let value = ValueTemplate::parse(&Value::from(text));
                Some(value.map_err(|(_, error)| error)?)
            }
            _ => None,
        };
        Ok(Self {
            template,
            value,
            kind,
        })
    }

    /// The result with a mask for each secret. A URL wants something that looks like one where it begins.
    fn render_hidden(
        &self,
        mut scope: Scope,
        secrets: &[String],
        words: Option<&TaskWords>,
    ) -> Result<Value, RenderError> {
        scope.insert("secrets", hidden(secrets, MASK));
        let first = match self.render(&scope, words) {
            Ok(value) => return Ok(unveil(value, MASK)),
            Err(error) => error,
        };
        let uses_secrets = self.template.references().iter();
        let uses_secrets = uses_secrets.clone().any(|used| used.root == "secrets");
        let is_place = matches!(first.fault, RenderFault::NotAllowed { .. });
        if self.kind != TextKind::Url || !uses_secrets || !is_place {
            return Err(first);
        }
        for stand_in in STAND_INS {
            scope.insert("secrets", hidden(secrets, stand_in));
            if let Ok(value) = self.render(&scope, words) {
                return Ok(unveil(value, stand_in));
            }
        }
        Err(first)
    }

    fn render(&self, scope: &Scope, words: Option<&TaskWords>) -> Result<Value, RenderError> {
        match &self.value {
            Some(value) => value.render(scope),
            None => self.template.render(scope, words).map(Value::String),
        }
    }
}

fn hidden(secrets: &[String], stand_in: &str) -> Value {
    let fields = secrets.iter().map(|name| (name.clone(), stand_in.into()));
    Value::Object(fields.collect::<Map<_, _>>())
}

/// What stands for a secret becomes a mask again, also where it was encoded.
fn unveil(value: Value, stand_in: &str) -> Value {
    let Value::String(text) = value else {
        return value;
    };
    let form: String = url::form_urlencoded::byte_serialize(stand_in.as_bytes()).collect();
    let text = text.replace(&form, MASK).replace(stand_in, MASK);
    // A mask of a header or of secret state, in a URL.
    let mask: String = url::form_urlencoded::byte_serialize(MASK.as_bytes()).collect();
    Value::String(text.replace(&mask, MASK))
}

/// The values of the names that the text uses, as far as a text at this place sees them.
async fn scope(subject: &mut Subject, references: &[Reference]) -> Result<Scope, Error> {
    let seen = references
        .iter()
        .filter(|used| subject.site.sees(&used.root));
    let seen: Vec<Reference> = seen.cloned().collect();
    let mut scope = subject.look.scope(&seen).await?;
    let steps = scope.get("steps").and_then(|steps| steps.as_object());
    if let Some(steps) = steps {
        let steps = steps
            .iter()
            .filter(|(name, _)| subject.site.sees_step(name));
        let steps: Map<String, Value> =
            steps.map(|(name, it)| (name.clone(), it.clone())).collect();
        scope.insert("steps", Value::Object(steps));
    }
    if !subject.site.is_after_the_end()
        && let Some(job) = scope.get("job")
    {
        let mut job = Value::clone(job);
        job["status"] = JobStatus::Running.as_str().into();
        scope.insert("job", job);
    }
    Ok(scope)
}

fn words(subject: &Subject) -> TaskWords {
    let status = match subject.look.state().status() {
        JobStatus::Failed | JobStatus::TimedOut => "Failed",
        JobStatus::Canceled => "Canceled",
        _ => "Complete",
    };
    let mut outputs = crate::document::entries_of(&subject.document, "outputs");
    TaskWords {
        job_id: subject.look.job().map_or(0, |id| id.0),
        job_status: status.to_owned(),
        flow_id: subject.flow.id.0,
        flow_name: subject.flow.name.clone(),
        output_name: outputs
            .next()
            .map(|output| crate::document::text_of(output, "name").to_owned()),
    }
}

fn shown(value: Value, kind: TextKind, masked: &Masked) -> PreviewResult {
    let value = masked.json(value);
    let is_typed = kind == TextKind::Value;
    let mut text = match &value {
        Value::Array(_) | Value::Object(_) => json_of(&value),
        other => text_of(other).into_owned(),
    };
    let truncated = text.len() > PREVIEW_SHOWN_BYTES_MAX;
    text.truncate(text.floor_char_boundary(PREVIEW_SHOWN_BYTES_MAX));
    PreviewResult {
        kind: match is_typed {
            true => ValueKind::of(&value),
            false => ValueKind::Text,
        },
        text,
        truncated,
        value: match is_typed && !truncated {
            true => value,
            false => Value::Null,
        },
    }
}

fn of_template_error(error: &TemplateError, text: &str, masked: &Masked) -> PreviewError {
    let nearest = match &error.fault {
        TemplateFault::UnknownFilter { nearest, .. }
        | TemplateFault::UnknownTest { nearest, .. } => nearest.clone(),
        _ => None,
    };
    said(error.fault.to_string(), error.place, text, nearest, masked)
}

fn of_render_error(
    error: &RenderError,
    text: &str,
    has_job: bool,
    masked: &Masked,
) -> PreviewError {
    let (message, nearest) = match &error.fault {
        RenderFault::Undefined { name, .. } if !has_job && !is_owners(name) => (
            "no job of this flow has run yet, so there is no value to show; run the draft once"
                .to_owned(),
            None,
        ),
        fault @ RenderFault::Undefined { nearest, .. } => (fault.to_string(), nearest.clone()),
        fault => (fault.to_string(), None),
    };
    said(message, error.place, text, nearest, masked)
}

/// Whether a missing name is one of the workspace, which needs no job.
fn is_owners(name: &str) -> bool {
    ["`vars", "`secrets"].iter().any(|root| name.contains(root))
}

fn said(
    message: String,
    place: TextPlace,
    text: &str,
    nearest: Option<String>,
    masked: &Masked,
) -> PreviewError {
    let units = |part: &str| part.encode_utf16().count();
    let end = text.floor_char_boundary(place.offset + place.length_in(text));
    PreviewError {
        message: masked.text(message),
        offset: units(&text[..place.offset]),
        length: units(&text[place.offset..end]),
        nearest,
    }
}

fn too_much(message: String) -> Error {
    Error::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::ValueInvalid,
        message,
    )
    .hint("Preview a part of it.")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn rendered(text: &str, kind: TextKind, scope: Value) -> Result<Value, RenderError> {
        let parsed = Parsed::of(text, kind, false).expect("it is a template");
        let mut roots = Scope::default();
        for (name, value) in scope.as_object().expect("an object") {
            roots.insert(name.clone(), value.clone());
        }
        parsed.render_hidden(roots, &["base".to_owned(), "key".to_owned()], None)
    }

    #[test]
    fn a_secret_shows_as_a_mask_wherever_it_stands() {
        for (text, kind, expected) in [
            ("Bearer {{secrets.key}}", TextKind::Header, "Bearer ••••"),
            (
                "{\"k\": {{secrets.key}}}",
                TextKind::Json,
                "{\"k\": \"••••\"}",
            ),
            ("k={{secrets.key}}", TextKind::Form, "k=••••"),
            (
                "https://a.example/{{secrets.key}}?k={{secrets.key}}",
                TextKind::Url,
                "https://a.example/••••?k=••••",
            ),
            (
                "{{secrets.base}}/v1?k={{secrets.key}}",
                TextKind::Url,
                "••••/v1?k=••••",
            ),
            (
                "https://{{secrets.base}}/v1",
                TextKind::Url,
                "https://••••/v1",
            ),
            ("{{secrets.key}}", TextKind::Value, "••••"),
        ] {
            let value = rendered(text, kind, json!({})).expect(text);
            assert_eq!(value, json!(expected), "{text}");
        }
    }

    #[test]
    fn an_error_says_where_it_is_as_an_editor_counts() {
        let text = "grün 🎉 {{ vars.colr }}";
        let error = rendered(text, TextKind::Text, json!({"vars": {"colour": "red"}}));
        let error = error.expect_err("there is no such variable");
        let said = of_render_error(&error, text, true, &Masked::default());
        assert_eq!((said.offset, said.length), (8, 15));
        assert_eq!(said.nearest.as_deref(), Some("colour"));
        let text = "{{ vars.colour | uper }}";
        let error = Parsed::of(text, TextKind::Text, false)
            .err()
            .expect("no such filter");
        let said = of_template_error(&error, text, &Masked::default());
        assert_eq!(&text[said.offset..said.offset + said.length], "uper");
        assert_eq!(said.nearest.as_deref(), Some("upper"));
    }

    #[test]
    fn a_value_keeps_its_type_and_a_text_does_not() {
        let scope = json!({"vars": {"n": 5}});
        let value = rendered("{{vars.n}}", TextKind::Value, scope.clone()).expect("it is there");
        let shown_value = shown(value, TextKind::Value, &Masked::default());
        assert_eq!(
            (shown_value.kind, shown_value.value),
            (ValueKind::Number, json!(5))
        );
        let text = rendered("{{vars.n}}", TextKind::Text, scope).expect("it is there");
        let shown_text = shown(text, TextKind::Text, &Masked::default());
        assert_eq!(
            (shown_text.kind, shown_text.text.as_str()),
            (ValueKind::Text, "5")
        );
    }

    proptest! {
        #[test]
        fn whatever_is_wrong_with_a_text_its_place_lies_within_it(text in ".{0,40}(\\{\\{)?[ a-z.|\"'}{]{0,20}.{0,20}") {
            for kind in [TextKind::Text, TextKind::Json, TextKind::Url, TextKind::Xml, TextKind::Header, TextKind::Value] {
                let said = match Parsed::of(&text, kind, false) {
                    Err(error) => of_template_error(&error, &text, &Masked::default()),
                    Ok(parsed) => match parsed.render_hidden(Scope::default(), &[], None) {
                        Ok(_) => continue,
                        Err(error) => of_render_error(&error, &text, true, &Masked::default()),
                    },
                };
                prop_assert!(said.offset + said.length <= text.encode_utf16().count());
            }
        }
    }
}
