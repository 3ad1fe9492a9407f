//! `hookloom restore`: puts a backup back in a folder that nobody has open.

use std::path::PathBuf;

use clap::Args;
use hookloom_runtime::{self as runtime, BackupManifest, DataFolder};
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::render;

/// Which backup.
#[derive(Debug, Args)]
pub struct Arguments {
    /// A file that `hookloom backup` made, or the name of one in the data folder
    file: PathBuf,
    /// Read and check the whole file, and show what is in it; change nothing
    #[arg(long)]
    dry_run: bool,
}

/// Runs the command.
pub async fn run(
    arguments: Arguments,
    data: Option<PathBuf>,
    printer: &Printer,
) -> Result<Exit, Failure> {
    let folder = DataFolder::resolve(data)?;
    let Arguments { file, dry_run } = arguments;
    let kept = folder.backups().join(&file);
    // A name alone may be one of the folder's own.
    let file = if !file.exists() && kept.exists() {
        kept
    } else {
        file
    };
    let done = tokio::task::spawn_blocking(move || match dry_run {
        true => runtime::check_backup(&file).map(|manifest| (manifest, None)),
        false => runtime::restore_backup(&folder, &file)
            .map(|restored| (restored.manifest, Some(restored.aside))),
    });
    let done = done.await;
    let (manifest, aside) =
        done.map_err(|error| Failure::internal(format!("The restore ended badly: {error}.")))??;
    let shown = shown(&manifest, aside.map(|it| it.display().to_string()));
    printer.result(&shown, |_| render::restored(&shown));
    Ok(Exit::Ok)
}

/// What it holds, without the list of its parts.
fn shown(manifest: &BackupManifest, aside: Option<String>) -> Value {
    let BackupManifest {
        kind: _,
        format,
        made_by,
        database_format,
        made_at_ms,
        reason,
        counts,
        secrets_needed,
        files_missing,
        not_inside,
        parts,
    } = manifest;
    let made_at = jiff::Timestamp::from_millisecond(*made_at_ms).unwrap_or_default();
    json!({
        "restored": aside.is_some(),
        "aside": aside,
        "made_at": format!("{made_at:.3}"),
        "made_by": made_by,
        "format": format,
        "database_format": database_format,
        "reason": reason.as_str(),
        "counts": {
            "flows": counts.flows, "requests": counts.requests, "jobs": counts.jobs,
            "deliveries": counts.deliveries, "files": counts.files,
        },
        "parts_count": parts.len(),
        "bytes": manifest.bytes(),
        "secrets_needed": secrets_needed,
        "files_missing": files_missing,
        "not_inside": not_inside,
    })
}
