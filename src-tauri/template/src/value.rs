//! JSON whose strings are templates: a string that is exactly one expression keeps the type of its value.

use indexmap::IndexSet;
use serde_json::{Map, Value};

use crate::error::{RenderError, RenderFault, TemplateError, TextPlace};
use crate::limits::OUTPUT_BYTES_MAX;
use crate::place::Place;
use crate::scope::{Reference, Scope};
use crate::template::Template;
use crate::text::json_of;

/// A value field (`set`, `data`, `input`, …) that was parsed.
#[derive(Debug)]
pub struct ValueTemplate {
    node: Node,
    references: Vec<Reference>,
}

#[derive(Debug)]
enum Node {
    Constant(Value),
    Text(Template),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl ValueTemplate {
    /// Parses every string in a value. The error has the JSON pointer of its string.
    pub fn parse(value: &Value) -> Result<Self, (String, TemplateError)> {
        let mut references = IndexSet::new();
        let node = Node::parse(value, &mut String::new(), &mut references)?;
        Ok(Self {
            node,
            references: references.into_iter().collect(),
        })
    }

    /// The names that it uses, each once.
    pub fn references(&self) -> &[Reference] {
        &self.references
    }

    /// Whether nothing is filled in.
    pub fn is_constant(&self) -> bool {
        self.node.is_constant()
    }

    /// The value with these values.
    pub fn render(&self, scope: &Scope) -> Result<Value, RenderError> {
        let mut bytes = 0;
        self.node.render(scope, &mut bytes)
    }
}

impl Node {
    fn parse(
        value: &Value,
        pointer: &mut String,
        references: &mut IndexSet<Reference>,
    ) -> Result<Self, (String, TemplateError)> {
        let below = pointer.len();
        Ok(match value {
            Value::String(text) => {
                let template =
                    Template::parse(text, Place::Text).map_err(|error| (pointer.clone(), error))?;
                references.extend(template.references().iter().cloned());
                if template.is_constant() {
                    Self::Constant(value.clone())
                } else {
                    Self::Text(template)
                }
            }
            Value::Array(items) => {
                let mut nodes = Vec::with_capacity(items.len());
                for (at, item) in items.iter().enumerate() {
                    pointer.push_str(&format!("/{at}"));
                    nodes.push(Self::parse(item, pointer, references)?);
                    pointer.truncate(below);
                }
                Self::List(nodes)
            }
            Value::Object(fields) => {
                let mut nodes = Vec::with_capacity(fields.len());
                for (name, field) in fields {
                    pointer.push('/');
                    pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
                    nodes.push((name.clone(), Self::parse(field, pointer, references)?));
                    pointer.truncate(below);
                }
                Self::Object(nodes)
            }
            other => Self::Constant(other.clone()),
        })
    }

    fn is_constant(&self) -> bool {
        match self {
            Self::Constant(_) => true,
            Self::Text(_) => false,
            Self::List(nodes) => nodes.iter().all(Self::is_constant),
            Self::Object(nodes) => nodes.iter().all(|(_, node)| node.is_constant()),
        }
    }

    fn render(&self, scope: &Scope, bytes: &mut usize) -> Result<Value, RenderError> {
        Ok(match self {
            Self::Constant(value) => value.clone(),
            Self::Text(template) => {
                let value = match template.sole_value(scope) {
                    Some(value) => value?,
                    None => Value::String(template.render(scope, None)?),
                };
                *bytes = bytes.saturating_add(match &value {
                    Value::String(text) => text.len(),
                    Value::Array(_) | Value::Object(_) => json_of(&value).len(),
                    _ => 1,
                });
                if *bytes > OUTPUT_BYTES_MAX {
                    return Err(RenderError {
                        fault: RenderFault::TooLarge,
                        expression: String::new(),
                        place: TextPlace::START,
                    });
                }
                value
            }
            Self::List(nodes) => {
                let mut items = Vec::with_capacity(nodes.len());
                for node in nodes {
                    items.push(node.render(scope, bytes)?);
                }
                Value::Array(items)
            }
            Self::Object(nodes) => {
                let mut fields = Map::with_capacity(nodes.len());
                for (name, node) in nodes {
                    fields.insert(name.clone(), node.render(scope, bytes)?);
                }
                Value::Object(fields)
            }
        })
    }
}
