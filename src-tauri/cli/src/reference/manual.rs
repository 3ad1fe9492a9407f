//! The manual page of `hookloom`, made from the same grammar. Packages carry it; `man hookloom` shows it.
//!
//! One page has every command: what somebody looks for is found by searching, and nothing has to be guessed.

use std::fmt::Write as _;

use clap::{Arg, Command, CommandFactory};

use super::{Arguments, is_shown, keep_fresh, own_arguments, place, usage};

const PAGE: &str = "../packaging/hookloom.1";

const HEAD: &str = r#".\" Made by `cargo xtask codegen` from the grammar of the command line. Do not edit.
.TH HOOKLOOM 1 "" "Hookloom" "User Commands"
.SH NAME
hookloom \- receive webhooks, run flows, send signed webhooks
.SH SYNOPSIS
.B hookloom
.RI [ OPTIONS ]
.I COMMAND
\&...
.SH DESCRIPTION
Hookloom receives the webhooks that start a flow, runs its steps durably on this machine, sends signed webhooks about the result, and shows every request, job and delivery. Everything is local.
.PP
.B hookloom serve
runs all of it without a window and offers the workbench to a browser. The other commands talk to the app or to
.B hookloom serve
if one of them runs, and open the data folder themselves if not.
"#;

const TAIL: &str = r#".SH EXIT STATUS
.TP
.B 0
Done.
.TP
.B 1
What was asked about failed: a job, a check, an invalid document.
.TP
.B 2
Wrong use, or an unknown name.
.TP
.B 3
The owner of the data folder is gone.
.TP
.B 4
Refused: an address in use, a folder that is owned or cannot be written, a newer database, a locked keychain.
.SH ENVIRONMENT
.TP
.B HOOKLOOM_DATA
The data folder, where no
.B \-\-data
names it.
.TP
.B HOOKLOOM_VAULT
Where secrets are:
.B keychain
(unless another is chosen),
.B file
or
.BR passphrase .
.TP
.B HOOKLOOM_VAULT_KEY_FILE
For
.BR file :
a file with 32 bytes as 64 hex digits, readable by its owner alone.
.TP
.B HOOKLOOM_PASSPHRASE_FILE
For
.BR passphrase :
a file that holds it. Without one it is asked for.
.TP
.B HOOKLOOM_LOG
How much is logged to standard error:
.BR error ,
.BR warn ,
.BR info ,
.BR debug ,
or a filter such as
.BR hookloom_receiver=debug .
.TP
.BR HOOKLOOM_LOG_FORMAT ", " HOOKLOOM_LOG_FILES
.B text
or
.BR json ,
one object a line; and
.B off
for no files of logs in the data folder.
.TP
.B NO_COLOR
Set to anything, it switches colours off.
.SH FILES
.TP
.I ~/.local/share/hookloom
The data folder, unless another is named.
.TP
.I ~/.config/hookloom/serve.env
Variables for
.B hookloom serve
when systemd runs it, as
.B systemctl \-\-user enable \-\-now hookloom
has it done.
.SH SEE ALSO
.BR hookloom\-app (1)
"#;

#[test]
fn the_manual_page_is_fresh() {
    keep_fresh(PAGE, &page());
}

#[test]
fn what_means_something_to_the_formatter_is_escaped() {
    assert_eq!(text("a-b\\c"), "a\\-b\\ec");
    assert_eq!(text(".TH"), "\\&.TH");
    assert_eq!(
        text("it's `hookloom run` now"),
        "it\\(aqs \\fBhookloom run\\fR now"
    );
    // A single mark is no pair, and stands as it is.
    assert_eq!(text("`"), "\\(ga");
}

#[test]
fn every_command_is_in_the_manual_page() {
    let page = page();
    for command in ["serve", "flow import", "token create", "completions"] {
        let heading = format!(".SS \"hookloom {command}");
        assert!(page.contains(&heading), "{command}");
    }
}

fn page() -> String {
    let mut command = Arguments::command();
    command.build();
    let mut page = String::from(HEAD);
    page.push_str(".SH OPTIONS\nEvery command has these.\n");
    for argument in command.get_arguments().filter(|it| it.is_global_set()) {
        option(argument, &mut page);
    }
    page.push_str(".SH COMMANDS\n");
    sections("hookloom", &command, &mut page);
    if let Some(examples) = command.get_after_help().map(ToString::to_string) {
        // What stands there of exit codes and colours has sections of its own.
        let lines = examples.lines().skip(1).take_while(|line| !line.is_empty());
        page.push_str(".SH EXAMPLES\n.EX\n");
        for line in lines {
            let _ = writeln!(page, "{}", text(line.trim()));
        }
        page.push_str(".EE\n");
    }
    page.push_str(TAIL);
    page
}

/// A command's parts in the order of its help, as deep as they go. Some have parts and do something without one as well.
fn sections(name: &str, group: &Command, page: &mut String) {
    for part in group.get_subcommands().filter(|it| is_shown(it)) {
        let name = format!("{name} {}", part.get_name());
        let has_parts = part.get_subcommands().any(is_shown);
        if !has_parts || !part.is_subcommand_required_set() {
            let _ = writeln!(page, ".SS \"{}\"", text(&usage(name.clone(), part)));
            let about = part.get_long_about().or(part.get_about());
            let about = about.map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(page, "{}.", text(about.trim_end_matches('.')));
            own_arguments(part).for_each(|it| option(it, page));
        }
        if has_parts {
            sections(&name, part, page);
        }
    }
}

fn option(argument: &Arg, page: &mut String) {
    let help = argument.get_long_help().or(argument.get_help());
    let help = help.map(ToString::to_string).unwrap_or_default();
    let _ = write!(
        page,
        ".TP\n\\fB{}\\fR\n{}.",
        text(&place(argument)),
        text(help.trim_end_matches('.'))
    );
    if argument.get_action().takes_values() {
        let shown = |values: Vec<String>| values.join(", ");
        let words = argument.get_possible_values();
        let words = words.iter().filter(|it| !it.is_hide_set());
        let words = shown(words.map(|it| text(it.get_name())).collect());
        if !words.is_empty() {
            let _ = write!(page, " One of {words}.");
        }
        let default = argument.get_default_values().iter();
        let default = shown(default.map(|it| text(&it.to_string_lossy())).collect());
        if !default.is_empty() {
            let _ = write!(page, " {default} unless given.");
        }
    }
    page.push('\n');
}

/// A text on one line, with what would mean something to the formatter escaped, and what stands between marks in bold.
fn text(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let marks = text.matches('`').count();
    let mut is_bold = false;
    let mut escaped = String::with_capacity(text.len());
    if text.starts_with(['.', '\'']) {
        escaped.push_str("\\&");
    }
    for letter in text.chars() {
        match letter {
            '\\' => escaped.push_str("\\e"),
            '-' => escaped.push_str("\\-"),
            '\'' => escaped.push_str("\\(aq"),
            '"' => escaped.push_str("\\(dq"),
            '`' if marks % 2 == 0 => {
                is_bold = !is_bold;
                escaped.push_str(if is_bold { "\\fB" } else { "\\fR" });
            }
            '`' => escaped.push_str("\\(ga"),
            other => escaped.push(other),
        }
    }
    escaped
}
