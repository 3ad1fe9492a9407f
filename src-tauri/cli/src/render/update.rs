//! Updates, for a person.

use serde_json::Value;

use super::paint::{Paint, Tone};
use super::piece::{field, indented, items, text};
use super::storage::size;
use super::time::relative;

/// What becomes of the data, said wherever somebody is about to install something.
const DATA: &str = "Your data stay as they are. A newer version that changes the database makes a backup before it does.\n";

/// What the newest release is.
pub fn update_found(found: &Value, paint: Paint) -> String {
    let version = text(&found["version"]);
    let is_newer = found["is_newer"] == true;
    let mut said = match is_newer {
        true => paint.tone(Tone::Good, &format!("Hookloom {version} is there.")),
        false => format!("Nothing newer: {version} is the newest release."),
    };
    said.push('\n');
    said += &field("installed", &text(&found["installed"]));
    said += &field("released", &relative(&found["released_at"]));
    said += &field("more", &text(&found["notes_url"]));
    let fitting = items(&found["packages"])
        .iter()
        .filter(|it| it["fits"] == true);
    let kinds: Vec<String> = fitting
        .map(|it| format!("{} ({})", text(&it["kind"]), size(&it["bytes"])))
        .collect();
    said += &field("packages", &kinds.join(", "));
    if let Some(notes) = found["notes"].as_str().filter(|_| is_newer) {
        let notes = text(&Value::String(notes.replace('\t', " ")));
        said += &format!("\n{}\n", indented(notes.trim(), 2).trim_end());
    }
    if is_newer {
        said += "\nNothing was downloaded. `hookloom update download` does that.\n";
    }
    said
}

/// How far a download is.
pub fn update_progress(shown: &Value) -> String {
    let (done, total) = (&shown["done_bytes"], &shown["total_bytes"]);
    let share = done.as_u64().unwrap_or(0) * 100 / total.as_u64().unwrap_or(1).max(1);
    format!("{share:>3} %  {} of {}", size(done), size(total))
}

/// A package that lies there.
pub fn update_downloaded(shown: &Value) -> String {
    let mut said = match shown["was_there"] == true {
        true => "It lay there already, whole.\n".to_owned(),
        false => "Downloaded, and every byte is what was signed.\n".to_owned(),
    };
    said += &field("version", &text(&shown["version"]));
    said += &field("file", &text(&shown["path"]));
    said += &field("size", &size(&shown["total_bytes"]));
    said += match shown["install"].is_null() {
        true => "\nNothing was installed: open the file to do that.\n",
        false => "\nNothing was installed. This does it:\n\n",
    };
    if let Some(command) = shown["install"].as_str() {
        said += &format!("  {command}\n\n");
    }
    said + "Close the app before, or stop the service. " + DATA
}
