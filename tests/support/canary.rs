//! Values that must be found nowhere, in every form in which somebody could write them; and the search for them.

use std::fs;
use std::path::Path;

use aho_corasick::AhoCorasick;
use axum::body::Body;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

/// A value that must be found nowhere.
#[derive(Debug, Clone)]
pub struct Canary {
    /// As it is set.
    pub value: String,
    /// The part of it that may stand in a URL and in a header as it is.
    pub plain: String,
}

/// So many different values; every fourth has characters that each encoding writes in its own way.
pub fn canaries(count: usize) -> Vec<Canary> {
    // Unlike anything else, and different in each run: a hit of an earlier run proves nothing.
    let run = std::process::id() ^ rand_seed();
    let one = |number: usize| {
        let plain = format!(
            "cnry{:08x}{:04x}zq",
            run.wrapping_mul(2_654_435_761)
                .wrapping_add(77 * number as u32),
            number
        );
        let value = if number % 4 == 3 {
            format!("{plain}\"/+ ä\\<&>?{plain}")
        } else {
            plain.clone()
        };
        Canary { value, plain }
    };
    (0..count).map(one).collect()
}

fn rand_seed() -> u32 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(0, |it| it.subsec_nanos())
}

impl Canary {
    /// The value in every form that the contract names.
    pub fn forms(&self) -> Vec<(&'static str, String)> {
        let bytes = self.value.as_bytes();
        let inside = |before: &str| STANDARD.encode([before.as_bytes(), bytes, b"yz"].concat());
        let json = Value::String(self.value.clone()).to_string();
        vec![
            ("plain", self.value.clone()),
            ("base64", STANDARD.encode(bytes)),
            ("base64 after one byte", inside("a")),
            ("base64 after two bytes", inside("ab")),
            ("base64url", URL_SAFE_NO_PAD.encode(bytes)),
            ("hex", hex::encode(bytes)),
            ("upper-case hex", hex::encode_upper(bytes)),
            ("URL-encoded", url_encoded(bytes)),
            ("form-encoded", url_encoded(bytes).replace("%20", "+")),
            ("JSON", json[1..json.len() - 1].to_owned()),
            ("ASCII JSON", ascii_json(&self.value)),
        ]
    }

    /// A value that is looked for as it is: a token that was made by the program itself.
    pub fn of(value: &str) -> Self {
        Self {
            value: value.to_owned(),
            plain: value.to_owned(),
        }
    }

    /// What is looked for: the stable part of each form.
    fn needles(&self) -> Vec<String> {
        let mut needles = Vec::new();
        for value in [&self.value, &self.plain] {
            let bytes = value.as_bytes();
            needles.push(value.clone());
            needles.push(hex::encode(bytes));
            needles.push(hex::encode_upper(bytes));
            needles.push(url_encoded(bytes));
            for shift in 0..3 {
                let stable = stable_base64(bytes, shift);
                needles.push(stable.replace('+', "-").replace('/', "_"));
                needles.push(stable);
            }
        }
        needles
    }
}

/// A server that tells everybody everything, in headers and body.
pub fn echo(canaries: &[Canary]) -> Response<Body> {
    let mut body = Map::new();
    let mut answer = Response::builder()
        .status(200)
        .header("content-type", "application/json");
    for (number, canary) in canaries.iter().enumerate() {
        for (form, text) in canary.forms() {
            body.insert(
                format!("{form} {number}"),
                Value::String(format!("got {text} there")),
            );
        }
        body.insert(canary.value.clone(), Value::from(number));
        if number % 5 == 0 {
            let shown = url_encoded(canary.value.as_bytes());
            answer = answer
                .header(format!("x-plain-{number}"), format!("got {shown} there"))
                .header(format!("x-base64-{number}"), STANDARD.encode(&canary.value))
                .header("set-cookie", format!("session={shown}"));
        }
    }
    answer
        .body(Body::from(Value::Object(body).to_string()))
        .expect("a valid answer")
}

/// A search for values, in every encoding.
pub struct CanarySearch {
    needles: Vec<(usize, String)>,
    automaton: AhoCorasick,
}

impl CanarySearch {
    pub fn new(canaries: &[Canary]) -> Self {
        let needles: Vec<(usize, String)> = canaries
            .iter()
            .enumerate()
            .flat_map(|(number, canary)| canary.needles().into_iter().map(move |it| (number, it)))
            .collect();
        let automaton = AhoCorasick::new(needles.iter().map(|(_, needle)| needle));
        Self {
            automaton: automaton.expect("needles"),
            needles,
        }
    }

    /// Which values are in a text.
    pub fn in_text(&self, text: &str) -> Vec<String> {
        self.hits(text.as_bytes(), "text")
    }

    /// Which values are in which files below a folder, or in their names.
    pub fn in_folder(&self, folder: &Path) -> Vec<String> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("an entry").path();
            let name = path.display().to_string();
            found.extend(self.hits(name.as_bytes(), "a file's name"));
            if path.is_dir() {
                found.extend(self.in_folder(&path));
            } else if let Ok(bytes) = fs::read(&path) {
                // A file may go while we look: the key of a job that has ended.
                found.extend(self.hits(&bytes, &name));
            }
        }
        found
    }

    fn hits(&self, bytes: &[u8], place: &str) -> Vec<String> {
        let mut found: Vec<String> = self
            .automaton
            .find_iter(bytes)
            .take(10)
            .map(|hit| {
                let (number, needle) = &self.needles[hit.pattern().as_usize()];
                let from = hit.start().saturating_sub(60);
                let to = (hit.end() + 20).min(bytes.len());
                let around = String::from_utf8_lossy(&bytes[from..to]).into_owned();
                format!("canary {number} as {needle} in {place}: {around:?}")
            })
            .collect();
        found.dedup();
        found
    }
}

/// Which values are in a text.
pub fn hits_in_text(text: &str, canaries: &[Canary]) -> Vec<String> {
    CanarySearch::new(canaries).in_text(text)
}

/// Which values are in which files below a folder.
pub fn hits_in_folder(folder: &Path, canaries: &[Canary]) -> Vec<String> {
    CanarySearch::new(canaries).in_folder(folder)
}

/// The characters of base64 that do not depend on what stands before and after.
fn stable_base64(bytes: &[u8], shift: usize) -> String {
    let encoded = STANDARD.encode([&vec![0; shift][..], bytes].concat());
    let first = (8 * shift).div_ceil(6);
    let end = 8 * (shift + bytes.len()) / 6;
    encoded[first..end].to_owned()
}

fn url_encoded(bytes: &[u8]) -> String {
    let one = |byte: &u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
            char::from(*byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    bytes.iter().map(one).collect()
}

fn ascii_json(text: &str) -> String {
    let one = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        ' '..='~' => c.to_string(),
        other => other
            .encode_utf16(&mut [0; 2])
            .iter()
            .map(|it| format!("\\u{it:04x}"))
            .collect(),
    };
    text.chars().map(one).collect()
}
