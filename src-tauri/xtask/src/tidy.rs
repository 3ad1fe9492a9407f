//! The rules of the house that a machine can check. They run as `cargo xtask tidy` and as tests.

mod arrows;
mod features;
mod sizes;
mod sources;

use std::path::Path;

pub(crate) use sources::{each_file, shown};

/// Checks every rule; the error has each breach on its own line.
pub fn report(root: &Path) -> Result<(), Error> {
    match breaches(root)? {
        breaches if breaches.is_empty() => Ok(()),
        breaches => Err(Error::Broken { breaches }),
    }
}

/// Why the house is not tidy.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cargo metadata failed")]
    Metadata(#[from] cargo_metadata::Error),
    #[error("{}\n\n{} rules of the house are broken.", breaches.join("\n"), breaches.len())]
    Broken { breaches: Vec<String> },
}

fn breaches(root: &Path) -> Result<Vec<String>, Error> {
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .other_options(vec!["--offline".to_owned()])
        .exec()?;
    let mut breaches = arrows::breaches(&metadata);
    breaches.extend(features::breaches(&metadata));
    breaches.extend(sizes::breaches(root));
    breaches.extend(sources::breaches(root));
    breaches.extend(crate::book::breaches(root));
    Ok(breaches)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_is_tidy() {
        if let Err(breaches) = report(&crate::root()) {
            panic!("{breaches}");
        }
    }
}
