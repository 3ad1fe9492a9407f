//! Finds every `code` that the program can give, by reading the source: the first argument of the functions that make
//! problems and errors, the fields called `code`, and the names of closed sets. Codes that are put together while the
//! program runs cannot be found; a call that seems to do so is told as unreadable.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::Visit;

use crate::tidy::{each_file, shown};

/// Where a code stands in the source, and on which page of the book it is explained.
const PAGES: &[(&str, &str)] = &[
    ("src-tauri/model/", "documents"),
    ("src-tauri/api/src/flows/", "documents"),
    ("src-tauri/engine/src/script_problems.rs", "documents"),
    ("src-tauri/steps/src/registry.rs", "documents"),
    ("src-tauri/engine/", "jobs"),
    ("src-tauri/steps/", "jobs"),
    ("src-tauri/store/", "jobs"),
    ("src-tauri/template/", "jobs"),
    ("src-tauri/receiver/", "requests"),
    ("src-tauri/signature/", "signatures"),
    ("src-tauri/runtime/", "program"),
    ("src-tauri/cli/", "program"),
    ("src-tauri/api/", "api"),
];

/// Folders and files that only tests use.
const TESTS_ONLY: &[&str] = &[
    "/tests/",
    "/testing/",
    "/contract/",
    "/simulation/",
    "/behaviour/",
    "/decide_tests/",
    "/testing.rs",
    "/tests.rs",
    "_tests.rs",
    "/fuzz/",
    "/xtask/",
];

/// Functions whose first argument is a code, if a second one follows.
const MAKERS: &[&str] = &["error", "error_at", "warning", "warning_at", "failed"];

/// Types whose `code` or `as_str` gives the names of a closed set of codes.
const CLOSED_SETS: &[&str] = &[
    "Code",
    "Failure",
    "HttpErrorKind",
    "Refusal",
    "RenderFault",
    "ScriptFaultKind",
];

/// What was found.
#[derive(Default)]
pub struct Found {
    /// By page and code: one of the places that give it.
    pub codes: BTreeMap<(String, String), String>,
    /// Calls whose code could not be read.
    pub unreadable: BTreeSet<String>,
}

/// Reads all sources of the product.
pub fn find(root: &Path) -> Found {
    let mut files = Vec::new();
    each_file(root, &["rs"], &mut |path| {
        let name = shown(root, path);
        let page = PAGES.iter().find(|(prefix, _)| name.starts_with(prefix));
        let is_test = TESTS_ONLY.iter().any(|part| name.contains(part));
        let (Some((_, page)), false) = (page, is_test) else {
            return;
        };
        let text = fs::read_to_string(path).unwrap_or_default();
        if let Ok(file) = syn::parse_file(&text) {
            files.push((name, *page, file));
        }
    });
    let mut constants = Constants::default();
    for (_, _, file) in &files {
        constants.visit_file(file);
    }
    let mut found = Found::default();
    for (name, page, file) in &files {
        let mut search = Search {
            name,
            page,
            constants: &constants.0,
            found: &mut found,
        };
        search.visit_file(file);
    }
    found
}

/// Texts that have a name.
#[derive(Default)]
struct Constants(BTreeMap<String, String>);

impl<'ast> Visit<'ast> for Constants {
    fn visit_item_const(&mut self, node: &'ast syn::ItemConst) {
        if let Some(text) = literal(&node.expr) {
            self.0.insert(node.ident.to_string(), text);
        }
    }

    fn visit_impl_item_const(&mut self, node: &'ast syn::ImplItemConst) {
        if let Some(text) = literal(&node.expr) {
            self.0.insert(node.ident.to_string(), text);
        }
    }
}

struct Search<'a> {
    name: &'a str,
    page: &'a str,
    constants: &'a BTreeMap<String, String>,
    found: &'a mut Found,
}

impl Search<'_> {
    fn add(&mut self, code: String) {
        let is_code = code.starts_with(|c: char| c.is_ascii_lowercase())
            && code
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if is_code {
            let key = (self.page.to_owned(), code);
            self.found.codes.entry(key).or_insert(self.name.to_owned());
        }
    }

    /// The text that an expression always has, if it has one.
    fn resolve(&self, expression: &syn::Expr) -> Option<String> {
        match expression {
            syn::Expr::Path(path) => {
                let last = path.path.segments.last()?.ident.to_string();
                self.constants.get(&last).cloned()
            }
            syn::Expr::MethodCall(call) if call.args.is_empty() => {
                let method = call.method.to_string();
                let keeps = matches!(method.as_str(), "to_owned" | "into" | "to_string");
                keeps.then(|| self.resolve(&call.receiver)).flatten()
            }
            other => literal(other),
        }
    }

    /// A call whose argument is a code.
    fn take(&mut self, argument: &syn::Expr) {
        if let Some(code) = self.resolve(argument) {
            return self.add(code);
        }
        let argument = match argument {
            syn::Expr::Reference(inner) => &*inner.expr,
            other => other,
        };
        let is_passed_on = match argument {
            syn::Expr::Path(path) => path.path.is_ident("code"),
            syn::Expr::Field(field) => {
                matches!(&field.member, syn::Member::Named(name) if name == "code")
            }
            syn::Expr::MethodCall(call) => call.method == "code" || call.method == "as_str",
            _ => false,
        };
        let is_strict =
            ["documents", "jobs"].contains(&self.page) && !self.name.contains("/store/");
        if is_strict && !is_passed_on {
            let line = syn::spanned::Spanned::span(argument).start().line;
            self.found.unreadable.insert(format!(
                "book: {}:{line} makes an error whose code is not written out there, so nobody can see whether the book explains it",
                self.name
            ));
        }
    }
}

impl<'ast> Visit<'ast> for Search<'_> {
    fn visit_item_mod(&mut self, node: &'ast syn::ItemMod) {
        let is_test = |it: &syn::Attribute| {
            it.path().is_ident("cfg") && it.parse_args::<syn::Ident>().is_ok_and(|it| it == "test")
        };
        if !node.attrs.iter().any(is_test) {
            syn::visit::visit_item_mod(self, node);
        }
    }

    fn visit_expr_call(&mut self, node: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = &*node.func {
            let last = path.path.segments.last().map(|it| it.ident.to_string());
            let last = last.unwrap_or_default();
            if MAKERS.contains(&last.as_str()) && node.args.len() > 1 {
                self.take(&node.args[0]);
            }
            let is_exit = |it: &syn::Expr| matches!(it, syn::Expr::Path(path) if path.path.segments[0].ident == "Exit");
            if last == "new" && node.args.len() > 1 && is_exit(&node.args[0]) {
                self.take(&node.args[1]);
            }
        }
        syn::visit::visit_expr_call(self, node);
    }

    fn visit_expr_method_call(&mut self, node: &'ast syn::ExprMethodCall) {
        if MAKERS.contains(&node.method.to_string().as_str()) && node.args.len() > 1 {
            self.take(&node.args[0]);
        }
        syn::visit::visit_expr_method_call(self, node);
    }

    fn visit_field_value(&mut self, node: &'ast syn::FieldValue) {
        let is_code = matches!(&node.member, syn::Member::Named(name) if name == "code");
        if let (true, Some(code)) = (is_code, self.resolve(&node.expr)) {
            self.add(code);
        }
        syn::visit::visit_field_value(self, node);
    }

    /// `let (code, …) = match … { … => ("bad_cron", …) }`
    fn visit_local(&mut self, node: &'ast syn::Local) {
        if let (syn::Pat::Tuple(tuple), Some(init)) = (&node.pat, &node.init) {
            let is_code =
                |it: &syn::Pat| matches!(it, syn::Pat::Ident(name) if name.ident == "code");
            if let Some(place) = tuple.elems.iter().position(is_code) {
                let mut tuples = Tuples(place, Vec::new());
                tuples.visit_expr(&init.expr);
                tuples.1.into_iter().for_each(|code| self.add(code));
            }
        }
        syn::visit::visit_local(self, node);
    }

    fn visit_item_impl(&mut self, node: &'ast syn::ItemImpl) {
        let name = match &*node.self_ty {
            syn::Type::Path(path) => path.path.segments.last().map(|it| it.ident.to_string()),
            _ => None,
        };
        if name.is_some_and(|name| CLOSED_SETS.contains(&name.as_str())) {
            for item in &node.items {
                if let syn::ImplItem::Fn(function) = item
                    && ["code", "as_str"].contains(&function.sig.ident.to_string().as_str())
                {
                    let mut names = ArmTexts(Vec::new());
                    names.visit_block(&function.block);
                    names.0.into_iter().for_each(|code| self.add(code));
                }
            }
        }
        syn::visit::visit_item_impl(self, node);
    }

    fn visit_item_const(&mut self, node: &'ast syn::ItemConst) {
        if node.ident == "REASON_CODES"
            && let syn::Expr::Reference(list) = &*node.expr
            && let syn::Expr::Array(list) = &*list.expr
        {
            for code in list.elems.iter().filter_map(literal) {
                self.add(code);
            }
        }
    }

    /// `named!(… ErrorCode { Variant = "code", … })`, and calls within macros such as `select!`.
    fn visit_macro(&mut self, node: &'ast syn::Macro) {
        if node.path.is_ident("named") {
            for code in set_of(&node.tokens, "ErrorCode") {
                self.add(code);
            }
        }
        for call in calls_in(&node.tokens) {
            self.visit_expr_call(&call);
        }
    }
}

/// Calls of `new` that stand in the text of a macro.
fn calls_in(tokens: &TokenStream) -> Vec<syn::ExprCall> {
    let mut calls = Vec::new();
    let mut is_named = false;
    for token in tokens.clone() {
        if let TokenTree::Group(group) = &token {
            let arguments = group.stream();
            if is_named {
                let call = format!("new({arguments})");
                calls.extend(syn::parse_str::<syn::ExprCall>(&call).ok());
            }
            calls.extend(calls_in(&arguments));
        }
        is_named = matches!(&token, TokenTree::Ident(name) if name == "new");
    }
    calls
}

/// Texts at one place of the tuples that an expression may give.
struct Tuples(usize, Vec<String>);

impl<'ast> Visit<'ast> for Tuples {
    fn visit_expr_tuple(&mut self, node: &'ast syn::ExprTuple) {
        self.1.extend(node.elems.get(self.0).and_then(literal));
    }
}

/// Texts that the arms of a `match` give.
struct ArmTexts(Vec<String>);

impl<'ast> Visit<'ast> for ArmTexts {
    fn visit_arm(&mut self, node: &'ast syn::Arm) {
        self.0.extend(literal(&node.body));
        syn::visit::visit_arm(self, node);
    }
}

fn literal(expression: &syn::Expr) -> Option<String> {
    match expression {
        syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        }) => Some(text.value()),
        _ => None,
    }
}

/// The texts in the braces behind a name.
fn set_of(tokens: &TokenStream, name: &str) -> Vec<String> {
    let mut tokens = tokens.clone().into_iter();
    if !tokens.any(|it| matches!(it, TokenTree::Ident(ident) if ident == name)) {
        return Vec::new();
    }
    let Some(TokenTree::Group(group)) = tokens.next() else {
        return Vec::new();
    };
    let texts = group.stream().into_iter().filter_map(|it| match it {
        TokenTree::Literal(literal) => syn::parse_str::<syn::LitStr>(&literal.to_string()).ok(),
        _ => None,
    });
    texts.map(|text| text.value()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(source: &str) -> (Vec<String>, usize) {
        let file = syn::parse_file(source).expect("Rust");
        let mut constants = Constants::default();
        constants.visit_file(&file);
        let mut found = Found::default();
        let mut search = Search {
            name: "src-tauri/model/x.rs",
            page: "documents",
            constants: &constants.0,
            found: &mut found,
        };
        search.visit_file(&file);
        let codes = found.codes.into_keys().map(|(_, code)| code).collect();
        (codes, found.unreadable.len())
    }

    #[test]
    fn a_code_is_found_wherever_one_is_written() {
        let source = r#"
            const FIRST: &str = "a";
            pub const REASON_CODES: &[&str] = &["b"];
            fn f() {
                report.error(FIRST, node, "…");
                Problem::warning("c", place, format!("{x}"));
                Thing { code: "d".to_owned(), other: 1 };
                let (code, node) = match it { A => ("e", 1), B => ("f", 2) };
                report.error_at(code, node, "…");
                Failure::new(Exit::Failed, "g", message);
            }
            impl HttpErrorKind { fn as_str(self) -> &'static str { match self { Self::A => "h" } } }
            fn g() { select! { () = it => Err(Failure::new(Exit::Failed, "k", "…").with_hint("…")), } }
            named!(/** text */ ErrorCode { One = "i", Two = "j" });
            #[cfg(test)] mod tests { fn t() { report.error("never", node, "…"); } }
        "#;
        assert_eq!(
            codes(source).0,
            ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"]
        );
        assert_eq!(codes(source).1, 0);
    }

    #[test]
    fn a_code_that_is_put_together_is_told() {
        assert_eq!(
            codes(r#"fn f() { report.error(&format!("bad_{x}"), node, "…"); }"#).1,
            1
        );
    }
}
