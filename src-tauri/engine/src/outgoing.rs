//! A request of ours as it is written in a document: method, URL, headers and body as compiled templates.
//!
//! Used by HTTP steps and by webhook tasks, so that both escape in the same way. Sends nothing.

use std::sync::Arc;

use bytes::Bytes;
use hookloom_model::journal::{RecordedError, SentRequest};
use hookloom_template::{Place, Reference, Scope, TaskWords, Template, TemplateError};
use indexmap::IndexMap;
use url::Url;

use crate::ports::{Certificates, InnerDestinations, Redirects};
use crate::record;

/// Parts of a request as they are written.
pub struct RequestParts<'a> {
    /// Upper case.
    pub method: &'a str,
    /// Template of a URL.
    pub url: &'a str,
    /// Names and templates.
    pub headers: &'a IndexMap<String, String>,
    /// Template, escaped by the Content-Type among the headers.
    pub body: Option<&'a str>,
    /// Whether the body may have `$jobId` and its like.
    pub is_task: bool,
    /// What the flow lets its calls reach inside.
    pub inner_destinations: &'a Arc<InnerDestinations>,
}

/// A request that compiled.
pub struct RequestTemplate {
    method: http::Method,
    url: Template,
    headers: Vec<(String, Template)>,
    body: Option<Template>,
    inner_destinations: Arc<InnerDestinations>,
    references: Vec<Reference>,
}

/// Why a request does not compile.
#[derive(Debug, thiserror::Error)]
pub enum RequestTemplateError {
    /// The method is none.
    #[error("`{method}` is no HTTP method")]
    Method {
        /// What was written.
        method: String,
    },
    /// A template is wrong.
    #[error("{part}: {source}")]
    Template {
        /// `url`, `headers/NAME` or `body`.
        part: String,
        /// What is wrong.
        source: TemplateError,
    },
}

/// A request with its values. Holds secrets: it has no `Debug`.
pub struct Rendered {
    /// GET, POST, …
    pub method: http::Method,
    /// Absolute, http or https.
    pub url: Url,
    /// Names and values in order.
    pub headers: Vec<(String, String)>,
    /// The exact bytes.
    pub body: Bytes,
    /// Whether data of a request chose the host.
    pub host_from_request: bool,
    /// What may be called although it would be refused.
    pub inner_destinations: Arc<InnerDestinations>,
    /// Certificates for this destination alone.
    pub certificates: Option<Arc<Certificates>>,
}

impl RequestTemplate {
    /// Parses the templates of a request.
    pub fn compile(parts: &RequestParts<'_>) -> Result<Self, RequestTemplateError> {
        let method = http::Method::from_bytes(parts.method.as_bytes()).map_err(|_| {
            RequestTemplateError::Method {
                method: parts.method.to_owned(),
            }
        })?;
        let parse = |part: &str, text: &str, place: Place| {
            Template::parse(text, place).map_err(|source| RequestTemplateError::Template {
                part: part.to_owned(),
                source,
            })
        };
        let url = parse("url", parts.url, Place::Url)?;
        let mut headers = Vec::with_capacity(parts.headers.len());
        for (name, value) in parts.headers {
            let template = parse(&format!("headers/{name}"), value, Place::Header)?;
            headers.push((name.clone(), template));
        }
        let content_type = header(parts.headers, "content-type");
        let place = Place::for_content_type(content_type.unwrap_or_default());
        let body = match parts.body {
            None => None,
            Some(text) if parts.is_task => {
                Some(Template::parse_task_body(text, place).map_err(|source| {
                    RequestTemplateError::Template {
                        part: "body".to_owned(),
                        source,
                    }
                })?)
            }
            Some(text) => Some(parse("body", text, place)?),
        };
        let templates = headers.iter().map(|(_, template)| template).chain(&body);
        let mut references = url.references().to_vec();
        for reference in templates.flat_map(|template| template.references()) {
            if !references.contains(reference) {
                references.push(reference.clone());
            }
        }
        Ok(Self {
            method,
            url,
            headers,
            body,
            inner_destinations: Arc::clone(parts.inner_destinations),
            references,
        })
    }

    /// The names that the templates use.
    pub fn references(&self) -> &[Reference] {
        &self.references
    }

    /// How its redirects may be followed: along go the headers that are written out or come from variables, unless
    /// their name says that they let somebody in.
    pub fn redirects(&self, hops_max: u32) -> Redirects {
        let is_ours = |root: &str| matches!(root, "vars" | "job");
        let is_plain = |template: &Template| {
            let mut references = template.references().iter();
            references.all(|reference| is_ours(&reference.root))
        };
        let kept = self
            .headers
            .iter()
            .filter(|(name, template)| is_plain(template) && !lets_in(name));
        let is_secret =
            |reference: &Reference| matches!(reference.root.as_str(), "secrets" | "secretState");
        let mut body = self.body.iter().flat_map(Template::references);
        Redirects {
            hops_max,
            kept_headers: kept.map(|(name, _)| name.to_ascii_lowercase()).collect(),
            body_has_secret: body.any(is_secret),
            secure_only: false,
        }
    }

    /// The request with these values. Errors name what is missing, and where.
    pub fn render(
        &self,
        scope: &Scope,
        words: Option<&TaskWords>,
    ) -> Result<Rendered, RecordedError> {
        let render = |part: &str, template: &Template| {
            template
                .render(scope, words)
                .map_err(|error| record::error(error.code(), format!("{part}: {error}")))
        };
        let url = absolute(&render("url", &self.url)?)?;
        let mut headers = Vec::with_capacity(self.headers.len() + 4);
        for (name, template) in &self.headers {
            headers.push((name.clone(), render(&format!("header {name}"), template)?));
        }
        let body = match &self.body {
            Some(template) => Bytes::from(render("body", template)?),
            None => Bytes::new(),
        };
        Ok(Rendered {
            method: self.method.clone(),
            url,
            headers,
            body,
            host_from_request: self.url.host_from_request(),
            inner_destinations: Arc::clone(&self.inner_destinations),
            certificates: None,
        })
    }
}

impl Rendered {
    /// Whether a header of that name is set, in any case.
    pub fn has_header(&self, name: &str) -> bool {
        self.headers
            .iter()
            .any(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    /// Adds a header unless the document set one of that name.
    pub fn default_header(&mut self, name: &str, value: impl Into<String>) {
        if !self.has_header(name) {
            self.headers.push((name.to_owned(), value.into()));
        }
    }

    /// Sets a header that the document cannot change.
    pub fn set_header(&mut self, name: &str, value: impl Into<String>) {
        self.headers
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.into()));
    }

    /// What the record keeps of it; not masked yet.
    pub fn sent(&self) -> SentRequest {
        let (body, body_truncated) = record::body_text(&self.body);
        SentRequest {
            method: self.method.to_string(),
            url: self.url.to_string(),
            headers: self.headers.clone(),
            body,
            body_truncated,
        }
    }
}

/// Whether a header of this name usually holds what lets somebody in.
fn lets_in(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [
        "auth",
        "cookie",
        "token",
        "key",
        "secret",
        "signature",
        "session",
        "credential",
        "password",
    ]
    .iter()
    .any(|part| name.contains(part))
}

fn header<'a>(headers: &'a IndexMap<String, String>, name: &str) -> Option<&'a str> {
    let mut found = headers
        .iter()
        .filter(|(known, _)| known.eq_ignore_ascii_case(name));
    found.next().map(|(_, value)| value.as_str())
}

fn absolute(text: &str) -> Result<Url, RecordedError> {
    let url = Url::parse(text).map_err(|error| {
        record::error(
            "invalid_url",
            format!("the URL cannot be used: {error}; it must begin with http:// or https:// and name a host"),
        )
    })?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(record::error(
            "invalid_url",
            format!(
                "the URL begins with `{}:`; only http:// and https:// can be called",
                url.scheme()
            ),
        ));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn compile(url: &str, headers: &[(&str, &str)], body: Option<&str>) -> RequestTemplate {
        let headers: IndexMap<String, String> = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let parts = RequestParts {
            method: "POST",
            url,
            headers: &headers,
            body,
            is_task: false,
            inner_destinations: &Arc::default(),
        };
        RequestTemplate::compile(&parts).expect("the request compiles")
    }

    fn scope() -> Scope {
        let mut scope = Scope::default();
        scope.insert(
            "vars",
            json!({"base": "https://shop.example/v1", "bad": "ftp://shop.example"}),
        );
        scope.insert(
            "requestBody",
            json!({"name": "a&b=\"c\"", "host": "elsewhere.example"}),
        );
        scope
    }

    #[test]
    fn names_are_collected_from_all_parts_and_each_once() {
        let request = compile(
            "{{vars.base}}/{{requestBody.name}}",
            &[("X-Name", "{{requestBody.name}}")],
            Some("{{vars.base}}{{job.id}}"),
        );
        let roots: Vec<&str> = request
            .references()
            .iter()
            .map(|name| name.root.as_str())
            .collect();
        assert_eq!(roots, ["vars", "requestBody", "job"]);
    }

    #[test]
    fn a_form_body_is_escaped_as_one_whatever_the_case_of_its_header() {
        let form = [("content-TYPE", "application/x-www-form-urlencoded")];
        let request = compile(
            "https://shop.example/",
            &form,
            Some("name={{requestBody.name}}"),
        );
        let rendered = request.render(&scope(), None).expect("it renders");
        assert_eq!(rendered.body, "name=a%26b%3D%22c%22");
    }

    #[test]
    fn a_url_that_cannot_be_called_is_an_error_that_says_so() {
        let request = compile("https://shop.example:99999/path", &[], None);
        let error = request
            .render(&scope(), None)
            .err()
            .expect("there is no such port");
        assert_eq!(error.code, "invalid_url");
        assert!(
            error.message.contains("port") && error.message.contains("https"),
            "{}",
            error.message
        );
        let request = compile("{{vars.bad}}/path", &[], None);
        assert!(
            request.render(&scope(), None).is_err(),
            "ftp cannot be called"
        );
    }

    #[test]
    fn a_host_from_a_request_is_marked_and_one_from_variables_is_not() {
        let ours = compile("{{vars.base}}/x", &[], None)
            .render(&scope(), None)
            .expect("it renders");
        assert!(!ours.host_from_request);
        let theirs = compile("https://{{requestBody.host}}/x", &[], None);
        assert!(
            theirs
                .render(&scope(), None)
                .expect("it renders")
                .host_from_request
        );
    }

    #[test]
    fn a_default_header_gives_way_to_one_of_the_documents_own_in_any_case() {
        let request = compile(
            "https://shop.example/",
            &[("idempotency-key", "mine")],
            None,
        );
        let mut rendered = request.render(&scope(), None).expect("it renders");
        rendered.default_header("Idempotency-Key", "ours");
        assert_eq!(
            rendered.headers,
            [("idempotency-key".to_owned(), "mine".to_owned())]
        );
    }

    #[test]
    fn only_headers_that_certainly_hold_no_secret_follow_a_redirect() {
        let headers = [
            ("Content-Type", "application/json"),
            ("X-Shop", "{{vars.base}} {{job.id}}"),
            ("Authorization", "Basic written-out"),
            ("X-Api-Key", "written-out"),
            ("X-Shop-Token", "{{vars.token}}"),
            ("X-Secret-One", "{{secrets.one}}"),
            ("X-One", "{{secrets.one}}"),
            ("X-State", "{{secretState.one}}"),
            ("X-Handed-On", "{{requestHeaders.authorization}}"),
        ];
        let request = compile("{{vars.base}}/", &headers, Some("{{requestBody.name}}"));
        let redirects = request.redirects(5);
        assert_eq!(redirects.kept_headers, ["content-type", "x-shop"]);
        assert!(!redirects.body_has_secret);
        let request = compile("{{vars.base}}/", &[], Some("{{secretState.one}}"));
        assert!(request.redirects(5).body_has_secret);
    }
}
