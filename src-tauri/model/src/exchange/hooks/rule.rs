//! A hook's `trigger-rule`, in two halves: who calls (signatures, addresses, keys in headers), which an endpoint checks
//! before it takes a request, and what is in the request, which the flow's first step checks. Together they never let
//! more in than the rule did; what cannot be said so is refused with its reason.

use serde_json::{Value, json};

use super::super::names::plain;
use super::super::notes::{Notes, quoted};
use super::super::request::{asked_for, has_secret_word, is_credential};
use super::go_template::{Piece, pieces};
use super::javascript::pattern;
use super::source::Source;

/// A rule of these many parts is more than anybody wrote.
const PARTS_MAX: usize = 200;

/// The two halves.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Halves {
    /// Who may call; none if the rule does not ask.
    pub(super) auth: Option<Value>,
    /// JavaScript that is true if the request fits; none if the rule does not ask.
    pub(super) check: Option<String>,
}

/// Reads the rules of one hook.
pub(super) struct Rules<'h> {
    pub(super) hook: &'h str,
    pub(super) actions: &'h [String],
    pub(super) notes: &'h mut Notes,
    pub(super) parts: usize,
}

impl Rules<'_> {
    /// Reads a rule.
    ///
    /// # Errors
    /// Why it cannot be kept, a sentence.
    pub(super) fn read(&mut self, rule: &Value) -> Result<Halves, String> {
        self.parts += 1;
        if self.parts > PARTS_MAX {
            return Err(format!(
                "The rule has more than PARTS_MAX = {PARTS_MAX} parts."
            ));
        }
        if let Some(rules) = rule["and"].as_array() {
            return self.all(rules);
        }
        if let Some(rules) = rule["or"].as_array() {
            return self.any(rules);
        }
        if rule["not"].is_object() {
            return self.not(&rule["not"]);
        }
        match rule["match"].is_object() {
            true => self.one(&rule["match"]),
            false => {
                Err("A part of the rule is none of `and`, `or`, `not` and `match`.".to_owned())
            }
        }
    }

    fn all(&mut self, rules: &[Value]) -> Result<Halves, String> {
        let halves = rules
            .iter()
            .map(|rule| self.read(rule))
            .collect::<Result<Vec<_>, _>>()?;
        let (auths, checks): (Vec<_>, Vec<_>) =
            halves.into_iter().map(|it| (it.auth, it.check)).unzip();
        Ok(Halves {
            auth: several("all", auths.into_iter().flatten().collect()),
            check: joined(" && ", checks.into_iter().flatten().collect()),
        })
    }

    fn any(&mut self, rules: &[Value]) -> Result<Halves, String> {
        let halves = rules
            .iter()
            .map(|rule| self.read(rule))
            .collect::<Result<Vec<_>, _>>()?;
        if halves
            .iter()
            .all(|it| it.auth.is_none() && it.check.is_some())
            && !halves.is_empty()
        {
            let checks = halves.into_iter().filter_map(|it| it.check).collect();
            return Ok(Halves {
                auth: None,
                check: joined(" || ", checks),
            });
        }
        let (callers, others): (Vec<_>, Vec<_>) = halves
            .into_iter()
            .partition(|it| it.auth.is_some() && it.check.is_none());
        if callers.is_empty() {
            return Err("Its `or` joins what is known of the caller with what is in the request, and an endpoint cannot.".to_owned());
        }
        if !others.is_empty() {
            let what = format!("{}: {} parts of an `or`", self.hook, others.len());
            let why = "An endpoint lets in by signature, key or address; who was let in by other values alone is refused now.";
            self.notes.dropped(what, why);
        }
        Ok(Halves {
            auth: several(
                "any",
                callers.into_iter().filter_map(|it| it.auth).collect(),
            ),
            check: None,
        })
    }

    fn not(&mut self, rule: &Value) -> Result<Halves, String> {
        match self.read(rule)? {
            Halves {
                auth: None,
                check: Some(check),
            } => Ok(Halves {
                auth: None,
                check: Some(format!("!({check})")),
            }),
            _ => Err("Its `not` keeps callers out by their signature, key or address, and an endpoint lets in by those.".to_owned()),
        }
    }

    fn one(&mut self, rule: &Value) -> Result<Halves, String> {
        let kind = rule["type"].as_str().unwrap_or_default();
        let hash = ["sha1", "sha256", "sha512"].into_iter().find(|hash| {
            kind == format!("payload-hmac-{hash}") || kind == format!("payload-hash-{hash}")
        });
        match (kind, hash) {
            (_, Some(hash)) => self.signature(rule, hash),
            ("ip-whitelist", _) => addresses(rule),
            ("value", _) => self.value(rule),
            ("regex", _) => self.regex(rule),
            _ => Err(format!("There is no way here to check {}.", quoted(kind))),
        }
    }

    fn signature(&mut self, rule: &Value, hash: &str) -> Result<Halves, String> {
        let header = match rule["parameter"]["source"].as_str() {
            Some("header") => rule["parameter"]["name"].as_str().unwrap_or_default(),
            _ => return Err("Its signature stands elsewhere than in a header.".to_owned()),
        };
        if http::HeaderName::from_bytes(header.as_bytes()).is_err() {
            return Err("The header of its signature has no name that HTTP allows.".to_owned());
        }
        let secret = self.secret(
            &rule["secret"],
            "secret",
            &format!("the secret of {}", quoted(header)),
        );
        if hash == "sha256" && header.eq_ignore_ascii_case("x-hub-signature-256") {
            let auth = json!({"kind": "signature", "scheme": "github", "secret": secret});
            return Ok(Halves {
                auth: Some(auth),
                check: None,
            });
        }
        // webhook takes the signature with and without the mark.
        let with = |value: String| {
            let scheme = json!({"kind": "custom", "header": header, "value": value, "signed": "{body}", "hash": hash});
            json!({"kind": "signature", "scheme": scheme, "secret": secret})
        };
        let of = vec![
            with(format!("{hash}={{signature}}")),
            with("{signature}".to_owned()),
        ];
        Ok(Halves {
            auth: several("any", of),
            check: None,
        })
    }

    /// The name of a secret, in the place of its value.
    fn secret(&mut self, value: &Value, otherwise: &str, what: &str) -> String {
        let text = value.as_str().unwrap_or_default();
        let given = pieces(text, self.actions)
            .into_iter()
            .find_map(|piece| match piece {
                Piece::Named(name, _) => Some(name),
                _ => None,
            });
        let name = given.unwrap_or_else(|| plain(&format!("{} {otherwise}", self.hook), "secret"));
        asked_for(&format!("{}: {what}", self.hook), &name, self.notes);
        name
    }

    fn value(&mut self, rule: &Value) -> Result<Halves, String> {
        let source = Source::of(&rule["parameter"])?;
        let wanted = text_of(&rule["value"]);
        let what = format!("the value of {}", quoted(&source.called()));
        match &source {
            Source::Header(name) if is_credential(name) => {
                let secret = self.secret(&rule["value"], &plain(name, "key"), &what);
                let auth = match wanted.split_once(' ') {
                    Some((scheme, _))
                        if name == "authorization" && scheme.eq_ignore_ascii_case("bearer") =>
                    {
                        json!({"kind": "bearer", "secret": secret})
                    }
                    _ => json!({"kind": "api_key", "header": name, "secret": secret}),
                };
                return Ok(Halves {
                    auth: Some(auth),
                    check: None,
                });
            }
            Source::Query(name) if has_secret_word(name) => {
                let secret = self.secret(&rule["value"], &plain(name, "key"), &what);
                if name != "key" {
                    let why = "Callers give the key as `?key=` here, so that it is never shown with a URL.";
                    self.notes
                        .changed(format!("{}: `?{name}=`", self.hook), why);
                }
                let auth = json!({"kind": "shared_key", "secret": secret});
                return Ok(Halves {
                    auth: Some(auth),
                    check: None,
                });
            }
            _ => {}
        }
        let found = source.javascript();
        let check = match self.variable(&source, &wanted) {
            Some(variable) => format!("is({found}, String(vars[{}] ?? ''))", Value::from(variable)),
            None => format!("is({found}, {})", Value::from(wanted)),
        };
        Ok(Halves {
            auth: None,
            check: Some(check),
        })
    }

    /// The variable that has a value which should not stand in a flow.
    fn variable(&mut self, source: &Source, wanted: &str) -> Option<String> {
        let called = source.called();
        let last = called.rsplit('.').next().unwrap_or_default();
        let name = match pieces(wanted, self.actions).as_slice() {
            [Piece::Named(name, _)] => name.clone(),
            _ if has_secret_word(last) => plain(&format!("{} {last}", self.hook), "value"),
            _ => return None,
        };
        let why = format!(
            "It is compared with the variable `{name}`: set that one. Until then every request is refused."
        );
        self.notes.changed(
            format!("{}: the value of {}", self.hook, quoted(&called)),
            why,
        );
        Some(name)
    }

    fn regex(&mut self, rule: &Value) -> Result<Halves, String> {
        let source = Source::of(&rule["parameter"])?;
        let go = rule["regex"].as_str().unwrap_or_default();
        let (text, flags, differs) = pattern(go);
        if differs {
            let why = "JavaScript reads this pattern in another way than Go does: look at it before you turn the flow on.";
            self.notes
                .changed(format!("{}: the pattern {}", self.hook, quoted(go)), why);
        }
        let check = format!(
            "fits({}, {}, {})",
            source.javascript(),
            Value::from(text),
            Value::from(flags)
        );
        Ok(Halves {
            auth: None,
            check: Some(check),
        })
    }
}

fn addresses(rule: &Value) -> Result<Halves, String> {
    let given = rule["ip-range"].as_str().unwrap_or_default();
    let mut ranges: Vec<String> = Vec::new();
    for text in given.split([',', ' ']).filter(|text| !text.is_empty()) {
        let network = text.parse::<ipnet::IpNet>();
        let network = network.or_else(|_| text.parse::<std::net::IpAddr>().map(ipnet::IpNet::from));
        match network {
            Ok(network) => ranges.push(network.trunc().to_string()),
            Err(_) => return Err(format!("Its `ip-range` {} is no network.", quoted(text))),
        }
    }
    match ranges.is_empty() {
        true => Err("Its `ip-whitelist` has no `ip-range`.".to_owned()),
        false => Ok(Halves {
            auth: Some(json!({"kind": "ip", "ranges": ranges})),
            check: None,
        }),
    }
}

/// What webhook compares with is a text, whatever stands there.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Ways together; one alone is itself.
fn several(kind: &str, mut of: Vec<Value>) -> Option<Value> {
    of.dedup();
    match of.len() {
        0 => None,
        1 => of.pop(),
        _ => Some(json!({"kind": kind, "of": of})),
    }
}

fn joined(sign: &str, mut checks: Vec<String>) -> Option<String> {
    match checks.len() {
        0 => None,
        1 => checks.pop(),
        _ => {
            let checks: Vec<String> = checks.iter().map(|check| format!("({check})")).collect();
            Some(checks.join(sign))
        }
    }
}
