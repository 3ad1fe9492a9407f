//! Where webhook takes a value of a request from, as an expression of ours and as JavaScript.

use serde_json::Value;

use super::super::request::literal;

/// A source that can be said here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    Payload(Vec<String>),
    Header(String),
    Query(String),
    Method,
    Text(String),
    EntirePayload,
    EntireHeaders,
    EntireQuery,
}

impl Source {
    /// Reads `{"source": …, "name": …}`.
    ///
    /// # Errors
    /// Why there is none here, a sentence.
    pub(super) fn of(argument: &Value) -> Result<Self, String> {
        let name = argument["name"].as_str().unwrap_or_default();
        let source = argument["source"].as_str().unwrap_or_default();
        let needs_name = ["payload", "header", "url", "query", "request"].contains(&source);
        if needs_name && name.is_empty() {
            return Err("It has no `name`.".to_owned());
        }
        Ok(match source {
            "payload" => Self::Payload(name.split('.').map(str::to_owned).collect()),
            "header" => Self::Header(name.to_ascii_lowercase()),
            "url" | "query" => Self::Query(name.to_owned()),
            "string" => Self::Text(name.to_owned()),
            "request" if name.eq_ignore_ascii_case("method") => Self::Method,
            "entire-payload" | "raw-request-body" => Self::EntirePayload,
            "entire-headers" => Self::EntireHeaders,
            "entire-query" => Self::EntireQuery,
            "request" => {
                return Err(
                    "A flow does not know the address of who calls; an endpoint's `ip` does."
                        .to_owned(),
                );
            }
            _ => return Err("This source is not known here.".to_owned()),
        })
    }

    /// A template that gives the value; an empty text if the request has none.
    pub(super) fn template(&self) -> String {
        let optional = |path: String| format!("{{{{ {path} | default(\"\") }}}}");
        match self {
            Self::Payload(path) => optional(expression("trigger.body", path)),
            Self::Header(name) => {
                optional(expression("trigger.headers", std::slice::from_ref(name)))
            }
            Self::Query(name) => optional(expression("trigger.query", std::slice::from_ref(name))),
            Self::Method => "{{ trigger.method }}".to_owned(),
            Self::Text(text) => literal(text),
            Self::EntirePayload => "{{ trigger.body }}".to_owned(),
            Self::EntireHeaders => "{{ trigger.headers }}".to_owned(),
            Self::EntireQuery => "{{ trigger.query }}".to_owned(),
        }
    }

    /// JavaScript that gives the value; undefined if the request has none.
    pub(super) fn javascript(&self) -> String {
        let at = |root: &str, path: &[String]| {
            let path: Vec<Value> = path.iter().map(|part| part.as_str().into()).collect();
            format!("at({root}, {})", Value::from(path))
        };
        match self {
            Self::Payload(path) => at("trigger.body", path),
            Self::Header(name) => at("trigger.headers", std::slice::from_ref(name)),
            Self::Query(name) => at("trigger.query", std::slice::from_ref(name)),
            Self::Method => "trigger.method".to_owned(),
            Self::Text(text) => Value::from(text.as_str()).to_string(),
            Self::EntirePayload => "JSON.stringify(trigger.body)".to_owned(),
            Self::EntireHeaders => "JSON.stringify(trigger.headers)".to_owned(),
            Self::EntireQuery => "JSON.stringify(trigger.query)".to_owned(),
        }
    }

    /// What it is called, for names and notes.
    pub(super) fn called(&self) -> String {
        match self {
            Self::Payload(path) => path.join("."),
            Self::Header(name) | Self::Query(name) => name.clone(),
            Self::Method => "method".to_owned(),
            Self::Text(_) => "text".to_owned(),
            Self::EntirePayload => "payload".to_owned(),
            Self::EntireHeaders => "headers".to_owned(),
            Self::EntireQuery => "query".to_owned(),
        }
    }
}

/// `commits.0.id` is `trigger.body.commits[0].id`.
fn expression(root: &str, path: &[String]) -> String {
    let mut text = root.to_owned();
    for part in path {
        let mut bytes = part.bytes();
        let is_word = bytes
            .next()
            .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
            && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let is_index =
            !part.is_empty() && part.len() <= 9 && part.bytes().all(|b| b.is_ascii_digit());
        if is_word {
            text.push('.');
            text.push_str(part);
        } else if is_index {
            text.push_str(&format!("[{}]", part.parse::<u32>().unwrap_or_default()));
        } else {
            // A JSON text is a text of expressions too, but for braces, which would end the expression.
            let key = part.replace("{{", "{").replace("}}", "}");
            text.push_str(&format!("[{}]", Value::from(key)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_found_by_the_same_name() {
        let of = |source: &str, name: &str| {
            Source::of(&json!({"source": source, "name": name})).expect(name)
        };
        let commit = of("payload", "commits.0.author.user-name");
        assert_eq!(
            commit.template(),
            r#"{{ trigger.body.commits[0].author["user-name"] | default("") }}"#
        );
        assert_eq!(
            commit.javascript(),
            r#"at(trigger.body, ["commits","0","author","user-name"])"#
        );
        assert_eq!(
            of("header", "X-Event").template(),
            r#"{{ trigger.headers["x-event"] | default("") }}"#
        );
        assert_eq!(of("url", "q").javascript(), r#"at(trigger.query, ["q"])"#);
        assert_eq!(of("string", "{{a}}").template(), r#"{{ "{{" }}a}}"#);
        assert!(Source::of(&json!({"source": "request", "name": "remote-addr"})).is_err());
        assert!(Source::of(&json!({"source": "payload"})).is_err());
    }
}
