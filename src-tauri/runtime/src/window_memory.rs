//! What the desktop app remembers of its window, beside the data that it shows. What is in it is the app's own business.

use std::{fs, io};

use crate::folder::DataFolder;
use crate::private_file;

/// The text that was kept; none if none was, or it cannot be read.
pub fn window_memory(folder: &DataFolder) -> Option<String> {
    fs::read_to_string(folder.window_memory()).ok()
}

/// Keeps a text for the next start.
///
/// # Errors
/// The folder cannot be written in.
pub fn keep_window_memory(folder: &DataFolder, text: &str) -> io::Result<()> {
    private_file::replace(&folder.window_memory(), text)
}
