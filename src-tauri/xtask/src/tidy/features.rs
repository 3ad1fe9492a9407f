//! Features that no dependency may turn on.

use cargo_metadata::Metadata;

/// Package, feature, and why it is forbidden.
const FORBIDDEN: &[(&str, &str, &str)] = &[
    (
        "serde_json",
        "arbitrary_precision",
        "it changes how numbers are represented for every crate at once and breaks tagged enums",
    ),
    (
        "rusqlite",
        "load_extension",
        "the database never loads code",
    ),
    ("minijinja", "loader", "templates are never found by name"),
    (
        "reqwest",
        "cookies",
        "an outgoing call carries nothing that its flow did not ask for",
    ),
];

/// Forbidden features that somebody turned on.
pub fn breaches(metadata: &Metadata) -> Vec<String> {
    let Some(resolve) = &metadata.resolve else {
        return vec!["features: cargo metadata gave no resolved graph".to_owned()];
    };
    let mut breaches = Vec::new();
    for node in &resolve.nodes {
        let name = &metadata[&node.id].name;
        for (package, feature, why) in FORBIDDEN {
            if name.as_str() == *package && node.features.iter().any(|on| on.as_str() == *feature) {
                breaches.push(format!(
                    "features: {package} has `{feature}` turned on: {why}"
                ));
            }
        }
    }
    breaches
}
