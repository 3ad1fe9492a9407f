//! The list of parts for machines (SBOM), in the form of CycloneDX 1.6: who wants to know whether a hole in somebody's
//! library concerns Hookloom asks it. Nothing in it depends on when or where it was made.

use serde_json::{Value, json};

use super::components::Component;

/// The whole list as JSON.
pub fn text(components: &[Component], version: &str) -> String {
    let product = format!("pkg:generic/hookloom@{version}");
    let direct = components
        .iter()
        .filter(|it| it.is_direct)
        .map(Component::url);
    let direct: Vec<String> = direct.collect();
    let mut dependencies = vec![json!({"ref": product, "dependsOn": direct})];
    dependencies.extend(
        components
            .iter()
            .map(|it| json!({"ref": it.url(), "dependsOn": it.uses})),
    );
    let list = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {
            "type": "application", "bom-ref": product, "name": "hookloom", "version": version,
            "purl": product, "licenses": [{"license": {"id": "Apache-2.0"}}],
        }},
        "components": components.iter().map(component).collect::<Vec<_>>(),
        "dependencies": dependencies,
    });
    format!("{list:#}\n")
}

fn component(it: &Component) -> Value {
    let mut component = json!({
        "type": "library", "bom-ref": it.url(), "name": it.name, "version": it.version,
        "purl": it.url(), "licenses": [{"expression": it.license}],
    });
    if let Some((algorithm, digest)) = &it.digest {
        component["hashes"] = json!([{"alg": algorithm, "content": digest}]);
    }
    component
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_says_what_it_uses() {
        let component = |name: &str, uses: &[&str]| Component {
            registry: "cargo",
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            license: "MIT".to_owned(),
            digest: Some(("SHA-256", "00".to_owned())),
            folder: std::path::PathBuf::new(),
            is_direct: name == "outer",
            uses: uses
                .iter()
                .map(|it| format!("pkg:cargo/{it}@1.0.0"))
                .collect(),
        };
        let text = text(
            &[component("inner", &[]), component("outer", &["inner"])],
            "0.1.0",
        );
        let list: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(list["components"][1]["purl"], "pkg:cargo/outer@1.0.0");
        assert_eq!(
            list["dependencies"][0]["dependsOn"],
            json!(["pkg:cargo/outer@1.0.0"])
        );
        assert_eq!(
            list["dependencies"][2]["dependsOn"],
            json!(["pkg:cargo/inner@1.0.0"])
        );
    }
}
