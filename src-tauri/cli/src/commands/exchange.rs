//! `hookloom export` and `hookloom import`: a workspace, some of its flows, and files of other programs.

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use hookloom_sensitive::Sensitive;
use serde_json::{Value, json};

use crate::caller::{Caller, segment};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::render;

use super::input::read_text;
use super::secret;

/// What to export.
#[derive(Debug, Args)]
pub struct Export {
    /// Flows; without any the whole workspace
    #[arg(value_name = "FLOW")]
    flows: Vec<String>,
    /// As a document of Hookloom, `hooks.json` of adnanh/webhook, or cURL commands
    #[arg(long = "as", value_enum, default_value_t = Format::Workspace, value_name = "FORMAT")]
    format: Format,
}

/// A format to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Workspace,
    Hooks,
    Curl,
}

impl Format {
    fn text(self) -> &'static str {
        match self {
            Self::Workspace => "workspace",
            Self::Hooks => "hooks",
            Self::Curl => "curl",
        }
    }
}

/// What to import.
#[derive(Debug, Args)]
pub struct Import {
    /// A flow or a workspace of Hookloom, a HAR, `hooks.json` or cURL commands; `-` reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Say what would be kept, changed and dropped, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// What becomes of names that are taken
    #[arg(long, value_enum, default_value_t = Existing::KeepBoth, value_name = "CHOICE")]
    existing: Existing,
    /// What becomes of one of them, such as `flow:shop=replace` or `variable:url@staging=skip`
    #[arg(long = "choose", value_name = "KIND:NAME=CHOICE", value_parser = choice)]
    choices: Vec<Choice>,
}

/// What becomes of a name that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Existing {
    /// A second one beside it
    KeepBoth,
    /// The new one in its place; of a flow only the draft
    Replace,
    /// Only what is there
    Skip,
}

impl Existing {
    fn text(self) -> &'static str {
        match self {
            Self::KeepBoth => "keep_both",
            Self::Replace => "replace",
            Self::Skip => "skip",
        }
    }
}

/// What becomes of one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    kind: String,
    name: String,
    set: Option<String>,
    existing: Existing,
}

const KINDS: [&str; 6] = [
    "flow",
    "variable",
    "active_variable_set",
    "alert_rule",
    "view",
    "setting",
];

/// Reads `KIND:NAME=CHOICE`. The parser of arguments shows what is wrong as it is, so it is a text.
fn choice(text: &str) -> Result<Choice, String> {
    let form = "write it as KIND:NAME=CHOICE, such as flow:shop=replace";
    let (kind, rest) = text.split_once(':').ok_or(form)?;
    let (name, wanted) = rest.rsplit_once('=').ok_or(form)?;
    if !KINDS.contains(&kind) {
        return Err(format!(
            "there is no kind `{kind}`: there are {}",
            KINDS.join(", ")
        ));
    }
    let existing = Existing::from_str(wanted, true)?;
    let (name, set) = match name.split_once('@') {
        Some((name, set)) if kind == "variable" => (name, Some(set.to_owned())),
        _ => (name, None),
    };
    Ok(Choice {
        kind: kind.to_owned(),
        name: name.to_owned(),
        set,
        existing,
    })
}

/// An import with its file read.
struct Prepared {
    body: Value,
    is_dry_run: bool,
}

impl Prepared {
    /// Reads the file. A broken one fails here, before anything is changed.
    fn read(import: Import) -> Result<Self, Failure> {
        let Import {
            file,
            dry_run,
            existing,
            choices,
        } = import;
        let choices = choices.into_iter().map(|choice| {
            let Choice {
                kind,
                name,
                set,
                existing,
            } = choice;
            json!({"kind": kind, "name": name, "set": set, "existing": existing.text()})
        });
        let body = json!({
            "text": read_text(&file)?,
            "name": file.display().to_string(),
            "existing": existing.text(),
            "choices": choices.collect::<Vec<_>>(),
        });
        Ok(Self {
            body,
            is_dry_run: dry_run,
        })
    }
}

/// Imports a file, or says what that would do. At a terminal the values of secrets that are missing are asked for then.
pub async fn import(
    import: Import,
    data: Option<PathBuf>,
    printer: &Printer,
) -> Result<Exit, Failure> {
    let Prepared { body, is_dry_run } = Prepared::read(import)?;
    let path = if is_dry_run {
        "/import/preview"
    } else {
        "/import"
    };
    let caller = Caller::try_open(data.clone()).await?;
    let report = caller.post(path, body).await;
    // Closed before anybody is asked: a typist must not keep the folder.
    caller.close().await;
    let report = report?;
    printer.result(&report, |paint| {
        render::import_report(&report, is_dry_run, paint)
    });
    let missing = report["missing_secrets"].as_array();
    let names = missing.into_iter().flatten();
    let names: Vec<&str> = names.filter_map(|it| it["name"].as_str()).collect();
    if is_dry_run || names.is_empty() || !is_watched(printer) {
        return Ok(Exit::Ok);
    }
    set(typed(&names, printer), data, printer).await?;
    Ok(Exit::Ok)
}

/// Whether a person sits there who could be asked.
fn is_watched(printer: &Printer) -> bool {
    !printer.is_json() && io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// The values that a person types; nothing of them is shown. Who ends the input leaves the rest.
fn typed<'n>(names: &[&'n str], printer: &Printer) -> Vec<(&'n str, Sensitive<String>)> {
    printer.note(
        "Type their values now; what you type is not shown. Enter alone leaves one for later.",
    );
    let mut values = Vec::new();
    for name in names {
        match rpassword::prompt_password(format!("{name}: ")).map(Sensitive::new) {
            Ok(value) if value.expose().is_empty() => {}
            Ok(value) => values.push((*name, value)),
            Err(_) => break,
        }
    }
    values
}

/// Sets what was typed. The import is done by then, whatever comes of this.
async fn set(
    values: Vec<(&str, Sensitive<String>)>,
    data: Option<PathBuf>,
    printer: &Printer,
) -> Result<(), Failure> {
    if values.is_empty() {
        return Ok(());
    }
    let caller = Caller::try_open(data).await?;
    let mut outcome = Ok(());
    for (at, (name, value)) in values.iter().enumerate() {
        outcome = secret::set(name, value, &caller).await;
        if outcome.is_err() {
            let left = values[at..].iter().map(|(name, _)| format!("`{name}`"));
            let left = left.collect::<Vec<_>>().join(", ");
            printer.note(&format!(
                "The import is done; these secrets are still to be set, by `hookloom secret set NAME`: {left}."
            ));
            break;
        }
        printer.text(&format!("The secret `{name}` is set."));
    }
    caller.close().await;
    outcome
}

/// Prints an export, and beside it what is lost.
pub async fn export(export: Export, caller: &Caller, printer: &Printer) -> Result<Exit, Failure> {
    let Export { flows, format } = export;
    let flows: Vec<String> = flows.iter().map(|flow| segment(flow)).collect();
    let wanted = match flows.is_empty() {
        true => String::new(),
        false => format!("&flows={}", flows.join(",")),
    };
    let path = format!("/export?format={}{wanted}", format.text());
    let exported = caller.get(&path).await?;
    if printer.is_json() {
        printer.json(&exported);
        return Ok(Exit::Ok);
    }
    printer.text(exported["text"].as_str().unwrap_or_default());
    for line in render::export_notes(&exported) {
        printer.note(&line);
    }
    Ok(Exit::Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_names_a_kind_a_name_and_what_becomes_of_it() {
        let read = choice("variable:shop_url@staging=replace").expect("a choice");
        assert_eq!(
            (read.name.as_str(), read.set.as_deref()),
            ("shop_url", Some("staging"))
        );
        assert_eq!(
            choice("view:a=b:c=keep-both").expect("a choice").name,
            "a=b:c"
        );
        for wrong in ["shop", "flow:shop", "flow:shop=maybe", "step:shop=skip"] {
            assert!(choice(wrong).is_err(), "{wrong}");
        }
    }
}
