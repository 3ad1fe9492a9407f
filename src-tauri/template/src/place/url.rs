//! Positions in a URL: who may choose its host, and how a value stays one segment or one parameter.

use std::ops::Range;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Escape, Plan};
use crate::error::{RenderFault, TemplateFault};
use crate::scan::Piece;

/// Everything but what no part of a URL gives a meaning to.
const STRICT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Behind the owner's own beginning: the host may still go on.
    Base,
    Authority,
    Path,
    Query,
}

/// How each piece of a URL is written, and whether other data than the owner's has a part in its host.
pub(super) fn plan(pieces: &[Piece<'_>]) -> Result<Plan, (usize, TemplateFault)> {
    let mut escapes = vec![Escape::Plain; pieces.len()];
    check_text(pieces)?;
    let (mut state, mut skip) = match pieces.first() {
        Some(Piece::Expression { expression, .. }) if expression.is_owners() => {
            let scheme_only =
                matches!(pieces.get(1), Some(Piece::Text { text, .. }) if text.starts_with("://"));
            if scheme_only {
                escapes[0] = Escape::UrlScheme;
                (State::Authority, "://".len())
            } else {
                escapes[0] = Escape::UrlBase;
                (State::Base, 0)
            }
        }
        Some(Piece::Text { text, .. }) => match scheme_length(text) {
            Some(length) => (State::Authority, length),
            None => return Err((0, TemplateFault::UrlScheme)),
        },
        _ => return Err((0, TemplateFault::UrlScheme)),
    };
    let owners_first = usize::from(matches!(escapes[0], Escape::UrlBase | Escape::UrlScheme));
    let mut authority = Authority::default();
    for (at, piece) in pieces.iter().enumerate().skip(owners_first) {
        match piece {
            Piece::Text { text, .. } => {
                state = read(state, &text[skip..], at, &mut authority);
                skip = 0;
            }
            Piece::Word { .. } => escapes[at] = Escape::UrlQuery,
            Piece::Expression { expression, .. } => {
                escapes[at] = match state {
                    State::Path if expression.is_path => Escape::UrlPath,
                    State::Path => Escape::UrlSegment,
                    State::Query => Escape::UrlQuery,
                    State::Base | State::Authority => {
                        authority.holes.push(at);
                        authority.from_request |= !expression.is_owners();
                        Escape::UrlHost { whole: false }
                    }
                };
            }
        }
    }
    if state == State::Authority && authority.is_empty() {
        return Err((0, TemplateFault::UrlScheme));
    }
    authority.finish(&mut escapes, escapes_base(pieces, owners_first));
    Ok(Plan {
        escapes,
        host_from_request: authority.from_request,
    })
}

fn escapes_base(pieces: &[Piece<'_>], owners_first: usize) -> bool {
    owners_first == 1
        && !matches!(pieces.get(1), Some(Piece::Text { text, .. }) if text.starts_with("://"))
}

/// What stands between `://` and the next `/`.
#[derive(Default)]
struct Authority {
    holes: Vec<usize>,
    /// The piece of the last `@`.
    user_ends: Option<usize>,
    /// Text behind the last `@`.
    host_text: String,
    from_request: bool,
    /// A `/` right behind `://`: browsers and libraries take what follows for the host.
    starts_empty: bool,
}

impl Authority {
    fn is_empty(&self) -> bool {
        self.starts_empty || (self.holes.is_empty() && self.host_text.is_empty())
    }

    fn finish(&self, escapes: &mut [Escape], behind_base: bool) {
        let in_user = |at: usize| self.user_ends.is_some_and(|end| at < end);
        let hosts = self.holes.iter().filter(|at| !in_user(**at)).count();
        for at in &self.holes {
            escapes[*at] = if in_user(*at) {
                Escape::UrlUser
            } else {
                Escape::UrlHost {
                    whole: hosts == 1 && self.host_text.is_empty() && !behind_base,
                }
            };
        }
    }
}

fn read(mut state: State, text: &str, piece: usize, authority: &mut Authority) -> State {
    for character in text.chars() {
        match (state, character) {
            (State::Base | State::Authority, '/' | '?' | '#') => {
                if state == State::Authority && authority.is_empty() {
                    authority.starts_empty = true;
                    return State::Authority;
                }
                state = if character == '/' {
                    State::Path
                } else {
                    State::Query
                };
            }
            (State::Path, '?' | '#') => state = State::Query,
            (State::Authority, '@') => {
                authority.user_ends = Some(piece);
                authority.host_text.clear();
            }
            (State::Authority, other) => authority.host_text.push(other),
            _ => {}
        }
    }
    state
}

fn scheme_length(text: &str) -> Option<usize> {
    ["http://", "https://"].into_iter().find_map(|scheme| {
        let start = text.get(..scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some(scheme.len())
    })
}

/// Signs that a URL parser drops or takes for others would move the positions.
fn check_text(pieces: &[Piece<'_>]) -> Result<(), (usize, TemplateFault)> {
    for (at, piece) in pieces.iter().enumerate() {
        let Piece::Text { text, offset } = piece else {
            continue;
        };
        let bad = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
        if let Some(index) = text.find(bad) {
            let found = text[index..].chars().next().unwrap_or('\\');
            return Err((offset + index, TemplateFault::UrlCharacter { found }));
        }
        // A value must not complete a `%2` of the template.
        let half_encoded = text.len() - text.rfind('%').unwrap_or(0) < 3 && text.contains('%');
        if half_encoded && at + 1 < pieces.len() {
            return Err((
                offset + text.len() - 1,
                TemplateFault::UrlCharacter { found: '%' },
            ));
        }
    }
    Ok(())
}

/// Writes the text of a value at a position of a URL.
pub(super) fn push(escape: Escape, out: &mut String, text: &str) -> Result<(), RenderFault> {
    match escape {
        Escape::UrlBase => {
            let has_host = scheme_length(text)
                .and_then(|length| text[length..].chars().next())
                .is_some_and(|first| {
                    !matches!(first, '/' | '?' | '#' | '\\') && !first.is_control()
                });
            if !has_host {
                return Err(RenderFault::NotAllowed {
                    place: "the beginning of a URL",
                    why: "does not begin with `http://` or `https://` and a host",
                });
            }
            out.push_str(text);
        }
        Escape::UrlScheme => {
            if !matches!(text, "http" | "https") {
                return Err(RenderFault::NotAllowed {
                    place: "the scheme of a URL",
                    why: "is neither `http` nor `https`",
                });
            }
            out.push_str(text);
        }
        Escape::UrlHost { whole } => {
            let allowed = |c: char| {
                c.is_ascii_alphanumeric()
                    || matches!(c, '-' | '.' | '_')
                    || (whole && matches!(c, ':' | '[' | ']'))
            };
            if text.is_empty() || !text.chars().all(allowed) {
                return Err(RenderFault::NotAllowed {
                    place: "the host of a URL",
                    why: "is empty or has other signs than letters, digits, `-` and `.`",
                });
            }
            out.push_str(text);
        }
        Escape::UrlPath => {
            if let Some(why) = why_no_path(text) {
                return Err(RenderFault::NotAllowed {
                    place: "a path",
                    why,
                });
            }
            for (at, segment) in text.split('/').enumerate() {
                if at > 0 {
                    out.push('/');
                }
                out.extend(utf8_percent_encode(segment, STRICT));
            }
        }
        _ => out.extend(utf8_percent_encode(text, STRICT)),
    }
    Ok(())
}

/// Why a text cannot be a path that keeps its `/`.
pub(crate) fn why_no_path(text: &str) -> Option<&'static str> {
    if text.contains(['?', '#']) {
        return Some("has a `?` or `#`");
    }
    text.split(['/', '\\'])
        .any(|segment| matches!(segment, "." | ".."))
        .then_some("has a segment `.` or `..`")
}

/// Watches that no segment with a value in it becomes `.` or `..`, also together with the text around it.
#[derive(Default)]
pub(crate) struct DotSegments {
    written: Vec<(usize, Range<usize>)>,
}

impl DotSegments {
    /// Remembers where piece number `piece` was written.
    pub(crate) fn note(&mut self, escape: Escape, piece: usize, range: Range<usize>) {
        // What follows the owner's own beginning counts as a part of the host, but that beginning may have a path.
        if matches!(
            escape,
            Escape::UrlSegment | Escape::UrlPath | Escape::UrlHost { .. }
        ) {
            self.written.push((piece, range));
        }
    }

    /// The first piece that is part of such a segment.
    pub(crate) fn find(&self, url: &str) -> Option<(usize, RenderFault)> {
        self.written.iter().find_map(|(piece, range)| {
            let start = url[..range.start].rfind('/').map_or(0, |at| at + 1);
            let end = url[range.end..]
                .find(['/', '?', '#'])
                .map_or(url.len(), |at| range.end + at);
            let is_dots = |segment: &str| {
                let plain = segment.replace("%2e", ".").replace("%2E", ".");
                matches!(plain.as_str(), "." | "..")
            };
            url[start..end].split('/').any(is_dots).then_some((
                *piece,
                RenderFault::NotAllowed {
                    place: "a path",
                    why: "makes a segment `.` or `..`",
                },
            ))
        })
    }
}
