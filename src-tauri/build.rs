//! Builds the Tauri context of the root package.

fn main() {
    // With a pattern of one's own tauri-build stops watching the folder, so an edit would go unseen.
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
}
