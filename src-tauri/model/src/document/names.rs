//! Names in a flow document: their patterns, the words that are taken, and the nearest known one.

use hookloom_template::RESERVED_NAMES;

use super::walk::{Node, Report};

/// The longest name.
pub const NAME_CHARS_MAX: usize = 64;

/// Which pattern a name follows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum NameKind {
    /// Flows and endpoints: `-` is allowed, and no word is taken.
    Address,
    /// Steps, outputs, secrets, variables and memory: used in expressions.
    Expression,
}

/// Whether a name is a letter or `_`, then letters, digits and `_`, at most 64.
pub fn is_plain_name(name: &str) -> bool {
    follows(name, false)
}

/// Whether a name is one for flows and endpoints, which also may have `-`.
pub fn is_address_name(name: &str) -> bool {
    follows(name, true)
}

fn follows(name: &str, with_dash: bool) -> bool {
    let mut bytes = name.bytes();
    let starts = bytes
        .next()
        .is_some_and(|first| first == b'_' || first.is_ascii_alphabetic());
    starts
        && name.len() <= NAME_CHARS_MAX
        && bytes.all(|b| b == b'_' || b.is_ascii_alphanumeric() || (with_dash && b == b'-'))
}

/// Reads a name; one that breaks its pattern is reported.
pub(super) fn read_name<'v>(
    node: &Node<'v>,
    kind: NameKind,
    what: &str,
    report: &mut Report,
) -> Option<&'v str> {
    let name = node.text(report)?;
    let shown: String = name.chars().take(80).collect();
    let (fits, signs) = match kind {
        NameKind::Address => (is_address_name(name), "letters, digits, `_` and `-`"),
        NameKind::Expression => (is_plain_name(name), "letters, digits and `_`"),
    };
    if !fits {
        report
            .error(
                "bad_name",
                node,
                format!("`{shown}` cannot be the name of {what}"),
            )
            .hint(format!(
                "begin with a letter or `_`, go on with {signs}, at most {NAME_CHARS_MAX} in all"
            ));
        return None;
    }
    if kind == NameKind::Expression && RESERVED_NAMES.contains(&name) {
        report
            .error(
                "reserved_name",
                node,
                format!("`{name}` means something in expressions, so {what} cannot have this name"),
            )
            .hint(format!("call it `{name}_1`, for instance"));
        return None;
    }
    Some(name)
}

/// The longest exit code.
pub const EXIT_CODE_CHARS_MAX: usize = 64;

/// Why this cannot be an exit code, if it cannot: edges name it, and `*` and `skipped` mean something else there.
pub fn exit_code_problem(code: &str) -> Option<&'static str> {
    match code {
        "" => Some("an exit code is not empty"),
        "*" => Some("`*` stands for every exit code"),
        "skipped" => Some("`skipped` stands for a step that did not run"),
        _ if code.chars().count() > EXIT_CODE_CHARS_MAX => {
            Some("an exit code has at most 64 characters")
        }
        _ if code.chars().any(char::is_control) => {
            Some("an exit code has no line break and no other control character")
        }
        _ => None,
    }
}

/// Reads an exit code that a step of the document can end with.
pub(super) fn read_exit_code<'v>(node: &Node<'v>, report: &mut Report) -> Option<&'v str> {
    let code = node.text(report)?;
    if let Some(problem) = exit_code_problem(code) {
        report
            .error("bad_exit_code", node, problem)
            .hint("choose a word of your own, such as `approved`");
        return None;
    }
    Some(code)
}

/// The known name that is most like the given one, if one is like it at all.
pub(super) fn nearest<'a>(
    given: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let given = given.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&given, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness >= 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// Reports every name that occurs a second time.
pub(super) fn check_unique<'v>(
    names: impl IntoIterator<Item = (&'v str, String)>,
    what: &str,
    report: &mut Report,
) {
    let mut seen = std::collections::HashMap::new();
    for (name, place) in names {
        if let Some(first) = seen.get(name) {
            report.error_at(
                "duplicate_name",
                &place,
                format!("there is another {what} with the name `{name}`, at {first}"),
            );
        } else {
            seen.insert(name, place);
        }
    }
}
