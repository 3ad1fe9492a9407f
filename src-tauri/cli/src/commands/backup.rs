//! `hookloom backup`: makes one, lists and deletes them, sets the schedule. Works while another process owns the folder.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use hookloom_runtime::{self as runtime, DataFolder};
use serde_json::{Value, json};

use crate::caller::{Caller, segment};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::render;

/// How often a backup that is under way is looked at.
const LOOK_MS: u64 = 100;

/// What to do; without a command, a backup is made.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Where the backup goes; without it, into the folder of the backups in the data folder
    file: Option<PathBuf>,
}

/// The commands of the group.
#[derive(Debug, Subcommand)]
enum Command {
    /// List the backups in the data folder, newest first
    List,
    /// Let backups be made by themselves, while Hookloom runs
    Schedule(Schedule),
    /// Delete a backup in the data folder
    Delete(Name),
}

/// How often and how many. What is not given stays as it is.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
struct Schedule {
    /// How often
    #[arg(long)]
    every: Option<Every>,
    /// How many of those that the schedule made are kept; the oldest go
    #[arg(long, value_name = "N")]
    keep: Option<u32>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Every {
    Off,
    Day,
    Week,
}

/// Which backup.
#[derive(Debug, Args)]
struct Name {
    /// Its name, as listed
    name: String,
}

impl Arguments {
    /// Whether they ask for nothing but what lies in a folder.
    pub fn only_list(&self) -> bool {
        matches!(self.command, Some(Command::List))
    }
}

/// Lists the backups of a folder whose database cannot be opened: that is when somebody needs one.
pub async fn list_without_database(
    error: &runtime::Error,
    data: Option<PathBuf>,
    printer: &Printer,
) -> Result<Exit, Failure> {
    let folder = DataFolder::resolve(data)?;
    let lies = tokio::task::spawn_blocking(move || without_database(&folder)).await;
    let mut shown = lies.map_err(|error| Failure::internal(format!("{error}.")))??;
    shown["database_problem"] = json!(error.to_string());
    printer.result(&shown, |paint| render::backups(&shown, paint));
    Ok(Exit::Ok)
}

/// What can be told without what the database keeps: the schedule, and how the last one went.
fn without_database(folder: &DataFolder) -> Result<Value, Failure> {
    let items = runtime::listed_backups(folder)?;
    let items = serde_json::to_value(items)
        .map_err(|error| Failure::internal(format!("The backups have no JSON: {error}.")))?;
    Ok(json!({"folder": folder.backups(), "items": items, "schedule": null}))
}

/// Runs a command of the group.
pub async fn run(
    arguments: Arguments,
    caller: &Caller,
    printer: &Printer,
) -> Result<Exit, Failure> {
    let Arguments { command, file } = arguments;
    match command {
        None => make(file.as_deref(), caller, printer).await?,
        Some(Command::List) => {
            let shown = caller.get("/backups").await?;
            printer.result(&shown, |paint| render::backups(&shown, paint));
        }
        Some(Command::Schedule(wanted)) => {
            let mut schedule = caller.get("/backups").await?["schedule"].take();
            if let Some(every) = wanted.every {
                schedule["every"] = match every {
                    Every::Off => json!("off"),
                    Every::Day => json!("day"),
                    Every::Week => json!("week"),
                };
            }
            if let Some(keep) = wanted.keep {
                schedule["keep"] = json!(keep);
            }
            let shown = caller.put("/backups/schedule", schedule).await?;
            printer.result(&shown["schedule"], |_| render::backup_schedule(&shown));
        }
        Some(Command::Delete(Name { name })) => {
            let shown = caller
                .delete(&format!("/backups/{}", segment(&name)))
                .await?;
            printer.result(&shown, |_| format!("Deleted {name}."));
        }
    }
    Ok(Exit::Ok)
}

async fn make(file: Option<&Path>, caller: &Caller, printer: &Printer) -> Result<(), Failure> {
    if let Some(file) = file
        && file.exists()
    {
        return Err(
            Failure::usage(format!("{} is there already.", file.display()))
                .with_hint("Nothing is ever written over: choose another name."),
        );
    }
    let mut shown = caller.post("/backups", json!(null)).await?;
    while !shown["running"].is_null() {
        tokio::time::sleep(Duration::from_millis(LOOK_MS)).await;
        shown = caller.get("/backups").await?;
    }
    if let Some(message) = shown["last_failure"]["message"].as_str() {
        return Err(Failure::new(Exit::Failed, "backup_failed", message));
    }
    let mut made = shown["items"][0].take();
    let name = made["name"].as_str().unwrap_or_default().to_owned();
    let kept = Path::new(shown["folder"].as_str().unwrap_or_default()).join(&name);
    let path = match file {
        None => kept,
        Some(file) => {
            let (from, to) = (kept, file.to_owned());
            let moved = tokio::task::spawn_blocking(move || move_to(&from, &to)).await;
            let moved = moved.map_err(|error| Failure::internal(format!("{error}.")))?;
            moved.map_err(|error| {
                Failure::new(
                    Exit::Failed,
                    "backup_not_moved",
                    format!(
                        "The backup {name} was made and could not be moved to {}: {error}.",
                        file.display()
                    ),
                )
                .with_hint("It lies in the data folder: `hookloom backup list` shows it.")
            })?
        }
    };
    made["path"] = json!(path);
    printer.result(&made, |_| render::backup_made(&made));
    Ok(())
}

/// Moves a file, also to another disk: whole under its name, or not there at all.
fn move_to(from: &Path, to: &Path) -> io::Result<PathBuf> {
    let to = std::path::absolute(to)?;
    // A link of the same file does not write over anything, as a rename would.
    if fs::hard_link(from, &to).is_err() {
        copy_to(from, &to)?;
    }
    fs::remove_file(from)?;
    Ok(to)
}

fn copy_to(from: &Path, to: &Path) -> io::Result<()> {
    let name = to.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let beside = to.with_file_name(format!(".{}.unfinished", name.to_string_lossy()));
    let copied = (|| {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&beside)?;
        io::copy(&mut File::open(from)?, &mut file)?;
        file.sync_all()?;
        if to.exists() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        fs::rename(&beside, to)
    })();
    if copied.is_err() {
        // Half a copy only takes room.
        drop(fs::remove_file(&beside));
    }
    copied
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_moved_whole_and_never_over_another_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        fs::write(&from, "whole").expect("a file");
        copy_to(&from, &to).expect("it is copied");
        assert_eq!(fs::read_to_string(&to).expect("it is there"), "whole");
        assert!(move_to(&from, &to).is_err(), "something is there");
        assert!(from.exists());
        fs::remove_file(&to).expect("it is there");
        move_to(&from, &to).expect("nothing is there");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }
}
