//! The book does what it says: the commands of every page are run in order by the real program in a folder of their own,
//! and must print what the page shows; flow documents in it are valid.
//! How a page is written so that it can be run stands in `support/page.rs`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Part, TestApp, Workspace, blocks, compare, parts};

/// What is looked at is looked at again until it shows what the page says: jobs and deliveries take a moment.
const LOOK_S_MAX: u64 = 15;

#[test]
fn every_command_in_the_book_prints_what_the_book_shows() {
    let pages: Vec<(String, Vec<Part>)> = pages()
        .into_iter()
        .map(|(name, text)| (name, parts(&text)))
        .filter(|(_, parts)| {
            parts
                .iter()
                .any(|part| matches!(part, Part::Command { .. }))
        })
        .collect();
    assert!(
        pages.len() > 8,
        "the book has lost its commands: {}",
        pages.len()
    );
    let runs: Vec<_> = pages
        .into_iter()
        .map(|(name, parts)| thread::spawn(move || run_page(&name, &parts)))
        .collect();
    let faults: Vec<String> = runs
        .into_iter()
        .filter_map(|run| run.join().expect("a page is run without a panic").err())
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn a_command_that_prints_something_else_is_noticed() {
    let page = "```console\n$ hookloom version\nhookloom …\n$ echo one two\none  two\n$ printf 'a\\nb\\nc\\n'\na\n…\n```\n";
    assert_eq!(run_page("good", &parts(page)), Ok(()));
    for bad in [
        "$ echo one\ntwo",
        "$ false",
        "$ hookloom fly\n…",
        "$ printf 'a\\nb\\n'\na",
    ] {
        let page = format!("```console\n{bad}\n```\n");
        assert!(run_page("bad", &parts(&page)).is_err(), "{bad}");
    }
    let page = "```console exit=1\n$ false\n```\n";
    assert_eq!(run_page("good", &parts(page)), Ok(()));
}

#[test]
fn every_sample_of_a_flow_in_the_book_is_valid() {
    let workspace = Workspace::new();
    let mut documents = Vec::new();
    for (name, text) in pages() {
        for (info, block) in blocks(&text) {
            assert!(
                info != "sh" || !block.lines().any(|line| line.starts_with("hookloom ")),
                "{name}: commands of ours belong into a `console` block, so that they are run:\n{block}"
            );
            if info.split(' ').next() == Some("json") {
                let samples = samples(&block);
                assert!(!samples.is_empty(), "{name}: this is no JSON:\n{block}");
                documents.extend(
                    samples
                        .into_iter()
                        .filter_map(as_document)
                        .map(|it| (name.clone(), it)),
                );
            }
        }
    }
    assert!(documents.len() > 20, "{}", documents.len());
    for (page, document) in documents {
        let file = workspace.file("sample.json", &document.to_string());
        let found = workspace.run(&["flow", "validate", &file]);
        assert_eq!(
            found.code, 0,
            "{page}: {}{}\n{document:#}",
            found.stdout, found.stderr
        );
    }
}

/// Runs the commands of a page in order.
fn run_page(name: &str, parts: &[Part]) -> Result<(), String> {
    let workspace = Workspace::new();
    let mut page = Page {
        here: workspace.folder().join("here"),
        programs: workspace.folder().join("programs"),
        workspace,
        exported: Vec::new(),
        app: None,
    };
    for folder in [&page.here, &page.programs] {
        fs::create_dir_all(folder).expect("a folder can be made");
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink(
        page.workspace.program().get_program(),
        page.programs.join("hookloom"),
    )
    .expect("a link can be made");
    for part in parts {
        match part {
            Part::File { name, text } => {
                fs::write(page.here.join(name), page.real(text)).expect("a file can be written");
            }
            Part::Command { line, shown, code } => {
                let outcome = page.run(line, shown, *code);
                outcome.map_err(|fault| format!("{name}: $ {line}\n{fault}"))?;
            }
        }
    }
    Ok(())
}

struct Page {
    workspace: Workspace,
    here: PathBuf,
    programs: PathBuf,
    /// Variables that a command of the page exported: they hold for those that follow.
    exported: Vec<(String, String)>,
    app: Option<TestApp>,
}

impl Page {
    fn run(&mut self, line: &str, shown: &[String], code: i32) -> Result<(), String> {
        if let Some(options) = line.strip_prefix("hookloom serve") {
            // One at a time: a folder has one owner.
            self.app = None;
            let options: Vec<&str> = options.split_whitespace().collect();
            let pairs = self.exported.iter();
            let exported: Vec<(&str, &str)> =
                pairs.map(|(k, v)| (k.as_str(), v.as_str())).collect();
            self.app = Some(TestApp::start_with(&self.workspace, &options, &exported));
            let ready = self.app.as_ref().map(TestApp::ready).unwrap_or_default();
            return compare(shown, &self.book(&ready));
        }
        if line.starts_with("export ") {
            let (printed, _) = self.once(&format!("{line}\nenv"));
            let pairs = printed.lines().filter_map(|line| line.split_once('='));
            let ours = pairs.filter(|(name, _)| name.starts_with("HOOKLOOM_"));
            self.exported = ours.map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
            return Ok(());
        }
        let looks = [" show ", " list", "stats", "doctor"];
        let looks = looks.iter().any(|word| line.contains(word));
        let deadline = Instant::now() + Duration::from_secs(if looks { LOOK_S_MAX } else { 0 });
        loop {
            let (printed, ended) = self.once(line);
            let outcome = match ended == code {
                true => compare(shown, &printed),
                false => Err(format!("ended with {ended}, not with {code}:\n{printed}")),
            };
            if outcome.is_ok() || Instant::now() > deadline {
                return outcome;
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn once(&self, line: &str) -> (String, i32) {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("bash");
        for (name, value) in self.workspace.program().get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let output = command
            .args(["-c", &format!("exec 2>&1\n{}", self.real(line))])
            .envs(self.exported.iter().cloned())
            .env("PATH", format!("{}:{path}", self.programs.display()))
            .env("NO_COLOR", "1")
            .env("HOME", &self.here)
            .stdin(Stdio::null())
            .current_dir(&self.here)
            .output()
            .expect("bash runs");
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        (self.book(&printed), output.status.code().unwrap_or(-1))
    }

    /// The addresses of the book as they are here.
    fn real(&self, text: &str) -> String {
        let addresses = self.addresses().into_iter();
        addresses.fold(text.to_owned(), |text, (book, real)| {
            text.replace(book, &real)
        })
    }

    /// The addresses that are here as they are in the book.
    fn book(&self, text: &str) -> String {
        let addresses = self.addresses().into_iter();
        addresses.fold(text.to_owned(), |text, (book, real)| {
            text.replace(&real, book)
        })
    }

    fn addresses(&self) -> Vec<(&'static str, String)> {
        let Some(app) = &self.app else {
            return Vec::new();
        };
        let address = |url: &str| url.trim_start_matches("http://").to_owned();
        vec![
            ("127.0.0.1:4747", address(app.receiver())),
            ("127.0.0.1:4748", address(app.control())),
        ]
    }
}

/// Every page of the book, and the README.
fn pages() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut pages = vec![root.join("README.md")];
    let mut folders = vec![root.join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the book is there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "md") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    let read = |path: PathBuf| {
        (
            path.display().to_string(),
            fs::read_to_string(&path).expect("a page can be read"),
        )
    };
    pages.into_iter().map(read).collect()
}

/// The values of a block: one, several with commas between them, or keys of an object.
fn samples(block: &str) -> Vec<Value> {
    let text = block.trim().trim_end_matches(',');
    let list = || serde_json::from_str::<Vec<Value>>(&format!("[{text}]")).ok();
    let object = || serde_json::from_str::<Value>(&format!("{{{text}}}")).ok();
    list()
        .or_else(|| object().map(|it| vec![it]))
        .unwrap_or_default()
}

/// A document around a sample, as far as it is part of one.
fn as_document(sample: Value) -> Option<Value> {
    if sample.get("format").is_some() {
        return Some(sample);
    }
    let has = |keys: &[&str]| keys.iter().all(|key| sample.get(key).is_some());
    let mut document = json!({
        "format": "hookloom.flow/1", "name": "sample", "remote_secret": "key",
        "endpoints": [{"name": "in", "auth": {"kind": "bearer", "secret": "key"}, "mode": "sync", "body_memory": "requestBody"}],
        "steps": [{"name": "before", "kind": "set", "values": {"total": 1}}],
        "outputs": [{"name": "summary", "step": "before"}]
    });
    if has(&["name", "kind"]) {
        let step = without_strangers(sample);
        document["steps"] = json!([document["steps"][0], step]);
    } else if has(&["name", "auth"]) {
        document["endpoints"][0] = sample;
    } else if has(&["kind", "secret"]) {
        document["endpoints"][0]["auth"] = sample;
    } else if has(&["name", "event"]) {
        document["webhook_tasks"] = json!([sample]);
    } else {
        let parts = ["schedules", "inner_destinations"];
        let part = parts.iter().find(|part| has(&[part]))?;
        document[part] = sample[part].clone();
    }
    Some(document)
}

/// A step follows others, which are not in the sample.
fn without_strangers(mut step: Value) -> Value {
    if let Some(fields) = step.as_object_mut() {
        fields.remove("after");
    }
    step
}
