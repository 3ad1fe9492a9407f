//! The book in `docs/`: what of it is generated, and what must stay true beside the source. The commands and samples
//! that it shows are run by the integration tests, not here.

mod api_pages;
mod codes;
mod document_pages;
mod guide;
mod labels;
mod limits;
mod links;
mod pages;
mod promises;

use std::fs;
use std::path::Path;

/// The pages that are generated, and what they should hold. A page that a person wrote has marks around the part that
/// is made.
pub fn generated(root: &Path) -> Vec<(&'static str, String)> {
    let openapi = serde_json::from_str(&hookloom_api::openapi_json()).unwrap_or_default();
    let schema = hookloom_model::document::json_schema();
    vec![
        ("docs/reference/api.md", api_pages::api_reference(&openapi)),
        (
            "docs/reference/document.md",
            document_pages::document_reference(&schema),
        ),
        part(
            root,
            "docs/reference/templates.md",
            &document_pages::filters(),
        ),
        part(root, "docs/reference/limits.md", &limits::tables(root)),
    ]
}

const BEGIN: &str = "<!-- made by `cargo xtask codegen` from here -->";
const END: &str = "<!-- to here -->";

/// A page with one part made anew.
fn part(root: &Path, path: &'static str, fresh: &str) -> (&'static str, String) {
    let page = fs::read_to_string(root.join(path)).unwrap_or_default();
    let before = page.split(BEGIN).next().unwrap_or_default();
    let after = page.split(END).nth(1).unwrap_or("\n");
    (
        path,
        format!("{before}{BEGIN}\n\n{}\n\n{END}{after}", fresh.trim()),
    )
}

/// Everything in the book that is not so in the source, each on a line of its own.
pub fn breaches(root: &Path) -> Vec<String> {
    let mut breaches = pages::breaches(root);
    breaches.extend(links::breaches(root));
    breaches.extend(promises::breaches(root));
    breaches.extend(labels::breaches(root));
    breaches.extend(guide::breaches(root));
    breaches
}
