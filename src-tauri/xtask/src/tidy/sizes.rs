//! Files and functions stay small enough to be read at once.

use std::fs;
use std::path::Path;

use syn::spanned::Spanned;
use syn::visit::Visit;

use super::sources::{each_file, shown};

/// No source file is longer.
const FILE_LINES_MAX: usize = 500;
/// No function is longer, tests included.
const FUNCTION_LINES_MAX: usize = 70;

/// Files and functions that are too long.
pub fn breaches(root: &Path) -> Vec<String> {
    let mut breaches = Vec::new();
    each_file(
        root,
        &["rs", "ts", "tsx", "css", "mjs", "js"],
        &mut |path| {
            let Ok(text) = fs::read_to_string(path) else {
                return;
            };
            let lines = text.lines().count();
            if lines > FILE_LINES_MAX {
                breaches.push(format!(
                    "sizes: {} has {lines} lines, at most {FILE_LINES_MAX}",
                    shown(root, path)
                ));
            }
            if path.extension().is_some_and(|e| e == "rs") {
                long_functions(&text, &shown(root, path), &mut breaches);
            }
        },
    );
    breaches
}

fn long_functions(text: &str, path: &str, breaches: &mut Vec<String>) {
    let Ok(file) = syn::parse_file(text) else {
        breaches.push(format!("sizes: {path} does not parse"));
        return;
    };
    let mut functions = Functions { path, breaches };
    functions.visit_file(&file);
}

struct Functions<'a> {
    path: &'a str,
    breaches: &'a mut Vec<String>,
}

impl Functions<'_> {
    fn check(&mut self, name: &syn::Ident, block: &syn::Block) {
        let span = block.span();
        let lines = span.end().line + 1 - span.start().line;
        if lines > FUNCTION_LINES_MAX {
            let line = span.start().line;
            self.breaches.push(format!(
                "sizes: {}:{line} `{name}` has {lines} lines, at most {FUNCTION_LINES_MAX}",
                self.path
            ));
        }
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, node: &'ast syn::ItemFn) {
        self.check(&node.sig.ident, &node.block);
        syn::visit::visit_item_fn(self, node);
    }

    fn visit_impl_item_fn(&mut self, node: &'ast syn::ImplItemFn) {
        self.check(&node.sig.ident, &node.block);
        syn::visit::visit_impl_item_fn(self, node);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_over_the_limit_is_named() {
        let body = "let _ = 1;\n".repeat(FUNCTION_LINES_MAX);
        let mut breaches = Vec::new();
        long_functions(&format!("fn long() {{\n{body}}}"), "x.rs", &mut breaches);
        assert_eq!(breaches.len(), 1, "{breaches:?}");
    }
}
