//! What commands read from files and standard input, within a bound.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::Path;

use hookloom_model::document::GivenJson;
use hookloom_sensitive::Sensitive;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::exit::Exit;
use crate::failure::Failure;

/// A document, an input or a body is at most this large.
const INPUT_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// The bytes of a file, or of standard input for `-`.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    if path == Path::new("-") {
        return read_stdin();
    }
    let unreadable = |error: io::Error| {
        Failure::new(
            Exit::WrongUse,
            "file_unreadable",
            format!("{} cannot be read: {error}.", path.display()),
        )
    };
    let file = File::open(path).map_err(unreadable)?;
    read_bounded(file, &path.display().to_string()).map_err(unreadable)?
}

/// The bytes of standard input.
pub fn read_stdin() -> Result<Vec<u8>, Failure> {
    read_bounded(io::stdin().lock(), "standard input").map_err(|error| {
        Failure::new(
            Exit::WrongUse,
            "stdin_unreadable",
            format!("Standard input cannot be read: {error}."),
        )
    })?
}

/// The JSON value of a file, or of standard input for `-`.
pub fn read_json(path: &Path) -> Result<Value, Failure> {
    parse(path, &read_text(path)?)
}

/// The flow document of a file, or of standard input for `-`, with what reading it as a value would hide.
pub fn read_document(path: &Path) -> Result<GivenJson, Failure> {
    parse(path, &read_text(path)?)
}

/// The JSON text of a file, or of standard input for `-`, as it is.
pub fn read_json_text(path: &Path) -> Result<String, Failure> {
    let text = read_text(path)?;
    let _: Value = parse(path, &text)?;
    Ok(text)
}

/// The text of a file, or of standard input for `-`.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    let text = String::from_utf8(read_bytes(path)?).map_err(|error| {
        not_json(format!(
            "{} is no UTF-8 text: it breaks at byte {}.",
            path.display(),
            error.utf8_error().valid_up_to()
        ))
    })?;
    // Files of some editors begin with a byte order mark.
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|error| {
        not_json(format!("{} is no JSON: {error}.", path.display()))
            .with_hint("Nothing was changed.")
    })
}

/// Asks at the terminal for the vault's passphrase.
pub fn ask_passphrase() -> io::Result<Sensitive<String>> {
    if !io::stdin().is_terminal() {
        return Err(io::Error::other("standard input is no terminal"));
    }
    rpassword::prompt_password("Passphrase of the vault: ").map(Sensitive::new)
}

fn not_json(message: String) -> Failure {
    Failure::new(Exit::Failed, "not_json", message)
}

fn read_bounded(from: impl Read, name: &str) -> io::Result<Result<Vec<u8>, Failure>> {
    let mut bytes = Vec::new();
    from.take(INPUT_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > INPUT_BYTES_MAX {
        return Ok(Err(Failure::new(
            Exit::WrongUse,
            "input_too_large",
            format!("{name} is over the limit of {INPUT_BYTES_MAX} bytes (input_bytes_max)."),
        )));
    }
    Ok(Ok(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_document_is_named_with_the_line_where_it_breaks() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("flow.json");
        std::fs::write(&path, "{\n  \"name\": }").expect("a file");
        let failure = read_json(&path).expect_err("it is broken");
        assert_eq!(failure.exit, Exit::Failed);
        assert!(
            failure.message.contains("flow.json") && failure.message.contains("line 2"),
            "{failure}"
        );
    }

    #[test]
    fn a_file_that_is_not_there_is_wrong_use() {
        let failure = read_json(Path::new("/nowhere/flow.json")).expect_err("it is not there");
        assert_eq!(failure.exit, Exit::WrongUse);
    }

    #[test]
    fn an_input_over_the_limit_is_refused_by_the_name_of_the_limit() {
        let failure = read_bounded(io::repeat(b'x'), "standard input")
            .expect("it can be read")
            .expect_err("it never ends");
        assert!(failure.message.contains("input_bytes_max"), "{failure}");
    }
}
