//! The rules of the house that a machine can check. They run as `cargo xtask tidy` and as tests.

mod arrows;
mod features;
mod sizes;
mod sources;

use std::path::Path;

/// Checks every rule and prints each breach on its own line.
pub fn report(root: &Path) -> Result<(), String> {
    let breaches = breaches(root)?;
    if breaches.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{}\n\n{} rules of the house are broken.",
        breaches.join("\n"),
        breaches.len()
    ))
}

fn breaches(root: &Path) -> Result<Vec<String>, String> {
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .other_options(vec!["--offline".to_owned()])
        .exec()
        .map_err(|error| format!("cargo metadata failed: {error}"))?;
    let mut breaches = arrows::breaches(&metadata);
    breaches.extend(features::breaches(&metadata));
    breaches.extend(sizes::breaches(root));
    breaches.extend(sources::breaches(root));
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
