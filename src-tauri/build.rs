//! Builds the Tauri context of the root package from `tauri.conf.json` and the capabilities.

fn main() {
    // With a pattern of one's own tauri-build stops watching the folder, so an edit would go unseen.
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*.json");
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error=the Tauri context cannot be built: {error:#}");
        std::process::exit(1);
    }
}
