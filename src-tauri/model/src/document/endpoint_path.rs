//! Paths of the user's own: `/in/orders/{orderId}`. Read here, matched in the engine.

use std::fmt;

use super::names::is_plain_name;
use super::walk::{Node, Object, Report};

/// The root of all such paths.
pub const PATH_ROOT: &str = "/in/";
/// Segments of one path.
pub const PATH_SEGMENTS_MAX: usize = 32;
/// The longest path.
pub const PATH_CHARS_MAX: usize = 256;

/// A path below `/in/`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PathPattern {
    /// At least one.
    pub segments: Vec<PathSegment>,
}

/// A part between two slashes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PathSegment {
    /// This text, decoded.
    Literal(String),
    /// Any text that is not empty; it becomes the parameter of this name.
    Parameter(String),
}

impl PathPattern {
    /// Reads a pattern. The root may be left out: `orders`, `/orders` and `/in/orders` are the same path.
    ///
    /// # Errors
    /// What is wrong with it, for a person.
    pub fn parse(text: &str) -> Result<Self, PathProblem> {
        let path = text.strip_prefix('/').unwrap_or(text);
        let path = path.strip_prefix("in/").unwrap_or(path);
        if text.chars().count() > PATH_CHARS_MAX {
            return Err(PathProblem::TooLong);
        }
        let mut segments = Vec::new();
        for part in path.split('/') {
            segments.push(segment(part, &segments)?);
        }
        if segments.len() > PATH_SEGMENTS_MAX {
            return Err(PathProblem::TooManySegments);
        }
        Ok(Self { segments })
    }

    /// Whether the same requests fit both: they differ in names of parameters only.
    pub fn means_the_same_as(&self, other: &Self) -> bool {
        let same = |(a, b): (&PathSegment, &PathSegment)| match (a, b) {
            (PathSegment::Literal(a), PathSegment::Literal(b)) => a == b,
            (PathSegment::Parameter(_), PathSegment::Parameter(_)) => true,
            _ => false,
        };
        self.segments.len() == other.segments.len()
            && self.segments.iter().zip(&other.segments).all(same)
    }
}

impl fmt::Display for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PATH_ROOT)?;
        for (place, segment) in self.segments.iter().enumerate() {
            if place > 0 {
                f.write_str("/")?;
            }
            match segment {
                PathSegment::Literal(text) => f.write_str(text)?,
                PathSegment::Parameter(name) => write!(f, "{{{name}}}")?,
            }
        }
        Ok(())
    }
}

/// What is wrong with a path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathProblem {
    /// Over [`PATH_CHARS_MAX`].
    #[error("the path is longer than {PATH_CHARS_MAX} characters")]
    TooLong,
    /// Over [`PATH_SEGMENTS_MAX`].
    #[error("the path has more than {PATH_SEGMENTS_MAX} segments")]
    TooManySegments,
    /// Two slashes in a row, or one at the end.
    #[error("a segment of the path is empty: no slash stands at the end or beside another one")]
    EmptySegment,
    /// A brace that is no parameter's.
    #[error(
        "`{0}` is no segment: a parameter is a whole one, such as `{{orderId}}`, named like a variable"
    )]
    BadParameter(String),
    /// A parameter that is there already.
    #[error("the parameter `{0}` is there twice")]
    Twice(String),
    /// A character that a path cannot have as it is.
    #[error("`{0}` cannot be a segment of a path: letters, digits and -._~!$&'()*+,;=:@ can")]
    BadText(String),
}

fn segment(text: &str, before: &[PathSegment]) -> Result<PathSegment, PathProblem> {
    if text.is_empty() {
        return Err(PathProblem::EmptySegment);
    }
    if text.contains(['{', '}']) {
        let name = text
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
            .filter(|name| is_plain_name(name))
            .ok_or_else(|| PathProblem::BadParameter(text.to_owned()))?;
        let parameter = PathSegment::Parameter(name.to_owned());
        if before.contains(&parameter) {
            return Err(PathProblem::Twice(name.to_owned()));
        }
        return Ok(parameter);
    }
    let is_fine = |c: char| c.is_alphanumeric() || "-._~!$&'()*+,;=:@".contains(c);
    if text == "." || text == ".." || !text.chars().all(is_fine) {
        return Err(PathProblem::BadText(text.to_owned()));
    }
    Ok(PathSegment::Literal(text.to_owned()))
}

/// Reads `path`.
pub(super) fn read_path(object: &Object<'_>, report: &mut Report) -> Option<PathPattern> {
    let node: Node<'_> = object.get("path")?;
    match PathPattern::parse(node.text(report)?) {
        Ok(pattern) => Some(pattern),
        Err(problem) => {
            report
                .error("bad_path", &node, problem.to_string())
                .hint("write one such as \"/in/orders/{orderId}\"");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_may_be_left_out() {
        for text in [
            "orders/{id}",
            "/orders/{id}",
            "/in/orders/{id}",
            "in/orders/{id}",
        ] {
            let pattern = PathPattern::parse(text).expect(text);
            assert_eq!(pattern.to_string(), "/in/orders/{id}", "{text}");
        }
    }

    #[test]
    fn what_no_request_could_mean_is_refused() {
        for text in [
            "",
            "/",
            "/in/",
            "/in//a",
            "/in/a/",
            "/in/{}",
            "/in/{a b}",
            "/in/a{id}",
            "/in/{a}/{a}",
            "/in/..",
            "/in/a?b",
            "/in/a%20b",
            "/in/a b",
            "/in/#",
        ] {
            assert!(PathPattern::parse(text).is_err(), "{text}");
        }
        assert_eq!(
            PathPattern::parse(&"a/".repeat(40)),
            Err(PathProblem::EmptySegment)
        );
        let long = vec!["a"; 33].join("/");
        assert_eq!(PathPattern::parse(&long), Err(PathProblem::TooManySegments));
        assert_eq!(
            PathPattern::parse(&"a".repeat(257)),
            Err(PathProblem::TooLong)
        );
    }

    #[test]
    fn two_paths_meet_when_only_names_of_parameters_differ() {
        let path = |text| PathPattern::parse(text).expect(text);
        assert!(path("a/{x}").means_the_same_as(&path("a/{y}")));
        assert!(
            !path("a/{x}").means_the_same_as(&path("a/b")),
            "the text goes first"
        );
        assert!(!path("a").means_the_same_as(&path("a/b")));
    }
}
