//! The limits that are built in, in one place: every constant of the product whose name ends with `_MAX` or `_MIN`,
//! with its value and what its comment says.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::tidy::{each_file, shown};

/// Folders of the product, and what they are called.
const PARTS: &[(&str, &str)] = &[
    ("src-tauri/receiver/src/", "Receiving"),
    ("src-tauri/model/src/", "Flow documents and bodies"),
    ("src-tauri/template/src/", "Templates"),
    ("src-tauri/engine/src/", "Jobs and deliveries"),
    ("src-tauri/steps/src/", "Steps"),
    ("src-tauri/script/src/", "Scripts"),
    ("src-tauri/outbound/src/", "Calls to others"),
    ("src-tauri/signature/src/", "Signatures"),
    ("src-tauri/update/src/", "Updates"),
    ("src-tauri/secrets/src/", "Secrets"),
    ("src-tauri/store/src/", "Database"),
    ("src-tauri/api/src/", "Control API"),
    ("src-tauri/runtime/src/", "The program"),
    ("src-tauri/cli/src/", "Command line"),
];

struct Limit {
    name: String,
    value: String,
    text: String,
}

/// Numbers that have a name.
type Known = BTreeMap<String, u128>;

/// A table for each part of the product.
pub fn tables(root: &Path) -> String {
    let mut sources: Vec<(String, syn::File)> = Vec::new();
    each_file(root, &["rs"], &mut |path| {
        let name = shown(root, path);
        let tests = ["/tests", "/testing", "/contract/", "/behaviour/", "_tests"];
        if PARTS.iter().any(|(folder, _)| name.starts_with(folder))
            && !tests.iter().any(|it| name.contains(it))
        {
            let text = fs::read_to_string(path).unwrap_or_default();
            sources.extend(syn::parse_file(&text).ok().map(|file| (name, file)));
        }
    });
    let mut known = Known::new();
    // Twice, because one may be counted from another that comes later.
    for (_, file) in sources.iter().chain(&sources) {
        learn(file, &mut known);
    }
    let mut page = String::new();
    for (folder, title) in PARTS {
        let files = sources.iter().filter(|(name, _)| name.starts_with(folder));
        let mut limits: Vec<Limit> = files
            .flat_map(|(_, file)| limits_of(file, &known))
            .collect();
        if limits.is_empty() {
            continue;
        }
        limits.sort_by(|a, b| a.name.cmp(&b.name));
        let _ = write!(
            page,
            "\n### {title}\n\n| limit | value | |\n|---|---:|---|\n"
        );
        for Limit { name, value, text } in limits {
            let _ = writeln!(page, "| `{name}` | {value} | {text} |");
        }
    }
    page
}

fn constants(file: &syn::File) -> impl Iterator<Item = &syn::ItemConst> {
    file.items.iter().filter_map(|item| match item {
        syn::Item::Const(constant) => Some(constant),
        _ => None,
    })
}

fn learn(file: &syn::File, known: &mut Known) {
    for constant in constants(file) {
        if let Some(value) = number(&constant.expr, known) {
            known.insert(constant.ident.to_string(), value);
        }
    }
}

/// Limits with a comment and a value; what is only a part of another one has no comment of its own.
fn limits_of(file: &syn::File, known: &Known) -> Vec<Limit> {
    let limits = constants(file).filter_map(|constant| {
        let name = constant.ident.to_string();
        let text = comment_of(&constant.attrs);
        let is_limit = (name.ends_with("_MAX") || name.ends_with("_MIN")) && !text.is_empty();
        let value = number(&constant.expr, known).filter(|_| is_limit)?;
        Some(Limit {
            value: shown_value(&name, value),
            name: name.to_lowercase(),
            text,
        })
    });
    limits.collect()
}

fn comment_of(attributes: &[syn::Attribute]) -> String {
    let lines = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            syn::Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
                syn::Expr::Lit(syn::ExprLit {
                    lit: syn::Lit::Str(text),
                    ..
                }) => Some(text.value().trim().to_owned()),
                _ => None,
            },
            _ => None,
        });
    let text = lines.collect::<Vec<_>>().join(" ");
    text.replace('|', "\\|")
        .replace('<', "&lt;")
        .replace("[`", "`")
        .replace("`]", "`")
}

fn shown_value(name: &str, value: u128) -> String {
    let units = |steps: &[(u128, &str)]| {
        let step = steps
            .iter()
            .find(|(size, _)| value >= *size && value.is_multiple_of(*size));
        step.map(|(size, unit)| format!("{} {unit}", grouped(value / size)))
    };
    let shown = if name.contains("BYTES") {
        units(&[(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")])
            .or(Some(format!("{} bytes", grouped(value))))
    } else if name.contains("_MS_") {
        units(&[
            (86_400_000, "d"),
            (3_600_000, "h"),
            (60_000, "min"),
            (1_000, "s"),
        ])
        .or(Some(format!("{} ms", grouped(value))))
    } else if name.contains("_S_") {
        units(&[(86_400, "d"), (3_600, "h"), (60, "min")]).or(Some(format!("{} s", grouped(value))))
    } else {
        None
    };
    shown.unwrap_or_else(|| grouped(value))
}

/// The value of a constant that is written as a small sum.
fn number(expression: &syn::Expr, known: &Known) -> Option<u128> {
    match expression {
        syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Int(digits),
            ..
        }) => digits.base10_parse().ok(),
        syn::Expr::Paren(inner) => number(&inner.expr, known),
        syn::Expr::Cast(cast) => number(&cast.expr, known),
        syn::Expr::Path(path) => known
            .get(&path.path.segments.last()?.ident.to_string())
            .copied(),
        syn::Expr::Binary(both) => {
            let (left, right) = (number(&both.left, known)?, number(&both.right, known)?);
            match both.op {
                syn::BinOp::Mul(_) => left.checked_mul(right),
                syn::BinOp::Add(_) => left.checked_add(right),
                syn::BinOp::Sub(_) => left.checked_sub(right),
                syn::BinOp::Shl(_) => left.checked_shl(u32::try_from(right).ok()?),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A number with commas between its thousands.
pub fn grouped(value: u128) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_shown_with_its_unit_and_its_comment() {
        let file = syn::parse_file(
            "/// How much\n/// fits.\npub const BODY_BYTES_MAX: u64 = 10 * UNIT;\n/// How long.\nconst WAIT_MS_MAX: u64 = 1_500;\n/// Not one.\nconst UNIT: u64 = 1024 * 1024;",
        );
        let file = file.expect("Rust");
        let mut known = Known::new();
        learn(&file, &mut known);
        let limits = limits_of(&file, &known);
        let shown: Vec<_> = limits
            .iter()
            .map(|it| (it.name.as_str(), it.value.as_str(), it.text.as_str()))
            .collect();
        assert_eq!(
            shown,
            [
                ("body_bytes_max", "10 MiB", "How much fits."),
                ("wait_ms_max", "1,500 ms", "How long.")
            ]
        );
    }
}
