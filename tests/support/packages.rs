//! What `make dist` made.

use std::fs;
use std::path::PathBuf;

/// Where `make dist` left them.
pub fn packages() -> PathBuf {
    let folder = std::env::var_os("HOOKLOOM_DIST")
        .expect("HOOKLOOM_DIST names the folder of packages; run `make test-dist`");
    PathBuf::from(folder)
}

/// The one file that ends so.
pub fn package(ending: &str) -> PathBuf {
    let entries = fs::read_dir(packages())
        .expect("`make dist` made packages")
        .flatten()
        .map(|it| it.path());
    let mut found: Vec<PathBuf> = entries
        .filter(|it| it.to_string_lossy().ends_with(ending))
        .collect();
    assert_eq!(found.len(), 1, "*{ending}: {found:?}");
    found.remove(0)
}
