//! `respond`: makes the answer for the caller who waits. Who hands it over finds it in the step's data.

use async_trait::async_trait;
use hookloom_engine::ports::{Attempt, Outcome, StepRunner};
use hookloom_engine::record;
use hookloom_model::document::{RESPOND_STATUS_MAX, RESPOND_STATUS_MIN, RespondBody, RespondStep};
use hookloom_model::journal::RecordedError;
use hookloom_template::{Place, Reference, RenderError, Scope, Template, ValueTemplate};
use serde_json::{Map, Value, json};

use crate::registry::Wrong;
use crate::{file, produced, value};

/// A compiled `respond` step.
pub(crate) struct RespondRunner {
    status: ValueTemplate,
    headers: Vec<(String, Template)>,
    body: Option<Body>,
    body_file: Option<ValueTemplate>,
    references: Vec<Reference>,
}

enum Body {
    Text(Template),
    Json(ValueTemplate),
}

impl RespondRunner {
    pub fn new(step: &RespondStep) -> Result<Self, Wrong> {
        let status = value::parse("status", &step.status)?;
        let mut headers = Vec::with_capacity(step.headers.len());
        let mut place = Place::Text;
        for (name, text) in &step.headers {
            if name.eq_ignore_ascii_case("content-type") {
                place = Place::for_content_type(text);
            }
            let template = Template::parse(text, Place::Header);
            let template =
                template.map_err(|error| Wrong::new(format!("headers/{name}"), error))?;
            headers.push((name.clone(), template));
        }
        let body = match &step.body {
            None => None,
            Some(RespondBody::Text(text)) => {
                let template = Template::parse(text, place);
                Some(Body::Text(
                    template.map_err(|error| Wrong::new("body", error))?,
                ))
            }
            Some(RespondBody::Json(json)) => Some(Body::Json(value::parse("body", json)?)),
        };
        let body_file = step.body_file.as_ref();
        let body_file = body_file
            .map(|file| value::parse("body_file", file))
            .transpose()?;
        let of_body: &[Reference] = match &body {
            None => &[],
            Some(Body::Text(template)) => template.references(),
            Some(Body::Json(template)) => template.references(),
        };
        let of_headers = headers.iter().flat_map(|(_, header)| header.references());
        let of_file = body_file.iter().flat_map(ValueTemplate::references);
        let all = of_headers.chain(of_body).chain(of_file);
        let all = all.chain(status.references());
        Ok(Self {
            references: value::references(all),
            status,
            headers,
            body,
            body_file,
        })
    }

    fn answer(&self, scope: &Scope) -> Result<Value, RecordedError> {
        let in_part = |part: &str, error: RenderError| {
            record::error(error.code(), format!("{part}: {error}"))
        };
        let status = self.status.render(scope);
        let status = status_of(&status.map_err(|error| in_part("status", error))?)?;
        let mut headers = Map::with_capacity(self.headers.len());
        for (name, template) in &self.headers {
            let text = template.render(scope, None);
            let text = text.map_err(|error| in_part(&format!("header {name}"), error))?;
            headers.insert(name.clone(), text.into());
        }
        let body = match &self.body {
            None => Ok(Value::Null),
            Some(Body::Text(template)) => template.render(scope, None).map(Value::from),
            Some(Body::Json(template)) => template.render(scope),
        };
        let body = body.map_err(|error| in_part("body", error))?;
        let mut answer = json!({"status": status, "headers": headers, "body": body});
        if let Some(template) = &self.body_file {
            let given = template.render(scope);
            let given = given.map_err(|error| in_part("body_file", error))?;
            answer["body_file"] = file::id_of(&given)?.to_string().into();
        }
        Ok(answer)
    }
}

#[async_trait]
impl StepRunner for RespondRunner {
    fn is_pure(&self) -> bool {
        true
    }

    fn references(&self) -> &[Reference] {
        &self.references
    }

    async fn run(&self, attempt: Attempt<'_>) -> Outcome {
        Outcome::Finished(match self.answer(attempt.scope) {
            Ok(data) => produced::success(data),
            Err(error) => produced::error(error),
        })
    }
}

fn status_of(value: &Value) -> Result<i64, RecordedError> {
    let number = match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let status = number.filter(|status| (RESPOND_STATUS_MIN..=RESPOND_STATUS_MAX).contains(status));
    status.ok_or_else(|| {
        record::error(
            "bad_status",
            format!(
                "`status` gave {}, not a number from {RESPOND_STATUS_MIN} to {RESPOND_STATUS_MAX}",
                value::kind_of(value)
            ),
        )
    })
}
