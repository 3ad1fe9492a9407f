//! What a synced write costs here: without it no figure of durable work means anything.

use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};

/// The median time of writing 4 KiB and syncing it, in the folder for temporary files.
pub fn median() -> std::io::Result<Duration> {
    let folder = tempfile::tempdir()?;
    let mut file = File::create(folder.path().join("sync"))?;
    let mut times = Vec::new();
    for _ in 0..200 {
        let begin = Instant::now();
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        times.push(begin.elapsed());
    }
    times.sort();
    Ok(times[times.len() / 2])
}
