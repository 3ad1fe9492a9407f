//! `hookloom sign` and `hookloom verify`: signatures of single messages, without a data folder.

use std::path::{Path, PathBuf};

use clap::Args;
use hookloom_sensitive::Sensitive;
use hookloom_signature::{
    CustomProblem, CustomScheme, DEFAULT_SCHEME, Scheme, SchemeChoice, SignInput, TOLERANCE_MS,
    UnknownScheme, VerifyInput,
};
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

use super::input::read_bytes;
use super::secret::read_value;

/// What signing and verifying have in common.
#[derive(Debug, Args)]
pub struct Message {
    /// The scheme: x-webhook-signature, standard-webhooks, github, stripe, slack, shopify, …, or custom; an unknown name
    /// lists them all
    #[arg(long, default_value = DEFAULT_SCHEME, value_parser = parse_scheme, value_name = "NAME")]
    scheme: Named,
    /// The description of a custom scheme: a file with the JSON that a flow document has as `scheme`
    #[arg(long, value_name = "FILE")]
    scheme_file: Option<PathBuf>,
    /// Read the secret from standard input; one trailing newline is dropped
    #[arg(long, required = true)]
    secret_stdin: bool,
    /// The URL that is called, absolute: some schemes sign it
    #[arg(long, default_value = "", hide_default_value = true)]
    url: String,
    /// The method that is called
    #[arg(long, default_value = "POST")]
    method: String,
    /// The file with the body's exact bytes
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// A scheme by its name.
#[derive(Debug, Clone)]
enum Named {
    Known(&'static Scheme),
    /// It is described in a file.
    Custom,
}

/// What to sign, and how.
#[derive(Debug, Args)]
pub struct SignArguments {
    #[command(flatten)]
    message: Message,
    /// When it is sent, Unix milliseconds; else now
    #[arg(long, value_name = "MS")]
    timestamp: Option<i64>,
    /// The message's id, for schemes that sign one
    #[arg(long, default_value = "", hide_default_value = true)]
    id: String,
}

/// What to check, and how.
#[derive(Debug, Args)]
pub struct VerifyArguments {
    #[command(flatten)]
    message: Message,
    /// A header of the message, as `Name: value`; may be given several times
    #[arg(long = "header", short = 'H', value_name = "HEADER", value_parser = parse_header)]
    headers: Vec<(String, String)>,
    /// When it arrived, Unix milliseconds; else now
    #[arg(long, value_name = "MS", alias = "timestamp")]
    at: Option<i64>,
    /// How far the message's time may be from that, in seconds
    #[arg(long, value_name = "S", default_value_t = TOLERANCE_MS / 1_000)]
    tolerance: i64,
}

/// Prints the headers that sign a message.
pub fn sign(arguments: SignArguments, printer: &Printer) -> Result<Exit, Failure> {
    let SignArguments {
        message,
        timestamp,
        id,
    } = arguments;
    let (secret, body) = read(&message)?;
    let input = SignInput {
        secret: secret.expose(),
        method: &message.method.to_uppercase(),
        url: &message.url,
        body: &body,
        timestamp_ms: timestamp.unwrap_or_else(hookloom_runtime::now_ms),
        id: &id,
    };
    let headers = chosen(&message)?
        .sign(&input)
        .map_err(|failure| Failure::new(Exit::Failed, failure.code(), failure.explain()))?;
    let list: Vec<Value> = headers
        .iter()
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect();
    printer.result(&json!({ "headers": list }), |_| {
        headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\n"))
            .collect()
    });
    Ok(Exit::Ok)
}

/// Says whether a message's signature is valid, and why not.
pub fn verify(arguments: VerifyArguments, printer: &Printer) -> Result<Exit, Failure> {
    let VerifyArguments {
        message,
        headers,
        at,
        tolerance,
    } = arguments;
    let (secret, body) = read(&message)?;
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let input = VerifyInput {
        secret: secret.expose(),
        method: &message.method.to_uppercase(),
        url: &message.url,
        headers: &headers,
        body: &body,
        now_ms: at.unwrap_or_else(hookloom_runtime::now_ms),
        tolerance_ms: tolerance.saturating_mul(1_000),
    };
    match chosen(&message)?.verify(&input) {
        Ok(()) => {
            let valid = json!({"valid": true, "code": null, "reason": null});
            printer.result(&valid, |_| "The signature is valid.".to_owned());
            Ok(Exit::Ok)
        }
        Err(failure) => {
            let invalid =
                json!({"valid": false, "code": failure.code(), "reason": failure.explain()});
            printer.result(&invalid, |_| failure.explain());
            Ok(Exit::Failed)
        }
    }
}

fn read(message: &Message) -> Result<(Sensitive<String>, Vec<u8>), Failure> {
    if message.file == Path::new("-") {
        return Err(Failure::usage(
            "Standard input has the secret, so the body must be in a file.",
        ));
    }
    let body = read_bytes(&message.file)?;
    Ok((read_value()?, body))
}

/// The scheme of a message: one of the registry, or the one that a file describes.
fn chosen(message: &Message) -> Result<SchemeChoice, Failure> {
    match (&message.scheme, &message.scheme_file) {
        (Named::Known(scheme), None) => Ok(SchemeChoice::Named(scheme)),
        (Named::Known(_), Some(_)) => Err(Failure::usage(
            "`--scheme-file` describes a scheme of one's own: give `--scheme custom` with it.",
        )),
        (Named::Custom, None) => Err(Failure::usage(
            "A custom scheme needs its description: `--scheme-file FILE`.",
        )),
        (Named::Custom, Some(file)) => {
            let description: Value =
                serde_json::from_slice(&read_bytes(file)?).map_err(|error| {
                    let message = format!("{} is no JSON: {error}.", file.display());
                    Failure::new(Exit::Failed, "scheme_invalid", message)
                })?;
            let scheme = CustomScheme::read(&description).map_err(|problems| {
                let said = |problem: &CustomProblem| match &problem.key {
                    Some(key) => format!("`{key}`: {problem}"),
                    None => problem.to_string(),
                };
                let problems: Vec<String> = problems.iter().map(said).collect();
                let message = format!("The scheme cannot be used. {}.", problems.join(". "));
                Failure::new(Exit::Failed, "scheme_invalid", message)
            })?;
            Ok(SchemeChoice::Custom(scheme.into()))
        }
    }
}

fn parse_scheme(name: &str) -> Result<Named, UnknownScheme> {
    match name {
        "custom" => Ok(Named::Custom),
        name => Scheme::named(name).map(Named::Known),
    }
}

fn parse_header(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once(':').ok_or("expected `Name: value`")?;
    let name = name.trim();
    if name.is_empty() {
        return Err("expected `Name: value`, with a name");
    }
    Ok((name.to_owned(), value.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use hookloom_signature::SCHEMES;

    use super::*;

    #[test]
    fn every_scheme_is_found_by_its_name() {
        for scheme in SCHEMES.iter() {
            let found = parse_scheme(scheme.name);
            assert!(matches!(found, Ok(Named::Known(found)) if found.name == scheme.name));
        }
        assert!(matches!(parse_scheme("custom"), Ok(Named::Custom)));
        assert!(parse_scheme("rot13").is_err());
    }

    #[test]
    fn a_header_is_a_name_and_a_value_that_may_have_colons() {
        let header = |name: &str, value: &str| Ok((name.to_owned(), value.to_owned()));
        assert_eq!(parse_header("X-A: b:c "), header("X-A", "b:c"));
        assert_eq!(parse_header("X-A:"), header("X-A", ""));
        assert!(parse_header("X-A").is_err());
        assert!(parse_header(": b").is_err());
    }
}
