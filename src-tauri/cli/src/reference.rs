//! The book's reference of the command line and the manual page, made from the grammar itself. Tests keep them fresh;
//! `HOOKLOOM_WRITE_DOCS=1`, which `cargo xtask codegen` sets, writes them.

mod manual;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use clap::{Arg, Command, CommandFactory};

use crate::arguments::Arguments;

const PAGE: &str = "../../docs/reference/cli.md";

const HEAD: &str = "# The command line

Every command of `hookloom`, made from what `hookloom help` knows. Commands talk to the app or to `hookloom serve` if one of them runs, and open the data folder themselves if not. [Exit codes](../errors/program.md#exit-codes) say how a command ended; with `--json` what it prints is for scripts, errors too.

Every command has these options:

";

#[test]
fn the_reference_of_the_command_line_is_fresh() {
    keep_fresh(PAGE, &page());
}

/// Compares a committed file with what it should hold, or writes it if that is asked for.
fn keep_fresh(path: &str, fresh: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("HOOKLOOM_WRITE_DOCS").is_some() {
        fs::write(&file, fresh).expect("the file can be written");
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == fresh,
        "{path} is stale: run `cargo xtask codegen` and commit what it writes"
    );
}

fn page() -> String {
    let mut command = Arguments::command();
    command.build();
    let mut page = String::from(HEAD);
    options(
        command.get_arguments().filter(|it| it.is_global_set()),
        &mut page,
    );
    let mut groups = Vec::new();
    for part in command.get_subcommands().filter(|it| is_shown(it)) {
        if part.get_subcommands().any(is_shown) {
            groups.push(part);
        } else {
            section("hookloom", part, &mut page);
        }
    }
    for group in groups {
        // Some have parts and do something without one as well.
        if !group.is_subcommand_required_set() {
            section("hookloom", group, &mut page);
        }
        sections(&format!("hookloom {}", group.get_name()), group, &mut page);
    }
    page
}

/// A command's parts, as deep as they go.
fn sections(name: &str, group: &Command, page: &mut String) {
    for part in group.get_subcommands().filter(|it| is_shown(it)) {
        if part.get_subcommands().any(is_shown) {
            sections(&format!("{name} {}", part.get_name()), part, page);
        } else {
            section(name, part, page);
        }
    }
}

fn section(parent: &str, command: &Command, page: &mut String) {
    let name = format!("{parent} {}", command.get_name());
    let _ = write!(page, "\n## {name}\n\n");
    let about = command.get_long_about().or(command.get_about());
    let _ = write!(
        page,
        "{}.\n\n",
        cell(&about.map(ToString::to_string).unwrap_or_default())
    );
    let _ = write!(page, "```text\n{}\n```\n\n", usage(name, command));
    options(own_arguments(command), page);
}

/// What a command takes itself, beside the options that every command has.
fn own_arguments(command: &Command) -> impl Iterator<Item = &Arg> {
    command
        .get_arguments()
        .filter(|it| !it.is_hide_set() && !it.is_global_set() && it.get_id() != "help")
}

/// The line that shows how a command is called.
fn usage(name: String, command: &Command) -> String {
    let arguments: Vec<&Arg> = own_arguments(command).collect();
    let given: Vec<String> = arguments
        .iter()
        .filter(|it| it.is_positional())
        .map(|it| place(it))
        .collect();
    let has_options = arguments.iter().any(|it| !it.is_positional());
    let usage = [
        name,
        if has_options {
            "[OPTIONS]".to_owned()
        } else {
            String::new()
        },
        given.join(" "),
    ];
    let usage: Vec<String> = usage.into_iter().filter(|it| !it.is_empty()).collect();
    usage.join(" ")
}

fn options<'a>(arguments: impl Iterator<Item = &'a Arg>, page: &mut String) {
    let rows: Vec<String> = arguments
        .filter(|it| !it.is_hide_set() && it.get_id() != "help")
        .map(row)
        .collect();
    if !rows.is_empty() {
        let _ = write!(page, "| | |\n|---|---|\n{}", rows.concat());
    }
}

fn row(argument: &Arg) -> String {
    let help = argument.get_long_help().or(argument.get_help());
    let mut text = cell(&help.map(ToString::to_string).unwrap_or_default());
    let words: Vec<String> = argument
        .get_possible_values()
        .iter()
        .filter(|it| !it.is_hide_set())
        .map(|it| format!("`{}`", it.get_name()))
        .collect();
    if argument.get_action().takes_values() && !words.is_empty() {
        let _ = write!(text, ". One of {}", words.join(", "));
    }
    let default: Vec<String> = argument
        .get_default_values()
        .iter()
        .map(|it| format!("`{}`", it.to_string_lossy()))
        .collect();
    if argument.get_action().takes_values() && !default.is_empty() {
        let _ = write!(text, ". {} unless given", default.join(", "));
    }
    format!("| `{}` | {text} |\n", place(argument))
}

/// How an argument is written.
fn place(argument: &Arg) -> String {
    let value = argument.get_value_names().map(|names| {
        names
            .iter()
            .map(|it| format!("<{it}>"))
            .collect::<Vec<_>>()
            .join(" ")
    });
    let value = value.unwrap_or_default();
    if argument.is_positional() {
        let more = if argument
            .get_num_args()
            .is_some_and(|it| it.max_values() > 1)
        {
            "…"
        } else {
            ""
        };
        return if argument.is_required_set() {
            format!("{value}{more}")
        } else {
            format!("[{}]{more}", value.trim_matches(['<', '>']))
        };
    }
    let long = argument.get_long().map(|it| format!("--{it}"));
    let short = argument.get_short().map(|it| format!("-{it}"));
    let names: Vec<String> = short.into_iter().chain(long).collect();
    match argument.get_action().takes_values() {
        true => format!("{} {value}", names.join(", ")),
        false => names.join(", "),
    }
}

fn is_shown(command: &Command) -> bool {
    !command.is_hide_set() && command.get_name() != "help"
}

/// A text for a cell of a table.
fn cell(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.replace('|', "\\|").replace('<', "&lt;");
    text.trim_end_matches('.').to_owned()
}
